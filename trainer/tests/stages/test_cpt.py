"""Continued pre-training: rows, packing, and the annealing phase."""

import itertools
from typing import Any

import pytest
from transformers import PreTrainedTokenizerBase

from interlinear_trainer.stages import run
from interlinear_trainer.stages.base_model import load_model
from interlinear_trainer.stages.config import Config
from interlinear_trainer.stages.jobs import read_job
from interlinear_trainer.stages.material import Material
from interlinear_trainer.stages.rows import TextRow, parse_text
from interlinear_trainer.stages.trainers import build_trainer
from tests.stages.conftest import MakeJob, events_of, preference

TEXTS = [row["chosen"] * 3 for row in map(preference, range(72))]


def test_rows_are_texts_or_pairs_as_lmt_writes_them() -> None:
    pair = {"source": "He comes.", "target": "彼は来る。", "sourceLanguage": "en-US", "targetLanguage": "ja"}
    assert parse_text(pair) == TextRow("<en2ja> He comes. <ja> 彼は来る。", "He comes.")
    assert parse_text({"text": "彼は来る。"}) == TextRow("彼は来る。", "彼は来る。")
    assert parse_text({"source": "He comes.", "target": "彼は来る。"}) == "badRow"


def test_texts_are_packed_without_losing_a_token(make_job: MakeJob, chat: PreTrainedTokenizerBase) -> None:
    job = read_job(make_job("cpt", [{"text": TEXTS[0]}]))
    config = Config(tuning="full", max_length=32, batch_size=2, schedule="anneal")
    rows = [TextRow(text, text) for text in TEXTS[:9]]
    trainer = build_trainer(job, config, Material(rows, [], [], 4), (load_model(job.base, config), chat, []))
    blocks = [row["input_ids"] for row in trainer.train_dataset]
    whole = [token for text in TEXTS[:9] for token in [*chat(text).input_ids, chat.eos_token_id]]
    assert list(itertools.chain(*blocks)) == whole
    assert {len(block) for block in blocks[:-1]} == {32}
    batch: Any = next(iter(trainer.get_train_dataloader()))
    assert (batch["labels"] != -100).sum() == batch["attention_mask"].sum()


def test_rate_is_constant_then_falls_to_nothing(make_job: MakeJob) -> None:
    config = (
        "max_steps: 10\nbatch_size: 2\nmax_length: 64\nminimum_rows: 8\nevaluations: 1\nexport: never\nwarmup: 0\n"
        "anneal: 0.5\nlearning_rate: 0.001\nstop: {samples: 0}\n"
    )
    job = make_job("cpt", [{"text": text} for text in TEXTS], config)
    assert run.run_job(job) == 0
    events = events_of(job)
    assert events[-1]["kind"] == "finished"
    evaluated = [event["loss"] for event in events if event["kind"] == "evaluated"]
    assert evaluated[-1] < evaluated[0]
    rates = {event["step"]: event["learningRate"] for event in events if event["kind"] == "step"}
    # the logged rate is the one of the step that was just made
    assert rates[1] == pytest.approx(0.001)
    assert rates[10] == pytest.approx(0.001 * 1 / 5)
