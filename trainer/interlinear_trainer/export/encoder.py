"""An encoder of the BERT family (BERT, XLM-R, InfoXLM) as an ONNX graph, from its weights.

Inputs: input_ids, attention_mask [B, S] (int64), rows padded at the right; token_type_ids like them where joined texts
are told apart. Layers beyond the last one that is asked for are left out. Positions are counted in the graph: BERT's
from 0, XLM-R's from the id after the padding's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto

from interlinear_trainer.starter.graph import Graph

Floats = npt.NDArray[np.float32]
Weights = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """What the weights do not say: from the checkpoint's config.json."""

    heads: int
    norm_eps: float
    pad_id: int
    first_position: int
    """Position of the first token: 0 for BERT, pad_id + 1 for XLM-R."""
    max_tokens: int

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "EncoderShape":
        """Read a Hugging Face config. Raises ValueError for a model that is not of the BERT family."""
        kind = config.get("model_type")
        if kind not in ("bert", "xlm-roberta"):
            raise ValueError(f"model_type is {kind}; bert and xlm-roberta can be exported")
        if config.get("hidden_act", "gelu") != "gelu":
            raise ValueError(f"hidden_act is {config['hidden_act']}; only gelu can be exported")
        pad = int(config.get("pad_token_id", 0))
        first = 0 if kind == "bert" else pad + 1
        return cls(
            heads=int(config["num_attention_heads"]),
            norm_eps=float(config.get("layer_norm_eps", 1e-12)),
            pad_id=pad,
            first_position=first,
            max_tokens=int(config["max_position_embeddings"]) - first,
        )


class EncoderGraph:
    """Writes an encoder; `bits` is 32, or 16 or 8 for matrices and tables that are kept in fewer bits (tables in 16).

    A `typed` one takes token_type_ids; all tokens of another are of the first kind.
    """

    def __init__(self, shape: EncoderShape, weights: Weights, bits: int = 32, *, typed: bool = False) -> None:
        self.shape, self.weights, self.bits = shape, weights, bits
        self.graph = Graph("encoder")
        self.ids = self.graph.input("input_ids", TensorProto.INT64, ["batch", "tokens"])
        self.attention = self.graph.input("attention_mask", TensorProto.INT64, ["batch", "tokens"])
        self._types = self.graph.input("token_type_ids", TensorProto.INT64, ["batch", "tokens"]) if typed else ""
        self._padding = self.graph.op("Cast", self.attention, to=TensorProto.INT32)

    @property
    def hidden(self) -> int:
        """Width of the hidden states."""
        return int(self.weights["embeddings.word_embeddings.weight"].shape[1])

    def layers(self, last: int) -> list[str]:
        """Hidden states: the embeddings, then layers 1 to `last`."""
        states = [self._embed()]
        for index in range(last):
            states.append(self._layer(states[-1], f"encoder.layer.{index}"))
        return states

    def mix(self, states: Sequence[str], shares: Sequence[float]) -> str:
        """Sum of states times constant shares; a share of 0 leaves its state out."""
        graph = self.graph
        parts = [graph.op("Mul", s, graph.scalar(w)) for s, w in zip(states, shares, strict=True) if w != 0]
        return parts[0] if len(parts) == 1 else graph.op("Sum", *parts)

    def average(self, states: str) -> str:
        """Mean of the rows that are no padding: [B, hidden]."""
        graph = self.graph
        real = graph.op("Unsqueeze", graph.op("Cast", self.attention, to=TensorProto.FLOAT), graph.ints(2))
        total = graph.op("ReduceSum", graph.op("Mul", states, real), graph.ints(1), keepdims=0)
        return graph.op("Div", total, graph.op("ReduceSum", real, graph.ints(1), keepdims=0))

    def first(self, states: str) -> str:
        """States of the first token: [B, hidden]."""
        return self.graph.op("Gather", states, self.graph.constant("first", np.asarray(0, dtype=np.int64)), axis=1)

    def dense(self, value: str, name: str) -> str:
        """`value @ weight.T + bias`."""
        product = self.graph.linear(value, f"{name}.weight", self.weights[f"{name}.weight"], self.bits)
        return self.graph.op("Add", product, self.graph.constant(f"{name}.bias", self.weights[f"{name}.bias"]))

    def _constant(self, name: str) -> str:
        return self.graph.constant(name, self.weights[name])

    def _norm(self, value: str, name: str) -> str:
        gain, offset = self._constant(f"{name}.weight"), self._constant(f"{name}.bias")
        return self.graph.op("LayerNormalization", value, gain, offset, axis=-1, epsilon=self.shape.norm_eps)

    def _embed(self) -> str:
        graph, zero = self.graph, np.asarray(0, dtype=np.int64)
        counted = graph.op("CumSum", self.attention, graph.constant("axis1", np.asarray(1, dtype=np.int64)))
        real = graph.op("Mul", counted, self.attention)
        first = graph.constant("before", np.asarray(self.shape.first_position - 1, dtype=np.int64))
        places = graph.op("Max", graph.op("Add", real, first), graph.constant("zero", zero))
        words = self._rows("word_embeddings", self.ids)
        where = self._rows("position_embeddings", places)
        return self._norm(graph.op("Sum", words, where, self._kind()), "embeddings.LayerNorm")

    def _rows(self, table: str, ids: str) -> str:
        name = f"embeddings.{table}.weight"
        return self.graph.rows(name, self.weights[name], ids, self.bits)

    def _kind(self) -> str:
        name = "embeddings.token_type_embeddings.weight"
        if self._types == "":
            return self.graph.constant("segment", self.weights[name][0])
        return self.graph.op("Gather", self._constant(name), self._types)

    def _layer(self, value: str, name: str) -> str:
        graph = self.graph
        query, key, held = (self.dense(value, f"{name}.attention.self.{part}") for part in ("query", "key", "value"))
        mixed = graph.op(
            "MultiHeadAttention",
            query,
            key,
            held,
            "",
            self._padding,
            domain="com.microsoft",
            num_heads=self.shape.heads,
        )
        attended = self.dense(mixed, f"{name}.attention.output.dense")
        value = self._norm(graph.op("Add", value, attended), f"{name}.attention.output.LayerNorm")
        inner = graph.op("Gelu", self.dense(value, f"{name}.intermediate.dense"))
        outer = self.dense(inner, f"{name}.output.dense")
        return self._norm(graph.op("Add", value, outer), f"{name}.output.LayerNorm")
