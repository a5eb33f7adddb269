"""Greedy decoding and sampling of several candidates a prompt, over any stepper (PyTorch or ONNX Runtime)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from interlinear_trainer.starter.model import Decoder, padding_mask
from interlinear_trainer.starter.points import Points
from interlinear_trainer.starter.tokenizer import END_ID, ENGLISH_ID, JAPANESE_ID, PAD_ID

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Cache = list[Floats]
"""Key and value of each layer in turn, each [batch, kv heads, length, head dim]."""

FORWARD: Final = (ENGLISH_ID, JAPANESE_ID)
BACKWARD: Final = (JAPANESE_ID, ENGLISH_ID)
"""Tags before and after the source."""

_BATCH: Final = 384


@dataclass(frozen=True, slots=True)
class Sampling:
    """How candidates are drawn; temperature 0 is greedy and then `candidates` must be 1."""

    candidates: int = 1
    temperature: float = 0.0
    max_tokens: int = 96
    seed: int = 7


class Stepper(Protocol):
    """One call of the model: the last position's logits [batch, vocabulary] and the cache afterwards."""

    def __call__(self, ids: Ints, attention: Ints, positions: Ints, past: Cache | None) -> tuple[Floats, Cache]:
        """`attention` covers past and present; `past` is None at the prompt."""


class TorchStepper:
    """Steps the training module in float32."""

    def __init__(self, model: Decoder) -> None:
        self._model = model.eval()

    @torch.inference_mode()
    def __call__(self, ids: Ints, attention: Ints, positions: Ints, past: Cache | None) -> tuple[Floats, Cache]:
        """See Stepper."""
        mask = padding_mask(torch.from_numpy(attention), ids.shape[1])
        held = [torch.from_numpy(part) for part in past or []]
        pairs = list(zip(held[::2], held[1::2], strict=True))
        hidden, present = self._model.hidden(torch.from_numpy(ids), torch.from_numpy(positions), mask, pairs or None)
        logits = self._model.logits(hidden[:, -1])
        return logits.numpy(), [part.numpy() for pair in present for part in pair]


class OnnxStepper:
    """Steps an exported graph through ONNX Runtime on the CPU."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        import onnxruntime  # noqa: PLC0415  # only where a graph is run: torch alone serves training

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._past = [value for value in self._session.get_inputs() if value.name.startswith("past_key_values")]

    def __call__(self, ids: Ints, attention: Ints, positions: Ints, past: Cache | None) -> tuple[Floats, Cache]:
        """See Stepper."""
        whole, present = self.full(ids, attention, positions, past)
        return whole[:, -1], present

    def full(self, ids: Ints, attention: Ints, positions: Ints, past: Cache | None) -> tuple[Floats, Cache]:
        """Logits of every position, [batch, length, vocabulary], and the cache."""
        empty = [np.zeros((len(ids), value.shape[1], 0, value.shape[3]), np.float32) for value in self._past]
        feeds = {"input_ids": ids, "attention_mask": attention, "position_ids": positions}
        feeds |= {value.name: part for value, part in zip(self._past, past or empty, strict=True)}
        logits, *present = self._session.run(None, feeds)
        return logits, present


def _left_padded(prompts: Sequence[Sequence[int]]) -> tuple[Ints, Ints, Ints]:
    length = max(map(len, prompts))
    ids = np.full((len(prompts), length), PAD_ID, dtype=np.int64)
    attention = np.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        ids[row, length - len(prompt) :] = prompt
        attention[row, length - len(prompt) :] = 1
    return ids, attention, np.maximum(attention.cumsum(axis=1) - 1, 0)


def generate(
    stepper: Stepper, prompts: Sequence[Sequence[int]], keys: Sequence[int], how: Sampling
) -> list[list[list[int]]]:
    """Token ids of the candidates of each prompt, without the end token.

    `keys` number the prompts: a candidate is drawn with numbers that follow from (seed, key, candidate) alone, so
    the batch a prompt is in does not change its candidates. The prompt's cache is computed once and shared by them.
    """
    n = how.candidates
    ids, attention, positions = _left_padded(prompts)
    logits, cache = stepper(ids, attention, positions, None)
    points = Points(how.seed, keys, n, how.max_tokens)
    logits, attention = np.repeat(logits, n, axis=0), np.repeat(attention, n, axis=0)
    position = np.repeat(positions[:, -1:], n, axis=0)
    cache = [np.repeat(part, n, axis=0) for part in cache]
    out: list[list[int]] = [[] for _ in range(len(prompts) * n)]
    alive = np.arange(len(out))
    for step in range(how.max_tokens):
        chosen = points.pick(logits, how.temperature, alive, step)
        kept = np.flatnonzero(chosen != END_ID)
        if not len(kept):
            break
        alive, chosen = alive[kept], chosen[kept]
        for row, token in zip(alive, chosen, strict=True):
            out[row].append(int(token))
        if len(kept) < len(logits):
            cache = [part[kept] for part in cache]
            attention, position = attention[kept], position[kept]
        attention = np.concatenate((attention, np.ones((len(kept), 1), np.int64)), axis=1)
        position = position + 1
        logits, cache = stepper(chosen[:, None], attention, position, cache)
    return [out[index * n : (index + 1) * n] for index in range(len(prompts))]


def prompt_ids(tokenizer: Tokenizer, source: str, tags: tuple[int, int] = FORWARD) -> list[int]:
    """Ids of the prompt `<|en|>{source}<|ja|>`; special tokens spelled out in the source stay text."""
    tokenizer.encode_special_tokens = True
    return [tags[0], *tokenizer.encode(source, add_special_tokens=False).ids, tags[1]]


def translate(
    stepper: Stepper,
    tokenizer: Tokenizer,
    sources: Sequence[str],
    how: Sampling,
    tags: tuple[int, int] = FORWARD,
) -> list[list[str]]:
    """Candidates of each source; prompts of like length share a batch of about 384 sequences."""
    prompts = [prompt_ids(tokenizer, source, tags) for source in sources]
    order = sorted(range(len(prompts)), key=lambda index: len(prompts[index]))
    size = max(1, _BATCH // how.candidates)
    found: dict[int, list[str]] = {}
    for start in range(0, len(order), size):
        keys = order[start : start + size]
        for key, candidates in zip(keys, generate(stepper, [prompts[key] for key in keys], keys, how), strict=True):
            found[key] = tokenizer.decode_batch(candidates)
    return [found[key] for key in range(len(sources))]
