"""Runs one job from its directory to its end: read, check, train, save, export; every outcome is an event."""

import errno
import importlib.metadata
import json
import os
import time
import traceback
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedTokenizerBase, set_seed

from interlinear_trainer.export.merge import merge_adapter
from interlinear_trainer.stages.base_model import context_of, load_model, load_tokenizer
from interlinear_trainer.stages.callbacks import JobCallback, StopRequest
from interlinear_trainer.stages.checkpoints import bytes_needed, last_whole, require_room, step_of
from interlinear_trainer.stages.config import Config, config_text, read_config
from interlinear_trainer.stages.events import EventLog, Heartbeat
from interlinear_trainer.stages.faults import TrainerError, says
from interlinear_trainer.stages.jobs import Job, check_base, read_job
from interlinear_trainer.stages.material import FEW_STEPS, Counted, few_steps, read_material, require_enough
from interlinear_trainer.stages.rows import overlap
from interlinear_trainer.stages.sampling import HeldOutSampler
from interlinear_trainer.stages.trainers import build_trainer, steps_of


def main_process() -> bool:
    """True in the process that writes, under `accelerate launch` the one of rank 0."""
    return os.environ.get("RANK", "0") == "0"


def run_job(folder: Path) -> int:
    """Run or resume the job of a directory. 0 if it finished or was stopped when asked to, 1 if it failed."""
    log = EventLog(folder / "events.jsonl", silent=not main_process())
    try:
        job = read_job(folder)
        with Heartbeat(folder):
            _run(job, read_config(job.config, job.stage), log)
    except Exception as error:
        traceback.print_exc()
        fault = as_fault(error, folder)
        log.write("failed", code=fault.code, text=fault.sentence)
        return 1
    return 0


def as_fault(error: Exception, folder: Path) -> TrainerError:
    """The failure in words for people; what nobody foresaw is `internal`."""
    if isinstance(error, TrainerError):
        return error
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        sentence = says("the disk of {path} is full; the last checkpoint is kept. Free some space.", path=str(folder))
        return TrainerError("diskFull", sentence)
    if isinstance(error, torch.OutOfMemoryError):
        return TrainerError(
            "outOfMemory",
            says("the GPU's memory is too small even for half the batch. Lower batch_size or max_length, or use LoRA."),
        )
    reason = f"{type(error).__name__}: {error}"
    return TrainerError("internal", says("{reason}. The whole message is in job.log.", reason=reason))


def _versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in ("torch", "transformers", "trl", "peft")}


def _resume_point(job: Job, log: EventLog) -> Path | None:
    whole, broken = last_whole(job.checkpoints)
    for folder in broken:
        text = says("{name} was not written to its end and is not used", name=folder.name)
        log.write("warning", code="checkpointBroken", text=text)
        # Under its old name it would count among the checkpoints that are kept, and push out a whole one.
        with suppress(FileNotFoundError):  # another process of the same run was faster
            folder.rename(folder.with_name(f"broken-{folder.name}"))
    return whole


def _run(job: Job, config: Config, log: EventLog) -> None:
    base = check_base(job.base)
    if config.threads:
        torch.set_num_threads(config.threads)
    request = StopRequest(job.folder)
    request.listen()
    resume = _resume_point(job, log)
    log.write(
        "started",
        stage=job.stage,
        pid=os.getpid(),
        device=torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        versions=_versions(),
        seed=config.seed,
        resumedAt=step_of(resume) if resume else None,
    )
    if main_process():
        (job.folder / "resolved.yaml").write_text(config_text(config), encoding="utf-8")
    tokenizer = load_tokenizer(job.base)
    config = replace(config, max_length=min(config.max_length, context_of(job.base)))
    counted = read_material(job, config, tokenizer)
    log.write("data", **counted.as_event())
    require_enough(counted, config.minimum_rows)
    try:
        _train(job, config, (counted, tokenizer, base), (log, request, resume))
        return
    except torch.OutOfMemoryError:
        if config.batch_size == 1:
            raise
    # only now are the frames gone that held the model and its batch
    torch.cuda.empty_cache()
    halved = replace(config, batch_size=config.batch_size // 2, accumulation=config.accumulation * 2)
    text = says("GPU memory ran out; again with {rows} rows a batch", rows=halved.batch_size)
    log.write("warning", code="outOfMemory", text=text)
    _train(job, halved, (counted, tokenizer, base), (log, request, None))


def _train(
    job: Job,
    config: Config,
    what: tuple[Counted, PreTrainedTokenizerBase, dict[str, Any]],
    how: tuple[EventLog, StopRequest, Path | None],
) -> None:
    counted, tokenizer, base = what
    material = counted.material
    log, request, resume = how
    set_seed(config.seed)
    sampler = HeldOutSampler(material.validation, tokenizer, config.stop.samples, config.max_length)
    known = partial(overlap, material.train, material.validation)
    watch = JobCallback(log, request, config.stop, known, sampler if len(sampler) else None)
    trainer = build_trainer(job, config, material, (load_model(job.base, config), tokenizer, [watch]))
    trainable = sum(part.numel() for part in trainer.model.parameters() if part.requires_grad)
    total = sum(part.numel() for part in trainer.model.parameters())
    require_room(job.folder, bytes_needed(trainable, total, config.tuning == "full"))
    steps = steps_of(job.stage, material, config)
    log.write(
        "plan",
        steps=steps,
        epochs=config.epochs,
        batch=config.batch_size * config.accumulation,
        trainable=trainable,
        total=total,
        longest=counted.longest,
    )
    if steps < FEW_STEPS:
        log.write("warning", code="fewSteps", text=few_steps(steps))
    started = time.monotonic()
    if material.validation and not request.asked():
        trainer.evaluate()
    if not request.asked():
        trainer.train(resume_from_checkpoint=str(resume) if resume else None)
    if watch.reason == "cancelled":
        return
    if request.asked():
        log.write("stopped", reason="cancelled", step=trainer.state.global_step)
        return
    if watch.reason == "tripwire":
        _keep_best(job, trainer, watch.text or "")
    trainer.save_model(str(job.adapter))
    if main_process():
        _finish(job, config, trainer.state, (base, round(time.monotonic() - started, 1), log))


def _keep_best(job: Job, trainer: Any, why: str) -> None:
    """After a tripwire: the best checkpoint, or the last if nothing is evaluated. Raises TrainerError `tripwire`."""
    if trainer.state.best_model_checkpoint:
        return  # load_best_model_at_end has loaded it
    last, _ = last_whole(job.checkpoints)
    if last is None or trainer.args.load_best_model_at_end:
        raise TrainerError(
            "tripwire",
            says(
                "{reason}, before there was a usable checkpoint: no adapter was written. Lower learning_rate, or look "
                "for broken rows.",
                reason=why,
            ),
        )
    trainer.state.best_model_checkpoint = str(last)
    trainer._load_best_model()


def _finish(job: Job, config: Config, state: Any, rest: tuple[dict[str, Any], float, EventLog]) -> None:
    base, seconds, log = rest
    best = step_of(Path(state.best_model_checkpoint)) if state.best_model_checkpoint else None
    about = {"stage": job.stage, "base": base, "tuning": config.tuning, "step": state.global_step, "best": best}
    (job.adapter / "interlinear.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    if config.export == "auto" and (job.base / "manifest.json").exists():
        manifest = merge_adapter(job.base, job.adapter, job.model, job.folder.name)
        log.write("exported", path=job.model.name, revision=manifest["revision"])
    log.write("finished", step=state.global_step, seconds=seconds, output=config.tuning, path="adapter", best=best)
