"""The training module, transformers' Qwen3 and both ONNX graphs give the same logits."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from transformers import Qwen3Config, Qwen3ForCausalLM

from interlinear_trainer.starter.decode import OnnxStepper, Sampling, TorchStepper, generate
from interlinear_trainer.starter.export import decoder_graph
from interlinear_trainer.starter.graph import quantise_rows
from interlinear_trainer.starter.model import Decoder, MaskPool, Noise, padding_mask, qwen3_config

from .conftest import TINY

Array = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
IDS = np.random.default_rng(3).integers(4, TINY.vocab_size, (3, 9))
ATTENTION = np.ones((3, 9), dtype=np.int64)
ATTENTION[0, :4] = 0
POSITIONS = np.maximum(ATTENTION.cumsum(axis=1) - 1, 0)
REAL = ATTENTION.astype(bool)


@pytest.fixture(scope="module")
def reference(decoder: Decoder) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    mask = padding_mask(torch.from_numpy(ATTENTION), IDS.shape[1])
    with torch.no_grad():
        logits, _ = decoder(torch.from_numpy(IDS), torch.from_numpy(POSITIONS), mask)
    return logits.numpy()


@pytest.fixture(scope="module", params=[32, 8])
def stepper(decoder: Decoder, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> OnnxStepper:
    weights = {name: value.numpy() for name, value in decoder.state_dict().items()}
    path = tmp_path_factory.mktemp("graph") / f"model_{request.param}.onnx"
    onnx.save(decoder_graph(TINY, weights, request.param), path)
    return OnnxStepper(path, threads=1)


def test_transformers_gives_the_same_logits(decoder: Decoder, reference: np.ndarray) -> None:
    config = {key: value for key, value in qwen3_config(TINY, 0, 1).items() if key not in ("architectures", "dtype")}
    other = Qwen3ForCausalLM(Qwen3Config(**config)).eval()
    missing, unexpected = other.load_state_dict(decoder.state_dict(), strict=False)
    assert (missing, unexpected) == (["lm_head.weight"], [])
    with torch.no_grad():
        logits = other(
            input_ids=torch.from_numpy(IDS),
            attention_mask=torch.from_numpy(ATTENTION),
            position_ids=torch.from_numpy(POSITIONS),
        ).logits.numpy()
    assert np.abs(logits - reference)[REAL].max() < 1e-4


def test_the_float32_graph_gives_the_same_logits(decoder: Decoder, reference: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(decoder_graph(TINY, {name: value.numpy() for name, value in decoder.state_dict().items()}, 32), path)
    logits, _ = OnnxStepper(path, threads=1).full(IDS, ATTENTION, POSITIONS, None)
    assert np.abs(logits - reference)[REAL].max() < 1e-4


def test_the_quantised_graph_is_close(stepper: OnnxStepper, reference: np.ndarray) -> None:
    logits, _ = stepper.full(IDS, ATTENTION, POSITIONS, None)
    assert np.abs(logits - reference)[REAL].max() < 0.05 * np.abs(reference).max()


def test_a_cached_step_gives_what_the_full_pass_gives(stepper: OnnxStepper) -> None:
    whole, _ = stepper.full(IDS, ATTENTION, POSITIONS, None)
    past, parts = None, []
    for start, stop in ((0, 5), (5, 6), (6, 9)):
        logits, past = stepper.full(IDS[:, start:stop], ATTENTION[:, :stop], POSITIONS[:, start:stop], past)
        parts.append(logits)
    assert np.abs(np.concatenate(parts, axis=1) - whole)[REAL].max() < 1e-4


def test_left_padding_changes_nothing(stepper: OnnxStepper) -> None:
    padded, _ = stepper.full(IDS[:1], ATTENTION[:1], POSITIONS[:1], None)
    bare, _ = stepper.full(IDS[:1, 4:], ATTENTION[:1, 4:], POSITIONS[:1, 4:], None)
    assert np.abs(padded[:, 4:] - bare).max() < 1e-4


def test_batch_mates_change_nothing(stepper: OnnxStepper) -> None:
    alone, _ = stepper.full(IDS[1:2], ATTENTION[1:2], POSITIONS[1:2], None)
    mates = np.random.default_rng(4).integers(4, TINY.vocab_size, (40, 9))
    mates[17] = IDS[1]
    ones = np.ones_like(mates)
    together, _ = stepper.full(mates, ones, ones.cumsum(axis=1) - 1, None)
    assert np.abs(together[17] - alone[0]).max() < 1e-4


def test_candidates_do_not_depend_on_the_batch(decoder: Decoder, stepper: OnnxStepper) -> None:
    prompts = [[2, *IDS[row, : 3 + 2 * row].tolist(), 3] for row in range(3)]
    how = Sampling(candidates=4, temperature=0.8, max_tokens=12)
    for each in (TorchStepper(decoder), stepper):
        together = generate(each, prompts, [0, 1, 2], how)
        alone = [generate(each, [prompt], [key], how)[0] for key, prompt in enumerate(prompts)]
        assert together == alone


def test_quantised_rows_are_within_half_a_step() -> None:
    weight = np.random.default_rng(5).normal(size=(6, 64)).astype(np.float32)
    values, scales = quantise_rows(weight)
    steps = scales.reshape(6, 2, 1)
    back = (values.astype(np.float32) - 128) * steps
    assert np.all(np.abs(back - weight.reshape(6, 2, 32)) <= steps / 2 + 1e-6)


def test_a_width_that_blocks_do_not_divide_is_refused() -> None:
    with pytest.raises(ValueError, match="48 inputs do not divide into blocks of 32"):
        quantise_rows(np.zeros((2, 48), dtype=np.float32))


@pytest.mark.parametrize("whole", [False, True])
def test_dropout_zeroes_its_share_and_keeps_the_expectation(whole: bool) -> None:
    drop = MaskPool(0.25, size=1 << 20).dropper(torch.Generator().manual_seed(3), whole)
    kept = drop(torch.ones(40, 50, 64))
    assert sorted(set(kept.flatten().tolist())) == pytest.approx([0, 1 / 0.75])
    assert float((kept == 0).float().mean()) == pytest.approx(0.25, abs=0.03)
    vectors = kept.view(-1, 64)
    assert bool((vectors == vectors[:, :1]).all()) == whole
    assert not torch.equal(kept, drop(torch.ones(40, 50, 64)))


def test_noise_reaches_the_logits_and_no_noise_is_none(decoder: Decoder) -> None:
    ids = torch.from_numpy(IDS)
    plain, _ = decoder.hidden(ids)
    assert torch.equal(plain, decoder.hidden(ids, noise=Noise())[0])
    for rate_of in ("features", "tokens"):
        drop = MaskPool(0.5, size=1 << 16).dropper(torch.Generator().manual_seed(3), whole=rate_of == "tokens")
        assert not torch.allclose(plain, decoder.hidden(ids, noise=Noise(**{rate_of: drop}))[0])
