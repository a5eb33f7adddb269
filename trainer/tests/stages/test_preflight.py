"""Preflight and rehearsal on the tiny model: what is shown is what the loss sees, and a killed run goes on."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, PreTrainedTokenizerBase

from interlinear_trainer.__main__ import main
from interlinear_trainer.stages import rehearsal
from interlinear_trainer.stages.preflight import preflight
from interlinear_trainer.stages.rehearsal import rehearse
from tests.stages.conftest import MakeJob, preference, write_lines
from tests.stages.test_losses import by_hand

FIXTURE = Path(__file__).parents[3] / "test" / "fixtures" / "trainer" / "preflight.json"
ROWS = [preference(at) for at in range(72)]
CONFIG = "batch_size: 4\nepochs: 2\nminimum_rows: 8\nlora: {rank: 4, alpha: 8}\n"


def fields(report: dict[str, Any]) -> set[str]:
    """Names of all fields; of what is counted by name, and of an empty list, only the list's own."""
    inner = {f"{name}.{key}" for name, value in report.items() if isinstance(value, dict) for key in value}
    rows = {f"{name}.{key}" for name in ("examples", "scored") for key in report[name][0]}
    return set(report) | inner | rows


def test_shows_what_is_learnt_with_one_end_token(make_job: MakeJob, chat: PreTrainedTokenizerBase) -> None:
    long = {**preference(80), "chosen": "彼は" * 200}
    report = preflight(make_job("cpo", [*ROWS, ROWS[0], long], CONFIG))
    assert report["problems"] == []
    assert report["rows"] == {
        "read": 74,
        "kept": 72,
        "dropped": {"repeated": 1, "tooLong": 1},
        "validation": report["rows"]["validation"],
        "replay": 0,
        "needed": 8,
    }
    training = 72 - report["rows"]["validation"]
    assert report["plan"]["steps"] == 2 * -(-training // 4)
    assert len(report["examples"]) == 6
    for shown in report["examples"]:
        assert (shown["endTokens"], shown["endsWithEnd"]) == (1, True)
        assert shown["learned"].endswith(str(chat.eos_token))
        assert shown["prompt"].startswith("<|en|>")
        assert shown["prompt"].endswith("<|ja|>")
        assert shown["promptIds"] == chat(shown["prompt"]).input_ids
    assert [shown["role"] for shown in report["examples"][:2]] == ["chosen", "rejected"]


def test_scores_texts_as_one_sequence_alone_gives(make_job: MakeJob, base: Path, chat: PreTrainedTokenizerBase) -> None:
    report = preflight(make_job("cpo", ROWS, CONFIG))
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()
    assert len(report["scored"]) == 5
    for scored in report["scored"]:
        found = by_hand(model, chat, f"<|en|>{scored['source']}<|ja|>", scored["text"])
        assert scored["tokens"] == len(found) - 1
        assert scored["logProb"] == pytest.approx(sum(found[:-1]), abs=1e-4)
        assert scored["endLogProb"] == pytest.approx(found[-1], abs=1e-4)


def test_supervised_rows_and_pools_are_shown_too(make_job: MakeJob, tmp_path: Path) -> None:
    rows = [{"prompt": row["prompt"], "completion": row["chosen"], "source": row["source"]} for row in ROWS]
    report = preflight(make_job("sft", rows, CONFIG))
    assert [shown["role"] for shown in report["examples"]] == ["text"] * 3
    assert {shown["endTokens"] for shown in report["examples"]} == {1}


def test_texts_and_prompts_have_nothing_to_score(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job("cpt", [{"text": row["chosen"]} for row in ROWS], CONFIG + "max_length: 32\n")
    report = preflight(job)
    assert (report["problems"], report["scored"]) == ([], [])
    assert report["examples"][0]["endTokens"] > 1
    (job / "job.json").write_text(json.dumps({**json.loads((job / "job.json").read_text()), "stage": "grpo"}))
    write_lines(job / "rows.jsonl", [{"prompt": row["prompt"], "source": row["source"]} for row in ROWS])
    assert [problem["code"] for problem in preflight(job)["problems"]] == ["tooFewRows"]
    (job / "config.yaml").write_text(CONFIG + "grpo: {max_completion: 16, judge: {url: 'http://127.0.0.1:1'}}\n")
    report = preflight(job)
    assert (report["problems"], report["scored"], report["examples"]) == ([], [], [])


def test_too_few_rows_and_a_missing_base_are_problems(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job("cpo", ROWS[:12])
    (problem,) = preflight(job)["problems"]
    assert problem["code"] == "tooFewRows"
    assert "at least 64" in problem["text"]
    about = json.loads((job / "job.json").read_text())
    (job / "job.json").write_text(json.dumps({**about, "base": str(tmp_path / "nowhere")}))
    assert [problem["code"] for problem in preflight(job)["problems"]] == ["baseMissing"]


def test_rehearsal_is_killed_resumed_and_used(make_job: MakeJob, capsys: pytest.CaptureFixture[str]) -> None:
    job = make_job("cpo", ROWS, CONFIG)
    assert main(["preflight", "--job", str(job), "--rehearse"]) == 0
    report = json.loads(capsys.readouterr().out)
    found = report["rehearsal"]
    assert found["seconds"] < rehearsal.SECONDS
    assert 0 < found["stepSeconds"] <= found["trainingSeconds"]
    assert found["peakMemory"] > 100e6
    assert found["checkpointBytes"] > 1000
    assert isinstance(found["line"], str)
    assert not (job / "rehearsal").exists()
    assert (job / "rehearsed" / "adapter" / "adapter_model.safetensors").exists()
    assert fields(json.loads(FIXTURE.read_text(encoding="utf-8"))) == fields(report)


def test_rehearsal_says_which_part_failed(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job("cpo", ROWS, CONFIG)
    monkeypatch.setattr(rehearsal, "SECONDS", 0.2)
    with pytest.raises(rehearsal.TrainerError, match="failed while it trained and saved"):
        rehearse(job)
