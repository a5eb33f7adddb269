"""`python -m interlinear_trainer export KIND CHECKPOINT OUT`: published checkpoints as folders of the engine."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import onnx

from interlinear_trainer.export import aligners, decoder, metrics
from interlinear_trainer.export.change import Texts, measured
from interlinear_trainer.export.encoder import EncoderShape
from interlinear_trainer.export.folder import LICENCES, Description, copy_tokenizer, save_graph, write_manifest
from interlinear_trainer.stages.faults import TrainerError


@dataclass(frozen=True, slots=True)
class Request:
    """What to export, and how."""

    kind: str
    checkpoint: Path
    out: Path
    encoder: Path | None = None
    """Folder with the encoder's config.json and tokenizer.json; checkpoints of unbabel-comet have neither."""
    bits: int = 32
    layer: int = aligners.LAYER
    """Of awesome-align: the layer whose states are compared."""
    name: str = ""
    licence: str = ""
    source: str = ""
    """Where the checkpoint came from, for the manifest; the checkpoint's name unless given."""
    on_step: Callable[[int, int, str], None] = field(default=lambda *_: None)
    """Called when a step begins: its number, how many there are, and what it is."""


def export_model(request: Request) -> dict[str, Any]:
    """Write the folder and return its manifest; nothing is left in `out` if it fails.

    Raises TrainerError `checkpointBroken` for what cannot be exported, naming the file and the field.
    """
    if request.out.exists() and any(request.out.iterdir()):
        raise TrainerError("checkpointBroken", f"{request.out} is not empty. Name a new folder.")
    request.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=request.out.parent) as work:
        manifest = _write(request, Path(work))
        Path(work).chmod(0o755)
        if request.out.exists():
            request.out.rmdir()
        Path(work).rename(request.out)
        Path(work).mkdir()
    return manifest


def _write(request: Request, work: Path) -> dict[str, Any]:
    if request.kind == "decoder":
        about = {"name": request.name or request.checkpoint.name, "licence": request.licence or "unknown"}
        return decoder.write_decoder(request.checkpoint, work, request.bits, about)
    folder = request.encoder or (request.checkpoint if request.checkpoint.is_dir() else request.checkpoint.parent)
    steps = 2 if request.bits == 32 else 3
    request.on_step(1, steps, "reading the checkpoint")
    shape = _shape(folder)
    graphs, facts = _graphs(request, shape)
    request.on_step(2, steps, "writing the graphs")
    files = {key: found for name, model in graphs.items() for key, found in save_graph(model, work, name).items()}
    longest = _max_tokens(request.kind, shape)
    facts = {"padTokenId": shape.pad_id, "maxTokens": longest, **facts, "bits": request.bits}
    files |= copy_tokenizer(folder, work)
    if request.bits != 32:
        request.on_step(3, steps, "measuring what fewer bits change")
        exact, _ = _graphs(replace(request, bits=32), shape)
        facts["change"] = measured(request.kind, exact, graphs, Texts.of(folder), longest)
    name = request.name or request.checkpoint.name
    licence = request.licence or LICENCES[request.kind]
    source = request.source or request.checkpoint.name
    return write_manifest(Description(request.kind, name, licence, source, facts), files, work)


def _max_tokens(kind: str, shape: EncoderShape) -> int:
    """unbabel-comet cuts single texts two short of what the encoder takes, and joined ones at it; WSPAlign at 384."""
    if kind == "wspalign":
        return min(aligners.SPAN_TOKENS, shape.max_tokens)
    return shape.max_tokens - 2 if kind == "comet" else shape.max_tokens


def _shape(folder: Path) -> EncoderShape:
    path = folder / "config.json"
    try:
        return EncoderShape.from_config(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as fault:
        sentence = f"{path} does not exist. Name the folder of the encoder (config.json, tokenizer.json) by --encoder."
        raise TrainerError("checkpointBroken", sentence) from fault
    except (KeyError, ValueError) as fault:
        raise TrainerError("checkpointBroken", f"{path}: {fault}") from fault


Graphs = tuple[dict[str, onnx.ModelProto], dict[str, Any]]
"""The graphs by name, the encoder first, and what the manifest says of them."""


def _graphs(request: Request, shape: EncoderShape) -> Graphs:
    return (_aligner if request.kind in ("awesome", "wspalign") else _metric)(request, shape)


def _metric(request: Request, shape: EncoderShape) -> Graphs:
    metric = metrics.read_metric(request.checkpoint, request.kind)
    if request.kind == "cometkiwi":
        return {"quality": metrics.quality_graph(metric, shape, request.bits)}, {}
    hidden = int(metric.encoder["embeddings.word_embeddings.weight"].shape[1])
    graphs = {
        "encoder": metrics.sentence_encoder(metric, shape, request.bits),
        "sides": metrics.sides_graph(metric, hidden),
        "pairs": metrics.pairs_graph(metric, hidden),
    }
    return graphs, {}


def _aligner(request: Request, shape: EncoderShape) -> Graphs:
    model = aligners.read_aligner(request.checkpoint, request.kind)
    layers = metrics.layer_count(model.encoder)
    if request.kind == "wspalign":
        graph = aligners.span_graph(model, shape, request.bits, layers)
        return {"spans": graph}, {"typed": aligners.is_typed(model)}
    if not 1 <= request.layer <= layers:
        sentence = f"{request.checkpoint} has {layers} layers; --layer {request.layer} is none of them."
        raise TrainerError("checkpointBroken", sentence)
    graph = aligners.states_graph(model, shape, request.bits, request.layer)
    width = int(model.encoder["embeddings.word_embeddings.weight"].shape[1])
    return {"states": graph}, {"layer": request.layer, "width": width, "threshold": aligners.THRESHOLD}
