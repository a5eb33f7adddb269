"""The whole way from the corpora to the folder that ships, each step on its own too."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import onnx
from tokenizers import Tokenizer

from interlinear_trainer.starter.card import write_card
from interlinear_trainer.starter.corpus import Pair, load, read_tanaka, tokenised_lines
from interlinear_trainer.starter.decode import OnnxStepper, Sampling
from interlinear_trainer.starter.diversify import diversify, has_synthetic
from interlinear_trainer.starter.evaluate import Translator, by_seed, evaluate, marks_kept, sweep
from interlinear_trainer.starter.export import decoder_graph
from interlinear_trainer.starter.model import Shape
from interlinear_trainer.starter.package import Trained, write_manifest, write_model
from interlinear_trainer.starter.placeholders import learn_anchors
from interlinear_trainer.starter.prepare import Preparation, prepare
from interlinear_trainer.starter.train import Recipe, Run, json_log, train

TEMPERATURES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SEEDS: Final = (7, 8, 9, 10)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the corpora, the working files and the result are."""

    data: Path
    work: Path
    out: Path

    def pairs(self, part: str) -> list[Pair]:
        """'dev' or 'test' of the Tanaka extract."""
        return read_tanaka(self.data / "small_parallel_enja", part)


def run_training(places: Places, how: Preparation, recipe: Recipe, start: Path | None = None) -> None:
    """Train in `work`, from the checkpoint there if there is one, else from the model in `start` if it is given.

    Where the second leg begins, the averaged weights write its synthetic rows.
    """
    run, log = Run(Shape(), recipe), json_log(places.work / "log.jsonl")
    checkpoint = places.work / "checkpoint.pt"
    if checkpoint.exists():
        run.restore(checkpoint)
    elif start is not None:
        run.start_from(start)
    if run.progress() < recipe.plan.mixed_from:
        train(run, places.work, log, until=recipe.plan.mixed_from)
    if run.progress() < 1 and not has_synthetic(places.work):
        log({"step": run.step, "synthetic": write_synthetic(places, how)})
    if run.progress() < 1:
        train(run, places.work, log)


def write_synthetic(places: Places, how: Preparation) -> list[int]:
    """Let the checkpoint's averaged weights write the synthetic rows of `diversify`; returns their numbers."""
    trained = Trained.from_checkpoint(places.work / "checkpoint.pt")
    graph = places.work / "diversify.onnx"
    onnx.save(decoder_graph(trained.shape, trained.arrays(), 8), graph)
    anchors = learn_anchors(tokenised_lines(places.data))
    return diversify(OnnxStepper(graph), load(places.data), anchors, places.work, how)


def same_greedy(places: Places) -> dict[str, Any]:
    """Share of test sentences whose greedy translation is the same with 8-bit and with float32 weights."""
    sources = [pair.source for pair in places.pairs("test")]
    tokenizer = Tokenizer.from_file(str(places.out / "tokenizer.json"))
    plain = Translator(OnnxStepper(places.work / "model_fp32.onnx"), tokenizer)(sources, Sampling())
    eight = Translator.from_folder(places.out)(sources, Sampling())
    same = sum(one == other for one, other in zip(plain, eight, strict=True))
    return {"sentences": len(sources), "same": same, "share": round(same / len(sources), 4)}


def export(places: Places, temperature: float | None, candidates: int = 16) -> dict[str, Any]:
    """Export the checkpoint, choose the temperature on dev unless it is given, evaluate on test, write the card."""
    trained = Trained.from_checkpoint(places.work / "checkpoint.pt")
    write_model(trained, places.work, places.out)
    model = Translator.from_folder(places.out)
    dev: dict[float, float] = {}
    if temperature is None:
        dev = sweep(model, places.pairs("dev"), TEMPERATURES, candidates)
        temperature = max(dev, key=lambda each: dev[each])
    manifest = write_manifest(trained, places.out, temperature)
    test, how = places.pairs("test"), Sampling(candidates, temperature)
    figures = {
        "test": evaluate(model, test, how),
        "test_mbr_chrf_by_seed": by_seed(model, test, how, SEEDS),
        "dev_mbr_chrf_by_temperature": dev,
        "eight_bit_greedy": same_greedy(places),
        "marks_on_dev": marks_kept(model, places.pairs("dev"), learn_anchors(tokenised_lines(places.data))),
    }
    (places.work / "figures.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    write_card(places.out, manifest, figures, json.loads((places.work / "prepared.json").read_text(encoding="utf-8")))
    return figures


def make(
    places: Places, how: Preparation, recipe: Recipe, candidates: int = 16, start: Path | None = None
) -> dict[str, Any]:
    """Prepare, train (or resume), export, evaluate, describe."""
    prepare(places.data, places.work, how)
    run_training(places, how, recipe, start)
    return export(places, None, candidates)
