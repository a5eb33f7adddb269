"""Resuming is exact; batches, the learning rate and the starting weights do what they say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch.nn import functional

from interlinear_trainer.starter.batches import batches, collate
from interlinear_trainer.starter.model import Decoder
from interlinear_trainer.starter.optimiser import orthogonalise
from interlinear_trainer.starter.prepare import encode_pairs
from interlinear_trainer.starter.rows import load_rows, save_rows
from interlinear_trainer.starter.tokenizer import PAD_ID
from interlinear_trainer.starter.train import Precision, Recipe, Run, rate, train

from .conftest import PAIRS, TINY

RECIPE = Recipe(steps=8, batch_tokens=128, micro_batches=2, dropout=0.1, save_seconds=1e9, log_steps=100)


def silent(_: dict[str, object]) -> None:
    pass


@pytest.fixture
def work(tmp_path: Path, tokenizer: Tokenizer) -> Path:
    rows = encode_pairs(tokenizer, PAIRS * 6)
    for name in ("clean", "dropped-00", "synthetic-00", "dev"):
        save_rows(rows, tmp_path / f"{name}.npz")
    return tmp_path


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("stop_at", [2, 5])
def test_a_resumed_run_ends_with_the_weights_of_an_uninterrupted_one(
    work: Path, precision: Precision, stop_at: int
) -> None:
    recipe = replace(RECIPE, precision=precision)
    whole = Run(TINY, recipe)
    train(whole, work, silent)
    torch.manual_seed(99)
    train(Run(TINY, recipe), work, silent, stop_at=stop_at)
    resumed = Run(TINY, recipe)
    resumed.restore(work / "checkpoint.pt")
    assert resumed.step == stop_at
    train(resumed, work, silent)
    assert (resumed.step, resumed.passes, resumed.used) == (whole.step, whole.passes, whole.used)
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, resumed.model.state_dict()[name]), name
        assert torch.equal(whole.average[name], resumed.average[name]), name


def test_training_learns(work: Path) -> None:
    losses: list[float] = []

    def note(event: dict[str, object]) -> None:
        if isinstance(event.get("loss"), float):
            losses.append(float(str(event["loss"])))

    train(Run(TINY, replace(RECIPE, steps=40, log_steps=10)), work, note)
    assert losses[-1] < losses[0] - 0.5


def test_the_log_gives_the_loss_of_the_averaged_weights(work: Path) -> None:
    events: list[dict[str, object]] = []
    run = Run(TINY, RECIPE)
    train(run, work, events.append)
    model = Decoder(TINY).eval()
    model.load_state_dict(run.average)
    rows = load_rows(work / "dev.npz")
    total = 0.0
    for index in range(len(rows)):
        row = torch.from_numpy(rows.row(index)).long()
        logits, _ = model(row[None, :-1])
        prompt = int(rows.prompts[index])
        total += functional.cross_entropy(logits[0, prompt - 1 :], row[prompt:], reduction="sum").item()
    assert events[-1]["dev"] == pytest.approx(total / int((rows.lengths() - rows.prompts).sum()), abs=2e-4)


def test_a_run_can_start_from_an_exported_model(tmp_path: Path) -> None:
    other = Run(TINY, replace(RECIPE, seed=5))
    save_file(other.model.state_dict(), tmp_path / "model.safetensors")
    run = Run(TINY, RECIPE)
    run.start_from(tmp_path)
    for name, value in other.model.state_dict().items():
        assert torch.equal(run.model.state_dict()[name], value)
        assert torch.equal(run.average[name], value)
    with pytest.raises(ValueError, match=r"model\.safetensors does not fit this decoder: model\.embed_tokens"):
        Run(replace(TINY, vocab_size=321), RECIPE).start_from(tmp_path)


def test_the_last_leg_has_less_dropout_and_drops_no_token() -> None:
    run = Run(TINY, replace(RECIPE, steps=10, dropout=0.5, token_dropout=0.5, clean_dropout=0.25))
    x = torch.ones(64, 32, 64)
    shares = []
    for run.step in (0, 9):
        noise = run.noises()[0]
        shares += [float((each(x) == 0).float().mean()) for each in (noise.features, noise.tokens)]
    assert shares == pytest.approx([0.5, 0.5, 0.25, 0.0], abs=0.05)


def test_only_the_translation_is_scored(tokenizer: Tokenizer) -> None:
    rows = encode_pairs(tokenizer, PAIRS)
    batch = collate(rows, np.asarray([0, 2], dtype=np.int32))
    targets = [rows.row(index)[int(rows.prompts[index]) :] for index in (0, 2)]
    assert batch.labels.tolist() == np.concatenate(targets).tolist()
    flat = batch.input_ids.reshape(-1)
    assert PAD_ID not in flat[batch.scored].tolist()


def test_a_pass_holds_every_row_once(tokenizer: Tokenizer) -> None:
    rows = encode_pairs(tokenizer, PAIRS * 5)
    found = list(batches(rows, 100, 3))
    assert sum(len(batch.input_ids) for batch in found) == len(rows)
    assert all(batch.input_ids.numel() <= 110 for batch in found)


def test_the_learning_rate_rises_and_falls_to_zero() -> None:
    recipe = Recipe(lr=1.0, warmup=0.1)
    assert rate(recipe, 0.0) < 0.02
    assert rate(recipe, 0.1) == 1.0
    assert rate(recipe, 0.55) == pytest.approx(0.5)
    assert rate(recipe, 1.0) == 0.0


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("shape", [(2, 16, 16), (3, 8, 24), (1, 24, 8)])
def test_orthogonalised_matrices_have_singular_values_near_one(
    shape: tuple[int, int, int], precision: torch.dtype
) -> None:
    matrices = torch.randn(shape, generator=torch.Generator().manual_seed(2))
    values = torch.linalg.svdvals(orthogonalise(matrices, precision=precision))
    assert values.min() > 0.4
    assert values.max() < 1.3


def test_too_few_rows_for_a_step_are_refused(tmp_path: Path, tokenizer: Tokenizer) -> None:
    for name in ("clean", "dev"):
        save_rows(encode_pairs(tokenizer, PAIRS[:1]), tmp_path / f"{name}.npz")
    with pytest.raises(ValueError, match="1 batches, fewer than a step's 2"):
        train(Run(TINY, RECIPE), tmp_path, silent)
