"""The exporter of aligners on checkpoints that are made here; the engine's tests compare alignments with Python's."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import BertConfig, BertForMaskedLM, BertForQuestionAnswering, BertModel

from interlinear_trainer.__main__ import main

CONFIG = {
    "vocab_size": 50, "hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 64,
    "max_position_embeddings": 34, "initializer_range": 0.5,
}  # fmt: skip
IDS = torch.tensor([[2, 9, 11, 3, 14, 3], [2, 30, 3, 0, 0, 0]])
MASK = (IDS != 0).long()
TYPES = torch.tensor([[0, 0, 0, 0, 1, 1], [0, 0, 0, 0, 0, 0]])


def _checkpoint(place: Path, factory: type) -> Path:
    torch.manual_seed(3)
    folder = place / "checkpoint"
    factory(BertConfig(**CONFIG)).save_pretrained(folder)
    (folder / "tokenizer.json").write_text("{}")
    return folder


def _run(folder: Path, graph: str, **feeds: torch.Tensor) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(str(folder / graph), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, {name: value.numpy() for name, value in feeds.items()})
    return found


def test_the_layer_that_is_asked_for_comes_out_of_the_encoder_below_a_head(tmp_path: Path) -> None:
    folder = _checkpoint(tmp_path, BertForMaskedLM)
    assert main(["export", "awesome", str(folder), str(tmp_path / "out"), "--layer", "2"]) == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    said = [manifest[key] for key in ("kind", "layer", "width", "threshold", "maxTokens")]
    assert said == ["awesome", 2, 32, 0.001, 34]
    states = _run(tmp_path / "out", "states.onnx", input_ids=IDS, attention_mask=MASK)[0]
    with torch.no_grad():
        wanted = BertModel.from_pretrained(folder).eval()(IDS, attention_mask=MASK, output_hidden_states=True)
    real = MASK.bool()
    assert np.abs(states[real] - wanted.hidden_states[2].numpy()[real]).max() < 1e-4


def test_a_question_answering_model_is_told_which_text_is_which(tmp_path: Path) -> None:
    folder = _checkpoint(tmp_path, BertForQuestionAnswering)
    assert main(["export", "wspalign", str(folder), str(tmp_path / "out")]) == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (manifest["kind"], manifest["typed"], manifest["licence"]) == ("wspalign", True, "CC-BY-NC-SA-4.0")
    start, end = _run(tmp_path / "out", "spans.onnx", input_ids=IDS, attention_mask=MASK, token_type_ids=TYPES)
    with torch.no_grad():
        model = BertForQuestionAnswering.from_pretrained(folder).eval()
        wanted = model(IDS, attention_mask=MASK, token_type_ids=TYPES)
    real = MASK.bool()
    assert np.abs(start[real] - wanted.start_logits.numpy()[real]).max() < 1e-4
    assert np.abs(end[real] - wanted.end_logits.numpy()[real]).max() < 1e-4


@pytest.mark.parametrize("kind", ["awesome", "wspalign"])
def test_eight_bits_say_how_much_they_change(tmp_path: Path, fifty_tokens: str, kind: str) -> None:
    folder = _checkpoint(tmp_path, BertForQuestionAnswering)
    (folder / "tokenizer.json").write_text(fifty_tokens)
    layer = ["--layer", "3"] if kind == "awesome" else []
    assert main(["export", kind, str(folder), str(tmp_path / "out"), "--bits", "8", *layer]) == 0
    change = json.loads((tmp_path / "out" / "manifest.json").read_text())["change"]
    assert 0 < change["mean"] < change["largest"] < 0.5


def test_a_tokenizer_that_is_none_is_refused_where_scores_are_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _checkpoint(tmp_path, BertForQuestionAnswering)
    assert main(["export", "wspalign", str(folder), str(tmp_path / "out"), "--bits", "16"]) == 1
    assert "tokenizer.json cannot be read as a tokenizer" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "factory", "said"),
    [("wspalign", BertModel, "has no qa_outputs"), ("awesome", BertModel, "has 3 layers; --layer 8 is none of them")],
)
def test_a_checkpoint_that_is_another_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, factory: type, said: str
) -> None:
    folder = _checkpoint(tmp_path, factory)
    assert main(["export", kind, str(folder), str(tmp_path / "out")]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_truncated_checkpoint_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _checkpoint(tmp_path, BertModel)
    (folder / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:100])
    assert main(["export", "awesome", str(folder), str(tmp_path / "out"), "--layer", "1"]) == 1
    assert "cannot be read as a checkpoint" in capsys.readouterr().err
