"""Sentence pairs for the starter model: read, clean, split without leaks."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interlinear_trainer.starter.english import english, japanese

NEAR: Final = 0.8
"""Share of words in common from which two English sentences count as nearly equal (token-level Dice)."""

_WORD: Final = re.compile(r"[\w`]+")


@dataclass(frozen=True, slots=True)
class Pair:
    """One English sentence and its Japanese translation."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Training, development and test pairs, and how many training pairs each filter dropped."""

    train: list[Pair]
    dev: list[Pair]
    test: list[Pair]
    dropped: dict[str, int]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def read_tanaka(folder: Path, part: str) -> list[Pair]:
    """Read `<part>.en` and `<part>.ja` of small_parallel_enja.

    Raises ValueError if the files do not have the same number of lines.
    """
    sources, targets = _lines(folder / f"{part}.en"), _lines(folder / f"{part}.ja")
    if len(sources) != len(targets):
        raise ValueError(f"{folder / part}: {len(sources)} English lines but {len(targets)} Japanese lines")
    return [Pair(english(source), japanese(target)) for source, target in zip(sources, targets, strict=True)]


def read_tldr(path: Path) -> list[Pair]:
    """Read the tab-separated en-ja.tsv of tldr-parallel; mnemonic brackets (`E[x]tract`) are opened."""
    rows = (line.split("\t") for line in _lines(path))
    pairs = (Pair(_open_mnemonics(row[2]), row[3].strip()) for row in rows if len(row) == 4)
    return [pair for pair in dict.fromkeys(pairs) if pair.source and pair.target]


def _open_mnemonics(text: str) -> str:
    return re.sub(r"\[(\w{1,3})\]", r"\1", text).strip()


def words_of(text: str) -> list[str]:
    """Words of a sentence in lower case, punctuation left out: the form in which leaks are looked for."""
    return _WORD.findall(text.lower())


class NearIndex:
    """Finds whether a sentence is equal or nearly equal to one of a held-out set.

    Nearly equal means a Dice coefficient over word multisets of NEAR or more; candidates come from an
    inverted index, so the cost a query is the number of held-out sentences that share a word with it.
    """

    def __init__(self, held_out: Iterable[str]) -> None:
        self._bags = [Counter(words_of(text)) for text in held_out]
        self._sizes = [bag.total() for bag in self._bags]
        self._postings: dict[str, list[int]] = {}
        for index, bag in enumerate(self._bags):
            for word in bag:
                self._postings.setdefault(word, []).append(index)

    def match(self, text: str) -> str | None:
        """'equal', 'near' or None."""
        bag = Counter(words_of(text))
        size = bag.total()
        shared: Counter[int] = Counter()
        for word, count in bag.items():
            for index in self._postings.get(word, ()):
                shared[index] += min(count, self._bags[index][word])
        best = max((2 * hits / (size + self._sizes[index]) for index, hits in shared.items()), default=0.0)
        return "equal" if best == 1.0 else "near" if best >= NEAR else None


def clean_split(pairs: Sequence[Pair], held_out: Sequence[Pair]) -> tuple[list[Pair], dict[str, int]]:
    """Drop pairs whose English equals or nearly equals a held-out line, and repeated pairs."""
    index = NearIndex(pair.source for pair in held_out)
    dropped: Counter[str] = Counter({"equal": 0, "near": 0, "repeated": 0})
    kept: dict[Pair, None] = {}
    for pair in pairs:
        found = index.match(pair.source)
        if found is not None:
            dropped[found] += 1
        elif pair in kept:
            dropped["repeated"] += 1
        else:
            kept[pair] = None
    return list(kept), dict(dropped)


def tokenised_lines(data: Path) -> list[tuple[str, str]]:
    """Training lines of Tanaka as they came, English and Japanese, for statistics over words."""
    tanaka = data / "small_parallel_enja"
    return list(zip(_lines(tanaka / "train.en"), _lines(tanaka / "train.ja"), strict=True))


def load(data: Path) -> Corpus:
    """Read both corpora below `data` (folders small_parallel_enja and tldr-parallel) and split them cleanly."""
    tanaka = data / "small_parallel_enja"
    dev, test = read_tanaka(tanaka, "dev"), read_tanaka(tanaka, "test")
    raw = read_tanaka(tanaka, "train") + read_tldr(data / "tldr-parallel" / "en-ja.tsv")
    train, dropped = clean_split(raw, [*dev, *test])
    return Corpus(train, dev, test, dropped)


def as_typed(source: str, rng: random.Random) -> str:
    """A careless typist's version of a sentence: no capitals, or no full stop, or both."""
    kind = rng.randrange(3)
    text = source if kind == 1 else source.lower()
    return text if kind == 0 else text.rstrip(".")
