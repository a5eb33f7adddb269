"""A starter folder with its graph in float32 instead of 8 bits: `python -m interlinear_trainer.convert.float_folder`.

For comparing runtimes on the same numbers (the engine here, llama.cpp and transformers there).
"""

import argparse
import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import onnx

from interlinear_trainer.convert.checkpoint import read_checkpoint
from interlinear_trainer.starter.export import decoder_graph
from interlinear_trainer.starter.model import Shape

GRAPH = "model_fp32.onnx"


def write_float_folder(folder: Path, out: Path) -> None:
    """Write `out`: the same manifest, tokenizer and weights, with a float32 graph made from the weights."""
    checkpoint = read_checkpoint(folder)
    out.mkdir(parents=True, exist_ok=True)
    onnx.save(decoder_graph(shape_of(checkpoint.config), checkpoint.weights, 32), out / GRAPH)
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    graph = (out / GRAPH).read_bytes()
    manifest["files"]["model"] = {"path": GRAPH, "sha256": hashlib.sha256(graph).hexdigest(), "bytes": len(graph)}
    (out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for name in ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(folder / name, out / name)


def shape_of(config: dict[str, Any]) -> Shape:
    """The decoder's sizes as config.json has them."""
    return Shape(
        vocab_size=config["vocab_size"],
        hidden_size=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        kv_heads=config["num_key_value_heads"],
        head_dim=config["head_dim"],
        mlp_size=config["intermediate_size"],
        context_length=config["max_position_embeddings"],
        rope_theta=_rope_theta(config),
        norm_eps=config["rms_norm_eps"],
    )


def _rope_theta(config: dict[str, Any]) -> float:
    """At the top, or where transformers 5 writes it. Raises KeyError where it is neither."""
    found: float = config["rope_theta"] if "rope_theta" in config else config["rope_parameters"]["rope_theta"]
    return found


def main(arguments: list[str] | None = None) -> int:
    """Convert one folder."""
    parser = argparse.ArgumentParser(prog="python -m interlinear_trainer.convert.float_folder", description=__doc__)
    parser.add_argument("folder", type=Path, help="a starter folder")
    parser.add_argument("out", type=Path, help="the folder to write")
    options = parser.parse_args(arguments)
    write_float_folder(options.folder, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
