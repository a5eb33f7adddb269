"""A Qwen3 checkpoint in the layout of Optimum's exports: `python -m interlinear_trainer.convert.onnx_folder`.

The folder gets `onnx/model.onnx` (weights in `model.onnx_data` when asked, or when they are too large for one file)
beside the checkpoint's configuration and tokenizer. The engine reads such folders without a manifest.
"""

import argparse
import shutil
import sys
from pathlib import Path
from typing import Final

import onnx

from interlinear_trainer.convert.checkpoint import read_checkpoint
from interlinear_trainer.convert.float_folder import shape_of
from interlinear_trainer.starter.export import decoder_graph

COPIED: Final = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
)
LARGEST: Final = 2_000_000_000
"""Bytes that a protobuf file may have, with some room."""


def write_onnx_folder(folder: Path, out: Path, bits: int, external: bool) -> None:
    """Write `out`. `bits` is 32 or 8; raises ValueError for another architecture than Qwen3."""
    checkpoint = read_checkpoint(folder)
    graph = decoder_graph(shape_of(checkpoint.config), checkpoint.weights, bits)
    save_graph(graph, out / "onnx" / ("model.onnx" if bits == 32 else "model_int8.onnx"), external)
    for name in COPIED:
        if (folder / name).exists():
            shutil.copyfile(folder / name, out / name)


def save_graph(graph: onnx.ModelProto, path: Path, external: bool) -> None:
    """Write one file, or the graph and its weights apart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    apart = external or graph.ByteSize() > LARGEST
    onnx.save(graph, path, save_as_external_data=apart, location=f"{path.name}_data" if apart else None)


def main(arguments: list[str] | None = None) -> int:
    """Convert one folder."""
    parser = argparse.ArgumentParser(prog="python -m interlinear_trainer.convert.onnx_folder", description=__doc__)
    parser.add_argument("folder", type=Path, help="a Qwen3 checkpoint in the form of Hugging Face")
    parser.add_argument("out", type=Path, help="the folder to write")
    parser.add_argument(
        "--bits", type=int, choices=(8, 32), default=32, help="32: float32, 8: weight-only quantisation"
    )
    parser.add_argument("--external", action="store_true", help="weights in a file of their own")
    options = parser.parse_args(arguments)
    write_onnx_folder(options.folder, options.out, options.bits, options.external)
    return 0


if __name__ == "__main__":
    sys.exit(main())
