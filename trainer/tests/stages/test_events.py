"""Events: the fixture that TypeScript reads too, and what the writer refuses."""

import json
import os
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest

from interlinear_trainer.stages.events import FIELDS, EventLog, Heartbeat, check_event
from interlinear_trainer.stages.faults import said_again, says

FIXTURE = Path(__file__).parents[3] / "test" / "fixtures" / "trainer" / "events.jsonl"


def test_fixture_holds_every_kind_and_field() -> None:
    events = [json.loads(line) for line in FIXTURE.read_text(encoding="utf-8").splitlines()]
    seen: dict[str, set[str]] = {}
    for event in events:
        check_event(event)
        seen.setdefault(event["kind"], set()).update(set(event) - {"time", "kind"})
    assert seen == {kind: set(known) for kind, (known, _) in FIELDS.items()}


def test_writer_leaves_out_what_is_no_number(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.jsonl", lambda: datetime(2026, 11, 21, 9, tzinfo=timezone.utc))
    log.write("step", step=1, steps=2, loss=0.5, learningRate=0.1, gradNorm=float("nan"), entropy=None)
    line = json.loads((tmp_path / "events.jsonl").read_text())
    assert line == {
        "time": "2026-11-21T09:00:00.000Z",
        "kind": "step",
        "step": 1,
        "steps": 2,
        "loss": 0.5,
        "learningRate": 0.1,
    }


def test_writer_refuses_unknown_and_missing_fields(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.jsonl")
    with pytest.raises(ValueError, match="checkpoint"):
        log.write("checkpoint", step=1)
    with pytest.raises(ValueError, match="warning"):
        log.write("warning", code="x", text="y", more=1)
    assert not (tmp_path / "events.jsonl").exists()


def test_sentences_keep_their_pattern_and_values(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.jsonl")
    why = says("log P of chosen texts fell by {fall} nats a token", fall="0.61")
    log.write("failed", code="tripwire", text=says("{reason}, before there was a usable checkpoint", reason=why))
    line = json.loads((tmp_path / "events.jsonl").read_text())
    assert line["text"] == "log P of chosen texts fell by 0.61 nats a token, before there was a usable checkpoint"
    assert line["said"]["pattern"] == "{reason}, before there was a usable checkpoint"
    assert line["said"]["values"]["reason"] == {"pattern": why.said["pattern"], "values": {"fall": "0.61"}}
    assert said_again(line["text"], line["said"]).said == line["said"]  # type: ignore[attr-defined]  # a Sentence again


def test_heartbeat_beats(tmp_path: Path) -> None:
    with Heartbeat(tmp_path, 0.05):
        os.utime(tmp_path / "heartbeat", (1, 1))
        time.sleep(0.4)
        assert (tmp_path / "heartbeat").stat().st_mtime > 1
