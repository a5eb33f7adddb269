"""Failures that a person can act on. Each has a code that TypeScript knows and one sentence."""

from typing import Literal

FaultCode = Literal[
    "config",
    "dataMissing",
    "tooFewRows",
    "baseMissing",
    "baseMismatch",
    "diskFull",
    "outOfMemory",
    "checkpointBroken",
    "tripwire",
    "rehearsal",
    "judge",
    "packageMissing",
    "internal",
]


class TrainerError(Exception):
    """Ends a job; `code` and the sentence go into its `failed` event."""

    def __init__(self, code: FaultCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code: FaultCode = code
