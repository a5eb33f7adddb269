"""Candidates have the model's distribution each by itself, and cover it evenly together."""

import numpy as np
import pytest

from interlinear_trainer.starter.points import Ints, Points, van_der_corput

LOGITS = np.log(np.asarray([[0.2, 0.5, 0.3]], dtype=np.float32))


def _drawn(points: Points, rows: Ints, steps: int) -> list[tuple[int, ...]]:
    logits = LOGITS.repeat(len(rows), axis=0)
    return list(zip(*(points.pick(logits, 1.0, rows, step).tolist() for step in range(steps)), strict=True))


def test_bits_are_read_backwards() -> None:
    assert [van_der_corput(index) for index in range(6)] == [0, 0.5, 0.25, 0.75, 0.125, 0.625]


@pytest.mark.parametrize("seed", range(10))
def test_together_they_cover_the_distribution_evenly(seed: int) -> None:
    found = _drawn(Points(seed, [3], 64, 2), np.arange(64), 2)
    for first in range(3):
        for second in range(3):
            expected = 64 * float(np.exp(LOGITS[0, first] + LOGITS[0, second]))
            assert abs(found.count((first, second)) - expected) < 2


def test_each_has_the_distribution_itself() -> None:
    keys = range(3000)
    found = _drawn(Points(7, keys, 6, 12), np.arange(5, 6 * len(keys), 6), 12)
    for step in range(12):
        counts = np.bincount([tokens[step] for tokens in found], minlength=3)
        assert counts.tolist() == pytest.approx([600, 1500, 900], abs=110)  # four standard deviations of the middle one


def test_temperature_zero_takes_the_best() -> None:
    assert Points(7, [0], 4, 1).pick(LOGITS.repeat(4, axis=0), 0.0, np.arange(4), 0).tolist() == [1, 1, 1, 1]
