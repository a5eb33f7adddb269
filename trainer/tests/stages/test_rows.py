"""Rows: what is read, rendered, dropped and split."""

from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerBase

from interlinear_trainer.stages.config import Config, read_config
from interlinear_trainer.stages.faults import TrainerError
from interlinear_trainer.stages.rows import (
    PoolRow,
    PreferenceRow,
    fit_rows,
    overlap,
    parse_pool,
    parse_preference,
    split_by_source,
)
from tests.stages.conftest import preference, write_lines


def test_what_does_not_fit_is_dropped_and_counted(tmp_path: Path, chat: PreTrainedTokenizerBase) -> None:
    fine, long, same, empty = (preference(at) for at in range(4))
    long["rejected"] = "とても" * 200
    same["rejected"] = same["chosen"]
    empty["chosen"] = " "
    path = tmp_path / "rows.jsonl"
    write_lines(path, [fine, fine, long, same, empty])
    path.write_text(path.read_text(encoding="utf-8") + "not json\n", encoding="utf-8")
    fit = fit_rows(path, parse_preference, chat, 100)
    assert [row.source for row in fit.rows] == [fine["source"]]
    assert fit.read == 6
    assert fit.dropped == {"badRow": 2, "repeated": 1, "tooLong": 1, "sameText": 1}
    assert fit.longest == max(len(chat(fine["prompt"] + fine[name]).input_ids) for name in ("chosen", "rejected")) + 1


def test_the_limit_counts_the_end_token(tmp_path: Path, chat: PreTrainedTokenizerBase) -> None:
    row = preference(0)
    path = tmp_path / "rows.jsonl"
    write_lines(path, [row])
    length = max(len(chat(row["prompt"] + row[name]).input_ids) for name in ("chosen", "rejected"))
    assert len(fit_rows(path, parse_preference, chat, length + 1).rows) == 1
    assert fit_rows(path, parse_preference, chat, length).dropped == {"tooLong": 1}


def test_user_prompts_get_the_chat_template(tmp_path: Path, chat: PreTrainedTokenizerBase) -> None:
    path = tmp_path / "rows.jsonl"
    write_lines(path, [{**preference(0), "prompt": "He comes.", "promptForm": "user"}])
    assert fit_rows(path, parse_preference, chat, 100).rows[0].prompt == "<|en|>He comes.<|ja|>"


def test_rows_of_another_model_are_refused(tmp_path: Path, chat: PreTrainedTokenizerBase) -> None:
    path = tmp_path / "rows.jsonl"
    write_lines(path, [{**preference(0), "prompt": "<|im_start|>user\nHe comes.<|im_end|>"}])
    with pytest.raises(TrainerError, match="im_start") as raised:
        fit_rows(path, parse_preference, chat, 100)
    assert raised.value.code == "baseMismatch"


def test_missing_rows_name_the_file(tmp_path: Path, chat: PreTrainedTokenizerBase) -> None:
    with pytest.raises(TrainerError, match=r"rows\.jsonl") as raised:
        fit_rows(tmp_path / "rows.jsonl", parse_preference, chat, 100)
    assert raised.value.code == "dataMissing"


def test_a_source_is_on_one_side_only() -> None:
    rows = [PreferenceRow("p", f"a{at}", "b", 1, f"source {at // 4}") for at in range(800)]
    train, held = split_by_source(rows, 0.2)
    assert overlap(train, held) == 0
    assert len(train) + len(held) == 800
    assert 80 < len(held) < 260
    assert split_by_source(rows, 0)[1] == []


def test_pools_fold_equal_texts() -> None:
    row = {"prompt": "p", "candidates": ["a", "b", "a"], "scores": [1, 2, 1], "source": "s"}
    assert parse_pool(row) == PoolRow("p", ("a", "b"), (1.0, 2.0), "s")
    assert parse_pool({**row, "scores": [1, 2]}) == "badRow"
    assert parse_pool({**row, "candidates": ["a", "a"], "scores": [1, 1]}) == "sameText"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("learning_rat: 1", "learning_rat"),
        ("lora:\n  rank: many", "lora.rank"),
        ("batch_size: 0", "batch_size"),
        ("loss:\n  type: dpo", "loss.type"),
        ("learning_rate: 1e-5", "learning_rate"),
        ("- a list", "config.yaml"),
        ("a: [", "YAML"),
    ],
)
def test_config_names_what_it_refuses(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrainerError, match=named) as raised:
        read_config(path, "cpo")
    assert raised.value.code == "config"


def test_config_keeps_defaults(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    assert read_config(path, "cpo") == Config()
    path.write_text("epochs: 2\nlora: {rank: 8, targets: [q_proj]}\n", encoding="utf-8")
    config = read_config(path, "cpo")
    assert (config.epochs, config.lora.rank, config.lora.targets, config.lora.alpha) == (2.0, 8, ["q_proj"], 128)
