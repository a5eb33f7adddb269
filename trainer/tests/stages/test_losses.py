"""Losses against values computed by hand from the formulas, on a tiny random Qwen3 on the CPU."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, PreTrainedTokenizerBase
from trl.experimental.cpo import CPOTrainer

from interlinear_trainer.stages.callbacks import JobCallback, StopRequest
from interlinear_trainer.stages.config import Config, Loss, Mrpo, Replay, Stop
from interlinear_trainer.stages.events import EventLog
from interlinear_trainer.stages.jobs import read_job
from interlinear_trainer.stages.material import Material
from interlinear_trainer.stages.mrpo import pick, preference_kl, reward, self_weight
from interlinear_trainer.stages.rows import PoolRow, PreferenceRow, SupervisedRow
from interlinear_trainer.stages.trainers import build_trainer
from tests.stages.conftest import MakeJob, preference


def by_hand(model: Any, chat: PreTrainedTokenizerBase, prompt: str, text: str) -> list[float]:
    """log P of each token of `text` and of the end token, one sequence at a time, no batch, no padding."""
    before, ids = chat(prompt).input_ids, [*chat(prompt + text).input_ids, chat.eos_token_id]
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
    found = []
    for at in range(len(before), len(ids)):
        row = [float(value) for value in logits[at - 1]]
        top = max(row)
        found.append(row[ids[at]] - top - math.log(sum(math.exp(value - top) for value in row)))
    return found


def trainer_for(
    job: Path, chat: PreTrainedTokenizerBase, config: Config, rows: list[Any], replay: list[SupervisedRow]
) -> Any:
    model = AutoModelForCausalLM.from_pretrained(read_job(job).base, dtype=torch.float32)
    watch = JobCallback(EventLog(job / "events.jsonl"), StopRequest(job), Stop(), lambda: 0)
    return build_trainer(read_job(job), config, Material(rows, [], replay), (model, chat, [watch]))


def first_batch(trainer: Any) -> dict[str, Any]:
    return dict(trainer.data_collator([trainer.train_dataset[at] for at in range(len(trainer.train_dataset))]))


def sigmoid_loss(x: float) -> float:
    return math.log1p(math.exp(-x))


def pairs(count: int) -> list[PreferenceRow]:
    rows = [preference(at) for at in range(count)]
    return [
        PreferenceRow(row["prompt"], row["chosen"], row["rejected"] + "ね" * at, row["bc"], row["source"])
        for at, row in enumerate(rows)
    ]


@pytest.mark.parametrize("alpha", [0.0, 1.0, 0.3])
def test_sigmoid_cpo_masks_the_likelihood_by_row(
    make_job: MakeJob, chat: PreTrainedTokenizerBase, alpha: float
) -> None:
    rows = pairs(4)
    config = Config(tuning="full", loss=Loss(beta=0.2, alpha=alpha))
    trainer = trainer_for(make_job("cpo", [preference(0)]), chat, config, rows, [])
    model = trainer.model.eval()
    expected, nll, tokens = 0.0, 0.0, 0
    for row in rows:
        chosen, rejected = (by_hand(model, chat, row.prompt, text) for text in (row.chosen, row.rejected))
        expected += sigmoid_loss(0.2 * (sum(chosen) - sum(rejected))) / len(rows)
        if row.bc:
            nll, tokens = nll - sum(chosen), tokens + len(chosen)
    loss, metrics = trainer.get_batch_loss_metrics(model, first_batch(trainer))
    assert [row.bc for row in rows] == [0, 1, 0, 1]
    assert loss.item() == pytest.approx(expected + alpha * nll / tokens, abs=1e-5)
    assert metrics["nll_loss"] == pytest.approx(nll / tokens, abs=1e-5)


def test_rows_without_bc_have_no_likelihood_term(make_job: MakeJob, chat: PreTrainedTokenizerBase) -> None:
    rows = [PreferenceRow(row.prompt, row.chosen, row.rejected, 0, row.source) for row in pairs(3)]
    trainer = trainer_for(make_job("cpo", [preference(0)]), chat, Config(tuning="full"), rows, [])
    _, metrics = trainer.get_batch_loss_metrics(trainer.model.eval(), first_batch(trainer))
    assert metrics["nll_loss"] == 0


def test_equals_plain_trl_when_every_row_counts(make_job: MakeJob, chat: PreTrainedTokenizerBase) -> None:
    rows = [PreferenceRow(row.prompt, row.chosen, row.rejected, 1, row.source) for row in pairs(4)]
    trainer = trainer_for(make_job("cpo", [preference(0)]), chat, Config(tuning="full"), rows, [])
    batch, model = first_batch(trainer), trainer.model.eval()
    ours, metrics = trainer.get_batch_loss_metrics(model, batch)
    trainer.__class__ = CPOTrainer
    theirs, plain = trainer.get_batch_loss_metrics(model, batch)
    assert ours.item() == pytest.approx(theirs.item(), abs=1e-6)
    assert {name: metrics[name] for name in plain} == pytest.approx(plain, abs=1e-5)


def test_simpo_uses_means_and_gamma(make_job: MakeJob, chat: PreTrainedTokenizerBase) -> None:
    rows = pairs(3)
    config = Config(tuning="full", loss=Loss(beta=2.0, alpha=0.0, type="simpo", gamma=0.5))
    trainer = trainer_for(make_job("cpo", [preference(0)]), chat, config, rows, [])
    expected = 0.0
    for row in rows:
        chosen, rejected = (by_hand(trainer.model, chat, row.prompt, text) for text in (row.chosen, row.rejected))
        gap = sum(chosen) / len(chosen) - sum(rejected) / len(rejected)
        expected += sigmoid_loss(2.0 * gap - 0.5) / len(rows)
    loss, _ = trainer.get_batch_loss_metrics(trainer.model.eval(), first_batch(trainer))
    assert loss.item() == pytest.approx(expected, abs=1e-5)


def test_replay_rows_add_their_mean_nll(make_job: MakeJob, chat: PreTrainedTokenizerBase) -> None:
    supervised = [SupervisedRow("<|en|>Use it.<|ja|>", text, text) for text in ("使ってください。", "使う。")]
    config = Config(tuning="full", replay=Replay(share=1.0, weight=0.7))
    trainer = trainer_for(make_job("cpo", [preference(0)]), chat, config, pairs(3), supervised)
    model, batch = trainer.model, first_batch(trainer)
    without, _ = trainer.get_batch_loss_metrics(model.eval(), batch, "eval")
    drawn = trainer.mixture.replay.draw(trainer.mixture.rows_per_batch, (7, 0, 0, 0))
    nll, tokens = 0.0, 0
    for ids, labels in zip(drawn.input_ids.tolist(), drawn.labels.tolist(), strict=True):
        text = chat.decode([label for label in labels if label > 0])
        found = by_hand(model, chat, "<|en|>Use it.<|ja|>", text)
        assert ids[: labels.count(-100) - ids.count(1)] == chat("<|en|>Use it.<|ja|>").input_ids
        nll, tokens = nll - sum(found), tokens + len(found)
    loss, metrics = trainer.get_batch_loss_metrics(model.train(), batch)
    assert trainer.mixture.rows_per_batch == 8
    assert metrics["replay_nll"] == pytest.approx(nll / tokens, abs=1e-5)
    assert loss.item() == pytest.approx(without.item() + 0.7 * nll / tokens, abs=1e-5)


def test_supervised_rows_learn_the_completion_and_one_end_token(
    make_job: MakeJob, chat: PreTrainedTokenizerBase
) -> None:
    rows = [SupervisedRow("<|en|>Use it.<|ja|>", "使ってください。", "Use it.")]
    trainer = trainer_for(make_job("sft", [preference(0)]), chat, Config(tuning="full"), rows, [])
    batch = next(iter(trainer.get_train_dataloader()))
    assert chat.decode(batch["input_ids"][0]) == "<|en|>Use it.<|ja|>使ってください。<|end|>"
    assert chat.decode([label for label in batch["labels"][0].tolist() if label != -100]) == "使ってください。<|end|>"


def test_multi_reward_by_hand(make_job: MakeJob, chat: PreTrainedTokenizerBase) -> None:
    texts, scores = ("彼は来ます。", "彼は来る。", "彼は来なかった"), (80.0, 71.0, 30.0)
    rows = [PoolRow("<|en|>He comes.<|ja|>", texts, scores, "He comes.")]
    constants = Mrpo(self_weight_start=0.4, self_weight_end=0.4, kl=0.9, tau=0.3, kappa=10.0, margin=0.1)
    config = Config(tuning="full", mrpo=constants, loss=Loss(beta=0.1, alpha=1.0))
    trainer = trainer_for(make_job("mrpo", [preference(0)]), chat, config, rows, [])
    model = trainer.model.eval()
    logps = [by_hand(model, chat, rows[0].prompt, text) for text in texts]
    means = [sum(each) / len(each) for each in logps]

    def z(values: list[float]) -> list[float]:
        mean = sum(values) / len(values)
        deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
        return [(value - mean) / max(deviation, 0.01) for value in values]

    rewards = [0.6 * a + 0.4 * b for a, b in zip(z(list(scores)), z(means), strict=True)]
    best, worst = rewards.index(max(rewards)), rewards.index(min(rewards))
    sign = 1 if scores[best] >= scores[worst] else -1
    p = 1 / (1 + math.exp(-0.3 * sign * (scores[best] - scores[worst])))
    q = 1 / (1 + math.exp(-10 * sign * (means[best] - means[worst])))
    kl = p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))
    preferred = sigmoid_loss(0.1 * (sum(logps[best]) - sum(logps[worst])))
    loss, _ = trainer.get_batch_loss_metrics(model, first_batch(trainer))
    assert loss.item() == pytest.approx(preferred + 0.9 * kl - means[best], abs=1e-4)


def test_multi_reward_parts() -> None:
    assert self_weight(0, Mrpo()) == 0.05
    assert self_weight(0.5, Mrpo()) == pytest.approx(0.425)
    # z of (0, 100) is (-1, 1) whatever the scale; half of each reward cancels
    assert reward(torch.tensor([0.0, 100.0]), torch.tensor([-1.0, -2.0]), 0.5).tolist() == pytest.approx(
        [0, 0], abs=1e-6
    )
    assert pick(torch.tensor([0.0, 0.05]), 0.1).skipped
    assert not pick(torch.tensor([0.0, 0.5]), 0.1).skipped
    # the order is that of QE, so a pair given the other way round has the same divergence
    there = preference_kl(torch.tensor([5.0]), torch.tensor([-0.2]), Mrpo())
    back = preference_kl(torch.tensor([-5.0]), torch.tensor([0.2]), Mrpo())
    assert there.item() == pytest.approx(back.item())
    same = preference_kl(torch.tensor([10.0]), torch.tensor([0.3]), Mrpo())
    assert same.item() == pytest.approx(0, abs=1e-6)
