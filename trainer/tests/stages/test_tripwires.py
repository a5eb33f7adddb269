"""Tripwires: each sign by itself, and whole jobs that end with the best checkpoint before the harm."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import PreTrainedTokenizerBase, Qwen3ForCausalLM, TrainerControl, TrainerState, TrainingArguments

from interlinear_trainer.stages import run
from interlinear_trainer.stages.callbacks import JobCallback, StopRequest
from interlinear_trainer.stages.config import Stop
from interlinear_trainer.stages.cpo import JudgmentCpoTrainer
from interlinear_trainer.stages.events import EventLog
from interlinear_trainer.stages.rows import PreferenceRow, overlap, split_by_source
from interlinear_trainer.stages.sampling import HeldOutSampler
from interlinear_trainer.stages.tripwires import Samples, Tripwires, loops, summarise
from tests.stages.conftest import MakeJob, events_of, preference

ROWS = [preference(at) for at in range(72)]
# the samples of random weights loop at random: they are off unless a test is about them
SMALL = "batch_size: 8\nmax_steps: 8\nevaluations: 4\nminimum_rows: 8\nexport: never\nlora: {rank: 4, alpha: 8}\n"


def pair(source: str, chosen: str) -> PreferenceRow:
    return PreferenceRow(f"<|en|>{source}<|ja|>", chosen, "だめ", 1, source)


def test_gradient_of_a_hundred_times_the_usual_trips_after_three_steps() -> None:
    wires = Tripwires(Stop(gradient_factor=100))
    assert [wires.step(1.0, 2.0) for _ in range(10)] == [None] * 10
    assert wires.step(1.0, 199.0) is None
    assert [wires.step(1.0, 500.0), wires.step(1.0, 500.0), wires.step(1.0, 3.0)] == [None] * 3
    assert [wires.step(1.0, 500.0), wires.step(1.0, 600.0)] == [None, None]
    assert wires.step(1.0, 700.0) == "the gradient blew up: norm 700 where 2 was usual, 3 steps in a row"


def test_what_is_no_number_trips_at_once() -> None:
    assert Tripwires(Stop()).step(float("nan"), 1.0) == "the loss is not a number"
    assert Tripwires(Stop()).step(1.0, float("inf")) == "the gradient is not a number"
    assert Tripwires(Stop()).chosen(float("nan")) is not None
    assert Tripwires(Stop()).step(1.0, None) is None


def test_chosen_texts_may_fall_by_the_margin_and_no_more() -> None:
    wires = Tripwires(Stop(chosen_fall=0.5))
    assert [wires.chosen(value) for value in (-1.0, -0.2, -1.5)] == [None] * 3
    assert wires.chosen(-1.51) == "log P of chosen texts fell by 0.51 nats a token"


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([7] * 8, True),
        ([7] * 7, False),
        ([1, 2, 3, 4, 5, 6, 5, 6, 5, 6, 5, 6], True),
        ([5, 6, 5, 6, 5, 6, 5, 6, 1], False),
        ([*range(20, 36)] * 4, True),
        ([*range(20, 37)] * 4, False),
        (list(range(60)), False),
        ([], False),
    ],
)
def test_loops_are_units_of_sixteen_tokens_four_times(ids: list[int], expected: bool) -> None:
    assert loops(ids) is expected


def test_samples_are_compared_with_those_before_training() -> None:
    assert summarise([[], [1, 2], [9] * 10]) == Samples(count=3, empty=1, looping=1, tokens=4)
    assert summarise([]) == Samples(count=0, empty=0, looping=0, tokens=0)
    wires = Tripwires(Stop(length_factor=2))
    assert wires.samples(Samples(8, 0, 0, 10)) is None
    assert wires.samples(Samples(8, 4, 4, 20)) is None
    assert wires.samples(Samples(8, 5, 0, 10)) == "5 of 8 held-out samples are empty (0 before training)"
    assert wires.samples(Samples(8, 0, 5, 10)) == "5 of 8 held-out samples loop (0 before training)"
    assert "21 tokens long on average, 10 before" in (wires.samples(Samples(8, 0, 0, 21)) or "")
    assert "4 tokens long" in (wires.samples(Samples(8, 0, 0, 4)) or "")
    bad = Tripwires(Stop())
    assert bad.samples(Samples(8, 6, 6, 10)) is None
    assert bad.samples(Samples(8, 8, 8, 10)) is None


def test_sampler_writes_as_one_prompt_alone_does(base: Path, chat: PreTrainedTokenizerBase) -> None:
    rows = [pair("He comes.", "彼は来ます。"), pair("He comes.", "彼は来る。"), pair("Use 10 books here.", "使う。")]
    model = Qwen3ForCausalLM.from_pretrained(base, dtype=torch.float32).train()
    sampler = HeldOutSampler(rows, chat, 8, 128)
    assert len(sampler) == 2
    written = sampler.write(model)
    assert model.training
    model.eval()
    for row, found in zip((rows[0], rows[2]), written, strict=True):
        ids = chat(row.prompt).input_ids
        start = len(ids)
        for expected in found:
            with torch.no_grad():
                assert int(model(torch.tensor([ids])).logits[0, -1].argmax()) == expected
            ids.append(expected)
        assert 0 < len(ids) - start <= 2 * 10 + 16


def test_overlap_sees_through_case_and_punctuation() -> None:
    train = [pair("He comes.", "彼は来ます。")]
    held = [
        pair("he  comes!", "別"),
        pair("She goes.", "彼は来ます"),
        pair("She goes.", "彼女は行く。"),
        pair("I go.", "私"),
    ]
    assert overlap(train, held) == 0.5
    assert overlap(train, []) == 0


class FakeRun:
    """A callback with the trainer's state around it; nothing is trained."""

    def __init__(self, folder: Path, stop: Stop, overlap: float) -> None:
        self.callback = JobCallback(EventLog(folder / "events.jsonl"), StopRequest(folder), stop, lambda: overlap)
        self.state, self.control = TrainerState(max_steps=100), TrainerControl(should_save=True)
        self.arguments = TrainingArguments(
            output_dir=str(folder), metric_for_best_model="eval_score", greater_is_better=True, use_cpu=True
        )

    def evaluate(self, step: int, **metrics: float) -> dict[str, float]:
        self.state.global_step = step
        self.state.log_history.append(dict(metrics))
        self.callback.on_evaluate(self.arguments, self.state, self.control, metrics)
        return metrics


