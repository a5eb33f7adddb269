"""chrF equals sacrebleu's, and MBR picks what lies nearest to all."""

import pytest
from sacrebleu.metrics.chrf import CHRF

from interlinear_trainer.starter.chrf import best_by_mbr, chrf, grams

TEXTS = [
    "彼は昨日学校に来なかった。",
    "彼は昨日、学校へ来ませんでした。",
    "犬",
    "I have 10 books.",
    "I had ten books",
    "",
]


@pytest.mark.parametrize("hypothesis", TEXTS)
@pytest.mark.parametrize("reference", TEXTS)
def test_sentence_chrf_is_sacrebleus(hypothesis: str, reference: str) -> None:
    expected = CHRF().sentence_score(hypothesis, [reference]).score
    assert 100 * chrf(grams(hypothesis), grams(reference)) == pytest.approx(expected, abs=1e-9)


def test_mbr_picks_the_middle_and_counts_repeats() -> None:
    assert best_by_mbr(["abcd", "abce", "abcf", "xyz"]) in {"abcd", "abce", "abcf"}
    assert best_by_mbr(["abcd", "xyz", "xyz", "xyz"]) == "xyz"
    assert best_by_mbr(["one"]) == "one"
