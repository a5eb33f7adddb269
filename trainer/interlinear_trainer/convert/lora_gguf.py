"""A PEFT LoRA of a Qwen3 model as a GGUF adapter: `python -m interlinear_trainer.convert.lora_gguf IN OUT`.

llama.cpp adds alpha / rank * B A to each weight, as PEFT does; tensors keep PEFT's layout and are named after the
weight they change. It needs numpy and gguf alone, no torch.
"""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any, Final

try:
    import gguf
except ModuleNotFoundError:
    sys.exit("the package gguf is missing; install it with: python -m pip install gguf==0.19.0")

from interlinear_trainer.convert.checkpoint import Arrays, read_safetensors
from interlinear_trainer.convert.gguf import tensor_name

PREFIX: Final = "base_model.model."
SUFFIXES: Final = {".lora_A.weight": ".lora_a", ".lora_B.weight": ".lora_b"}


def adapter_name(name: str) -> str:
    """llama.cpp's name for one of PEFT's. Raises ValueError for what is no low-rank factor of a known weight."""
    for suffix, short in SUFFIXES.items():
        if name.startswith(PREFIX) and name.endswith(suffix):
            try:
                return tensor_name(f"{name.removeprefix(PREFIX).removesuffix(suffix)}.weight") + short
            except (KeyError, ValueError):
                break
    raise ValueError(f"{name}: only LoRA of the linear layers of Qwen3 can be converted")


def scale_of(config: dict[str, Any]) -> float:
    """The alpha for which alpha / rank is PEFT's scale. Raises ValueError for what is no plain LoRA."""
    if config.get("peft_type") != "LORA" or config.get("use_dora") or config.get("modules_to_save"):
        raise ValueError("only plain LoRA can be converted: no DoRA, no modules_to_save")
    alpha = float(config["lora_alpha"])
    return alpha * math.sqrt(config["r"]) if config.get("use_rslora") else alpha


def write_adapter(tensors: Arrays, config: dict[str, Any], out: Path) -> None:
    """Write `out` in float32."""
    names = {name: adapter_name(name) for name in tensors}
    writer = gguf.GGUFWriter(out, "qwen3")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, scale_of(config))
    for name, values in tensors.items():
        writer.add_tensor(names[name], values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main(arguments: list[str] | None = None) -> int:
    """Convert one adapter folder."""
    parser = argparse.ArgumentParser(prog="python -m interlinear_trainer.convert.lora_gguf", description=__doc__)
    parser.add_argument("folder", type=Path, help="adapter_config.json, adapter_model.safetensors")
    parser.add_argument("out", type=Path, help="the .gguf file to write")
    options = parser.parse_args(arguments)
    config = json.loads((options.folder / "adapter_config.json").read_text(encoding="utf-8"))
    try:
        write_adapter(read_safetensors(options.folder / "adapter_model.safetensors"), config, options.out)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
