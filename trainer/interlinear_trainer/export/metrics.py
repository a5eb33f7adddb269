"""COMET-22 and CometKiwi checkpoints of unbabel-comet as graphs of the engine.

COMET-22 (RegressionMetric): each text encoded alone, layer mix, average over tokens, estimator over
[mt, ref, mt*ref, |mt-ref|, mt*src, |mt-src|]. The estimator's first layer is cut by these blocks: what depends on one
candidate is computed once a candidate, and what is symmetric in mt and ref once a pair. CometKiwi (UnifiedMetric): mt
and src in one sequence, layer mix, first token, feed-forward head.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
import yaml
from onnx import TensorProto

from interlinear_trainer.export.encoder import EncoderGraph, EncoderShape, Floats, Weights
from interlinear_trainer.stages.faults import TrainerError
from interlinear_trainer.starter.graph import Graph

XCOMET: Final = (
    "this is XCOMET, which is not exported: its 3.5 or 10.7 billion parameters and its tags of words have no graph "
    "here, and it is not for commercial use (CC BY-NC-SA 4.0). To rank, use wmt22-comet-da (Apache-2.0); to estimate "
    "quality without a reference, wmt22-cometkiwi-da (not for commercial use)."
)
CLASSES: Final = {"comet": "regression_metric", "cometkiwi": "unified_metric"}


@dataclass(frozen=True, slots=True)
class Metric:
    """A checkpoint: its own settings and its weights, the encoder's under their Hugging Face names."""

    settings: Mapping[str, Any]
    encoder: Weights
    head: Weights
    shares: list[float]
    """Share of each hidden state in the layer mix, gamma multiplied in."""


def sparsemax(values: Floats) -> Floats:
    """Projection onto the simplex (Martins and Astudillo 2016, algorithm 1)."""
    ordered = np.sort(values)[::-1]
    sums = np.cumsum(ordered)
    counts = np.arange(1, len(values) + 1)
    size = int(counts[1 + counts * ordered > sums].max())
    shares: Floats = np.maximum(values - (sums[size - 1] - 1) / size, 0).astype(np.float32)
    return shares


def softmax(values: Floats) -> Floats:
    """Shares that sum to 1."""
    raised = np.exp(values - values.max())
    shares: Floats = (raised / raised.sum()).astype(np.float32)
    return shares


def read_metric(checkpoint: Path, kind: str) -> Metric:
    """Read `checkpoints/model.ckpt` with the `hparams.yaml` two folders up, or a folder that holds both.

    Raises TrainerError `checkpointBroken` where they are missing, unreadable, or not of the kind that was asked for.
    """
    path = checkpoint / "checkpoints" / "model.ckpt" if checkpoint.is_dir() else checkpoint
    about = path.parent.parent / "hparams.yaml"
    for needed in (path, about):
        if not needed.is_file():
            raise TrainerError("checkpointBroken", f"{needed} does not exist. Point at a checkpoint of unbabel-comet.")
    settings: dict[str, Any] = yaml.safe_load(about.read_text(encoding="utf-8"))
    _check_settings(settings, kind, about)
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
    except Exception as fault:
        raise TrainerError("checkpointBroken", f"{path} cannot be read as a checkpoint: {fault}") from fault
    arrays = {name: np.asarray(value.float().numpy(), dtype=np.float32) for name, value in state.items()}
    encoder, head = _below(arrays, "encoder.model."), _below(arrays, "estimator.ff.")
    return Metric(settings, encoder, head, _shares(arrays, settings, layer_count(encoder)))


def _below(arrays: Weights, prefix: str) -> Weights:
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}


def layer_count(encoder: Weights) -> int:
    """Layers of an encoder, without the embeddings."""
    return 1 + max(int(name.split(".")[2]) for name in encoder if name.startswith("encoder.layer."))


def _check_settings(settings: Mapping[str, Any], kind: str, about: Path) -> None:
    wanted: dict[str, tuple[Any, ...]] = {
        "class_identifier": (CLASSES[kind],),
        "layer_norm": (False,),
        "final_activation": (None,),
        "activations": ("Tanh",),
    }
    if kind == "comet":
        wanted["pool"] = ("avg",)
    else:
        wanted["input_segments"] = (["mt", "src"],)
    if settings.get("class_identifier") == "xcomet_metric":
        raise TrainerError("checkpointBroken", f"{about}: {XCOMET}")
    for name, allowed in wanted.items():
        if settings.get(name) not in allowed:
            sentence = f"{about}: {name} is {settings.get(name)}; as {kind} only {allowed[0]} can be exported."
            raise TrainerError("checkpointBroken", sentence)


def _shares(arrays: Weights, settings: Mapping[str, Any], layers: int) -> list[float]:
    """unbabel-comet mixes by softmax unless its setting is exactly `sparsemax`: `sparsemax_patch` is softmax."""
    layer = settings.get("layer", settings.get("sent_layer", "mix"))
    if layer != "mix":
        return [1.0 if index == int(layer) else 0.0 for index in range(layers + 1)]
    found = [arrays[f"layerwise_attention.scalar_parameters.{index}"] for index in range(layers + 1)]
    transform = sparsemax if settings.get("layer_transformation") == "sparsemax" else softmax
    gamma = float(arrays["layerwise_attention.gamma"][0])
    return [gamma * float(share) for share in transform(np.concatenate(found))]