@pytest.mark.parametrize(("share", "step", "stops"), [(0.6, 10, True), (0.4, 10, False), (0.6, 11, False)])
def test_accuracy_near_one_in_the_first_tenth(tmp_path: Path, share: float, step: int, stops: bool) -> None:
    fake = FakeRun(tmp_path, Stop(), share)
    metrics = fake.evaluate(step, eval_pair_accuracy=0.99, eval_score=0.99)
    assert fake.control.should_training_stop is stops
    assert metrics["eval_score"] == (-float("inf") if stops else 0.99)
    assert fake.control.should_save is not stops
    codes = [event.get("code", event.get("reason")) for event in events_of(tmp_path)]
    assert codes == ([None, "tripwire"] if stops else [None, "earlyAccuracy"] if step == 10 else [None])


def break_loss_after(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    whole = JudgmentCpoTrainer.get_batch_loss_metrics

    def broken(self: Any, model: Any, batch: Any, train_eval: str = "train") -> Any:
        loss, metrics = whole(self, model, batch, train_eval)
        return (loss * float("nan") if train_eval == "train" and self.state.global_step >= step else loss), metrics

    monkeypatch.setattr(JudgmentCpoTrainer, "get_batch_loss_metrics", broken)


@pytest.mark.parametrize("validation", ["", "validation_share: 0\n"])
def test_nan_ends_with_the_checkpoint_before_it(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch, validation: str
) -> None:
    job = make_job("cpo", ROWS, SMALL + validation + "stop: {samples: 0}\n")
    break_loss_after(monkeypatch, 5)
    assert run.run_job(job) == 0
    stopped, finished = events_of(job)[-2:]
    assert (stopped["reason"], stopped["step"], stopped["text"]) == ("tripwire", 6, "the loss is not a number")
    assert finished["best"] in (2, 4)
    adapter = load_file(job / "adapter" / "adapter_model.safetensors")
    kept = load_file(job / "checkpoints" / f"checkpoint-{finished['best']}" / "adapter_model.safetensors")
    assert all(torch.equal(adapter[name], kept[name]) for name in kept)
    assert not (job / "checkpoints" / "checkpoint-6").exists()


def test_nan_before_the_first_checkpoint_writes_no_adapter(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job("cpo", ROWS, SMALL)
    break_loss_after(monkeypatch, 0)
    assert run.run_job(job) == 1
    assert events_of(job)[-1]["code"] == "tripwire"
    assert "no adapter was written" in events_of(job)[-1]["text"]
    assert not (job / "adapter").exists()


def test_falling_likelihood_stops_and_is_not_the_best(make_job: MakeJob) -> None:
    config = SMALL.replace("max_steps: 8", "max_steps: 40").replace("evaluations: 4", "evaluations: 20")
    stop = "stop: {chosen_fall: 0.3, patience: 99, samples: 0}\n"
    _, held = split_by_source([pair(row["source"], row["chosen"]) for row in ROWS], 0.1)
    turned = {row.source for row in held}  # validation prefers what training rejects
    rows = [
        {**row, "chosen": row["rejected"], "rejected": row["chosen"]} if row["source"] in turned else row
        for row in ROWS
    ]
    job = make_job("cpo", rows, config + "learning_rate: 0.02\nloss: {alpha: 0, beta: 2}\n" + stop)
    assert run.run_job(job) == 0
    stopped, finished = events_of(job)[-2:]
    assert stopped["reason"] == "tripwire"
    assert "log P of chosen texts fell by" in stopped["text"]
    assert finished["best"] < stopped["step"]
    assert json.loads((job / "adapter" / "interlinear.json").read_text())["best"] == finished["best"]


def test_evaluations_tell_of_samples_and_time(make_job: MakeJob) -> None:
    rows = [{"prompt": row["prompt"], "completion": row["chosen"], "source": row["source"]} for row in ROWS]
    job = make_job("sft", rows, SMALL + "stop: {samples: 3}\n")
    assert run.run_job(job) == 0
    evaluated = [event for event in events_of(job) if event["kind"] == "evaluated"]
    assert {event["samples"]["count"] for event in evaluated} == {3}
    assert all(event["seconds"] > 0 and event["chosenLogP"] == -event["loss"] for event in evaluated)
