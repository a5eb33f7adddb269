"""Events of a job as JSON Lines: one object a line in `events.jsonl`, appended and flushed at once.

The fields of each kind stand in `src/protocol/trainerEvents.ts`; `test/fixtures/trainer/events.jsonl` holds one of
each and is read by tests on both sides. Numbers are finite or absent: NaN is no JSON.
"""

import json
import math
import os
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Final, Literal

from interlinear_trainer.stages.faults import Sentence

EventKind = Literal[
    "started", "data", "plan", "step", "evaluated", "checkpoint", "warning", "exported", "stopped", "finished", "failed"
]

FIELDS: Final[Mapping[EventKind, tuple[frozenset[str], frozenset[str]]]] = {
    "started": (frozenset({"stage", "pid", "device", "versions", "seed", "resumedAt"}), frozenset({"resumedAt"})),
    "data": (frozenset({"read", "kept", "dropped", "validation", "replay"}), frozenset()),
    "plan": (frozenset({"steps", "epochs", "batch", "trainable", "total", "longest"}), frozenset()),
    "step": (
        frozenset(
            "step steps loss learningRate gradNorm nll replayNll accuracy margin chosenLogP entropy reward gpuBytes "
            "stepSeconds secondsLeft".split()
        ),
        frozenset(
            "gradNorm nll replayNll accuracy margin chosenLogP entropy reward gpuBytes stepSeconds secondsLeft".split()
        ),
    ),
    "evaluated": (
        frozenset({"step", "accuracy", "chosenLogP", "guardNll", "loss", "score", "samples", "seconds"}),
        frozenset({"accuracy", "chosenLogP", "guardNll", "loss", "score", "samples", "seconds"}),
    ),
    "checkpoint": (frozenset({"step", "path"}), frozenset()),
    "warning": (frozenset({"code", "text", "said"}), frozenset({"said"})),
    "exported": (frozenset({"path", "revision"}), frozenset()),
    "stopped": (frozenset({"reason", "step", "text", "said"}), frozenset({"text", "said"})),
    "finished": (frozenset({"step", "seconds", "output", "path", "best"}), frozenset({"best"})),
    "failed": (frozenset({"code", "text", "said"}), frozenset({"said"})),
}
"""Fields of each kind beside `time` and `kind`: all that may stand there, and which of them may be absent."""


def _clean(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def check_event(event: Mapping[str, Any]) -> None:
    """Raises ValueError if an event has an unknown kind, lacks a field or has one that its kind does not know."""
    kind = event.get("kind")
    fields = next((value for name, value in FIELDS.items() if name == kind), None)
    if fields is None:
        raise ValueError(f"no event of kind {kind!r}")
    known, optional = fields
    present = set(event) - {"time", "kind"}
    if not (known - optional <= present <= known):
        raise ValueError(f"{kind}: fields {sorted(present)} where {sorted(known)} are known")


class EventLog:
    """Appends events to a job's file. Only the main process of a run writes; the others get `silent`."""

    def __init__(self, path: Path, clock: Callable[[], datetime] | None = None, silent: bool = False) -> None:
        self._path = path
        self._clock = clock or (lambda: datetime.now(timezone.utc))
        self._silent = silent

    def write(self, kind: EventKind, **fields: Any) -> None:
        """Write one event; fields that are None or not finite are left out. Raises OSError if the disk refuses.

        Of a `Sentence` the pattern and its values are written too, as `said`.
        """
        if self._silent:
            return
        time = self._clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event: dict[str, Any] = {"time": time, "kind": kind}
        event |= {name: value for name, value in fields.items() if _clean(value) is not None}
        if isinstance(text := fields.get("text"), Sentence):
            event["said"] = text.said
        check_event(event)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(event, ensure_ascii=False, allow_nan=False) + "\n")


class Heartbeat:
    """Touches `heartbeat` in the job directory every two seconds: how others tell a lost job from a slow one."""

    def __init__(self, job: Path, seconds: float = 2.0) -> None:
        self._path = job / "heartbeat"
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._path.write_text(f"{os.getpid()}\n", encoding="utf-8")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.wait(self._seconds):
            # the folder may have been deleted under a running job; training then fails by itself
            if self._path.exists():
                os.utime(self._path)
