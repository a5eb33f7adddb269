"""What can be known before the night: do the rows fit, what exactly is learnt from them, and what will the run cost.

Writes nothing into the job. The report is JSON; `problems` is empty if the job may start.
"""

import hashlib
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import torch

from interlinear_trainer.stages.base_model import context_of, load_model, load_tokenizer
from interlinear_trainer.stages.checkpoints import bytes_needed
from interlinear_trainer.stages.config import Config, read_config
from interlinear_trainer.stages.cpo import token_logps
from interlinear_trainer.stages.faults import TrainerError, remark, says
from interlinear_trainer.stages.jobs import Job, check_base, read_job
from interlinear_trainer.stages.material import FEW_STEPS, Counted, few_steps, read_material, require_enough
from interlinear_trainer.stages.replay import IGNORED, ReplaySet
from interlinear_trainer.stages.rows import AnyRow, PromptRow, SupervisedRow, TextRow, completions_of
from interlinear_trainer.stages.trainers import build_trainer, steps_of

SHOWN: Final = 3
SCORED: Final = 5


@dataclass(frozen=True, slots=True)
class Sequence:
    """One row as the trainer's own collator hands it to the loss."""

    role: str
    ids: list[int]
    learned: list[bool]


def preflight(folder: Path) -> dict[str, Any]:
    """The report of a job directory; failures that a person can act on become problems."""
    problems: list[dict[str, str]] = []
    report: dict[str, Any] = {"problems": problems, "warnings": []}
    try:
        job = read_job(folder)
        config = read_config(job.config, job.stage)
        _examine(job, config, report)
    except TrainerError as fault:
        problems.append(remark(fault.code, fault.sentence))
    return report


def _examine(job: Job, config: Config, report: dict[str, Any]) -> None:
    report["base"] = check_base(job.base)
    tokenizer = load_tokenizer(job.base)
    config = replace(config, max_length=min(config.max_length, context_of(job.base)))
    counted = read_material(job, config, tokenizer)
    report["rows"] = counted.as_event() | {"needed": config.minimum_rows}
    report["template"] = template_of(tokenizer)
    try:
        require_enough(counted, config.minimum_rows)
    except TrainerError as fault:
        report["problems"].append(remark(fault.code, fault.sentence))
        return
    trainer = build_trainer(job, config, counted.material, (load_model(job.base, config), tokenizer, []))
    report["plan"] = _plan(job, counted, config, report)
    report["cost"] = cost_of(job, config, trainer)
    if report["cost"]["diskFree"] < report["cost"]["diskNeeded"]:
        free, needed = (round(report["cost"][name] / 1e6) for name in ("diskFree", "diskNeeded"))
        text = says("{free} MB of disk are free and about {needed} MB are needed", free=free, needed=needed)
        report["problems"].append(remark("diskFull", text))
    report["examples"] = [example(row, tokenizer) for row in learned_rows(trainer, SHOWN)]
    report["scored"] = scored_texts(counted.material.train[:SCORED], trainer, tokenizer)
    if job.stage == "cpt":
        return  # packed texts hold as many ends as texts
    for shown in report["examples"]:
        if shown["endTokens"] != 1 or not shown["endsWithEnd"]:
            text = says(
                "a text ({role}) has {count} end tokens to learn; it must have one, at its end",
                role=shown["role"],
                count=shown["endTokens"],
            )
            report["problems"].append(remark("endToken", text))


def template_of(tokenizer: Any) -> dict[str, str]:
    """Hashes that another renderer of the same prompts must share: chat template, and vocabulary with its ids."""
    vocabulary = "\n".join(f"{token}\t{at}" for token, at in sorted(tokenizer.get_vocab().items()))
    chat = str(tokenizer.chat_template or "")
    return {"chat": _hash(chat), "vocabulary": _hash(vocabulary), "end": str(tokenizer.eos_token)}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plan(job: Job, counted: Counted, config: Config, report: dict[str, Any]) -> dict[str, Any]:
    steps = steps_of(job.stage, counted.material, config)
    if steps < FEW_STEPS:
        report["warnings"].append(remark("fewSteps", few_steps(steps)))
    world = int(os.environ.get("WORLD_SIZE", "1"))
    return {
        "steps": steps,
        "epochs": config.epochs,
        "batch": config.batch_size * config.accumulation * world,
        "longest": counted.longest,
        "maxLength": config.max_length,
    }


