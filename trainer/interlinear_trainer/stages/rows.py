"""Rows of a job's data: read, checked, rendered, measured. What does not fit is dropped and counted, never cut."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from interlinear_trainer.stages.faults import TrainerError, says

_CONTROL: Final = re.compile(r"<\|[^|<>\s]+\|>")


class Chat(Protocol):
    """The part of a Hugging Face tokenizer that rows need."""

    chat_template: Any

    def __call__(self, text: Any, *, add_special_tokens: bool) -> Any:
        """Token ids under `input_ids`."""

    def apply_chat_template(self, conversation: Any, **kwargs: Any) -> Any:
        """The conversation as text."""

    def get_vocab(self) -> dict[str, int]:
        """Every token with its id."""


@dataclass(frozen=True, slots=True)
class PreferenceRow:
    """A rendered pair; `bc` 1 lets the likelihood term learn from `chosen` (decisions.md 26)."""

    prompt: str
    chosen: str
    rejected: str
    bc: int
    source: str


@dataclass(frozen=True, slots=True)
class SupervisedRow:
    """A rendered translation to learn."""

    prompt: str
    completion: str
    source: str


@dataclass(frozen=True, slots=True)
class PoolRow:
    """Several candidates of one source with the quality that an estimator gave each, 0 to 100."""

    prompt: str
    candidates: tuple[str, ...]
    scores: tuple[float, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PromptRow:
    """A prompt to write translations for, with the principles that were made for it alone."""

    prompt: str
    principles: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text to continue the training of the base on; it is packed, so no length is too long."""

    text: str
    source: str


AnyRow = PreferenceRow | SupervisedRow | PoolRow | PromptRow | TextRow
Row = TypeVar("Row", PreferenceRow, SupervisedRow, PoolRow, PromptRow, TextRow)


@dataclass(frozen=True, slots=True)
class Fit:
    """Rows that can be trained on, why the others cannot, and the longest that is left, in tokens."""

    rows: list[Any]
    read: int
    dropped: dict[str, int]
    longest: int


def read_objects(path: Path) -> tuple[list[dict[str, Any]], int]:
    """Objects of a JSON Lines file and how many lines are none. Raises TrainerError `dataMissing`."""
    if not path.exists():
        raise TrainerError(
            "dataMissing", says("{path} does not exist. Export pairs first, or check the data.", path=str(path))
        )
    found: list[dict[str, Any]] = []
    broken = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError:
            value = None
        if isinstance(value, dict):
            found.append(value)
        else:
            broken += 1
    return found, broken


def _texts(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def parse_preference(row: dict[str, Any]) -> PreferenceRow | str:
    """A row of `interlinear pairs`, or why it is none."""
    if not all(_texts(row.get(name)) for name in ("prompt", "chosen", "rejected")):
        return "badRow"
    if row["chosen"] == row["rejected"]:
        return "sameText"
    bc = row.get("bc", 0)
    if bc not in (0, 1):
        return "badRow"
    return PreferenceRow(row["prompt"], row["chosen"], row["rejected"], int(bc), row.get("source") or row["prompt"])


def parse_supervised(row: dict[str, Any]) -> SupervisedRow | str:
    """A row {prompt, completion}, or why it is none."""
    if not all(_texts(row.get(name)) for name in ("prompt", "completion")):
        return "badRow"
    return SupervisedRow(row["prompt"], row["completion"], row.get("source") or row["prompt"])


def parse_pool(row: dict[str, Any]) -> PoolRow | str:
    """A row {prompt, candidates, scores}, or why it is none; equal candidates count once."""
    texts, scores = row.get("candidates"), row.get("scores")
    if not (_texts(row.get("prompt")) and isinstance(texts, list) and isinstance(scores, list)):
        return "badRow"
    numbers = all(isinstance(score, int | float) and not isinstance(score, bool) for score in scores)
    if len(texts) != len(scores) or not all(_texts(text) for text in texts) or not numbers:
        return "badRow"
    pool = dict(zip(texts, map(float, scores), strict=True))
    if len(pool) < 2:
        return "sameText"
    return PoolRow(row["prompt"], tuple(pool), tuple(pool.values()), row.get("source") or row["prompt"])


def parse_prompt(row: dict[str, Any]) -> PromptRow | str:
    """A row {prompt, source, principles?}, or why it is none."""
    own = row.get("principles", [])
    if not (_texts(row.get("prompt")) and isinstance(own, list) and all(map(_texts, own))):
        return "badRow"
    return PromptRow(row["prompt"], tuple(own), row.get("source") or row["prompt"])


def parse_text(row: dict[str, Any]) -> TextRow | str:
    """A row {text}, or a pair {source, target, sourceLanguage, targetLanguage} written as LMT's pre-training does.

    `<en2ky> x <ky> y` with language subtags (arXiv 2511.07003); the file's own order mixes the two kinds.
    """
    if _texts(row.get("text")):
        return TextRow(row["text"], row.get("source") or row["text"])
    if not all(_texts(row.get(name)) for name in ("source", "target", "sourceLanguage", "targetLanguage")):
        return "badRow"
    from_, to = (row[name].split("-")[0].lower() for name in ("sourceLanguage", "targetLanguage"))
    return TextRow(f"<{from_}2{to}> {row['source']} <{to}> {row['target']}", row["source"])


def completions_of(row: AnyRow) -> tuple[str, ...]:
    """The texts that follow the prompt of a row."""
    match row:
        case PreferenceRow():
            return (row.chosen, row.rejected)
        case SupervisedRow():
            return (row.completion,)
        case PoolRow():
            return row.candidates
        case PromptRow():
            return ("",)
        case TextRow():
            return (row.text,)


def render(row: dict[str, Any], tokenizer: Chat) -> dict[str, Any]:
    """Put the model's chat template around a prompt of form `user`, thinking off; other prompts are whole already.

    Raises TrainerError `baseMismatch` if the model has no chat template.
    """
    if row.get("promptForm") != "user":
        return row
    if not tokenizer.chat_template:
        raise TrainerError(
            "baseMismatch",
            says("the rows are chat turns, but the base model has no chat template. Train an instruct model."),
        )
    turn = [{"role": "user", "content": row["prompt"]}]
    text = tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True, enable_thinking=False)
    return {**row, "prompt": text}


