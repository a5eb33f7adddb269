"""What each leg of a run reads, and the rows that the model writes for itself."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from interlinear_trainer.starter import diversify as module
from interlinear_trainer.starter.corpus import Corpus, Pair
from interlinear_trainer.starter.decode import BACKWARD, FORWARD, Sampling, TorchStepper
from interlinear_trainer.starter.diversify import SETS, diversify, has_synthetic, synthetic_pairs
from interlinear_trainer.starter.model import Decoder
from interlinear_trainer.starter.plan import Plan, pass_name, pass_rows
from interlinear_trainer.starter.prepare import Preparation, encode_pairs
from interlinear_trainer.starter.rows import joined, load_rows, save_rows, turned

from .conftest import PAIRS


def test_turned_rows_ask_for_the_other_language(tokenizer: Tokenizer) -> None:
    rows = encode_pairs(tokenizer, PAIRS)
    swapped = turned(rows)
    backwards = encode_pairs(tokenizer, [Pair(pair.target, pair.source) for pair in PAIRS])
    for index in range(len(rows)):
        expected = backwards.row(index).copy()
        prompt = int(backwards.prompts[index])
        expected[0], expected[prompt - 1] = BACKWARD
        assert swapped.row(index).tolist() == expected.tolist()
        assert int(swapped.prompts[index]) == prompt
    assert turned(swapped).tokens.tolist() == rows.tokens.tolist()
    assert turned(swapped).prompts.tolist() == rows.prompts.tolist()


def test_joined_rows_are_all_rows_in_order(tokenizer: Tokenizer) -> None:
    first, second = encode_pairs(tokenizer, PAIRS[:3]), encode_pairs(tokenizer, PAIRS[1:])
    both = joined([first, second])
    parts = [(part, index) for part in (first, second) for index in range(len(part))]
    assert [both.row(index).tolist() for index in range(len(both))] == [p.row(i).tolist() for p, i in parts]
    assert both.prompts.tolist() == [int(p.prompts[i]) for p, i in parts]


def test_the_legs_follow_one_another() -> None:
    plan = Plan(mixed_from=0.4, clean_from=0.8)
    assert [plan.leg(share) for share in (0.0, 0.39, 0.4, 0.79, 0.8, 1.0)] == [
        "both",
        "both",
        "mixed",
        "mixed",
        "clean",
        "clean",
    ]


@pytest.fixture
def work(tmp_path: Path, tokenizer: Tokenizer) -> Path:
    for count, name in enumerate(("clean", "dropped-00", "dropped-01"), start=1):
        save_rows(encode_pairs(tokenizer, PAIRS[:count]), tmp_path / f"{name}.npz")
    return tmp_path


def test_a_pass_reads_what_its_name_says(work: Path, tokenizer: Tokenizer) -> None:
    assert [pass_name(work, "both", number) for number in range(4)] == [
        "both dropped-00 dropped-01",
        "both dropped-01 dropped-00",
        "both clean dropped-01",
        "both dropped-01 dropped-00",
    ]
    assert pass_name(work, "clean", 0) == "clean clean clean"
    with pytest.raises(FileNotFoundError, match="synthetic"):
        pass_name(work, "mixed", 0)
    save_rows(encode_pairs(tokenizer, PAIRS), work / "synthetic-00.npz")
    assert pass_name(work, "mixed", 3) == "mixed dropped-01 synthetic-00"
    assert len(pass_rows(work, "both dropped-00 dropped-01")) == 2 + 3
    assert len(pass_rows(work, "mixed dropped-01 synthetic-00")) == 3 + 4
    assert len(pass_rows(work, "clean clean clean")) == 1
    both = pass_rows(work, "both dropped-00 dropped-01")
    assert [int(both.row(index)[0]) for index in range(5)] == [FORWARD[0]] * 2 + [BACKWARD[0]] * 3


def _echo(
    _stepper: object, _tokenizer: object, sources: Sequence[str], how: Sampling, tags: tuple[int, int] = FORWARD
) -> list[list[str]]:
    """A fake translator that says what it was asked: the sentence's number, the direction and the temperature."""
    kind = "target" if tags == FORWARD else "source"
    return [[f"{kind} {source.split()[-1]} {how.temperature}"] for source in sources]


def test_each_pair_gets_one_new_source_and_one_new_target(
    monkeypatch: pytest.MonkeyPatch, decoder: Decoder, tokenizer: Tokenizer
) -> None:
    monkeypatch.setattr(module, "translate", _echo)
    train = [Pair(f"source {number}", f"target {number}") for number in range(9)]
    lists = synthetic_pairs(TorchStepper(decoder), tokenizer, Corpus(train, [], [], {}), seed=3)
    made = [pair for pairs in lists for pair in pairs]
    expected = [Pair(f"{pair.source} 0.7", pair.target) for pair in train]
    expected += [Pair(pair.source, f"{pair.target} 0.0") for pair in train]
    assert sorted(made, key=repr) == sorted(expected, key=repr)
    assert [len(pairs) for pairs in lists] == [9, 9]


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ("A cat is here.", 1),
        ("", 0),
        ("The Cat is Here.", 0),
        ("We went to school by train", 0),
        ("The dog is here today.", 0),
        ("The cat is here now", 0),
    ],
)
def test_what_is_far_off_known_or_held_out_is_dropped(
    monkeypatch: pytest.MonkeyPatch, decoder: Decoder, tokenizer: Tokenizer, answer: str, kept: int
) -> None:
    pair = Pair("the cat is here.", "猫がいる。")
    monkeypatch.setattr(module, "translate", lambda _s, _t, sources, *_: [[answer] for _ in sources])
    held_out = [Pair("The dog is here today.", ""), Pair("The cat is here now.", "")]
    lists = synthetic_pairs(TorchStepper(decoder), tokenizer, Corpus([pair], held_out, [], {}), seed=3)
    assert sum(new.target == pair.target for pairs in lists for new in pairs) == kept


def test_diversify_writes_rows_that_a_pass_can_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, decoder: Decoder, tokenizer: Tokenizer
) -> None:
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    assert not has_synthetic(tmp_path)
    corpus = Corpus(PAIRS * 3, [], [], {})
    known = {side: other for pair in PAIRS for side, other in ((pair.source, pair.target), (pair.target, pair.source))}
    monkeypatch.setattr(module, "translate", lambda _s, _t, texts, *_, **__: [[f"{known[text]}!"] for text in texts])
    sizes = diversify(TorchStepper(decoder), corpus, {}, tmp_path, Preparation(joined_pairs=0))
    assert sizes == [len(PAIRS) * 3] * SETS
    assert has_synthetic(tmp_path)
    assert [len(load_rows(path)) for path in sorted(tmp_path.glob("synthetic-*.npz"))] == sizes
