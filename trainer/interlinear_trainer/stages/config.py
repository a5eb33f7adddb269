"""The one YAML file of a job: what each key means, its default, and a clear error for what it cannot hold."""

from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

import yaml

from interlinear_trainer.stages.faults import TrainerError, says

Stage = Literal["cpt", "sft", "cpo", "mrpo", "grpo"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)

PRINCIPLES: Final = (
    "The meaning of the source is kept: nothing is left out, added or changed.",
    "Idioms and slang read as a native speaker would say them, not word by word.",
    "Register and honorifics fit the situation and stay the same throughout.",
    "The sentence is natural in the target language.",
    "Names, numbers and marks of the form ⟦1⟧ are kept.",
)
"""What every translation is checked against unless the config names others; a row may add its own."""


@dataclass(frozen=True, slots=True)
class Lora:
    """Low-rank adapter (Hu et al. 2021). `targets` is `all-linear` or module names."""

    rank: int = 64
    alpha: int = 128
    dropout: float = 0.0
    targets: str | list[str] = "all-linear"


@dataclass(frozen=True, slots=True)
class Loss:
    """CPO (Xu et al. 2024, eq. 3 to 5): beta scales the preference term, alpha the likelihood (BC) term."""

    beta: float = 0.1
    alpha: float = 1.0
    type: Literal["sigmoid", "simpo", "hinge", "ipo"] = "sigmoid"
    gamma: float = 0.5
    label_smoothing: float = 0.0


@dataclass(frozen=True, slots=True)
class Replay:
    """Supervised rows mixed into preference training: `share` rows a preference row, their mean NLL times `weight`."""

    share: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Mrpo:
    """Dynamic multi-reward (Algharb 2.3, eq. 1 and 2; our reading is in docs/training.md)."""

    self_weight_start: float = 0.05
    self_weight_end: float = 0.8
    kl: float = 1.0
    tau: float = 0.3
    kappa: float = 10.0
    margin: float = 0.1


@dataclass(frozen=True, slots=True)
class JudgeServer:
    """An OpenAI-compatible server with a judge model; the key is read from the variable that `api_key_env` names."""

    url: str = ""
    model: str = ""
    api_key_env: str = ""
    seconds: float = 120.0
    at_once: int = 8


@dataclass(frozen=True, slots=True)
class Grpo:
    """Reinforcement on principle rewards (In2x; grpo.py). `batch_size` counts samples here.

    `updates` optimiser steps use one batch of samples. `clip_low` 1 removes the lower bound, `delta` is the dual clip.
    The last `overlong_share` of `max_completion` tokens is penalised, more the longer (DAPO eq. 13).
    """

    generations: int = 16
    updates: int = 4
    max_completion: int = 512
    temperature_start: float = 1.0
    temperature_end: float = 0.85
    clip_low: float = 1.0
    clip_high: float = 0.28
    delta: float = 3.0
    entropy: float = 0.01
    kl: float = 0.0
    ratio: Literal["sequence", "token", "trajectory"] = "sequence"
    overlong_share: float = 0.2
    overlong_weight: float = 1.0
    checks_weight: float = 1.0
    principles: list[str] = field(default_factory=lambda: list(PRINCIPLES))
    judge: JudgeServer = field(default_factory=JudgeServer)
    vllm: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """When to stop early. All of it looks at validation rows, which are cut off the training rows by source.

    `guard_rise` is how far the per-token NLL of held-back replay rows may rise (nats) before a checkpoint no longer
    counts as usable; `accuracy_enough` ends training at the first usable checkpoint that reaches it. The others are
    tripwires (tripwires.py): `chosen_fall` in nats a token, `gradient_factor` times the usual norm, `samples` held-out
    prompts that are translated at each evaluation (0: none), whose mean length may change by `length_factor`.
    """

    patience: int = 4
    guard_rise: float = 0.05
    accuracy_enough: float = 1.0
    chosen_fall: float = 0.5
    gradient_factor: float = 100.0
    samples: int = 8
    length_factor: float = 2.0


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that shapes a run but its data and base."""

    learning_rate: float = 2e-4
    batch_size: int = 8
    accumulation: int = 1
    epochs: float = 3.0
    max_steps: int = 0
    warmup: float = 0.05
    schedule: Literal["cosine", "linear", "constant", "anneal"] = "cosine"
    anneal: float = 0.2
    weight_decay: float = 0.0
    adam_beta1: float = 0.9
    adam_beta2: float = 0.99
    max_grad_norm: float = 1.0
    max_length: int = 1024
    seed: int = 7
    tuning: Literal["lora", "full"] = "lora"
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    threads: int = 0
    gradient_checkpointing: bool = False
    minimum_rows: int = 64
    validation_share: float = 0.1
    evaluations: int = 10
    export: Literal["auto", "never"] = "auto"
    lora: Lora = field(default_factory=Lora)
    loss: Loss = field(default_factory=Loss)
    replay: Replay = field(default_factory=Replay)
    mrpo: Mrpo = field(default_factory=Mrpo)
    grpo: Grpo = field(default_factory=Grpo)
    stop: Stop = field(default_factory=Stop)


DEFAULTS: Final[dict[Stage, Config]] = {
    "cpt": Config(learning_rate=2e-5, epochs=1.0, batch_size=16, max_length=2048, schedule="anneal", tuning="full"),
    "sft": Config(learning_rate=2e-5, epochs=1.0, batch_size=16),
    "cpo": Config(),
    "mrpo": Config(learning_rate=1e-6),
    "grpo": Config(learning_rate=1e-6, epochs=1.0, batch_size=16, accumulation=2, max_length=2048),
}
"""method.md F. For cpo the small-set preset: the paper's (2e-6, batch 64) changes nothing on a few hundred pairs."""

