"""What a run tells of itself and when it stops: events, cancelling, early stop, tripwires."""

import math
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from interlinear_trainer.stages.config import Stop
from interlinear_trainer.stages.events import EventLog

COMPLETE: Final = "complete"
"""Written into a checkpoint folder after all its files: a folder without it was cut off while it was written."""

CANCEL: Final = "cancel"
"""A file of this name in the job directory asks the run to save and stop."""

LEAST_SECONDS: Final = 0.25
"""Between two step events: at most four a second."""

LEAK_ACCURACY: Final = 0.98


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
    """Writes a job's events and decides when it ends before its last step."""

    def __init__(self, log: EventLog, request: StopRequest, stop: Stop, overlap: Callable[[], int]) -> None:
        self._log, self._request, self._stop, self._overlap = log, request, stop, overlap
        self._started = self._written = 0.0
        self._first_step = 0
        self._first_chosen: float | None = None
        self.reason: str | None = None

    def _end(self, control: TrainerControl, state: TrainerState, reason: str, text: str | None = None) -> None:
        if self.reason is None:
            self.reason = reason
            self._log.write("stopped", reason=reason, step=state.global_step, text=text)
        control.should_training_stop = True

    def on_train_begin(self, args: Any, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Note when and where the run (or the resumed part of it) began."""
        self._started, self._first_step = time.monotonic(), state.global_step

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """A request to stop is granted after the step, with a checkpoint."""
        if self._request.asked() and self.reason is None:
            control.should_save = True
            control.should_evaluate = False
            self._end(control, state, "cancelled")

    def on_log(
        self, args: Any, state: TrainerState, control: TrainerControl, logs: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        """A step event, and the end of a run whose loss is no number."""
        if not logs or "loss" not in logs:
            return
        if not math.isfinite(logs["loss"]):
            self._end(control, state, "tripwire", "the loss is not a number")
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
            gpuBytes=torch.cuda.max_memory_allocated() if torch.cuda.is_available() else None,
            secondsLeft=round((now - self._started) / done * (state.max_steps - state.global_step), 1),
        )

    def on_evaluate(
        self,
        args: Any,
        state: TrainerState,
        control: TrainerControl,
        metrics: dict[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        """An event; then early stop and the tripwires."""
        metrics = metrics or {}
        accuracy, chosen = metrics.get("eval_pair_accuracy"), metrics.get("eval_chosen_per_token")
        self._log.write(
            "evaluated",
            step=state.global_step,
            accuracy=accuracy,
            chosenLogP=chosen,
            guardNll=metrics.get("eval_guard_nll"),
            loss=metrics.get("eval_loss"),
            score=metrics.get("eval_score"),
        )
        if chosen is not None:
            self._watch_chosen(state, control, chosen)
        if accuracy is not None and accuracy >= LEAK_ACCURACY and 0 < state.global_step <= state.max_steps / 10:
            shared = self._overlap()
            text = f"validation accuracy is {accuracy:.3f} in the first tenth; {shared} validation rows share a source"
            self._log.write("warning", code="earlyAccuracy", text=text)
        score = metrics.get("eval_score")
        if score is None or state.global_step == 0:
            return
        enough = accuracy is not None and accuracy >= self._stop.accuracy_enough and score > accuracy - 0.5
        if enough or self._stale(state):
            self._end(control, state, "earlyStop")

    def _watch_chosen(self, state: TrainerState, control: TrainerControl, chosen: float) -> None:
        if self._first_chosen is None:
            self._first_chosen = chosen
        elif self._first_chosen - chosen > self._stop.chosen_fall:
            fall = self._first_chosen - chosen
            self._end(control, state, "tripwire", f"log P of chosen texts fell by {fall:.2f} nats a token")

    def _stale(self, state: TrainerState) -> bool:
        scores = [entry["eval_score"] for entry in state.log_history if "eval_score" in entry]
        if not scores:
            return False
        return len(scores) - 1 - scores.index(max(scores)) >= self._stop.patience

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Mark the checkpoint as whole."""
        if not state.is_world_process_zero or args.output_dir is None:
            return
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        (folder / COMPLETE).write_text("", encoding="utf-8")
        self._log.write("checkpoint", step=state.global_step, path=f"{folder.parent.name}/{folder.name}")
