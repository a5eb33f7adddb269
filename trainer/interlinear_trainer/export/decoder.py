"""`export decoder`: a Qwen3 checkpoint in the layout of Optimum's exports, which the engine reads without a manifest.

The folder gets `onnx/model.onnx` (`model_fp16.onnx`, `model_int8.onnx`; weights in `*.onnx_data` when they are too
large for one file) beside the checkpoint's configuration and tokenizer, and `export.json`, by which the engine checks
the files.
"""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx

from interlinear_trainer.convert.checkpoint import Checkpoint, read_checkpoint
from interlinear_trainer.convert.float_folder import shape_of
from interlinear_trainer.export.change import TEXTS, Texts, session, summary
from interlinear_trainer.export.folder import entry
from interlinear_trainer.stages.faults import TrainerError
from interlinear_trainer.starter.export import decoder_graph
from interlinear_trainer.starter.graph import LARGE, weight_bytes
from interlinear_trainer.starter.model import Shape

GRAPHS: Final = {32: "model.onnx", 16: "model_fp16.onnx", 8: "model_int8.onnx"}
COPIED: Final = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
)
PLAIN: Final = {
    "hidden_act": "silu",
    "attention_bias": False,
    "use_sliding_window": False,
    "rope_scaling": None,
    "rope_type": "default",
}
"""What the graph computes; a checkpoint that says otherwise is refused."""


def read_decoder(folder: Path) -> Checkpoint:
    """Read the folder. Raises TrainerError `checkpointBroken` for what cannot be exported, naming file and field."""
    try:
        checkpoint = read_checkpoint(folder)
    except (OSError, ValueError, KeyError) as fault:
        raise TrainerError("checkpointBroken", f"{folder} cannot be read as a Qwen3 checkpoint: {fault}") from fault
    said = checkpoint.config | {
        "rope_type": (checkpoint.config.get("rope_parameters") or {}).get("rope_type", "default")
    }
    for name, wanted in PLAIN.items():
        if said.get(name, wanted) != wanted:
            sentence = f"{folder / 'config.json'}: {name} is {said[name]}; only {wanted} can be exported."
            raise TrainerError("checkpointBroken", sentence)
    return checkpoint


def write_decoder(folder: Path, out: Path, bits: int, about: dict[str, str], external: bool = False) -> dict[str, Any]:
    """Write `out`, which exists and is empty, and return its export.json.

    `about` has the name and the licence. Raises TrainerError `checkpointBroken`.
    """
    checkpoint = read_decoder(folder)
    shape = shape_of(checkpoint.config)
    try:
        graph = decoder_graph(shape, checkpoint.weights, bits)
    except KeyError as fault:
        raise TrainerError("checkpointBroken", f"{folder} has no weights {fault}: it is no whole Qwen3.") from fault
    path = out / "onnx" / GRAPHS[bits]
    save_decoder(graph, path, external)
    for name in COPIED:
        if (folder / name).exists():
            shutil.copyfile(folder / name, out / name)
    described: dict[str, Any] = {"kind": "decoder", "format": 1, **about, "source": folder.name, "bits": bits}
    if bits != 32:
        described["change"] = _change(checkpoint, shape, path, Texts.of(folder))
    written = sorted(p for p in out.rglob("*") if p.is_file())
    described["files"] = [entry(p) | {"path": p.relative_to(out).as_posix()} for p in written]
    (out / "export.json").write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return described


def save_decoder(graph: onnx.ModelProto, path: Path, external: bool) -> None:
    """Write one file, or the graph and its weights apart: where that is asked for, or where they are large."""
    path.parent.mkdir(parents=True, exist_ok=True)
    apart = external or weight_bytes(graph) >= LARGE
    onnx.save(graph, path, save_as_external_data=apart, location=f"{path.name}_data" if apart else None)
    if apart:
        path.with_name(f"{path.name}_data").chmod(0o644)
    onnx.checker.check_model(str(path))


def _change(checkpoint: Checkpoint, shape: Shape, path: Path, texts: Texts) -> dict[str, Any]:
    """Of the log-probability of each token of TEXTS after those before it."""
    ids = [texts.tokenizer.encode(text, add_special_tokens=False).ids[: shape.context_length] for text in TEXTS]
    rows = [np.asarray([row], dtype=np.int64) for row in ids]
    with tempfile.TemporaryDirectory() as place:
        exact = Path(place) / GRAPHS[32]
        save_decoder(decoder_graph(shape, checkpoint.weights, 32), exact, external=False)
        before = _log_probs(exact, rows, shape)
    return summary("log-probability of a token", before, _log_probs(path, rows, shape))


def _log_probs(path: Path, rows: list[npt.NDArray[np.int64]], shape: Shape) -> npt.NDArray[np.float32]:
    graph = session(path)
    empty = np.zeros((1, shape.kv_heads, 0, shape.head_dim), dtype=np.float32)
    past = {f"past_key_values.{layer}.{part}": empty for layer in range(shape.layers) for part in ("key", "value")}
    found = []
    for ids in rows:
        places = np.arange(ids.shape[1], dtype=np.int64)[None]
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "position_ids": places, **past}
        logits = graph.run(["logits"], feeds)[0][0, :-1].astype(np.float64)
        top = logits.max(axis=1)
        total = np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top
        found.append(logits[np.arange(len(logits)), ids[0, 1:]] - total)
    return np.concatenate(found).astype(np.float32)
