"""Builds TRL's trainers from a job's configuration and rows."""

import os
from collections.abc import Callable, Sequence
from typing import Any, Final

os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import PreTrainedTokenizerBase, TrainerCallback
from trl import GRPOConfig, SFTConfig, SFTTrainer
from trl.experimental.cpo import CPOConfig

from interlinear_trainer.stages.config import Config, Stage
from interlinear_trainer.stages.cpo import JudgmentCpoTrainer, Mixture
from interlinear_trainer.stages.grpo import build_grpo, grpo_arguments
from interlinear_trainer.stages.jobs import Job
from interlinear_trainer.stages.material import Material
from interlinear_trainer.stages.mrpo import MultiRewardTrainer
from interlinear_trainer.stages.replay import ReplaySet
from interlinear_trainer.stages.rows import PoolRow, PreferenceRow, PromptRow, SupervisedRow, TextRow

GUARD_ROWS = 128


def steps_of(stage: Stage, material: Material, config: Config) -> int:
    """Optimiser steps of a run over all processes; of packed text nearly, since each thousand rows is packed apart."""
    if config.max_steps:
        return config.max_steps
    world = int(os.environ.get("WORLD_SIZE", "1"))
    per_step = config.batch_size * config.accumulation * world
    if stage == "grpo":
        rounds = len(material.train) * config.grpo.generations // (per_step * config.grpo.updates)
        return round(config.epochs * rounds * config.grpo.updates)
    return max(1, round(config.epochs * -(-(material.blocks or len(material.train)) // per_step)))


def _arguments(job: Job, config: Config, material: Material) -> dict[str, Any]:
    steps = steps_of(job.stage, material, config)
    every = max(1, steps // config.evaluations)
    cuda = torch.cuda.is_available()
    bf16 = config.precision == "bfloat16" or (config.precision == "auto" and cuda and torch.cuda.is_bf16_supported())
    supervised = job.stage in ("cpt", "sft")
    watched: dict[str, Any] = {
        "eval_strategy": "steps",
        "eval_steps": every,
        "load_best_model_at_end": True,
        "metric_for_best_model": "eval_loss" if supervised else "eval_score",
        "greater_is_better": not supervised,
    }
    return {
        "output_dir": str(job.checkpoints),
        "learning_rate": config.learning_rate,
        "per_device_train_batch_size": config.batch_size,
        "per_device_eval_batch_size": config.batch_size,
        "gradient_accumulation_steps": config.accumulation,
        "num_train_epochs": config.epochs,
        "max_steps": config.max_steps or -1,
        "warmup_steps": config.warmup if config.warmup < 1 else 0.999,
        **_schedule(config, steps),
        "weight_decay": config.weight_decay,
        "adam_beta1": config.adam_beta1,
        "adam_beta2": config.adam_beta2,
        "max_grad_norm": config.max_grad_norm,
        "seed": config.seed,
        "data_seed": config.seed,
        "bf16": bf16,
        "use_cpu": not cuda,
        "gradient_checkpointing": config.gradient_checkpointing,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "save_strategy": "steps",
        "save_steps": every,
        "save_total_limit": 2,
        "report_to": [],
        "disable_tqdm": True,
        "dataloader_pin_memory": cuda,
        "remove_unused_columns": False,
        **(watched if material.validation else {}),
    }


def _schedule(config: Config, steps: int) -> dict[str, Any]:
    """`anneal` keeps the rate and lets it fall to 0 linearly over the last share of the steps (In2x's last phase)."""
    if config.schedule != "anneal":
        return {"lr_scheduler_type": config.schedule}
    decay = {"num_decay_steps": round(config.anneal * steps), "decay_type": "linear"}
    return {"lr_scheduler_type": "warmup_stable_decay", "lr_scheduler_kwargs": decay}


def lora(config: Config) -> LoraConfig | None:
    """PEFT's configuration; None for full tuning."""
    if config.tuning == "full":
        return None
    return LoraConfig(
        r=config.lora.rank,
        lora_alpha=config.lora.alpha,
        lora_dropout=config.lora.dropout,
        target_modules=config.lora.targets,
        task_type="CAUSAL_LM",
    )


def _replay_sets(
    material: Material, tokenizer: PreTrainedTokenizerBase, config: Config
) -> tuple[ReplaySet | None, ReplaySet | None]:
    """Rows to mix in, and the guard's: the first ones in the file, never trained on."""
    rows = material.replay
    cut = min(GUARD_ROWS, len(rows) // 4)
    ids = (int(tokenizer.eos_token_id), int(tokenizer.pad_token_id))
    guard = ReplaySet(rows[:cut], tokenizer, *ids) if cut else None
    replay = ReplaySet(rows[cut:], tokenizer, *ids) if rows[cut:] and config.replay.share > 0 else None
    return replay, guard


def _mixture(material: Material, tokenizer: PreTrainedTokenizerBase, config: Config) -> Mixture:
    replay, guard = _replay_sets(material, tokenizer, config)
    per_batch = max(1, round(config.replay.share * config.batch_size)) if replay else 0
    return Mixture(replay, per_batch, config.replay.weight, guard, config.stop.guard_rise)


def _pairs(rows: Sequence[PreferenceRow]) -> Dataset:
    return Dataset.from_list(
        [{"prompt": row.prompt, "chosen": row.chosen, "rejected": row.rejected, "bc": row.bc} for row in rows]
    )


def _pools(rows: Sequence[PoolRow]) -> Dataset:
    # the first two candidates stand where CPOTrainer wants a pair; the step chooses among all of them
    return Dataset.from_list(
        [
            {
                "prompt": row.prompt,
                "chosen": row.candidates[0],
                "rejected": row.candidates[1],
                "candidates": list(row.candidates),
                "scores": list(row.scores),
            }
            for row in rows
        ]
    )


def _supervised(rows: Sequence[SupervisedRow]) -> Dataset:
    return Dataset.from_list([{"prompt": row.prompt, "completion": row.completion} for row in rows])


def _texts(rows: Sequence[TextRow]) -> Dataset:
    return Dataset.from_list([{"text": row.text} for row in rows])


def _prompts(rows: Sequence[PromptRow]) -> Dataset:
    return Dataset.from_list(
        [{"prompt": row.prompt, "source": row.source, "principles": list(row.principles)} for row in rows]
    )


DATASETS: Final[dict[Stage, Callable[[Sequence[Any]], Dataset]]] = {
    "cpt": _texts,
    "sft": _supervised,
    "cpo": _pairs,
    "mrpo": _pools,
    "grpo": _prompts,
}


def build_trainer(
    job: Job, config: Config, material: Material, parts: tuple[Any, PreTrainedTokenizerBase, list[TrainerCallback]]
) -> Any:
    """The stage's trainer around (model, tokenizer, callbacks)."""
    model, tokenizer, callbacks = parts
    common = _arguments(job, config, material)
    shared: dict[str, Any] = {
        "model": model,
        "processing_class": tokenizer,
        "callbacks": callbacks,
        "peft_config": lora(config),
    }
    make = DATASETS[job.stage]
    data = {"train_dataset": make(material.train)}
    if material.validation:
        data["eval_dataset"] = make(material.validation)
    if job.stage == "cpt":
        packed = SFTConfig(**common, max_length=config.max_length, packing=True, packing_strategy="wrapped")
        return SFTTrainer(args=packed, **data, **shared)
    if job.stage == "sft":
        return SFTTrainer(args=SFTConfig(**common, max_length=None, completion_only_loss=True), **data, **shared)
    if job.stage == "grpo":
        return build_grpo(config, GRPOConfig(**(common | grpo_arguments(config))), data, shared)
    arguments = CPOConfig(
        **common,
        max_length=config.max_length,
        beta=config.loss.beta,
        cpo_alpha=config.loss.alpha,
        loss_type=config.loss.type,
        simpo_gamma=config.loss.gamma,
        label_smoothing=config.loss.label_smoothing,
    )
    mixture = _mixture(material, tokenizer, config)
    if job.stage == "mrpo":
        return MultiRewardTrainer(args=arguments, mixture=mixture, reward=config.mrpo, **data, **shared)
    return JudgmentCpoTrainer(args=arguments, mixture=mixture, **data, **shared)
