"""Whole jobs on the tiny model: finish, cancel, resume, fail with a reason, export."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import AutoModelForCausalLM, PreTrainedTokenizerBase

from interlinear_trainer.export.merge import merge_adapter, merged_weights
from interlinear_trainer.stages import callbacks, checkpoints, run
from interlinear_trainer.stages.cpo import JudgmentCpoTrainer
from interlinear_trainer.stages.faults import TrainerError
from tests.stages.conftest import MakeJob, events_of, preference

ROWS = [preference(at) for at in range(72)]
REPLAY = [
    {"prompt": row["prompt"], "completion": row["chosen"], "source": row["source"]}
    for row in map(preference, range(72, 112))
]
SMALL = """
batch_size: 8
max_steps: 8
evaluations: 4
minimum_rows: 8
lora: {rank: 4, alpha: 8}
stop: {patience: 100, samples: 0}
"""


def last(events: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(event for event in reversed(events) if event["kind"] == kind)


def test_cpo_finishes_learns_and_exports(make_job: MakeJob, base: Path) -> None:
    job = make_job("cpo", ROWS, SMALL + "learning_rate: 0.02\nreplay: {share: 0.5}\n", REPLAY)
    assert run.run_job(job) == 0
    events = events_of(job)
    assert [event["kind"] for event in events][:3] == ["started", "data", "plan"]
    assert last(events, "data")["replay"] == 40
    assert last(events, "plan")["steps"] == 8
    assert events[-1]["kind"] == "finished"
    accuracies = [event["accuracy"] for event in events if event["kind"] == "evaluated"]
    assert accuracies[-1] > accuracies[0]
    assert last(events, "step")["replayNll"] > 0
    about = json.loads((job / "adapter" / "interlinear.json").read_text())
    assert about["base"] == {"name": "tiny", "revision": "0123456789ab"}
    assert about["tuning"] == "lora"
    assert "learning_rate: 0.02" in (job / "resolved.yaml").read_text()
    manifest = json.loads((job / "model" / "manifest.json").read_text())
    assert manifest["parent"]["revision"] == "0123456789ab"
    assert manifest["revision"] == last(events, "exported")["revision"]
    other = shutil.copytree(base, job / "other")
    (other / "manifest.json").write_text((base / "manifest.json").read_text().replace("0123456789ab", "ffff"))
    with pytest.raises(TrainerError, match="was trained on tiny"):
        merge_adapter(other, job / "adapter", job / "elsewhere", "x")
    assert not (job / "elsewhere").exists()


def test_exported_graph_computes_what_the_adapter_computes(
    make_job: MakeJob, base: Path, chat: PreTrainedTokenizerBase
) -> None:
    job = make_job("cpo", ROWS, SMALL + "learning_rate: 0.02\n")
    assert run.run_job(job) == 0
    ids = np.array([chat("<|en|>He comes.<|ja|>彼は来ます。").input_ids])
    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    plain = model(torch.tensor(ids)).logits.detach().numpy()
    model.load_state_dict(merged_weights(base, job / "adapter"), strict=False)
    model.tie_weights()
    merged = model(torch.tensor(ids)).logits.detach().numpy()
    session = onnxruntime.InferenceSession(str(job / "model" / "model_q8.onnx"))
    feeds = {value.name: np.zeros((1, 1, 0, 32), np.float32) for value in session.get_inputs()[3:]}
    feeds |= {"input_ids": ids, "attention_mask": np.ones_like(ids), "position_ids": np.arange(ids.shape[1])[None]}
    exported = session.run(None, feeds)[0]
    assert np.abs(merged - plain).max() > 0.1
    assert np.abs(exported - merged).mean() < 0.1 * np.abs(merged - plain).mean()


def test_cancel_leaves_a_checkpoint_and_resume_goes_on(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job("cpo", ROWS, SMALL)
    asked = callbacks.StopRequest.asked
    steps: list[int] = []

    def after_three(self: callbacks.StopRequest) -> bool:
        steps.append(1)
        if len(steps) == 5:  # two looks before the first step, then one a step
            (job / "cancel").write_text("")
        return asked(self)

    monkeypatch.setattr(callbacks.StopRequest, "asked", after_three)
    assert run.run_job(job) == 0
    stopped = last(events_of(job), "stopped")
    assert stopped["reason"] == "cancelled"
    assert not (job / "adapter").exists()
    whole = job / "checkpoints" / f"checkpoint-{stopped['step']}"
    assert (whole / "complete").exists()
    broken = shutil.copytree(whole, whole.with_name("checkpoint-900"))
    (broken / "complete").unlink()
    (job / "cancel").unlink()
    monkeypatch.undo()
    assert run.run_job(job) == 0
    events = events_of(job)
    assert last(events, "started")["resumedAt"] == stopped["step"]
    assert "checkpointBroken" in [event.get("code") for event in events]
    assert last(events, "finished")["step"] == 8


def test_resumed_run_ends_where_an_unbroken_one_does(make_job: MakeJob, tmp_path: Path) -> None:
    config = SMALL + "validation_share: 0\nexport: never\nreplay: {share: 0.5}\n"
    job = make_job("cpo", ROWS, config, REPLAY)
    assert run.run_job(job) == 0
    again = shutil.copytree(job, tmp_path / "again")
    shutil.rmtree(again / "adapter")
    shutil.rmtree(again / "checkpoints" / "checkpoint-8")
    assert run.run_job(again) == 0
    assert last(events_of(again), "started")["resumedAt"] == 6
    weights = [(folder / "adapter" / "adapter_model.safetensors").read_bytes() for folder in (job, again)]
    assert weights[0] == weights[1]


def test_sft_trains_on_the_completion_and_one_end_token(make_job: MakeJob, chat: PreTrainedTokenizerBase) -> None:
    job = make_job("sft", REPLAY, SMALL + "learning_rate: 0.02\ntuning: full\n")
    assert run.run_job(job) == 0
    losses = [event["loss"] for event in events_of(job) if event["kind"] == "evaluated"]
    assert losses[-1] < losses[0]
    assert last(events_of(job), "finished")["output"] == "full"
    assert (job / "model" / "manifest.json").exists()


def test_too_few_rows_say_how_many(make_job: MakeJob) -> None:
    job = make_job("cpo", ROWS[:12])
    assert run.run_job(job) == 1
    failed = events_of(job)[-1]
    assert failed["code"] == "tooFewRows"
    assert "at least 64" in failed["text"]


def test_missing_base_is_named(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job("cpo", ROWS)
    about = json.loads((job / "job.json").read_text())
    (job / "job.json").write_text(json.dumps({**about, "base": str(tmp_path / "nowhere")}))
    assert run.run_job(job) == 1
    assert events_of(job)[-1]["code"] == "baseMissing"
    assert "nowhere" in events_of(job)[-1]["text"]


def test_full_disk_is_said_before_training(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job("cpo", ROWS, SMALL)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    assert run.run_job(job) == 1
    assert events_of(job)[-1]["code"] == "diskFull"
    assert not any(event["kind"] == "step" for event in events_of(job))


def no_memory_above(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """As a GPU does it: the error comes out of the step of a batch that is too large."""
    step = JudgmentCpoTrainer.training_step

    def limited(self: Any, model: Any, inputs: Any, count: Any = None) -> Any:
        if len(inputs["chosen_labels"]) > rows:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return step(self, model, inputs, count)

    monkeypatch.setattr(JudgmentCpoTrainer, "training_step", limited)


def test_out_of_memory_halves_the_batch_once(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job("cpo", ROWS, SMALL + "export: never\n")
    no_memory_above(monkeypatch, 4)
    assert run.run_job(job) == 0
    events = events_of(job)
    assert "outOfMemory" in [event.get("code") for event in events]
    assert [event["batch"] for event in events if event["kind"] == "plan"] == [8, 8]
    assert (last(events, "finished")["step"], last(events, "step")["step"]) == (8, 8)


def test_out_of_memory_twice_says_what_to_lower(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job("cpo", ROWS, SMALL + "export: never\n")
    no_memory_above(monkeypatch, 3)
    assert run.run_job(job) == 1
    failed = events_of(job)[-1]
    assert failed["code"] == "outOfMemory"
    assert "batch_size" in failed["text"]


def test_early_stop_when_the_accuracy_is_enough(make_job: MakeJob) -> None:
    job = make_job("cpo", ROWS, SMALL.replace("patience: 100", "accuracy_enough: 0.0"))
    assert run.run_job(job) == 0
    assert last(events_of(job), "stopped") == {**last(events_of(job), "stopped"), "reason": "earlyStop", "step": 2}
    assert events_of(job)[-1]["kind"] == "finished"


def test_multi_reward_job_finishes(make_job: MakeJob) -> None:
    rows = [
        {
            "prompt": row["prompt"],
            "candidates": [row["chosen"], row["rejected"]],
            "scores": [90, 40],
            "source": row["source"],
        }
        for row in ROWS
    ]
    job = make_job("mrpo", rows, SMALL + "learning_rate: 0.001\n")
    assert run.run_job(job) == 0
    assert events_of(job)[-1]["kind"] == "finished"


KILLED_WHILE_SAVING = """
import os, signal, sys
import torch
from pathlib import Path
from interlinear_trainer.stages.run import run_job

