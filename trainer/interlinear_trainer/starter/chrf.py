"""Sentence chrF (Popovic 2015) as sacrebleu computes it, and Minimum Bayes Risk by it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

ORDERS: Final = 6
BETA: Final = 2.0


@dataclass(frozen=True, slots=True)
class Grams:
    """Character n-grams of a sentence, white space removed, one counter an order."""

    counts: tuple[Counter[str], ...]
    totals: tuple[int, ...]


def grams(text: str) -> Grams:
    """Count the n-grams of orders 1 to 6."""
    packed = "".join(text.split())
    counts = tuple(Counter(packed[i : i + n] for i in range(len(packed) - n + 1)) for n in range(1, ORDERS + 1))
    return Grams(counts, tuple(count.total() for count in counts))


def chrf(hypothesis: Grams, reference: Grams) -> float:
    """0 to 1: F2 of precision and recall averaged over the orders that both sentences reach."""
    precision = recall = 0.0
    orders = 0
    for order in range(ORDERS):
        have, want = hypothesis.totals[order], reference.totals[order]
        if not have or not want:
            continue
        other = reference.counts[order]
        hits = sum(min(count, other[gram]) for gram, count in hypothesis.counts[order].items() if gram in other)
        precision += hits / have
        recall += hits / want
        orders += 1
    if not orders or precision + recall == 0:
        return 0.0
    precision, recall = precision / orders, recall / orders
    return (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)


def best_by_mbr(candidates: Sequence[str]) -> str:
    """The candidate with the highest mean chrF against all candidates, itself included; repeats weigh.

    Ties go to the one that came first. Cost: distinct candidates squared.
    """
    counts = Counter(candidates)
    distinct = [(text, grams(text), count) for text, count in counts.items()]

    def utility(mine: Grams) -> float:
        return sum(count * chrf(mine, theirs) for _, theirs, count in distinct)

    return max(distinct, key=lambda entry: utility(entry[1]))[0]
