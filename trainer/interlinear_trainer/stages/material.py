"""What a job learns from: its files read, filtered, counted, and validation rows cut off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from interlinear_trainer.stages.config import Config, Stage
from interlinear_trainer.stages.faults import Sentence, TrainerError, says
from interlinear_trainer.stages.jobs import Job
from interlinear_trainer.stages.rows import (
    AnyRow,
    Chat,
    SupervisedRow,
    fit_rows,
    parse_pool,
    parse_preference,
    parse_prompt,
    parse_supervised,
    parse_text,
    split_by_source,
    tokens_of,
)

FEW_STEPS: Final = 20

PARSERS: Final[dict[Stage, Callable[[dict[str, Any]], AnyRow | str]]] = {
    "cpt": parse_text,
    "sft": parse_supervised,
    "cpo": parse_preference,
    "mrpo": parse_pool,
    "grpo": parse_prompt,
}


@dataclass(frozen=True, slots=True)
class Material:
    """Rows of a run after filtering and splitting."""

    train: list[Any]
    validation: list[Any]
    replay: list[SupervisedRow]
    blocks: int = 0
    """Packed sequences that the training texts fill; 0 for rows that are not packed."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Material with what became of the rows: read, dropped by reason, and the longest of the rest in tokens."""

    material: Material
    read: int
    dropped: dict[str, int]
    longest: int

    def as_event(self) -> dict[str, Any]:
        """Fields of the `data` event."""
        rows = self.material
        return {
            "read": self.read,
            "kept": len(rows.train) + len(rows.validation),
            "dropped": self.dropped,
            "validation": len(rows.validation),
            "replay": len(rows.replay),
        }


def read_material(job: Job, config: Config, tokenizer: Chat) -> Counted:
    """Rows that fit, split. Raises TrainerError `dataMissing` or `baseMismatch`."""
    room = config.max_length - (config.grpo.max_completion if job.stage == "grpo" else 0)
    fit = fit_rows(job.rows, PARSERS[job.stage], tokenizer, room)
    train, validation = split_by_source(fit.rows, config.validation_share)
    replay = fit_rows(job.replay, parse_supervised, tokenizer, config.max_length).rows if job.replay else []
    packed = sum(tokens_of(row, tokenizer) for row in train) if job.stage == "cpt" else 0
    blocks = -(-packed // config.max_length)
    return Counted(Material(train, validation, replay, blocks), fit.read, fit.dropped, fit.longest)


def few_steps(steps: int) -> Sentence:
    """What is said of fewer than `FEW_STEPS` steps."""
    return says("{steps} steps change little; train longer or judge more", steps=steps)


def require_enough(counted: Counted, least: int) -> None:
    """Raises TrainerError `tooFewRows` that says how many are missing."""
    train, validation = len(counted.material.train), len(counted.material.validation)
    if train < least:
        raise TrainerError(
            "tooFewRows",
            says(
                "{rows} rows are left for training and at least {least} are needed ({read} read, {dropped} dropped, "
                "{validation} for validation). Judge {missing} more segments, or lower minimum_rows in the config.",
                rows=train,
                least=least,
                read=counted.read,
                dropped=sum(counted.dropped.values()),
                validation=validation,
                missing=least - train,
            ),
        )
