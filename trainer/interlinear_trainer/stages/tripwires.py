"""Signs that a run harms the model: each watch takes what was measured and says why to stop, if there is a reason."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from interlinear_trainer.stages.config import Stop
from interlinear_trainer.stages.faults import says

SETTLED: Final = 10
"""Steps before the gradient's usual size is known: warm-up and Adam's first steps are left alone."""

IN_A_ROW: Final = 3
"""One outlier is what clipping is for; this many after each other are a run that diverges."""

LONGEST_UNIT: Final = 16
REPEATS: Final = 4
LEAST_LOOP: Final = 8


@dataclass(frozen=True, slots=True)
class Samples:
    """What the model writes for held-out prompts: how many of `count` are empty or loop, and their mean length."""

    count: int
    empty: int
    looping: int
    tokens: float


def loops(ids: Sequence[int]) -> bool:
    """True if the end is one unit of at most 16 tokens, four times or more in a row, over at least 8 tokens.

    A loop that ran into the length limit may be cut in its middle: only whole units from the end count.
    """
    for unit in range(1, min(LONGEST_UNIT, len(ids) // REPEATS) + 1):
        span = max(REPEATS, math.ceil(LEAST_LOOP / unit)) * unit
        tail = ids[-span:]
        if len(tail) == span and all(tail[at] == tail[at - unit] for at in range(unit, span)):
            return True
    return False


def summarise(completions: Sequence[Sequence[int]]) -> Samples:
    """Counts over completions, given as token ids without the end token."""
    lengths = [len(ids) for ids in completions]
    return Samples(
        count=len(lengths),
        empty=lengths.count(0),
        looping=sum(loops(ids) for ids in completions),
        tokens=sum(lengths) / max(1, len(lengths)),
    )


class Tripwires:
    """Remembers how a run began; every method returns the reason to stop, or None."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._gradients: list[float] = []
        self._wild = 0
        self._first_chosen: float | None = None
        self._first_samples: Samples | None = None

    def step(self, loss: float, gradient: float | None) -> str | None:
        """After each step: loss, and the gradient's norm before clipping (absent if nobody measured it)."""
        if not math.isfinite(loss):
            return says("the loss is not a number")
        if gradient is None:
            return None
        if not math.isfinite(gradient):
            return says("the gradient is not a number")
        usual = median(self._gradients) if len(self._gradients) >= SETTLED else math.inf
        if gradient <= self._stop.gradient_factor * usual:
            self._wild = 0
            self._gradients.append(gradient)
            return None
        self._wild += 1
        if self._wild < IN_A_ROW:
            return None
        return says(
            "the gradient blew up: norm {norm} where {usual} was usual, {steps} steps in a row",
            norm=f"{gradient:.3g}",
            usual=f"{usual:.3g}",
            steps=IN_A_ROW,
        )

    def chosen(self, logp: float) -> str | None:
        """After each evaluation: log P of the chosen (or only) validation texts, nats a token."""
        if not math.isfinite(logp):
            return says("log P of the validation texts is not a number")
        if self._first_chosen is None:
            self._first_chosen = logp
        fall = self._first_chosen - logp
        if fall <= self._stop.chosen_fall:
            return None
        return says("log P of chosen texts fell by {fall} nats a token", fall=f"{fall:.2f}")

    def samples(self, now: Samples) -> str | None:
        """After each evaluation: held-out samples against those of the first one.

        Half of them empty or looping is a fault only if it was not so before: a model may start as a bad one.
        """
        first = self._first_samples
        if first is None:
            self._first_samples = now
            return None
        half = now.count / 2
        if now.empty > half >= first.empty:
            return says(
                "{now} of {count} held-out samples are empty ({first} before training)",
                now=now.empty,
                count=now.count,
                first=first.empty,
            )
        if now.looping > half >= first.looping:
            return says(
                "{now} of {count} held-out samples loop ({first} before training)",
                now=now.looping,
                count=now.count,
                first=first.looping,
            )
        factor = self._stop.length_factor
        if first.tokens > 0 and not first.tokens / factor <= now.tokens <= first.tokens * factor:
            return says(
                "held-out samples are {now} tokens long on average, {first} before training",
                now=round(now.tokens),
                first=round(first.tokens),
            )
        return None
