"""Five minutes that spare a lost night: the longest batch, saved, killed, resumed, and its adapter used.

A job of the longest rows is trained for four steps in a process of its own. That process is killed after its first
checkpoint, started again, and must go on from there to the end; then the adapter is loaded onto the base and writes a
line. The same configuration and the same number of processes are used, so what fails at night fails here.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from peft import PeftModel

from interlinear_trainer.stages.base_model import context_of, load_model, load_tokenizer
from interlinear_trainer.stages.checkpoints import step_of
from interlinear_trainer.stages.config import Config, read_config
from interlinear_trainer.stages.faults import TrainerError, said_again, says
from interlinear_trainer.stages.jobs import Job, read_job
from interlinear_trainer.stages.material import Counted, read_material
from interlinear_trainer.stages.rows import AnyRow, tokens_of
from interlinear_trainer.stages.sampling import HeldOutSampler
from interlinear_trainer.stages.trainers import steps_of

SECONDS: Final = 300.0
STEPS: Final = 4
SAVED_AT: Final = 2
POLL: Final = 0.05


def rehearse(folder: Path, launcher: Sequence[str] = ()) -> dict[str, Any]:
    """Rehearse a job directory and tell what it will cost. `launcher` stands before `-m interlinear_trainer`.

    Raises TrainerError `rehearsal` that says which part failed, or the fault of the run itself.
    """
    job = read_job(folder)
    config = read_config(job.config, job.stage)
    config = replace(config, max_length=min(config.max_length, context_of(job.base)))
    tokenizer = load_tokenizer(job.base)
    counted = read_material(job, config, tokenizer)
    small = _prepare(job, config, counted, tokenizer)
    deadline = time.monotonic() + SECONDS
    try:
        _run_until_saved(small, launcher, deadline)
        _run_to_end(small, launcher, deadline)
        line = _use_adapter(job, small, config, counted)
        _keep_adapter(job, small)
        seconds = round(SECONDS - (deadline - time.monotonic()), 1)
        return {"line": line, "seconds": seconds} | _cost(job, small, config, counted)
    finally:
        shutil.rmtree(small)


def _prepare(job: Job, config: Config, counted: Counted, tokenizer: Any) -> Path:
    """The job directory of the rehearsal, inside the job's own: its longest training and validation rows."""
    small = job.folder / "rehearsal"
    shutil.rmtree(small, ignore_errors=True)
    small.mkdir()

    def longest(rows: list[AnyRow], count: int) -> list[AnyRow]:
        return sorted(rows, key=lambda row: tokens_of(row, tokenizer), reverse=True)[:count]

    world = int(os.environ.get("WORLD_SIZE", "1"))
    train = longest(counted.material.train, config.batch_size * config.accumulation * world)
    validation = longest(counted.material.validation, config.batch_size * world)
    lines = [json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in (*train, *validation)]
    (small / "rows.jsonl").write_text("".join(lines), encoding="utf-8")
    about = {"stage": job.stage, "base": str(job.base.resolve()), "rows": "rows.jsonl"}
    if job.replay:
        shutil.copy(job.replay, small / "replay.jsonl")
        about["replay"] = "replay.jsonl"
    (small / "job.json").write_text(json.dumps(about), encoding="utf-8")
    stop = replace(config.stop, patience=1000, accuracy_enough=1.0, chosen_fall=1000.0)
    short = replace(config, max_steps=STEPS, evaluations=STEPS // SAVED_AT, minimum_rows=1, export="never", stop=stop)
    (small / "config.yaml").write_text(yaml.safe_dump(asdict(short)), encoding="utf-8")
    return small


def _start(small: Path, launcher: Sequence[str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, *launcher, "-m", "interlinear_trainer", "train", "--job", str(small)]
    with (small / "job.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _events(small: Path) -> list[dict[str, Any]]:
    path = small / "events.jsonl"
    if not path.exists():
        return []
    whole = path.read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line) for line in whole]


def _of(events: list[dict[str, Any]], kind: str) -> dict[str, Any] | None:
    return next((event for event in reversed(events) if event["kind"] == kind), None)


def _fault(events: list[dict[str, Any]], part: Literal["saving", "resuming"]) -> TrainerError:
    failed = _of(events, "failed")
    late = says("it did not come to its end within {seconds} s", seconds=round(SECONDS))
    reason = said_again(failed["text"], failed.get("said")) if failed else late
    if part == "saving":
        return TrainerError(
            "rehearsal", says("the rehearsal failed while it trained and saved: {reason}", reason=reason)
        )
    return TrainerError("rehearsal", says("the rehearsal failed while it was resumed: {reason}", reason=reason))


def _run_until_saved(small: Path, launcher: Sequence[str], deadline: float) -> None:
    process = _start(small, launcher)
    try:
        while _of(_events(small), "checkpoint") is None:
            if process.poll() is not None or time.monotonic() > deadline:
                raise _fault(_events(small), "saving")
            time.sleep(POLL)
    finally:
        _end(process)  # in the middle of whatever it does: that is the point
    for later in (small / "checkpoints").glob("checkpoint-*"):
        if step_of(later) > SAVED_AT:  # a small model may get further before the kill
            shutil.rmtree(later)


def _run_to_end(small: Path, launcher: Sequence[str], deadline: float) -> None:
    before = len(_events(small))
    process = _start(small, launcher)
    try:
        process.wait(max(1.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise _fault(_events(small), "resuming") from None
    finally:
        _end(process)
    events = _events(small)[before:]
    started, finished = _of(events, "started"), _of(events, "finished")
    if finished is None:
        raise _fault(events, "resuming")
    if started is None or "resumedAt" not in started:
        raise TrainerError("rehearsal", says("the rehearsal was killed after its checkpoint and began anew"))


def _use_adapter(job: Job, small: Path, config: Config, counted: Counted) -> str:
    """What the base with the rehearsed adapter writes after the first prompt."""
    tokenizer = load_tokenizer(job.base)
    adapter = read_job(small).adapter
    if config.tuning == "full":
        model: Any = load_model(adapter, config)
    else:
        model = PeftModel.from_pretrained(load_model(job.base, config), str(adapter))
    sampler = HeldOutSampler(counted.material.train[:1], tokenizer, 1, config.max_length)
    return str(tokenizer.decode(sampler.write(model)[0]))


def _keep_adapter(job: Job, small: Path) -> None:
    """Leave the adapter as `rehearsed/adapter` in the job directory; whoever asked may load it, and removes it."""
    kept = job.folder / "rehearsed"
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir()
    shutil.move(str(read_job(small).adapter), str(kept / "adapter"))


def _cost(job: Job, small: Path, config: Config, counted: Counted) -> dict[str, Any]:
    """Upper bounds, since every batch was the longest: seconds of the whole run, bytes at the peak and on the disk."""
    events = _events(small)
    steps = [event["stepSeconds"] for event in events if event["kind"] == "step" and "stepSeconds" in event]
    checks = [event["seconds"] for event in events if event["kind"] == "evaluated"]
    rows = len(counted.material.validation)
    share = max(1.0, rows / config.batch_size)
    looking = (config.evaluations + 1) * share * max(checks, default=0.0)
    total = steps_of(job.stage, counted.material, config) * max(steps) + looking
    gpu = max((event.get("gpuBytes", 0) for event in events if event["kind"] == "step"), default=0)
    unit = 1 if sys.platform == "darwin" else 1024
    checkpoints = [path for path in (small / "checkpoints").iterdir() if path.name.startswith("checkpoint-")]
    size = max(sum(file.stat().st_size for file in path.rglob("*")) for path in checkpoints)
    return {
        "stepSeconds": max(steps),
        "trainingSeconds": round(total, 1),
        "peakMemory": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit,
        "peakGpuMemory": gpu,
        "checkpointBytes": size,
    }
