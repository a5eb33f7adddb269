"""Greedy translations of a few held-out prompts, to see what loss and accuracy do not show."""

from collections.abc import Sequence
from typing import Any

import torch

from interlinear_trainer.stages.rows import AnyRow, TextRow, completions_of


class HeldOutSampler:
    """Writes greedily after the first `count` different prompts of the validation rows.

    Texts may grow to twice the longest validation text and 16 tokens more, within the model's context: enough to tell a
    loop from a long translation. All processes of a run write the same texts, so they decide alike.
    """

    def __init__(self, rows: Sequence[AnyRow], tokenizer: Any, count: int, context: int) -> None:
        chosen = list({row.prompt: row for row in rows if not isinstance(row, TextRow)}.values())[:count]
        self._tokenizer = tokenizer
        self._prompts = [list(tokenizer(row.prompt, add_special_tokens=False)["input_ids"]) for row in chosen]
        texts = [text for row in chosen for text in completions_of(row)]
        longest = max((len(tokenizer(text, add_special_tokens=False)["input_ids"]) for text in texts), default=0)
        room = context - max(map(len, self._prompts), default=0)
        self._limit = max(1, min(2 * longest + 16, room))

    def __len__(self) -> int:
        return len(self._prompts)

    @torch.no_grad()
    def write(self, model: Any) -> list[list[int]]:
        """Token ids of each completion without its end token. The model's mode is left as it was."""
        width = max(map(len, self._prompts))
        pad, end = self._tokenizer.pad_token_id, self._tokenizer.eos_token_id
        ids = torch.tensor([[pad] * (width - len(prompt)) + prompt for prompt in self._prompts])
        mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in self._prompts])
        was_training = model.training
        model.eval()
        try:
            out = model.generate(
                input_ids=ids.to(model.device),
                attention_mask=mask.to(model.device),
                max_new_tokens=self._limit,
                do_sample=False,
                use_cache=True,
                pad_token_id=pad,
                eos_token_id=end,
            )
        finally:
            model.train(was_training)
        return [_before(end, row) for row in out[:, width:].tolist()]


def _before(end: int, ids: list[int]) -> list[int]:
    return ids[: ids.index(end)] if end in ids else ids
