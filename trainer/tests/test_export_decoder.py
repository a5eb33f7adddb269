"""The exporter of decoders on small random checkpoints; the contract suite runs what it writes in the engine."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM

from interlinear_trainer.__main__ import main

CONFIG = {
    "vocab_size": 50, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 32, "max_position_embeddings": 64, "initializer_range": 0.3,
}  # fmt: skip
IDS = np.asarray([[7, 9, 11, 30, 14, 3]])


@pytest.fixture
def checkpoint(tmp_path: Path, fifty_tokens: str) -> Path:
    torch.manual_seed(3)
    folder = tmp_path / "checkpoint"
    Qwen3ForCausalLM(Qwen3Config(**CONFIG, rope_theta=10000.0, tie_word_embeddings=False)).save_pretrained(folder)
    (folder / "tokenizer.json").write_text(fifty_tokens)
    (folder / "tokenizer_config.json").write_text("{}")
    return folder


def _logits(graph: Path) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    empty = np.zeros((1, 2, 0, 32), dtype=np.float32)
    past = {f"past_key_values.{layer}.{part}": empty for layer in range(2) for part in ("key", "value")}
    places = np.arange(IDS.shape[1])[None]
    feeds = {"input_ids": IDS, "attention_mask": np.ones_like(IDS), "position_ids": places, **past}
    found: np.ndarray = session.run(["logits"], feeds)[0]
    return found


def _wanted(folder: Path) -> np.ndarray:
    model = Qwen3ForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.no_grad():
        found: np.ndarray = model(torch.tensor(IDS)).logits.numpy()
    return found


def _run(folder: Path, *more: str) -> int:
    return main(["export", "decoder", str(folder), str(folder.parent / "out"), *more])


def test_the_graph_gives_the_logits_of_transformers(checkpoint: Path) -> None:
    assert _run(checkpoint, "--licence", "Apache-2.0", "--name", "small") == 0
    out = checkpoint.parent / "out"
    assert np.abs(_logits(out / "onnx" / "model.onnx") - _wanted(checkpoint)).max() < 1e-4
    described = json.loads((out / "export.json").read_text())
    assert [described[key] for key in ("kind", "name", "licence", "bits")] == ["decoder", "small", "Apache-2.0", 32]
    listed = {file["path"] for file in described["files"]}
    assert listed == {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()} - {"export.json"}


def test_weights_in_several_files_are_read_like_those_in_one(checkpoint: Path) -> None:
    wanted = _wanted(checkpoint)
    model = Qwen3ForCausalLM.from_pretrained(checkpoint, dtype=torch.float32)
    (checkpoint / "model.safetensors").unlink()
    model.save_pretrained(checkpoint, max_shard_size="60KB")
    assert len(list(checkpoint.glob("model-*.safetensors"))) > 1
    assert _run(checkpoint) == 0
    assert np.abs(_logits(checkpoint.parent / "out" / "onnx" / "model.onnx") - wanted).max() < 1e-4


@pytest.mark.parametrize(("bits", "file"), [("16", "model_fp16.onnx"), ("8", "model_int8.onnx")])
def test_fewer_bits_say_how_far_the_scores_move(
    checkpoint: Path, capsys: pytest.CaptureFixture[str], bits: str, file: str
) -> None:
    assert _run(checkpoint, "--bits", bits) == 0
    change: dict[str, Any] = json.loads(capsys.readouterr().out)["change"]
    assert change == json.loads((checkpoint.parent / "out" / "export.json").read_text())["change"]
    assert change["of"] == "log-probability of a token"
    assert 0 < change["mean"] < change["spread"] / 4
    assert (checkpoint.parent / "out" / "onnx" / file).is_file()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model_type": "llama"}, "model_type is 'llama', not 'qwen3'"),
        ({"rope_scaling": {"rope_type": "yarn"}}, "rope_scaling is .*only None"),
        ({"rope_parameters": {"rope_type": "linear", "rope_theta": 1e4}}, "rope_type is linear"),
        ({"attention_bias": True}, "attention_bias is True"),
        ({"num_hidden_layers": 5}, "has no weights 'model.layers.2"),
    ],
)
def test_what_computes_something_else_is_refused(
    checkpoint: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], said: str
) -> None:
    path = checkpoint / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert _run(checkpoint) == 1
    assert re.search(said, capsys.readouterr().err)
    assert not (checkpoint.parent / "out").exists()


def test_another_architecture_and_a_cut_file_are_refused(
    checkpoint: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    other = tmp_path / "other"
    settings = {key: value for key, value in CONFIG.items() if key != "head_dim"}
    Qwen2ForCausalLM(Qwen2Config(**settings)).save_pretrained(other)
    assert main(["export", "decoder", str(other), str(tmp_path / "out")]) == 1
    assert "not 'qwen3'" in capsys.readouterr().err
    weights = checkpoint / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert _run(checkpoint) == 1
    assert "is cut off" in capsys.readouterr().err
