"""An adapter becomes a model of the embedded engine: merged into its base, quantised, described, moved into place."""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from peft import PeftModel
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

from interlinear_trainer.convert.float_folder import shape_of
from interlinear_trainer.stages.faults import TrainerError, says
from interlinear_trainer.starter.export import decoder_graph

GRAPH: Final = "model_q8.onnx"
COPIED: Final = ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "LICENSE")


def _json(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _entry(path: Path) -> dict[str, Any]:
    return {"path": path.name, "sha256": _digest(path), "bytes": path.stat().st_size}


def _check_base(base: Path, adapter: Path) -> dict[str, Any]:
    """The base's manifest. Raises TrainerError `baseMissing` or `baseMismatch`."""
    if not (base / "manifest.json").exists():
        raise TrainerError(
            "baseMissing",
            says("{path} has no manifest.json: only models of the embedded engine can be merged.", path=str(base)),
        )
    manifest = _json(base / "manifest.json")
    about = adapter / "interlinear.json"
    if not about.exists():
        sentence = says("{path} does not exist or is no finished adapter (no interlinear.json).", path=str(adapter))
        raise TrainerError("baseMissing", sentence)
    trained_on = _json(about)["base"]
    if trained_on["revision"] != manifest["revision"]:
        raise TrainerError(
            "baseMismatch",
            says(
                "{path} was trained on {trained}, but {base} is {found}. Choose the base it was trained on, or train "
                "again.",
                path=str(adapter),
                trained=f"{trained_on['name']} {trained_on['revision']}",
                base=str(base),
                found=f"{manifest['name']} {manifest['revision']}",
            ),
        )
    return manifest


def merged_weights(base: Path, adapter: Path) -> dict[str, torch.Tensor]:
    """Weights in float32 with the adapter added; tied output weights stand once."""
    if (adapter / "adapter_config.json").exists():
        model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        model = PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
    else:
        model = AutoModelForCausalLM.from_pretrained(adapter, dtype=torch.float32)
    weights = {name: value.detach().contiguous() for name, value in model.state_dict().items()}
    if model.config.tie_word_embeddings:
        weights.pop("lm_head.weight", None)
    return weights


def merge_adapter(base: Path, adapter: Path, out: Path, name: str) -> dict[str, Any]:
    """Write the model folder `out` and return its manifest; `out` appears whole or not at all.

    Weights are kept in float32: a low-rank change can be smaller than a step of bfloat16. Raises TrainerError
    `baseMismatch` if the adapter was trained on another model.
    """
    manifest = _check_base(base, adapter)
    weights = merged_weights(base, adapter)
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        _write(base, weights, draft)
        changed = {
            "name": f"{manifest['name']}+{name}",
            "revision": _digest(draft / "model.safetensors")[:12],
            "adapter": name,
            "parent": {"name": manifest["name"], "revision": manifest["revision"]},
            "files": {
                "model": _entry(draft / GRAPH),
                "tokenizer": _entry(draft / "tokenizer.json"),
                "tokenizerConfig": _entry(draft / "tokenizer_config.json"),
                "weights": _entry(draft / "model.safetensors"),
            },
        }
        manifest |= changed
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        (draft / "manifest.json").write_text(text, encoding="utf-8")
        draft.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        os.replace(draft, out)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest


def _write(base: Path, weights: dict[str, torch.Tensor], out: Path) -> None:
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    (out / "model.safetensors").chmod(0o644)
    arrays = {name: np.asarray(value.numpy(), dtype=np.float32) for name, value in weights.items()}
    onnx.save(decoder_graph(shape_of(_json(base / "config.json")), arrays, 8), out / GRAPH)
    for name in COPIED:
        if (base / name).exists():
            shutil.copyfile(base / name, out / name)
    config = _json(out / "config.json")
    (out / "config.json").write_text(json.dumps(config | {"dtype": "float32"}, indent=2) + "\n", encoding="utf-8")