def check_control_tokens(rows: Iterable[AnyRow], tokenizer: Chat) -> None:
    """Rows rendered for another model show in control tokens that this one lacks. Raises `baseMismatch`."""
    known = tokenizer.get_vocab()
    for row in rows:
        for token in _CONTROL.findall("" if isinstance(row, TextRow) else row.prompt):
            if token not in known:
                raise TrainerError(
                    "baseMismatch",
                    says(
                        "the rows were written for a model with the token {token}, which the base model does not have. "
                        "Export the pairs for this base, or choose the base that made the candidates.",
                        token=token,
                    ),
                )


def tokens_of(row: AnyRow, tokenizer: Chat) -> int:
    """Tokens of the longest sequence of a row with its end token."""
    prompt = "" if isinstance(row, TextRow) else row.prompt
    lengths = (len(tokenizer(prompt + text, add_special_tokens=False)["input_ids"]) for text in completions_of(row))
    return max(lengths) + 1


def fit_rows(path: Path, parse: Callable[[dict[str, Any]], AnyRow | str], tokenizer: Chat, max_length: int) -> Fit:
    """Read, render and measure the rows of a file; equal rows count once.

    Raises TrainerError `dataMissing` or `baseMismatch`.
    """
    objects, broken = read_objects(path)
    dropped: Counter[str] = Counter({"badRow": broken} if broken else {})
    kept: dict[AnyRow, None] = {}
    longest = 0
    for value in objects:
        row = parse(value)
        if not isinstance(row, str):
            row = parse(render(value, tokenizer))
        if isinstance(row, str):
            dropped[row] += 1
            continue
        length = tokens_of(row, tokenizer)
        if length > max_length and not isinstance(row, TextRow):
            dropped["tooLong"] += 1
        elif row in kept:
            dropped["repeated"] += 1
        else:
            kept[row] = None
            longest = max(longest, min(length, max_length))
    rows = list(kept)
    check_control_tokens(rows, tokenizer)
    return Fit(rows, len(objects) + broken, dict(dropped), longest)


def split_by_source(rows: Sequence[Row], share: float) -> tuple[list[Row], list[Row]]:
    """Training and validation rows; all rows of a source go to one side, chosen by the hash of the source."""

    def held(row: Row) -> bool:
        digest = hashlib.sha256(row.source.encode()).digest()
        return int.from_bytes(digest[:8], "big") < share * 2**64

    return [row for row in rows if not held(row)], [row for row in rows if held(row)]


def _known(row: AnyRow) -> tuple[str, str]:
    """What a row teaches, without case, white space and punctuation: its source, and the text to prefer."""
    return _bare(row.source), _bare(completions_of(row)[0])


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def overlap(train: Sequence[AnyRow], held: Sequence[AnyRow]) -> float:
    """Share of held-out rows, 0 to 1, whose source or whose preferred text also stands in training, nearly as it is."""
    known = [_known(row) for row in train]
    sources, texts = {source for source, _ in known}, {text for _, text in known}
    found = sum(source in sources or text in texts for source, text in map(_known, held))
    return found / max(1, len(held))
