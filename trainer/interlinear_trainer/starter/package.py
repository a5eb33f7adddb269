"""The folder that ships: graph, weights, configuration, tokenizer, manifest."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from safetensors.torch import save_file

from interlinear_trainer.starter.export import Weights, decoder_graph
from interlinear_trainer.starter.model import Shape, qwen3_config
from interlinear_trainer.starter.tokenizer import END_ID, PAD_ID, PROMPT_TEMPLATE

NAME: Final = "starter-en-ja"
GRAPH: Final = "model_q8.onnx"
MAX_TOKENS: Final = 128
LICENCE: Final = "CC-BY-4.0"
ATTRIBUTION: Final = (
    "Tanaka Corpus / Tatoeba, CC BY 2.0 FR",
    "tldr-pages team and contributors, CC BY 4.0",
)
LARGEST: Final = 24_000_000
"""Bytes that graph, weights and tokenizer may take together."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A checkpoint's averaged weights, rounded to bfloat16 so that every export starts from the same numbers."""

    shape: Shape
    weights: dict[str, torch.Tensor]

    @classmethod
    def from_checkpoint(cls, path: Path, averaged: bool = True) -> "Trained":
        """Read what train.Run.save wrote."""
        state = torch.load(path, weights_only=True)
        weights = state["average" if averaged else "model"]
        return cls(Shape(**state["shape"]), {name: value.to(torch.bfloat16) for name, value in weights.items()})

    def arrays(self) -> Weights:
        """The weights in float32."""
        return {name: np.asarray(value.float().numpy()) for name, value in self.weights.items()}

    def count(self) -> int:
        """Number of parameters."""
        return sum(value.numel() for value in self.weights.values())


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_model(trained: Trained, work: Path, out: Path) -> None:
    """Write weights, graph, configuration and tokenizer to `out`, and the float32 graph to work/model_fp32.onnx.

    Raises ValueError if the files that ship are larger than LARGEST together.
    """
    out.mkdir(parents=True, exist_ok=True)
    save_file(trained.weights, out / "model.safetensors", metadata={"format": "pt"})
    (out / "model.safetensors").chmod(0o644)
    arrays = trained.arrays()
    onnx.save(decoder_graph(trained.shape, arrays, 8), out / GRAPH)
    onnx.save(decoder_graph(trained.shape, arrays, 32), work / "model_fp32.onnx")
    _write_json(out / "config.json", qwen3_config(trained.shape, END_ID, PAD_ID))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(work / name, out / name)
    size = sum((out / name).stat().st_size for name in (GRAPH, "model.safetensors", "tokenizer.json"))
    if size > LARGEST:
        raise ValueError(f"{out}: graph, weights and tokenizer take {size} bytes, more than {LARGEST}")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _file(path: Path) -> dict[str, Any]:
    return {"path": path.name, "sha256": _digest(path), "bytes": path.stat().st_size}


def write_manifest(trained: Trained, out: Path, temperature: float) -> dict[str, Any]:
    """Write manifest.json and generation_config.json; the revision is the start of the weights' SHA-256."""
    shape = trained.shape
    manifest: dict[str, Any] = {
        "kind": "decoder",
        "format": 1,
        "name": NAME,
        "revision": _digest(out / "model.safetensors")[:12],
        "parameters": trained.count(),
        "promptFamily": "starter",
        "promptTemplate": PROMPT_TEMPLATE,
        "sourceLanguages": ["en"],
        "targetLanguages": ["ja"],
        "layers": shape.layers,
        "kvHeads": shape.kv_heads,
        "headDim": shape.head_dim,
        "vocabSize": shape.vocab_size,
        "bosTokenId": None,
        "eosTokenId": END_ID,
        "padTokenId": PAD_ID,
        "contextLength": shape.context_length,
        "defaults": {"temperature": temperature, "topP": 1, "topK": 0, "maxTokens": MAX_TOKENS},
        "licence": LICENCE,
        "attribution": list(ATTRIBUTION),
        "files": {
            "model": _file(out / GRAPH),
            "tokenizer": _file(out / "tokenizer.json"),
            "tokenizerConfig": _file(out / "tokenizer_config.json"),
            "weights": _file(out / "model.safetensors"),
        },
    }
    _write_json(out / "manifest.json", manifest)
    generation = {"eos_token_id": END_ID, "pad_token_id": PAD_ID, "max_new_tokens": MAX_TOKENS}
    sampling = {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}
    _write_json(out / "generation_config.json", generation | sampling)
    return manifest
