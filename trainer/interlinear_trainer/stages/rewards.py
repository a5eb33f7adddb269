"""Rewards of the grpo stage, each from 0 to 1 (the penalty from -1 to 0): TRL adds them with the config's weights."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from trl.rewards import get_soft_overlong_punishment

from interlinear_trainer.stages.config import Grpo
from interlinear_trainer.stages.judge import Judge, questions
from interlinear_trainer.stages.tripwires import loops

Scores = list[float | None]
Reward = Callable[..., Scores]
_PLACEHOLDER: Final = re.compile(r"⟦\d+⟧")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")


class PrincipleReward:
    """The judge's share of satisfied principles. An empty translation satisfies none and is not asked about.

    None where the judge gave no readable answer: TRL leaves such a reward out of the sum.
    """

    __name__ = "principles"

    def __init__(self, judge: Judge, common: Sequence[str], at_once: int) -> None:
        self._judge, self._common, self._at_once = judge, tuple(common), at_once

    def __call__(
        self, completions: list[str], source: list[str], principles: list[list[str]], **_: Any
    ) -> list[float | None]:
        """One score a completion."""
        asked = questions(source, completions, principles, self._common)
        real = [question for question in dict.fromkeys(asked) if question.translation]
        with ThreadPoolExecutor(self._at_once) as pool:
            scores = dict(zip(real, pool.map(self._judge.score, real), strict=True))
        return [scores[question] if question.translation else 0.0 for question in asked]


def checks(source: str, text: str, ids: Sequence[int]) -> list[bool]:
    """Rules that a usable translation passes: not empty, no loop, not the source itself, same placeholders and numbers.

    Placeholders and numbers count only where the source has some. Digits may be written wide.
    """
    wide = {ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９．，", "0123456789.,", strict=True)}
    passed = [bool(text.strip()), not loops(ids), text.strip() != source.strip()]
    for pattern in (_PLACEHOLDER, _NUMBER):
        wanted, found = (Counter(pattern.findall(one.translate(wide))) for one in (source, text))
        if wanted:
            passed.append(wanted == found)
    return passed


def check_reward(
    completions: list[str], completion_ids: list[list[int]], source: list[str], **_: Any
) -> list[float | None]:
    """The share of `checks` that each completion passes (decisions.md 27)."""
    found: Scores = []
    for text, ids, original in zip(completions, completion_ids, source, strict=True):
        passed = checks(original, text, ids)
        found.append(sum(passed) / len(passed))
    return found


def rewards_of(grpo: Grpo) -> tuple[list[Reward], list[float]]:
    """Reward functions and their weights. Raises TrainerError `config` without a judge's address."""
    cache = max(1, round(grpo.overlong_share * grpo.max_completion))
    judge = PrincipleReward(Judge(grpo.judge), grpo.principles, grpo.judge.at_once)
    overlong = get_soft_overlong_punishment(grpo.max_completion, cache)
    return [judge, check_reward, overlong], [1.0, grpo.checks_weight, grpo.overlong_weight]