def cost_of(job: Job, config: Config, trainer: Any) -> dict[str, Any]:
    """Bytes that are sure before anything ran: weights, gradients, Adam's moments, checkpoints; no activations."""
    weights = list(trainer.model.parameters())
    trained = [part for part in weights if part.requires_grad]
    trainable = sum(part.numel() for part in trained)
    own = sum(part.numel() * part.element_size() for part in weights)
    gradients = sum(part.numel() * part.element_size() for part in trained)
    return {
        "trainable": trainable,
        "total": sum(part.numel() for part in weights),
        "memoryFixed": own + 3 * gradients,
        "memoryFree": _memory_free(),
        "diskNeeded": bytes_needed(trainable, sum(part.numel() for part in weights), config.tuning == "full"),
        "diskFree": shutil.disk_usage(job.folder).free,
    }


def _memory_free() -> int:
    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info()[0])
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0


def learned_rows(trainer: Any, count: int) -> list[Sequence]:
    """The first rows of the training set, through the trainer's own tokenisation and collator, without padding."""
    rows = [trainer.train_dataset[at] for at in range(min(count, len(trainer.train_dataset)))]
    sequences: list[Sequence] = []
    for row in rows:
        batch = trainer.data_collator([row])
        for name in ("chosen_", "rejected_", ""):
            if f"{name}labels" not in batch:
                continue
            ids, labels = batch[f"{name}input_ids"][0].tolist(), batch[f"{name}labels"][0].tolist()
            sequences.append(Sequence(name.rstrip("_") or "text", ids, [label != IGNORED for label in labels]))
    return sequences


@torch.no_grad()
def scored_texts(rows: list[AnyRow], trainer: Any, tokenizer: Any) -> list[dict[str, Any]]:
    """log P of the first text of each row that has one after a prompt, under the untrained model, in nats.

    For a server to compare with. `tokens` and `logProb` are without the end token, whose own log P is `endLogProb`.
    """
    model = trainer.model.eval()
    scored = []
    for row in rows:
        if isinstance(row, TextRow | PromptRow):
            continue
        text = completions_of(row)[0]
        pair = SupervisedRow(row.prompt, text, row.source)
        block = ReplaySet([pair], tokenizer, tokenizer.eos_token_id, tokenizer.pad_token_id).block([0])
        block = block.to(model.device)
        logits = model(block.input_ids, attention_mask=block.attention_mask, use_cache=False).logits
        logps, mask = token_logps(logits.float(), block.labels)
        found = logps[mask].tolist()
        scored.append(
            {
                "source": row.source,
                "text": text,
                "promptIds": block.input_ids[0][: -len(found)].tolist(),
                "tokens": len(found) - 1,
                "logProb": sum(found[:-1]),
                "endLogProb": found[-1],
            }
        )
    return scored


def example(sequence: Sequence, tokenizer: Any) -> dict[str, Any]:
    """One row for people: what is read, what is learnt, and where the end token stands among the learnt tokens."""
    learned = [one for one, counts in zip(sequence.ids, sequence.learned, strict=True) if counts]
    prompt = [one for one, counts in zip(sequence.ids, sequence.learned, strict=True) if not counts]
    return {
        "role": sequence.role,
        "prompt": tokenizer.decode(prompt),
        "learned": tokenizer.decode(learned),
        "promptIds": prompt,
        "learnedIds": learned,
        "promptHash": _hash(tokenizer.decode(prompt)),
        "endTokens": learned.count(tokenizer.eos_token_id),
        "endsWithEnd": bool(learned) and learned[-1] == tokenizer.eos_token_id,
    }
