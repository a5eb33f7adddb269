"""Token rows on disk and in memory, and how they are joined and turned round."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Rows:
    """Token rows laid end to end: row i is tokens[starts[i]:starts[i + 1]], its prompt the first prompts[i]."""

    tokens: Ints
    starts: Ints
    prompts: Ints

    def __len__(self) -> int:
        return len(self.prompts)

    def row(self, index: int) -> Ints:
        """Token ids of one row, shape [length]."""
        return self.tokens[self.starts[index] : self.starts[index + 1]]

    def lengths(self) -> Ints:
        """Tokens a row, shape [rows]."""
        return np.diff(self.starts)


def save_rows(rows: Rows, path: Path) -> None:
    """Write rows as one .npz file, whole or not at all."""
    draft = path.with_suffix(".draft.npz")
    np.savez(draft, tokens=rows.tokens, starts=rows.starts, prompts=rows.prompts)
    draft.replace(path)


def load_rows(path: Path) -> Rows:
    """Read what save_rows wrote."""
    with np.load(path) as stored:
        return Rows(stored["tokens"], stored["starts"], stored["prompts"])


def joined(parts: Sequence[Rows]) -> Rows:
    """All rows of several sets, in order."""
    shifts = np.cumsum([0, *(len(part.tokens) for part in parts[:-1])])
    starts = [part.starts[:-1] + shift for part, shift in zip(parts, shifts, strict=True)]
    end = [sum(len(part.tokens) for part in parts)]
    return Rows(
        np.concatenate([part.tokens for part in parts]),
        np.concatenate([*starts, end]).astype(np.int32),
        np.concatenate([part.prompts for part in parts]),
    )


def turned(rows: Rows) -> Rows:
    """The other direction: `a source b target end` becomes `b target a source end`, with the prompt up to `a`."""
    tokens = rows.tokens.copy()
    for start, end, prompt in zip(rows.starts[:-1], rows.starts[1:], rows.prompts, strict=True):
        row = rows.tokens[start:end]
        source, target = row[: prompt - 1], row[prompt - 1 : -1]
        tokens[start : start + len(target)] = target
        tokens[start + len(target) : end - 1] = source
    return Rows(tokens, rows.starts, (rows.lengths() - rows.prompts + 1).astype(np.int32))
