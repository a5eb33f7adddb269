"""Resuming is exact; batches and the learning rate do what they say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from interlinear_trainer.starter.batches import batches, collate
from interlinear_trainer.starter.optimiser import orthogonalise
from interlinear_trainer.starter.prepare import encode_pairs, save_rows
from interlinear_trainer.starter.tokenizer import PAD_ID
from interlinear_trainer.starter.train import Recipe, Run, rate, train

from .conftest import PAIRS, TINY

RECIPE = Recipe(steps=8, batch_tokens=128, dropout=0.1, save_seconds=1e9, log_steps=100)


def silent(_: dict[str, object]) -> None:
    pass


@pytest.fixture
def work(tmp_path: Path, tokenizer: Tokenizer) -> Path:
    rows = encode_pairs(tokenizer, PAIRS * 6)
    for name in ("clean", "dropped-00", "dev"):
        save_rows(rows, tmp_path / f"{name}.npz")
    return tmp_path


def test_a_resumed_run_ends_with_the_weights_of_an_uninterrupted_one(work: Path) -> None:
    whole = Run(TINY, RECIPE)
    train(whole, work, silent)
    torch.manual_seed(99)
    train(Run(TINY, RECIPE), work, silent, stop_at=5)
    resumed = Run(TINY, replace(RECIPE))
    resumed.restore(work / "checkpoint.pt")
    assert resumed.step == 5
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


@pytest.mark.parametrize("shape", [(2, 16, 16), (3, 8, 24), (1, 24, 8)])
def test_orthogonalised_matrices_have_singular_values_near_one(shape: tuple[int, int, int]) -> None:
    matrices = torch.randn(shape, generator=torch.Generator().manual_seed(2))
    values = torch.linalg.svdvals(orthogonalise(matrices))
    assert values.min() > 0.4
    assert values.max() < 1.3


def test_too_few_rows_for_a_step_are_refused(tmp_path: Path, tokenizer: Tokenizer) -> None:
    for name in ("clean", "dev"):
        save_rows(encode_pairs(tokenizer, PAIRS[:1]), tmp_path / f"{name}.npz")
    with pytest.raises(ValueError, match="1 batches, fewer than one step's 2"):
        train(Run(TINY, RECIPE), tmp_path, silent)
