"""What a run tells of itself and when it stops: events, cancelling, early stop, tripwires."""

import math
import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any, Final

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from interlinear_trainer.stages.checkpoints import mark_complete
from interlinear_trainer.stages.config import Stop
from interlinear_trainer.stages.events import EventLog
from interlinear_trainer.stages.faults import says
from interlinear_trainer.stages.sampling import HeldOutSampler
from interlinear_trainer.stages.tripwires import Samples, Tripwires, summarise

CANCEL: Final = "cancel"
"""A file of this name in the job directory asks the run to save and stop."""

LEAST_SECONDS: Final = 0.25
"""Between two step events: at most four a second."""

LEAK_ACCURACY: Final = 0.98
LEAK_SHARE: Final = 0.5


class StopRequest:
    """Asked by the `cancel` file or by SIGTERM; looked at between steps."""

    def __init__(self, job: Path) -> None:
        self._file = job / CANCEL
        self._signalled = False

    def listen(self) -> None:
        """Take SIGTERM and SIGINT as requests. Only from the main thread."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)

    def _on_signal(self, *_: object) -> None:
        self._signalled = True

    def asked(self) -> bool:
        """True once somebody asked any process of the run: all of them must stop after the same step."""
        here = self._signalled or self._file.exists()
        if not torch.distributed.is_available() or not torch.distributed.is_initialized():
            return here
        device = "cuda" if torch.distributed.get_backend() == "nccl" else "cpu"
        anywhere = torch.tensor([float(here)], device=device)
        torch.distributed.all_reduce(anywhere, torch.distributed.ReduceOp.MAX)
        return bool(anywhere.item() > 0)


class JobCallback(TrainerCallback):
    """Writes a job's events and decides when it ends before its last step.

    After a tripwire nothing more is saved and the evaluation that set it off cannot be the best one: the run ends with
    the best checkpoint before it.
    """

    def __init__(
        self,
        log: EventLog,
        request: StopRequest,
        stop: Stop,
        overlap: Callable[[], float],
        sampler: HeldOutSampler | None = None,
    ) -> None:
        self._log, self._request, self._stop, self._overlap, self._sampler = log, request, stop, overlap, sampler
        self._wires = Tripwires(stop)
        self._started = self._written = self._step_began = 0.0
        self._durations: deque[float] = deque(maxlen=50)
        self._first_step = 0
        self.reason: str | None = None
        self.text: str | None = None

    def _end(self, control: TrainerControl, state: TrainerState, reason: str, text: str | None = None) -> None:
        if self.reason is None:
            self.reason, self.text = reason, text
            self._log.write("stopped", reason=reason, step=state.global_step, text=text)
        control.should_training_stop = True
        if reason == "tripwire":
            control.should_save = control.should_evaluate = False

    def on_train_begin(self, args: Any, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Note when and where the run (or the resumed part of it) began."""
        self._started, self._first_step = time.monotonic(), state.global_step

    def on_step_begin(self, args: Any, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Note when a step began: evaluations and checkpoints lie between steps."""
        self._step_began = time.monotonic()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """A request to stop is granted after the step, with a checkpoint."""
        self._durations.append(time.monotonic() - self._step_began)
        if self._request.asked() and self.reason is None:
            control.should_save = True
            control.should_evaluate = False
            self._end(control, state, "cancelled")

    def on_log(
        self, args: Any, state: TrainerState, control: TrainerControl, logs: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        """A step event, and the end of a run that diverges."""
        if not logs or "loss" not in logs:
            return
        harm = self._wires.step(logs["loss"], logs.get("grad_norm"))
        if harm:
            self._end(control, state, "tripwire", harm)
            return
        now = time.monotonic()
        if now - self._written < LEAST_SECONDS and state.global_step < state.max_steps:
            return
        self._written = now
        done = max(1, state.global_step - self._first_step)
        self._log.write(
            "step",
            step=state.global_step,
            steps=state.max_steps,
            loss=logs["loss"],
            learningRate=logs.get("learning_rate", 0.0),
            gradNorm=logs.get("grad_norm"),
            nll=logs.get("nll_loss"),
            replayNll=logs.get("replay_nll"),
            accuracy=logs.get("pair_accuracy"),
            margin=logs.get("rewards/margins"),
            chosenLogP=logs.get("chosen_per_token"),
            entropy=logs.get("entropy"),
            reward=logs.get("reward"),
            gpuBytes=torch.cuda.max_memory_allocated() if torch.cuda.is_available() else None,
            stepSeconds=round(median(self._durations), 4) if self._durations else None,
            secondsLeft=round((now - self._started) / done * (state.max_steps - state.global_step), 1),
        )

    def on_evaluate(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        metrics: dict[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        """An event; then the tripwires and early stop."""
        metrics = metrics or {}
        began = time.monotonic()
        samples = summarise(self._sampler.write(kwargs["model"])) if self._sampler else None
        accuracy, chosen = metrics.get("eval_pair_accuracy"), metrics.get("eval_chosen_per_token")
        best = args.metric_for_best_model or ""
        if chosen is None and best == "eval_loss":
            chosen = -metrics["eval_loss"]  # supervised rows: the loss is the mean NLL of their tokens
        self._log.write(
            "evaluated",
            step=state.global_step,
            accuracy=accuracy,
            chosenLogP=chosen,
            guardNll=metrics.get("eval_guard_nll"),
            loss=metrics.get("eval_loss"),
            score=metrics.get("eval_score"),
            samples=asdict(samples) if samples else None,
            seconds=round(metrics.get("eval_runtime", 0.0) + time.monotonic() - began, 2),
        )
        harm = self._harm(state, accuracy, chosen, samples)
        if harm:
            metrics[best] = -math.inf if args.greater_is_better else math.inf
            self._end(control, state, "tripwire", harm)
        elif state.global_step > 0 and best in metrics and self._over(args, state, metrics):
            self._end(control, state, "earlyStop")

    def _harm(
        self, state: TrainerState, accuracy: float | None, chosen: float | None, samples: Samples | None
    ) -> str | None:
        reasons = [
            self._wires.chosen(chosen) if chosen is not None else None,
            self._wires.samples(samples) if samples else None,
            self._leak(state, accuracy) if accuracy is not None else None,
        ]
        return next((reason for reason in reasons if reason), None)

    def _leak(self, state: TrainerState, accuracy: float) -> str | None:
        """Near 1 in the first tenth: a warning, and a leak if most validation rows are known from training."""
        if accuracy < LEAK_ACCURACY or not 0 < state.global_step <= state.max_steps / 10:
            return None
        shared = self._overlap()
        text = says(
            "validation accuracy is {accuracy} in the first tenth; {share} % of its rows stand in training",
            accuracy=f"{accuracy:.3f}",
            share=round(100 * shared),
        )
        if shared > LEAK_SHARE:
            return text
        self._log.write("warning", code="earlyAccuracy", text=text)
        return None

    def _over(self, args: TrainingArguments, state: TrainerState, metrics: dict[str, float]) -> bool:
        """Enough accuracy at a checkpoint that keeps the guard, or no better evaluation for a while."""
        accuracy, score = metrics.get("eval_pair_accuracy"), metrics.get("eval_score")
        if accuracy is not None and score is not None:
            enough = accuracy >= self._stop.accuracy_enough and score > accuracy - 0.5
            if enough:
                return True
        name = args.metric_for_best_model
        values = [entry[name] for entry in state.log_history if name in entry]
        if not values:
            return False
        best = max(values) if args.greater_is_better else min(values)
        return len(values) - 1 - values.index(best) >= self._stop.patience

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Mark the checkpoint as whole."""
        if not state.is_world_process_zero or args.output_dir is None:
            return
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        mark_complete(folder)
        self._log.write("checkpoint", step=state.global_step, path=f"{folder.parent.name}/{folder.name}")
