"""Arithmetic sampling (Vilnis et al. 2023, arXiv 2210.15458), as the engine of the extension draws.

Each candidate has a point in [0, 1) and is the sequence whose interval, in the arithmetic code that the model defines,
holds that point. The points of one prompt are a randomly rotated van der Corput sequence: each candidate by itself has
the model's own distribution, and together they cover it evenly.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ALONE: Final = 2.0**-7
"""In narrower intervals a candidate is alone, and the rest of it is drawn with numbers of its own."""


def van_der_corput(index: int) -> float:
    """The bits of a whole number read backwards behind the point: 0, 1/2, 1/4, 3/4, 1/8, ..."""
    return float(int(f"{index:b}"[::-1], 2) / (1 << index.bit_length())) if index else 0.0


class Points:
    """The points of `candidates` of each prompt, laid end to end; a function of (seed, key, candidate) alone."""

    def __init__(self, seed: int, keys: Sequence[int], candidates: int, length: int) -> None:
        streams = [np.random.default_rng([seed, key]) for key in keys]
        spread = np.array([van_der_corput(index) for index in range(candidates)])
        self._points = np.concatenate([(stream.random() + spread) % 1.0 for stream in streams])
        self._own = np.concatenate([stream.random((candidates, length)) for stream in streams])
        self._room = np.ones(len(self._points))

    def pick(self, logits: Floats, temperature: float, rows: Ints, step: int) -> Ints:
        """Next tokens [rows] of the candidates numbered `rows` from logits [rows, vocabulary]."""
        if temperature == 0:
            return np.asarray(logits.argmax(axis=1), dtype=np.int64)
        scaled = (logits - logits.max(axis=1, keepdims=True)) / np.float32(temperature)
        shares = np.cumsum(np.exp(scaled), axis=1, dtype=np.float64)
        shares /= shares[:, -1:]
        uniforms = np.where(self._room[rows] < _ALONE, self._own[rows, step], self._points[rows])
        below = (shares < uniforms[:, None]).sum(axis=1)
        tokens: Ints = np.minimum(below, logits.shape[1] - 1, dtype=np.int64)
        self._narrow(rows, uniforms, shares, tokens)
        return tokens

    def _narrow(self, rows: Ints, uniforms: Doubles, shares: Doubles, tokens: Ints) -> None:
        lines = np.arange(len(rows))
        low = np.where(tokens > 0, shares[lines, tokens - 1], 0.0)
        width = np.maximum(shares[lines, tokens] - low, np.finfo(np.float64).tiny)
        self._room[rows] *= width
        self._points[rows] = np.clip((uniforms - low) / width, 0.0, np.nextafter(1.0, 0.0))
