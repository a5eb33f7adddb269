"""The exporter on checkpoints that are made here; the engine's tests compare with unbabel-comet's numbers."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
import yaml
from transformers import XLMRobertaConfig, XLMRobertaModel

from interlinear_trainer.__main__ import main
from interlinear_trainer.export.metrics import read_metric, sparsemax
from interlinear_trainer.stages.faults import TrainerError

SETTINGS = {
    "class_identifier": "regression_metric",
    "layer_norm": False,
    "final_activation": None,
    "activations": "Tanh",
    "pool": "avg",
    "layer": "mix",
    "layer_transformation": "sparsemax",
}


@pytest.fixture
def checkpoint(tmp_path: Path, fifty_tokens: str) -> Path:
    torch.manual_seed(3)
    config = XLMRobertaConfig(
        vocab_size=50, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=34, type_vocab_size=1, pad_token_id=1, initializer_range=0.5,
    )  # fmt: skip
    encoder = XLMRobertaModel(config, add_pooling_layer=False).eval()
    config.save_pretrained(tmp_path / "encoder")
    (tmp_path / "encoder" / "tokenizer.json").write_text(fifty_tokens)
    state = {f"encoder.model.{name}": value for name, value in encoder.state_dict().items()}
    for index, value in enumerate((0.2, 0.9, -3.0)):
        state[f"layerwise_attention.scalar_parameters.{index}"] = torch.tensor([value])
    state["layerwise_attention.gamma"] = torch.tensor([1.5])
    for place, (outputs, inputs) in zip((0, 3, 6), ((24, 192), (12, 24), (1, 12)), strict=True):
        state[f"estimator.ff.{place}.weight"] = torch.randn(outputs, inputs)
        state[f"estimator.ff.{place}.bias"] = torch.randn(outputs)
    (tmp_path / "metric" / "checkpoints").mkdir(parents=True)
    torch.save({"state_dict": state}, tmp_path / "metric" / "checkpoints" / "model.ckpt")
    (tmp_path / "metric" / "hparams.yaml").write_text(yaml.safe_dump(SETTINGS))
    torch.save(encoder, tmp_path / "encoder.pt")
    return tmp_path


def _export(place: Path, *more: str) -> int:
    metric, out, encoder = (str(place / name) for name in ("metric", "out", "encoder"))
    return main(["export", "comet", metric, out, "--encoder", encoder, *more])


def test_sparsemax_gives_shares_and_zeros() -> None:
    found = sparsemax(np.asarray([0.2, 0.9, -3.0], dtype=np.float32))
    assert found.tolist() == pytest.approx([0.15, 0.85, 0.0])


def test_the_graph_is_the_encoder_with_its_layers_mixed_and_pooled(checkpoint: Path) -> None:
    assert _export(checkpoint) == 0
    ids = torch.tensor([[0, 7, 8, 9, 2], [0, 11, 2, 1, 1]])
    mask = (ids != 1).long()
    encoder = torch.load(checkpoint / "encoder.pt", weights_only=False)
    with torch.no_grad():
        states = encoder(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
    mixed = 1.5 * (0.15 * states[0] + 0.85 * states[1])
    wanted = (mixed * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    session = onnxruntime.InferenceSession(str(checkpoint / "out" / "encoder.onnx"), providers=["CPUExecutionProvider"])
    found = session.run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0]
    assert np.abs(found - wanted.numpy()).max() < 1e-5


def test_the_manifest_names_kind_licence_limits_and_digests(checkpoint: Path) -> None:
    assert _export(checkpoint) == 0
    manifest = json.loads((checkpoint / "out" / "manifest.json").read_text())
    assert (manifest["kind"], manifest["licence"]) == ("comet", "Apache-2.0")
    assert (manifest["maxTokens"], manifest["padTokenId"]) == (30, 1)
    assert set(manifest["files"]) == {"encoder", "sides", "pairs", "tokenizer"}


def test_fewer_bits_say_how_far_the_scores_move(checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {}
    for bits in ("16", "8"):
        assert _export(checkpoint, "--bits", bits) == 0
        printed = json.loads(capsys.readouterr().out)
        manifest = json.loads((checkpoint / "out" / "manifest.json").read_text())
        assert printed["change"] == manifest["change"]
        assert manifest["change"]["of"] == "U of a pair of texts"
        found[bits] = manifest["change"]["mean"] / manifest["change"]["spread"]
        shutil.rmtree(checkpoint / "out")
    assert 0 < found["16"] < found["8"] < 0.2


def test_half_floats_take_half_the_place(checkpoint: Path) -> None:
    sizes = []
    for bits in ("32", "16"):
        assert _export(checkpoint, "--bits", bits) == 0
        sizes.append((checkpoint / "out" / "encoder.onnx").stat().st_size)
        shutil.rmtree(checkpoint / "out")
    assert sizes[1] < 0.75 * sizes[0], "biases and names stay"


@pytest.mark.parametrize(
    ("field", "value"), [("pool", "cls"), ("layer_norm", True), ("class_identifier", "xcomet_metric")]
)
def test_a_checkpoint_that_computes_something_else_is_refused(checkpoint: Path, field: str, value: object) -> None:
    (checkpoint / "metric" / "hparams.yaml").write_text(yaml.safe_dump(SETTINGS | {field: value}))
    with pytest.raises(TrainerError, match=field):
        read_metric(checkpoint / "metric", "comet")


def test_a_broken_checkpoint_leaves_nothing_behind(checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkpoint / "metric" / "checkpoints" / "model.ckpt").write_bytes(b"PK\x03\x04 cut off")
    assert _export(checkpoint) == 1
    assert "model.ckpt cannot be read" in capsys.readouterr().err
    assert not (checkpoint / "out").exists()
