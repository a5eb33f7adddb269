"""The exporter on checkpoints that are made here; the engine's tests compare with unbabel-comet's numbers."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
import yaml

from interlinear_trainer.__main__ import main
from interlinear_trainer.export.metrics import read_metric, sparsemax
from interlinear_trainer.stages.faults import TrainerError
from tests.random_checkpoints import SETTINGS, write_comet


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    torch.save(write_comet(tmp_path), tmp_path / "encoder.pt")
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


def test_the_manifest_says_where_the_checkpoint_came_from(
    checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _export(checkpoint, "--source", "Somebody/a-metric@abc", "--bits", "16", "--steps") == 0
    assert json.loads((checkpoint / "out" / "manifest.json").read_text())["source"] == "Somebody/a-metric@abc"
    steps = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(step["step"], step["of"]) for step in steps] == [(1, 3), (2, 3), (3, 3)]


def test_of_xcomet_it_is_said_what_to_use_instead(checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = SETTINGS | {"class_identifier": "xcomet_metric"}
    (checkpoint / "metric" / "hparams.yaml").write_text(yaml.safe_dump(settings))
    assert _export(checkpoint) == 1
    said = capsys.readouterr().err
    assert "XCOMET" in said
    assert "use wmt22-comet-da" in said
    assert "not for commercial use" in said


def test_half_floats_take_half_the_place(checkpoint: Path) -> None:
    sizes = []
    for bits in ("32", "16"):
        assert _export(checkpoint, "--bits", bits) == 0
        sizes.append((checkpoint / "out" / "encoder.onnx").stat().st_size)
        shutil.rmtree(checkpoint / "out")
    assert sizes[1] < 0.75 * sizes[0], "biases and names stay"


@pytest.mark.parametrize(
    ("field", "value"), [("pool", "cls"), ("layer_norm", True), ("class_identifier", "referenceless_metric")]
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