_RANGES: Final[dict[str, tuple[float, float]]] = {
    "learning_rate": (1e-9, 1.0),
    "batch_size": (1, 4096),
    "accumulation": (1, 4096),
    "epochs": (0.01, 1000),
    "max_steps": (0, 10_000_000),
    "warmup": (0, 1),
    "max_length": (8, 1_000_000),
    "minimum_rows": (1, 1_000_000),
    "validation_share": (0, 0.5),
    "evaluations": (1, 1000),
    "lora.rank": (1, 1024),
    "lora.dropout": (0, 0.9),
    "loss.beta": (1e-6, 100),
    "loss.alpha": (0, 1000),
    "loss.label_smoothing": (0, 0.5),
    "replay.share": (0, 64),
    "replay.weight": (0, 1000),
    "mrpo.self_weight_start": (0, 1),
    "mrpo.self_weight_end": (0, 1),
    "anneal": (0, 1),
    "grpo.generations": (2, 1024),
    "grpo.updates": (1, 64),
    "grpo.max_completion": (1, 100_000),
    "grpo.temperature_start": (0.01, 2),
    "grpo.temperature_end": (0.01, 2),
    "grpo.clip_low": (0, 1),
    "grpo.clip_high": (0, 100),
    "grpo.delta": (1, 1000),
    "grpo.entropy": (0, 1),
    "grpo.kl": (0, 10),
    "grpo.overlong_share": (0, 1),
    "grpo.judge.seconds": (1, 3600),
    "grpo.judge.at_once": (1, 1024),
    "stop.patience": (1, 1000),
    "stop.guard_rise": (0, 100),
    "stop.accuracy_enough": (0, 1),
    "stop.chosen_fall": (0, 1000),
    "stop.gradient_factor": (1, 1e9),
    "stop.samples": (0, 256),
    "stop.length_factor": (1, 1000),
}

Section = TypeVar("Section")


def _fits(value: Any, kind: Any) -> bool:
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind in (int, bool, str):
        return type(value) is kind
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def _merge(section: Section, given: Any, path: str) -> Section:
    if not isinstance(given, dict):
        raise TrainerError(
            "config", says("config: {key} must hold keys and values", key=path.rstrip(".") or "config.yaml")
        )
    kinds = get_type_hints(type(section))
    changed: dict[str, Any] = {}
    for name, value in given.items():
        where = f"{path}{name}"
        if name not in kinds:
            raise TrainerError(
                "config", says("config: no key {key}; known are {known}", key=where, known=", ".join(sorted(kinds)))
            )
        now = getattr(section, name)
        if is_dataclass(now):
            changed[name] = _merge(now, value, f"{where}.")
        elif not _fits(value, kinds[name]):
            raise TrainerError("config", says("config: {key} cannot be {value}", key=where, value=repr(value)))
        else:
            low, high = _RANGES.get(where, (-float("inf"), float("inf")))
            if isinstance(value, int | float) and not low <= value <= high:
                sentence = says(
                    "config: {key} is {value}; it must be from {low} to {high}",
                    key=where,
                    value=str(value),
                    low=f"{low:g}",
                    high=f"{high:g}",
                )
                raise TrainerError("config", sentence)
            changed[name] = float(value) if kinds[name] is float else value
    return replace(section, **changed)  # type: ignore[type-var]  # dataclasses.replace wants a bound that a TypeVar lacks


def read_config(path: Path, stage: Stage) -> Config:
    """Defaults of the stage under what the file says; a missing file is an empty one.

    Raises TrainerError `config` that names the key.
    """
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
    except yaml.YAMLError as error:
        raise TrainerError("config", says("{path} is not YAML: {reason}", path=path.name, reason=str(error))) from error
    return _merge(DEFAULTS[stage], {} if given is None else given, "")


def config_text(config: Config) -> str:
    """The whole configuration as YAML, defaults included."""
    text: str = yaml.safe_dump(asdict(config), sort_keys=False)
    return text


def key_names(section: Any = None) -> list[str]:
    """Every key, sections with a dot, in the order of the file."""
    section = Config() if section is None else section
    names: list[str] = []
    for each in fields(section):
        value = getattr(section, each.name)
        names.extend([f"{each.name}.{inner}" for inner in key_names(value)] if is_dataclass(value) else [each.name])
    return names
