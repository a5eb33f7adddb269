"""`python -m interlinear_trainer train --job DIR` and `... merge`: what the extension starts."""

import argparse
import sys
from pathlib import Path

from interlinear_trainer.stages.faults import TrainerError


def add_parser(stages: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `train` and `merge` to the commands of the program."""
    train = stages.add_parser("train", help="run or resume the job of a directory (job.json, config.yaml)")
    train.add_argument("--job", type=Path, required=True, help="job directory")
    train.set_defaults(run=_train)
    merge = stages.add_parser("merge", help="merge an adapter into its base and export it for the embedded engine")
    merge.add_argument("--base", type=Path, required=True, help="model folder that the adapter was trained on")
    merge.add_argument("--adapter", type=Path, required=True, help="adapter folder of a finished job")
    merge.add_argument("--out", type=Path, required=True, help="model folder to write")
    merge.add_argument("--name", required=True, help="name of the adapter, for the manifest")
    merge.set_defaults(run=_merge)


def _train(options: argparse.Namespace) -> int:
    from interlinear_trainer.stages.run import run_job  # noqa: PLC0415  # TRL takes seconds to load

    return run_job(options.job)


def _merge(options: argparse.Namespace) -> int:
    from interlinear_trainer.export.merge import merge_adapter  # noqa: PLC0415

    try:
        manifest = merge_adapter(options.base, options.adapter, options.out, options.name)
    except TrainerError as fault:
        print(f"{fault.code}: {fault}", file=sys.stderr)
        return 1
    print(manifest["revision"])
    return 0