save, seen = torch.save, []

def half(state, where, *rest, **named):
    save(state, where, *rest, **named)
    if str(where).endswith("optimizer.pt"):
        seen.append(where)
        if len(seen) == 2:
            data = Path(where).read_bytes()
            Path(where).write_bytes(data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)

torch.save = half
run_job(Path(sys.argv[1]))
"""


def test_killed_while_saving_falls_back_to_the_last_whole_checkpoint(make_job: MakeJob) -> None:
    job = make_job("cpo", ROWS, SMALL + "export: never\n")
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_SAVING, str(job)], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    found = sorted(folder.name for folder in (job / "checkpoints").iterdir())
    assert found == ["checkpoint-2", "checkpoint-4"]
    assert not (job / "checkpoints" / "checkpoint-4" / "complete").exists()
    assert run.run_job(job) == 0
    events = events_of(job)
    assert last(events, "started")["resumedAt"] == 2
    broken = [event["text"] for event in events if event.get("code") == "checkpointBroken"]
    assert broken == ["checkpoint-4 was not written to its end and is not used"]
    assert (job / "checkpoints" / "broken-checkpoint-4").exists()
    assert last(events, "finished")["step"] == 8


def test_disk_that_fills_up_ends_the_run_and_keeps_the_last_checkpoint(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job("cpo", ROWS, SMALL + "export: never\n")
    save = torch.save
    seen: list[object] = []

    def full(state: Any, where: Any, *rest: Any, **named: Any) -> None:
        if str(where).endswith("optimizer.pt"):
            seen.append(where)
            if len(seen) == 2:
                raise OSError(errno.ENOSPC, "No space left on device", str(where))
        save(state, where, *rest, **named)

    monkeypatch.setattr(torch, "save", full)
    assert run.run_job(job) == 1
    failed = events_of(job)[-1]
    assert (failed["kind"], failed["code"]) == ("failed", "diskFull")
    monkeypatch.undo()
    assert run.run_job(job) == 0
    assert last(events_of(job), "started")["resumedAt"] == 2


def test_checkpoint_is_on_the_disk_before_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a machine that loses its power leaves: a marker is never older than what it stands for."""
    folder = tmp_path / "checkpoint-2"
    (folder / "inner").mkdir(parents=True)
    for name in ("a.bin", "inner/b.bin"):
        (folder / name).write_bytes(b"x")
    order: list[str] = []
    sync = os.fsync

    def note(descriptor: int) -> None:
        order.append(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")))
        assert not (folder / "complete").exists() or order[-1] in ("complete", "checkpoint-2")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    checkpoints.mark_complete(folder)
    assert order == ["b.bin", "inner", "a.bin", "complete", "checkpoint-2"]
    assert (folder / "complete").exists()
