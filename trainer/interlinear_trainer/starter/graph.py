"""A small writer of ONNX graphs: names, constants and the few operators that the decoder needs."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[np.generic]
Dims = Sequence[str | int]

OPSET: Final = 21
LARGE: Final = 1_500_000_000
"""Bytes of weights above which they lie in a file beside the graph: one protobuf holds at most 2 GB."""

BLOCK: Final = 32
"""Weights that share one scale in 8-bit matrices."""


def quantise_rows(weight: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """Symmetric 8-bit blocks for MatMulNBits, zero point 128, from [outputs, inputs].

    Returns values [outputs, inputs / BLOCK, BLOCK] and scales [outputs * inputs / BLOCK]. Raises ValueError if
    BLOCK does not divide the inputs.
    """
    outputs, inputs = weight.shape
    if inputs % BLOCK:
        raise ValueError(f"{inputs} inputs do not divide into blocks of {BLOCK}")
    blocks = weight.reshape(outputs, inputs // BLOCK, BLOCK)
    scales = np.abs(blocks).max(axis=2) / 127
    scales[scales == 0] = 1
    values = np.clip(np.rint(blocks / scales[:, :, None]) + 128, 1, 255)
    return values.astype(np.uint8), scales.astype(np.float32).reshape(-1)


class Graph:
    """Collects nodes and constants; every method returns the name of its output."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, kind: int, dims: Dims) -> str:
        """Declare an input."""
        self._inputs.append(helper.make_tensor_value_info(name, kind, dims))
        return name

    def output(self, value: str, name: str, kind: int, dims: Dims, place: int | None = None) -> None:
        """Declare `value` as the output `name`, last or at the given place."""
        self._nodes.append(helper.make_node("Identity", [value], [name], name=f"{name}.out"))
        found = helper.make_tensor_value_info(name, kind, dims)
        self._outputs.insert(len(self._outputs) if place is None else place, found)

    def constant(self, name: str, value: Array) -> str:
        """A constant; a name stands for one value."""
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def ints(self, *values: int) -> str:
        """A constant vector of int64."""
        return self.constant("ints." + "_".join(map(str, values)), np.asarray(values, dtype=np.int64))

    def scalar(self, value: float) -> str:
        """A constant float32 of no dimensions."""
        return self.constant(f"float.{value}", np.asarray(value, dtype=np.float32))

    def op(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Append a node with one output."""
        name = f"{kind}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], name=name, domain=domain, **attributes))
        return name

    def reshape(self, value: str, *dims: int) -> str:
        """Reshape; 0 keeps a dimension and -1 infers one."""
        return self.op("Reshape", value, self.ints(*dims))

    def linear(self, value: str, name: str, weight: npt.NDArray[np.float32], bits: int) -> str:
        """`value @ weight.T` for a weight [outputs, inputs], kept in 32, 16 or 8 bits; the product is of float32."""
        if bits == 32:
            return self.op("MatMul", value, self.constant(name, weight.T))
        if bits == 16:
            half = self.constant(f"{name}.f16", weight.T.astype(np.float16))
            return self.op("MatMul", value, self.op("Cast", half, to=TensorProto.FLOAT))
        values, scales = quantise_rows(weight)
        outputs, inputs = weight.shape
        packed = self.constant(f"{name}.q8", values)
        return self.op(
            "MatMulNBits",
            value,
            packed,
            self.constant(f"{name}.scales", scales),
            domain="com.microsoft",
            K=inputs,
            N=outputs,
            bits=8,
            block_size=BLOCK,
            accuracy_level=4,
        )

    def rows(self, name: str, weight: npt.NDArray[np.float32], ids: str, bits: int) -> str:
        """The rows of a table [rows, width] that `ids` name, in float32; kept in 16 bits unless `bits` is 32."""
        if bits == 32:
            return self.op("Gather", self.constant(f"{name}.rows", weight), ids)
        half = self.constant(f"{name}.rows", weight.astype(np.float16))
        return self.op("Cast", self.op("Gather", half, ids), to=TensorProto.FLOAT)

    def model(self) -> onnx.ModelProto:
        """The finished model, checked, unless it is too large for one protobuf: what saves it checks it then."""
        graph = helper.make_graph(
            self._nodes, self.name, self._inputs, self._outputs, initializer=list(self._constants.values())
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="interlinear_trainer")
        if weight_bytes(model) < LARGE:
            onnx.checker.check_model(model)
        return model


def weight_bytes(model: onnx.ModelProto) -> int:
    """Bytes of all constants."""
    return sum(len(tensor.raw_data) for tensor in model.graph.initializer)
