"""Supervised rows that are mixed into preference training, so that what the model could already do stays."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from interlinear_trainer.stages.rows import Chat, SupervisedRow

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Block:
    """Padded rows: ids, attention and labels, each [rows, length]; labels of the prompt and of padding are -100."""

    input_ids: Tensor
    attention_mask: Tensor
    labels: Tensor

    def padded(self, length: int, pad_id: int) -> "Block":
        """The same rows padded on the right to `length`."""
        room = (0, length - self.input_ids.shape[1])
        pad = torch.nn.functional.pad
        return Block(
            pad(self.input_ids, room, value=pad_id),
            pad(self.attention_mask, room, value=0),
            pad(self.labels, room, value=IGNORED),
        )

    def to(self, device: torch.device) -> "Block":
        """The same on another device."""
        return Block(self.input_ids.to(device), self.attention_mask.to(device), self.labels.to(device))


class ReplaySet:
    """Tokenised supervised rows; which ones a step takes depends on the key alone, so a resumed run takes the same."""

    def __init__(self, rows: Sequence[SupervisedRow], tokenizer: Chat, end_id: int, pad_id: int) -> None:
        self._rows = [_encode(row, tokenizer, end_id) for row in rows]
        self._pad = pad_id

    def __len__(self) -> int:
        return len(self._rows)

    def draw(self, count: int, key: tuple[int, ...]) -> Block:
        """`count` rows with replacement; the key is (seed, step, part of the step, process)."""
        generator = torch.Generator().manual_seed(hash(key) & 0x7FFFFFFF)
        picks = torch.randint(len(self._rows), (count,), generator=generator).tolist()
        return self.block(picks)

    def block(self, picks: Sequence[int]) -> Block:
        """The rows of these numbers as one block."""
        chosen = [self._rows[pick] for pick in picks]
        length = max(len(ids) for ids, _ in chosen)
        ids = torch.full((len(chosen), length), self._pad)
        attention, labels = torch.zeros_like(ids), torch.full_like(ids, IGNORED)
        for row, (tokens, prompt) in enumerate(chosen):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            attention[row, : len(tokens)] = 1
            labels[row, prompt : len(tokens)] = torch.tensor(tokens[prompt:])
        return Block(ids, attention, labels)


def _encode(row: SupervisedRow, tokenizer: Chat, end_id: int) -> tuple[list[int], int]:
    """Ids with the end token, and how many belong to the prompt."""
    whole = list(tokenizer(row.prompt + row.completion, add_special_tokens=False)["input_ids"])
    prompt = list(tokenizer(row.prompt, add_special_tokens=False)["input_ids"])
    shared = next((at for at, (a, b) in enumerate(zip(prompt, whole, strict=False)) if a != b), len(prompt))
    if not whole or whole[-1] != end_id:
        whole.append(end_id)
    return whole, shared