def _last_used(shares: list[float]) -> int:
    return max(index for index, share in enumerate(shares) if share != 0)


def sentence_encoder(metric: Metric, shape: EncoderShape, bits: int) -> onnx.ModelProto:
    """input_ids, attention_mask -> `embedding` [B, hidden]: layer mix, mean over the tokens."""
    writer = EncoderGraph(shape, metric.encoder, bits)
    last = _last_used(metric.shares)
    mixed = writer.mix(writer.layers(last), metric.shares[: last + 1])
    writer.graph.output(writer.average(mixed), "embedding", TensorProto.FLOAT, ["batch", writer.hidden])
    return writer.graph.model()


def quality_graph(metric: Metric, shape: EncoderShape, bits: int) -> onnx.ModelProto:
    """input_ids, attention_mask of `mt, src` joined -> `score` [B]: layer mix, first token, head."""
    writer = EncoderGraph(shape, metric.encoder, bits)
    graph, last = writer.graph, _last_used(metric.shares)
    value = writer.first(writer.mix(writer.layers(last), metric.shares[: last + 1]))
    names = _dense_names(metric.head)
    for place, name in enumerate(names):
        value = _dense(graph, value, metric.head, name)
        if place < len(names) - 1:
            value = graph.op("Tanh", value)
    graph.output(graph.reshape(value, -1), "score", TensorProto.FLOAT, ["batch"])
    return graph.model()


def _dense_names(head: Weights) -> list[str]:
    """Dense layers in order: dropout and activations have no weights, so their numbers are missing."""
    return sorted({name.split(".")[0] for name in head}, key=int)


def _dense(graph: Graph, value: str, head: Weights, name: str) -> str:
    product = graph.op("MatMul", value, graph.constant(f"{name}.weight", head[f"{name}.weight"].T))
    return graph.op("Add", product, graph.constant(f"{name}.bias", head[f"{name}.bias"]))


def _blocks(metric: Metric) -> dict[str, Floats]:
    """The first layer's weights [hidden, out] by feature, in unbabel-comet's order."""
    first = metric.head[f"{_dense_names(metric.head)[0]}.weight"]
    parts = np.split(first, 6, axis=1)
    names = ("mt", "ref", "mt_ref", "diff_ref", "mt_src", "diff_src")
    return {name: np.ascontiguousarray(part.T) for name, part in zip(names, parts, strict=True)}


def sides_graph(metric: Metric, hidden: int) -> onnx.ModelProto:
    """What the first layer makes of a text alone: texts [N, hidden], source [1, hidden] -> as_mt, as_ref [N, out]."""
    graph, blocks = Graph("estimator-sides"), _blocks(metric)
    first = _dense_names(metric.head)[0]
    out = int(blocks["mt"].shape[1])
    texts = graph.input("texts", TensorProto.FLOAT, ["texts", hidden])
    source = graph.input("source", TensorProto.FLOAT, [1, hidden])
    parts = (
        ("mt", texts),
        ("mt_src", graph.op("Mul", texts, source)),
        ("diff_src", graph.op("Abs", graph.op("Sub", texts, source))),
    )
    shares = [graph.op("MatMul", value, graph.constant(name, blocks[name])) for name, value in parts]
    as_mt = graph.op("Sum", *shares, graph.constant("bias", metric.head[f"{first}.bias"]))
    as_ref = graph.op("MatMul", texts, graph.constant("ref", blocks["ref"]))
    graph.output(as_mt, "as_mt", TensorProto.FLOAT, ["texts", out])
    graph.output(as_ref, "as_ref", TensorProto.FLOAT, ["texts", out])
    return graph.model()


def pairs_graph(metric: Metric, hidden: int) -> onnx.ModelProto:
    """Scores of unordered pairs (a, b) of texts, both ways: `forward` = U(a, b), `backward` = U(b, a), each [P].

    Inputs: texts [N, hidden], as_mt and as_ref [N, out], a and b [P] (int64 rows of texts).
    """
    graph, blocks = Graph("estimator-pairs"), _blocks(metric)
    out = int(blocks["mt"].shape[1])
    texts = graph.input("texts", TensorProto.FLOAT, ["texts", hidden])
    sides = [graph.input(name, TensorProto.FLOAT, ["texts", out]) for name in ("as_mt", "as_ref")]
    a, b = (graph.input(name, TensorProto.INT64, ["pairs"]) for name in ("a", "b"))
    one, other = (graph.op("Gather", texts, rows, axis=0) for rows in (a, b))
    product = graph.op("MatMul", graph.op("Mul", one, other), graph.constant("mt_ref", blocks["mt_ref"]))
    apart = graph.op("Abs", graph.op("Sub", one, other))
    shared = graph.op("Add", product, graph.op("MatMul", apart, graph.constant("diff_ref", blocks["diff_ref"])))
    for name, mt, ref in (("forward", a, b), ("backward", b, a)):
        own = (graph.op("Gather", side, rows, axis=0) for side, rows in zip(sides, (mt, ref), strict=True))
        value = graph.op("Tanh", graph.op("Sum", shared, *own))
        names = _dense_names(metric.head)[1:]
        for place, dense in enumerate(names):
            value = _dense(graph, value, metric.head, dense)
            if place < len(names) - 1:
                value = graph.op("Tanh", value)
        graph.output(graph.reshape(value, -1), name, TensorProto.FLOAT, ["pairs"])
    return graph.model()
