"""Checkpoints of a job: the last whole one, and room on the disk for the next."""

import os
import shutil
from pathlib import Path
from typing import Final

from interlinear_trainer.stages.faults import TrainerError, says

COMPLETE: Final = "complete"
"""Written into a checkpoint folder after all its files: a folder without it was cut off while it was written."""


def mark_complete(folder: Path) -> None:
    """Say that a checkpoint is whole, once all of it is on the disk: a machine that goes down must not reorder them."""
    for parent, _, names in os.walk(folder, topdown=False):
        for name in sorted(names):
            _to_disk(Path(parent) / name)
        if Path(parent) != folder:
            _to_disk(Path(parent))
    (folder / COMPLETE).write_text("", encoding="utf-8")
    _to_disk(folder / COMPLETE)
    _to_disk(folder)


def _to_disk(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def step_of(folder: Path) -> int:
    """The step in a checkpoint's name."""
    return int(folder.name.removeprefix("checkpoint-"))


def last_whole(checkpoints: Path) -> tuple[Path | None, list[Path]]:
    """The latest checkpoint that was written to its end, and the ones that were not."""
    found = sorted(checkpoints.glob("checkpoint-*"), key=step_of)
    whole = [folder for folder in found if (folder / COMPLETE).exists()]
    broken = [folder for folder in found if not (folder / COMPLETE).exists()]
    return (whole[-1] if whole else None), broken


def require_room(job: Path, needed: int) -> None:
    """Raises TrainerError `diskFull` if fewer than `needed` bytes are free where the job is."""
    free = shutil.disk_usage(job).free
    if free < needed:
        raise TrainerError(
            "diskFull",
            says(
                "{path} has {free} MB free; this run needs about {needed} MB for checkpoints. "
                "Free some space or choose another folder.",
                path=str(job),
                free=round(free / 1e6),
                needed=round(needed / 1e6),
            ),
        )


def bytes_needed(trainable: int, total: int, full: bool) -> int:
    """Three checkpoints with Adam's two moments in float32, and the weights at the end of a full run."""
    state = trainable * 4 * 3
    return 3 * state + (total * 4 if full else 0) + 50_000_000
