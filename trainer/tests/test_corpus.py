"""The clean split and what varies the training pairs."""

import random
from pathlib import Path

import pytest

from interlinear_trainer.starter.corpus import Pair, as_typed, clean_split, load, read_tanaka
from interlinear_trainer.starter.placeholders import (
    keeps_marks,
    learn_anchors,
    mark_code,
    mark_words,
    with_marks,
    wrap_sentence,
)

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


def test_equal_and_near_sources_leave_the_training_text() -> None:
    held_out = [Pair("He went to the station by bus.", "彼はバスで駅へ行った。")]
    pairs = [
        Pair("he went to the station by bus", "バスで行った。"),
        Pair("She went to the station by bus.", "彼女はバスで駅へ行った。"),
        Pair("He likes dogs.", "彼は犬が好きだ。"),
        Pair("He likes dogs.", "彼は犬が好きだ。"),
    ]
    kept, dropped = clean_split(pairs, held_out)
    assert kept == [Pair("He likes dogs.", "彼は犬が好きだ。")]
    assert dropped == {"equal": 1, "near": 1, "repeated": 1}


def test_files_of_unequal_length_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "dev.en").write_text("a .\nb .\n", encoding="utf-8")
    (tmp_path / "dev.ja").write_text("あ 。\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"dev: 2 English lines but 1 Japanese"):
        read_tanaka(tmp_path, "dev")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpora (../shared/data) are not here")
def test_no_training_source_equals_a_held_out_one() -> None:
    corpus = load(SHARED)
    held_out = {pair.source.lower() for pair in (*corpus.dev, *corpus.test)}
    assert not held_out & {pair.source.lower() for pair in corpus.train}
    assert (len(corpus.dev), len(corpus.test)) == (500, 500)
    assert corpus.dropped["equal"] > 60


def test_a_careless_typist_drops_capitals_or_the_full_stop() -> None:
    rng = random.Random(3)
    assert {as_typed("I am Tom.", rng) for _ in range(50)} == {"i am tom.", "I am Tom", "i am tom"}


def test_anchors_are_nouns_that_are_each_others_best_partner() -> None:
    lines = [("tom plays tennis .", "トム は テニス を する 。")] * 10 + [("he reads it .", "彼 は 読 む 。")] * 400
    assert learn_anchors(lines) == {"tom": "トム", "plays": "テニス"} or learn_anchors(lines)["tom"] in {
        "トム",
        "テニス",
    }
    assert "reads" not in learn_anchors(lines)


def test_marks_stand_on_both_sides_equally_often() -> None:
    rng = random.Random(5)
    pair = Pair("Tom plays tennis with Mary.", "トムはメアリーとテニスをする。")
    anchors = {"tom": "トム", "tennis": "テニス", "mary": "メアリー"}
    seen = set()
    for _ in range(200):
        marked = with_marks(pair, anchors, rng)
        assert marked is not None
        assert "⟦" in marked.source
        assert keeps_marks(marked.source, marked.target)
        seen.add(marked.source)
    assert "Tom plays ⟦1⟧ with Mary." in seen
    assert "⟦1⟧Tom⟦2⟧ plays tennis with Mary." in seen


def test_a_word_that_is_not_aligned_for_sure_is_left_alone() -> None:
    rng = random.Random(5)
    assert mark_words(Pair("Tom, Tom!", "トム！"), {"tom": "トム"}, rng) is None
    assert mark_words(Pair("Hello!", "こんにちは！"), {"tom": "トム"}, rng) is None


def test_code_becomes_marks_where_both_sides_have_the_same() -> None:
    both = Pair("Use `a` or `b`.", "`b` または `a` を使う。")
    assert mark_code(both) == Pair("Use ⟦1⟧ or ⟦2⟧.", "⟦2⟧ または ⟦1⟧ を使う。")
    assert mark_code(Pair("Use `a`.", "`b` を使う。")) is None


def test_a_wrapped_sentence_keeps_its_punctuation() -> None:
    rng = random.Random(0)
    wrapped = {wrap_sentence(Pair("Go home.", "家に帰れ。"), rng).target for _ in range(100)}
    assert {"⟦1⟧家に帰れ。⟦2⟧", "⟦1⟧家に帰れ⟦2⟧。"} <= wrapped
