"""Batches of rows of nearly one length, in an order that depends on seed and pass alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from interlinear_trainer.starter.rows import Ints, Rows
from interlinear_trainer.starter.tokenizer import PAD_ID

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs [rows, length] and, for the positions that are scored, their flat index and the token that follows."""

    input_ids: Tensor
    scored: Tensor
    labels: Tensor


def collate(rows: Rows, chosen: Ints) -> Batch:
    """Pad on the right and mark the positions whose next token belongs to the translation."""
    taken = [rows.row(int(index)) for index in chosen]
    length = max(len(row) for row in taken) - 1
    inputs = np.full((len(taken), length), PAD_ID, dtype=np.int64)
    labels = np.full((len(taken), length), IGNORED, dtype=np.int64)
    for line, (row, index) in enumerate(zip(taken, chosen, strict=True)):
        prompt = int(rows.prompts[int(index)])
        inputs[line, : len(row) - 1] = row[:-1]
        labels[line, prompt - 1 : len(row) - 1] = row[prompt:]
    flat = labels.reshape(-1)
    scored = np.flatnonzero(flat != IGNORED)
    return Batch(torch.from_numpy(inputs), torch.from_numpy(scored), torch.from_numpy(flat[scored]))


def batches(rows: Rows, tokens: int, seed: int) -> Iterator[Batch]:
    """One pass over the rows: batches of about `tokens` tokens, shuffled."""
    rng = np.random.default_rng(seed)
    lengths = rows.lengths()
    order = np.lexsort((rng.random(len(rows)), lengths)).astype(np.int32)
    groups: list[Ints] = []
    start = 0
    while start < len(order):
        size = max(1, tokens // int(lengths[order[start]]))
        size = max(1, tokens // int(lengths[order[min(start + size, len(order)) - 1]]))
        groups.append(order[start : start + size])
        start += size
    for index in rng.permutation(len(groups)):
        yield collate(rows, groups[int(index)])
