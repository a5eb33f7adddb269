"""`python -m interlinear_trainer train --job DIR`, `preflight` and `merge`: what the extension starts."""

import argparse
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path

from interlinear_trainer.stages.faults import TrainerError, remark


def add_parser(stages: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `train`, `preflight` and `merge` to the commands of the program."""
    train = stages.add_parser("train", help="run or resume the job of a directory (job.json, config.yaml)")
    train.add_argument("--job", type=Path, required=True, help="job directory")
    train.set_defaults(run=_train)
    before = stages.add_parser("preflight", help="look at a job before it runs; prints a report as JSON")
    before.add_argument("--job", type=Path, required=True, help="job directory")
    before.add_argument("--rehearse", action="store_true", help="also train, kill, resume and use the longest batch")
    before.add_argument("--accelerate", type=Path, help="rehearse through accelerate launch with this configuration")
    before.set_defaults(run=_preflight)
    merge = stages.add_parser("merge", help="merge an adapter into its base and export it for the embedded engine")
    merge.add_argument("--base", type=Path, required=True, help="model folder that the adapter was trained on")
    merge.add_argument("--adapter", type=Path, required=True, help="adapter folder of a finished job")
    merge.add_argument("--out", type=Path, required=True, help="model folder to write")
    merge.add_argument("--name", required=True, help="name of the adapter, for the manifest")
    merge.set_defaults(run=_merge)


def _train(options: argparse.Namespace) -> int:
    from interlinear_trainer.stages.run import run_job  # noqa: PLC0415  # TRL takes seconds to load

    return run_job(options.job)


def _preflight(options: argparse.Namespace) -> int:
    from interlinear_trainer.stages.preflight import preflight  # noqa: PLC0415
    from interlinear_trainer.stages.rehearsal import rehearse  # noqa: PLC0415

    with redirect_stdout(sys.stderr):  # TRL and PEFT print; the report has stdout for itself
        report = preflight(options.job)
        if options.rehearse and not report["problems"]:
            launcher = ["-m", "accelerate.commands.launch", "--config_file", str(options.accelerate)]
            try:
                report["rehearsal"] = rehearse(options.job, launcher if options.accelerate else [])
            except TrainerError as fault:
                report["problems"].append(remark(fault.code, fault.sentence))
    print(json.dumps(report, ensure_ascii=False))
    return 1 if report["problems"] else 0


def _merge(options: argparse.Namespace) -> int:
    from interlinear_trainer.export.merge import merge_adapter  # noqa: PLC0415

    try:
        manifest = merge_adapter(options.base, options.adapter, options.out, options.name)
    except TrainerError as fault:
        print(f"{fault.code}: {fault}", file=sys.stderr)
        return 1
    print(manifest["revision"])
    return 0
