"""Aligners of the BERT family as graphs of the engine.

awesome-align (Dou and Neubig 2021): hidden states of one layer, one sentence a row; the engine aligns by them.
WSPAlign (Wu et al. 2023): a question-answering head over a marked sentence and its translation, joined in one row.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from onnx import TensorProto
from transformers import AutoModel, AutoModelForQuestionAnswering

from interlinear_trainer.export.encoder import EncoderGraph, EncoderShape, Floats, Weights
from interlinear_trainer.stages.faults import TrainerError

LAYER: Final = 8
"""The layer of multilingual BERT whose states align best (Dou and Neubig 2021, table 5)."""

THRESHOLD: Final = 0.001
"""What both directions' probabilities must exceed for a link (awesome-align's default)."""

SPAN_TOKENS: Final = 384
"""Tokens of a marked sentence with its translation that WSPAlign was trained and evaluated on."""


@dataclass(frozen=True, slots=True)
class AlignerModel:
    """Weights under their Hugging Face names; the head of a question-answering model beside them."""

    encoder: Weights
    head: Weights


def read_aligner(folder: Path, kind: str) -> AlignerModel:
    """Read a Hugging Face folder. Raises TrainerError `checkpointBroken` where it cannot be read or lacks weights."""
    factory: Any = AutoModelForQuestionAnswering if kind == "wspalign" else AutoModel
    try:
        model, found = factory.from_pretrained(
            folder, dtype=torch.float32, local_files_only=True, output_loading_info=True
        )
    except Exception as fault:
        raise TrainerError("checkpointBroken", f"{folder} cannot be read as a checkpoint: {fault}") from fault
    missing = sorted(name for name in found["missing_keys"] if "pooler" not in name)
    if missing:
        raise TrainerError("checkpointBroken", f"{folder} has no {missing[0]}: it is no checkpoint for {kind}.")
    head = model.qa_outputs.state_dict() if kind == "wspalign" else {}
    return AlignerModel(_arrays(model.base_model.state_dict()), _arrays(head))


def _arrays(state: dict[str, torch.Tensor]) -> dict[str, Floats]:
    return {name: value.float().numpy() for name, value in state.items() if value.is_floating_point()}


def states_graph(model: AlignerModel, shape: EncoderShape, bits: int, layer: int) -> onnx.ModelProto:
    """input_ids, attention_mask -> `states` [B, S, hidden] of one layer."""
    writer = EncoderGraph(shape, model.encoder, bits)
    writer.graph.output(writer.layers(layer)[-1], "states", TensorProto.FLOAT, ["batch", "tokens", writer.hidden])
    return writer.graph.model()


def span_graph(model: AlignerModel, shape: EncoderShape, bits: int, layers: int) -> onnx.ModelProto:
    """input_ids, attention_mask (and token_type_ids where the encoder tells sides apart) -> `start`, `end` [B, S]."""
    writer = EncoderGraph(shape, model.encoder, bits, typed=is_typed(model))
    graph = writer.graph
    weight, offset = model.head["weight"], model.head["bias"]
    product = graph.op("MatMul", writer.layers(layers)[-1], graph.constant("head.weight", weight.T))
    both = graph.op("Add", product, graph.constant("head.bias", offset))
    for place, name in enumerate(("start", "end")):
        column = graph.constant(f"column.{name}", np.asarray(place, dtype=np.int64))
        found = graph.reshape(graph.op("Gather", both, column, axis=2), 0, -1)
        graph.output(found, name, TensorProto.FLOAT, ["batch", "tokens"])
    return graph.model()


def is_typed(model: AlignerModel) -> bool:
    """Whether the encoder has an embedding of its own for the second of two joined texts (BERT has, XLM-R has not)."""
    return int(model.encoder["embeddings.token_type_embeddings.weight"].shape[0]) > 1
