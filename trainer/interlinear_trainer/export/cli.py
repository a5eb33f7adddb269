"""`python -m interlinear_trainer export KIND CHECKPOINT OUT`."""

import argparse
import json
import sys
from pathlib import Path

from interlinear_trainer.stages.faults import TrainerError

KINDS = ("comet", "cometkiwi", "awesome", "wspalign", "decoder")


def add_parser(stages: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `export` to the commands of the program."""
    command = stages.add_parser("export", help="write a published checkpoint as a model folder of the engine")
    command.add_argument("kind", choices=KINDS)
    checkpoint = (
        "comet, cometkiwi: folder of unbabel-comet or its model.ckpt; the others: Hugging Face folder (decoder: Qwen3)"
    )
    command.add_argument("checkpoint", type=Path, help=checkpoint)
    command.add_argument("out", type=Path, help="new folder")
    encoder = "comet, cometkiwi: folder of the encoder that hparams.yaml names (config.json, tokenizer.json)"
    command.add_argument("--encoder", type=Path, help=encoder)
    command.add_argument("--layer", type=int, default=8, help="awesome: layer whose states are compared (8)")
    bits = "16 or 8 store the model's matrices in fewer bits; the change of its scores is measured and said"
    command.add_argument("--bits", type=int, choices=(8, 16, 32), default=32, help=bits)
    command.add_argument("--name", default="", help="name in the manifest; the checkpoint's unless given")
    licence = "licence in the manifest; that of the published checkpoints unless given (decoder: unknown)"
    command.add_argument("--licence", default="", help=licence)
    source = "where the checkpoint came from, for the manifest; its name unless given"
    command.add_argument("--source", default="", help=source)
    command.add_argument("--steps", action="store_true", help="one JSON line on standard error when a step begins")
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from interlinear_trainer.export.models import Request, export_model  # noqa: PLC0415  # torch takes seconds to load

    request = Request(
        kind=options.kind,
        checkpoint=options.checkpoint,
        out=options.out,
        encoder=options.encoder,
        bits=options.bits,
        layer=options.layer,
        name=options.name,
        licence=options.licence,
        source=options.source,
        on_step=_print_step if options.steps else _ignore_step,
    )
    try:
        manifest = export_model(request)
    except TrainerError as fault:
        print(f"{fault.code}: {fault}", file=sys.stderr)
        return 1
    said = ("kind", "name", "revision", "licence", "bits", "change")
    print(json.dumps({key: manifest[key] for key in said if key in manifest}))
    return 0


def _print_step(step: int, of: int, what: str) -> None:
    print(json.dumps({"step": step, "of": of, "what": what}), file=sys.stderr, flush=True)


def _ignore_step(_step: int, _of: int, _what: str) -> None:
    pass
