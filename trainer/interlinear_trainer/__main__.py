"""Entry of `python -m interlinear_trainer`: one subcommand a stage."""

import argparse
import sys

from interlinear_trainer.export import cli as exporting
from interlinear_trainer.stages import cli as adapting
from interlinear_trainer.starter import cli as starter


def main(arguments: list[str] | None = None) -> int:
    """Run one stage; the exit status is 0, or 2 for arguments that do not parse."""
    parser = argparse.ArgumentParser(prog="python -m interlinear_trainer", description="Interlinear's training stages.")
    stages = parser.add_subparsers(dest="stage", required=True)
    starter.add_parser(stages)
    adapting.add_parser(stages)
    exporting.add_parser(stages)
    options = parser.parse_args(arguments)
    status: int = options.run(options)
    return status


if __name__ == "__main__":
    sys.exit(main())
