"""A model folder as plain arrays: config.json, model.safetensors, tokenizer.json. Needs numpy alone, no torch."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a Hugging Face folder of a Qwen3 decoder holds; weights in float32."""

    config: dict[str, Any]
    weights: Arrays
    tokenizer: dict[str, Any]
    tokenizer_config: dict[str, Any]


def read_checkpoint(folder: Path) -> Checkpoint:
    """Read the folder. Raises ValueError for an architecture other than Qwen3."""
    config = _json(folder / "config.json")
    if config.get("model_type") != "qwen3":
        raise ValueError(f"{folder / 'config.json'}: model_type is {config.get('model_type')!r}, not 'qwen3'")
    return Checkpoint(
        config,
        _weights(folder),
        _json(folder / "tokenizer.json"),
        _json(folder / "tokenizer_config.json"),
    )


def _weights(folder: Path) -> Arrays:
    """Of one file, or of the several that an index names."""
    index = folder / "model.safetensors.index.json"
    if not index.exists():
        return read_safetensors(folder / "model.safetensors")
    parts = sorted(set(_json(index)["weight_map"].values()))
    return {name: value for part in parts for name, value in read_safetensors(folder / part).items()}


def read_safetensors(path: Path) -> Arrays:
    """Every tensor in float32: eight bytes of header length, a JSON header, then the data (safetensors format 0.1).

    Raises ValueError for a type other than F32, F16 and BF16.
    """
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 + size:
        raise ValueError(f"{path} is cut off")
    header: dict[str, Any] = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    body = memoryview(data)[8 + size :]
    return {name: _tensor(name, entry, body) for name, entry in header.items()}


def _tensor(name: str, entry: dict[str, Any], body: memoryview) -> npt.NDArray[np.float32]:
    start, end = entry["data_offsets"]
    if end > len(body):
        raise ValueError(f"{name} is cut off")
    raw = body[start:end]
    shape: list[int] = entry["shape"]
    if entry["dtype"] == "BF16":
        # bfloat16 is the upper half of float32
        halves = np.left_shift(np.frombuffer(raw, dtype="<u2").astype(np.uint32), np.uint32(16))
        wide: npt.NDArray[np.float32] = halves.view(np.float32)
        return wide.reshape(shape)
    if entry["dtype"] in ("F32", "F16"):
        kind = "<f4" if entry["dtype"] == "F32" else "<f2"
        return np.frombuffer(raw, dtype=kind).astype(np.float32).reshape(shape)
    raise ValueError(f"{name} is {entry['dtype']}; F32, F16 and BF16 can be read")


def _json(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value
