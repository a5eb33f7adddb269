"""The job directory: what stands in `job.json` and where a run writes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlinear_trainer.stages.config import STAGES, Stage
from interlinear_trainer.stages.faults import TrainerError, says


@dataclass(frozen=True, slots=True)
class Job:
    """A training run on disk. `rows` holds what the stage learns from, `replay` supervised rows to mix in."""

    folder: Path
    stage: Stage
    base: Path
    rows: Path
    replay: Path | None

    @property
    def checkpoints(self) -> Path:
        """Where checkpoints go."""
        return self.folder / "checkpoints"

    @property
    def config(self) -> Path:
        """The YAML file that came with the job."""
        return self.folder / "config.yaml"

    @property
    def adapter(self) -> Path:
        """Where the trained adapter or, for full tuning, the weights go."""
        return self.folder / "adapter"

    @property
    def model(self) -> Path:
        """Where the model for the embedded engine goes."""
        return self.folder / "model"


def read_job(folder: Path) -> Job:
    """Read `job.json`; relative paths are relative to the job directory. Raises TrainerError `config`."""
    path = folder / "job.json"
    try:
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        stage, base, rows = value["stage"], value["base"], value["rows"]
    except (OSError, ValueError, KeyError) as error:
        raise TrainerError(
            "config", says("{path} cannot be read: {reason}", path=str(path), reason=str(error))
        ) from error
    if stage not in STAGES:
        raise TrainerError(
            "config",
            says(
                "{path}: no stage {name}; known are {known}", path=str(path), name=str(stage), known=", ".join(STAGES)
            ),
        )
    replay = value.get("replay")
    return Job(folder, stage, folder / base, folder / rows, folder / replay if replay else None)


def check_base(base: Path) -> dict[str, Any]:
    """Name and revision of the base model. Raises TrainerError `baseMissing`."""
    if not (base / "config.json").exists():
        raise TrainerError(
            "baseMissing",
            says(
                "{path} is no model folder (it has no config.json). Choose a folder with config and weights.",
                path=str(base),
            ),
        )
    manifest = base / "manifest.json"
    if manifest.exists():
        value = json.loads(manifest.read_text(encoding="utf-8"))
        return {"name": value["name"], "revision": value["revision"]}
    return {"name": base.name, "revision": ""}
