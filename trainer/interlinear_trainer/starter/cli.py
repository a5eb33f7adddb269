"""`python -m interlinear_trainer starter ...`."""

import argparse
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch

from interlinear_trainer.starter.decode import Sampling
from interlinear_trainer.starter.evaluate import Translator, evaluate
from interlinear_trainer.starter.make import Places, export, make, run_training
from interlinear_trainer.starter.prepare import Preparation, prepare
from interlinear_trainer.starter.train import Recipe, best_precision

_HELP = {
    "make": "prepare, train, export, evaluate and describe, in one go; resumes where it stopped",
    "prepare": "read the corpora, learn the tokenizer, write token rows to the working folder",
    "train": "train from the working folder's rows, and let the model write some; resumes from its checkpoint",
    "export": "export the working folder's checkpoint, evaluate it on test and write its card",
    "evaluate": "score an exported model: greedy, one sample, MBR; prints JSON",
}


def add_parser(stages: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `starter` with its five commands to the stages of the program."""
    starter = stages.add_parser("starter", help="the starter model, English to Japanese")
    commands = starter.add_subparsers(dest="command", required=True)
    for name, text in _HELP.items():
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=_run)
        command.add_argument("--data", type=Path, required=True, help="folder of both corpora")
        command.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to PyTorch")
        if name != "evaluate":
            command.add_argument("--work", type=Path, default=Path("build/starter"), help="working folder")
        if name in ("make", "export", "evaluate"):
            command.add_argument("--out", type=Path, required=True, help="folder of the exported model")
        if name in ("make", "train"):
            _add_recipe(command)
        if name in ("export", "evaluate"):
            command.add_argument("--temperature", type=float, help="sampling temperature")
        if name in ("make", "export", "evaluate"):
            command.add_argument("--n", type=int, default=16, help="candidates for MBR")
        if name == "evaluate":
            command.add_argument("--split", choices=("dev", "test"), default="test")
            command.add_argument("--seed", type=int, default=7)


def _add_recipe(command: argparse.ArgumentParser) -> None:
    kinds = {"minutes": float, "steps": int, "lr": float, "dropout": float, "seed": int, "micro_batches": int}
    defaults = {field.name: field.default for field in fields(Recipe)}
    for name, kind in kinds.items():
        flag = f"--{name.replace('_', '-')}"
        command.add_argument(flag, type=kind, default=defaults[name], help=f"default {defaults[name]}")
    precision = "of matrix products; without it bf16 where the CPU has bfloat16 instructions, else fp32"
    command.add_argument("--precision", choices=("fp32", "bf16"), help=precision)
    command.add_argument("--start", type=Path, help="folder of an exported model to begin from, not random weights")


def _recipe(options: argparse.Namespace) -> Recipe:
    return Recipe(
        minutes=options.minutes,
        steps=options.steps,
        lr=options.lr,
        dropout=options.dropout,
        micro_batches=options.micro_batches,
        precision=options.precision or best_precision(),
        seed=options.seed,
    )


def _default_temperature(folder: Path) -> float:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return float(manifest["defaults"]["temperature"])


def _run(options: argparse.Namespace) -> int:
    if options.threads:
        torch.set_num_threads(options.threads)
    here = Path()
    places = Places(options.data or here, getattr(options, "work", here), getattr(options, "out", here))
    result: dict[str, Any] = {}
    match options.command:
        case "make":
            result = make(places, Preparation(), _recipe(options), options.n, options.start)
        case "prepare":
            result = {"train": len(prepare(places.data, places.work, Preparation()).train)}
        case "train":
            run_training(places, Preparation(), _recipe(options), options.start)
        case "export":
            result = export(places, options.temperature, options.n)
        case "evaluate":
            heat = _default_temperature(places.out) if options.temperature is None else options.temperature
            how = Sampling(options.n, heat, seed=options.seed)
            result = evaluate(Translator.from_folder(places.out), places.pairs(options.split), how)
    print(json.dumps(result, indent=2))
    return 0
