"""The decoder as an ONNX graph with a key-value cache, in the naming that Optimum and transformers.js use.

Inputs: input_ids [B, S], attention_mask [B, P + S], position_ids [B, S] (int64), past_key_values.{i}.key|value
[B, kv heads, P, head dim] (float32; P may be 0). Outputs: logits [B, S, vocabulary], present.{i}.key|value
[B, kv heads, P + S, head dim]. Rows may be padded on the left: attention_mask 0 there, positions from 0 after it.
"""

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto

from interlinear_trainer.starter.graph import Dims, Graph
from interlinear_trainer.starter.model import Shape

Weights = dict[str, npt.NDArray[np.float32]]


class _DecoderGraph:
    """Writes one decoder; `bits` is 32 for plain float32, 16 or 8 for weights that are kept in fewer bits."""

    def __init__(self, shape: Shape, weights: Weights, bits: int) -> None:
        self.shape, self.weights, self.bits = shape, weights, bits
        self.graph = Graph("starter")

    def norm(self, value: str, name: str) -> str:
        graph = self.graph
        square = graph.op("Pow", value, graph.scalar(2.0))
        mean = graph.op("ReduceMean", square, graph.ints(-1), keepdims=1)
        root = graph.op("Sqrt", graph.op("Add", mean, graph.scalar(self.shape.norm_eps)))
        gain = graph.constant(name, self.weights[name])
        return graph.op("Mul", graph.op("Div", value, root), gain)

    def linear(self, value: str, name: str) -> str:
        return self.graph.linear(value, name, self.weights[name], self.bits)

    def embed(self, ids: str) -> str:
        name = "model.embed_tokens.weight"
        return self.graph.rows(name, self.weights[name], ids, self.bits)

    def place(self, positions: str) -> tuple[str, str]:
        """Cosines and sines [B, 1, S, head dim]."""
        graph, size = self.graph, self.shape.head_dim
        steps = 1.0 / self.shape.rope_theta ** (np.arange(0, size, 2, dtype=np.float32) / size)
        frequencies = graph.constant("rope", np.concatenate((steps, steps)).astype(np.float32)[None, None, None])
        where = graph.op("Unsqueeze", graph.op("Cast", positions, to=TensorProto.FLOAT), graph.ints(1, 3))
        angles = graph.op("Mul", where, frequencies)
        return graph.op("Cos", angles), graph.op("Sin", angles)

    def rotate(self, value: str, place: tuple[str, str]) -> str:
        graph, half, size = self.graph, self.shape.head_dim // 2, self.shape.head_dim
        low = graph.op("Slice", value, graph.ints(0), graph.ints(half), graph.ints(3))
        high = graph.op("Slice", value, graph.ints(half), graph.ints(size), graph.ints(3))
        turned = graph.op("Concat", graph.op("Neg", high), low, axis=3)
        return graph.op("Add", graph.op("Mul", value, place[0]), graph.op("Mul", turned, place[1]))

    def mask(self, ids: str, attention: str) -> str:
        """Additive mask [B, 1, 1, S, T]: what is later or padding gets -1e9."""
        graph, zero, one = self.graph, np.asarray(0, dtype=np.int64), np.asarray(1, dtype=np.int64)
        start, step = graph.constant("zero", zero), graph.constant("one", one)
        total = graph.op("Squeeze", graph.op("Shape", attention, start=1, end=2))
        length = graph.op("Squeeze", graph.op("Shape", ids, start=1, end=2))
        columns = graph.op("Range", start, total, step)
        rows = graph.op("Range", graph.op("Sub", total, length), total, step)
        causal = graph.op("LessOrEqual", columns, graph.op("Unsqueeze", rows, graph.ints(1)))
        real = graph.op("Unsqueeze", graph.op("Cast", attention, to=TensorProto.BOOL), graph.ints(1, 2, 3))
        return graph.op("Where", graph.op("And", causal, real), graph.scalar(0.0), graph.scalar(-1e9))

    def heads(self, value: str, name: str, count: int) -> str:
        """Project and split: [B, count, S, head dim]."""
        split = self.graph.reshape(self.linear(value, f"{name}_proj.weight"), 0, 0, count, self.shape.head_dim)
        if f"{name}_norm.weight" in self.weights:
            split = self.norm(split, f"{name}_norm.weight")
        return self.graph.op("Transpose", split, perm=[0, 2, 1, 3])

    def cached(self, value: str, index: int, kind: str) -> str:
        """Append to the cache and declare past and present."""
        graph, shape = self.graph, self.shape
        past, total = "past_sequence_length", "total_sequence_length"
        name = f"past_key_values.{index}.{kind}"
        graph.input(name, TensorProto.FLOAT, ["batch_size", shape.kv_heads, past, shape.head_dim])
        whole = graph.op("Concat", name, value, axis=2)
        dims: Dims = ["batch_size", shape.kv_heads, total, shape.head_dim]
        graph.output(whole, f"present.{index}.{kind}", TensorProto.FLOAT, dims)
        return whole

    def attention(self, value: str, index: int, place: tuple[str, str], mask: str) -> str:
        """Query heads that share a key head are stacked along the length, so that no key is copied."""
        graph, shape, name = self.graph, self.shape, f"model.layers.{index}.self_attn"
        query = self.rotate(self.heads(value, f"{name}.q", shape.heads), place)
        key = self.cached(self.rotate(self.heads(value, f"{name}.k", shape.kv_heads), place), index, "key")
        held = self.cached(self.heads(value, f"{name}.v", shape.kv_heads), index, "value")
        scaled = graph.op("Mul", query, graph.scalar(shape.head_dim**-0.5))
        stacked = graph.reshape(scaled, 0, shape.kv_heads, -1, shape.head_dim)
        scores = graph.op("MatMul", stacked, graph.op("Transpose", key, perm=[0, 1, 3, 2]))
        groups = graph.ints(0, shape.kv_heads, shape.heads // shape.kv_heads)
        total = graph.op("Shape", key, start=2, end=3)
        apart = graph.op("Reshape", scores, graph.op("Concat", groups, graph.ints(-1), total, axis=0))
        shares = graph.op("Softmax", graph.op("Add", apart, mask), axis=-1)
        together = graph.op("Reshape", shares, graph.op("Concat", graph.ints(0, shape.kv_heads, -1), total, axis=0))
        mixed = graph.op("MatMul", together, held)
        split = graph.op(
            "Reshape", mixed, graph.op("Concat", graph.ints(0, shape.heads), graph.ints(-1, shape.head_dim), axis=0)
        )
        joined = graph.op("Transpose", split, perm=[0, 2, 1, 3])
        return self.linear(graph.reshape(joined, 0, 0, shape.heads * shape.head_dim), f"{name}.o_proj.weight")

    def mlp(self, value: str, index: int) -> str:
        graph, name = self.graph, f"model.layers.{index}.mlp"
        gate = self.linear(value, f"{name}.gate_proj.weight")
        active = graph.op("Mul", gate, graph.op("Sigmoid", gate))
        return self.linear(
            graph.op("Mul", active, self.linear(value, f"{name}.up_proj.weight")), f"{name}.down_proj.weight"
        )

    def build(self) -> onnx.ModelProto:
        graph, shape, int64 = self.graph, self.shape, TensorProto.INT64
        ids = graph.input("input_ids", int64, ["batch_size", "sequence_length"])
        attention = graph.input("attention_mask", int64, ["batch_size", "total_sequence_length"])
        place = self.place(graph.input("position_ids", int64, ["batch_size", "sequence_length"]))
        mask = self.mask(ids, attention)
        value = self.embed(ids)
        for index in range(shape.layers):
            name = f"model.layers.{index}"
            value = graph.op(
                "Add", value, self.attention(self.norm(value, f"{name}.input_layernorm.weight"), index, place, mask)
            )
            value = graph.op("Add", value, self.mlp(self.norm(value, f"{name}.post_attention_layernorm.weight"), index))
        head = "lm_head.weight" if "lm_head.weight" in self.weights else "model.embed_tokens.weight"
        logits = self.linear(self.norm(value, "model.norm.weight"), head)
        dims: Dims = ["batch_size", "sequence_length", shape.vocab_size]
        graph.output(logits, "logits", TensorProto.FLOAT, dims, place=0)
        return graph.model()


def decoder_graph(shape: Shape, weights: Weights, bits: int) -> onnx.ModelProto:
    """Build the graph. `bits` is 32, 16 or 8; raises ValueError otherwise.

    With 8 bits the matrices are MatMulNBits with float32 activations and the embedding rows are float16: no
    activation is quantised, so a row's logits do not depend on the rows beside it. With 16 bits all of them are float16
    and widened before they are used.
    """
    if bits not in (8, 16, 32):
        raise ValueError(f"bits must be 8, 16 or 32, not {bits}")
    return _DecoderGraph(shape, weights, bits).build()
