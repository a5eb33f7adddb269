"""Failures that a person can act on. Each has a code that TypeScript knows and one sentence."""

from typing import Any, Literal

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


class Sentence(str):
    """An English sentence that also knows its pattern and what stands in it: whoever shows it may say it otherwise."""

    said: dict[str, Any]


def says(pattern: str, **values: str | int | Sentence) -> Sentence:
    """The sentence of a pattern with `{name}` where a value goes; a value may be a sentence itself.

    The pattern is the key of its translations (l10n/), so it is written out where this is called.
    """
    sentence = Sentence(pattern.format(**values))
    inner = {name: value.said if isinstance(value, Sentence) else value for name, value in values.items()}
    sentence.said = {"pattern": pattern, "values": inner}
    return sentence


def said_again(text: str, said: dict[str, Any] | None) -> str:
    """A sentence that was written to a file and read back."""
    if said is None:
        return text
    sentence = Sentence(text)
    sentence.said = said
    return sentence


def remark(code: str, sentence: str) -> dict[str, Any]:
    """A problem or a warning of a report."""
    said = {"said": sentence.said} if isinstance(sentence, Sentence) else {}
    return {"code": code, "text": str(sentence), **said}


class TrainerError(Exception):
    """Ends a job; `code` and the sentence go into its `failed` event."""

    def __init__(self, code: FaultCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code: FaultCode = code
        self.sentence = sentence
