"""A folder of the engine: graphs, tokenizer and a manifest that says what they are, with sizes and digests."""

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import onnx

from interlinear_trainer.stages.faults import TrainerError
from interlinear_trainer.starter.graph import LARGE, weight_bytes

NON_COMMERCIAL: Final = "CC-BY-NC-SA-4.0"
LICENCES: Final = {
    "comet": "Apache-2.0",
    "cometkiwi": NON_COMMERCIAL,
    "awesome": "BSD-3-Clause",
    "wspalign": NON_COMMERCIAL,
}
"""What the published checkpoints of a kind come under; `--licence` says otherwise."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a manifest says beside its files."""

    kind: str
    name: str
    licence: str
    source: str
    facts: dict[str, Any] = field(default_factory=dict)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def entry(path: Path) -> dict[str, Any]:
    """A file as manifests name it."""
    return {"path": path.name, "sha256": _digest(path), "bytes": path.stat().st_size}


def save_graph(model: onnx.ModelProto, out: Path, name: str) -> dict[str, dict[str, Any]]:
    """Write `name`.onnx, and `name`.onnx.data beside it where the weights are large; such a graph is checked here."""
    path = out / f"{name}.onnx"
    if weight_bytes(model) < LARGE:
        onnx.save(model, path)
        return {name: entry(path)}
    onnx.save(model, path, save_as_external_data=True, location=f"{path.name}.data", size_threshold=1024)
    (out / f"{path.name}.data").chmod(0o644)
    onnx.checker.check_model(str(path))
    return {name: entry(path), f"{name}Data": entry(out / f"{path.name}.data")}


def copy_tokenizer(folder: Path, out: Path) -> dict[str, dict[str, Any]]:
    """Copy tokenizer.json and its configuration. Raises TrainerError `checkpointBroken` where there is none."""
    if not (folder / "tokenizer.json").is_file():
        sentence = f"{folder} has no tokenizer.json. Name a folder that has one by --encoder."
        raise TrainerError("checkpointBroken", sentence)
    files = {}
    for key, name in (("tokenizer", "tokenizer.json"), ("tokenizerConfig", "tokenizer_config.json")):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, out / name)
            files[key] = entry(out / name)
    return files


def write_manifest(about: Description, files: dict[str, dict[str, Any]], out: Path) -> dict[str, Any]:
    """Write manifest.json; the revision is the start of the digest over all files' digests."""
    revision = hashlib.sha256("".join(files[key]["sha256"] for key in sorted(files)).encode()).hexdigest()[:12]
    manifest = {
        "kind": about.kind,
        "format": 1,
        "name": about.name,
        "revision": revision,
        "licence": about.licence,
        "source": about.source,
        **about.facts,
        "files": files,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return manifest
