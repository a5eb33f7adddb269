"""Pairs with the marks ⟦1⟧, ⟦2⟧ that stand for inline code, links and tags while a text is translated.

A model that has never seen the marks drops them. Here words that the corpus itself aligns with confidence (names,
numbers, nouns that nearly always meet the same translation) give way to a mark on both sides, or get a pair of marks
around them, as a link or an emphasis has.
"""

import itertools
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from interlinear_trainer.starter.corpus import Pair
from interlinear_trainer.starter.tokenizer import PLACEHOLDERS

CODE: Final = re.compile(r"`[^`]+`")
_SOLID: Final = re.compile(r"[\u4e00-\u9fff\u30a1-\u30fc０-９]+")
_PARTICLES: Final = frozenset("は が を に の で も と へ や な 、 。 から まで だ だっ".split())
_DICE: Final = 0.45
_SEEN: Final = 8

Anchors = Mapping[str, str]
"""English word in lower case to the Japanese word that goes with it."""


def learn_anchors(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Word pairs that are each other's best partner with a Dice coefficient of 0.45 or more over sentences.

    `lines` are tokenised English and Japanese. Left out: words in fewer than 8 sentences or more than one in 30, and
    Japanese words that mostly have no particle after them, which are the stems of verbs and adjectives.
    """
    lines = list(lines)
    left: Counter[str] = Counter()
    right: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    nouns = _nouns(target for _, target in lines)
    for source, target in lines:
        sources, targets = set(source.lower().split()), set(target.split())
        left.update(sources)
        right.update(targets)
        both.update((one, other) for one in sources for other in targets)
    scores = {
        pair: 2 * count / (left[pair[0]] + right[pair[1]])
        for pair, count in both.items()
        if count >= _SEEN and left[pair[0]] * 30 < len(lines) and pair[0].isalnum() and pair[1] in nouns
    }
    best_left: dict[str, tuple[float, str]] = {}
    best_right: dict[str, tuple[float, str]] = {}
    for (one, other), score in scores.items():
        best_left[one] = max(best_left.get(one, (0.0, "")), (score, other))
        best_right[other] = max(best_right.get(other, (0.0, "")), (score, one))
    return {one: other for one, (score, other) in best_left.items() if score >= _DICE and best_right[other][1] == one}


def _nouns(targets: Iterable[str]) -> set[str]:
    """Words of kanji, katakana or digits that a particle, a copula or a comma follows most of the time."""
    seen: Counter[str] = Counter()
    followed: Counter[str] = Counter()
    for target in targets:
        words = target.split()
        seen.update(words[:-1])
        followed.update(word for word, after in itertools.pairwise(words) if after in _PARTICLES)
    return {word for word, count in seen.items() if _SOLID.fullmatch(word) and followed[word] > count / 2}


def _spans(pair: Pair, anchors: Anchors) -> list[tuple[re.Match[str], str]]:
    """Words of the source, in order, whose partner occurs just once in the target, as they do in the source."""
    words = list(re.finditer(r"[A-Za-z0-9]+", pair.source))
    counts = Counter(match.group().lower() for match in words)
    found = []
    for match in words:
        word = match.group().lower()
        partner = anchors.get(word)
        if partner and counts[word] == 1 and pair.target.count(partner) == 1:
            found.append((match, partner))
    overlapping = any(one in other for _, one in found for _, other in found if one is not other)
    return [] if overlapping else found


def mark_words(pair: Pair, anchors: Anchors, rng: random.Random) -> Pair | None:
    """Put marks for, or around, up to two aligned words; None where no word is aligned with confidence."""
    spans = _spans(pair, anchors)
    if not spans:
        return None
    chosen = sorted(rng.sample(spans, min(len(spans), rng.choice((1, 1, 2)))), key=lambda span: span[0].start())
    around = [rng.random() < 0.4 for _ in chosen]
    marks = iter(_numbers(sum(2 if wide else 1 for wide in around), rng))
    source, target, shift = pair.source, pair.target, 0
    for (match, partner), wide in zip(chosen, around, strict=True):
        word = match.group()
        pattern = f"{next(marks)}{{}}{next(marks)}" if wide else next(marks)
        start = match.start() + shift
        source = source[:start] + pattern.format(word) + source[start + len(word) :]
        shift = len(source) - len(pair.source)
        target = target.replace(partner, pattern.format(partner), 1)
    return Pair(source, target)


def _numbers(count: int, rng: random.Random) -> list[str]:
    """Marks in rising order: mostly from 1, now and then any, so that the higher ones are learnt too."""
    if rng.random() < 0.7:
        return list(PLACEHOLDERS[:count])
    return sorted(rng.sample(PLACEHOLDERS, count))


def wrap_sentence(pair: Pair, rng: random.Random) -> Pair:
    """Marks around the whole sentence, with its last punctuation inside or outside."""
    first, last = _numbers(2, rng)
    source, target = re.fullmatch(r"(.*?)([.!?]?)", pair.source), re.fullmatch(r"(.*?)([。！？]?)", pair.target)
    if source is None or target is None or rng.random() < 0.5:
        return Pair(f"{first}{pair.source}{last}", f"{first}{pair.target}{last}")
    return Pair(f"{first}{source[1]}{last}{source[2]}", f"{first}{target[1]}{last}{target[2]}")


def mark_code(pair: Pair) -> Pair | None:
    """Inline code that both sides share becomes marks; None if there is none, or the sides differ in it."""
    spans = CODE.findall(pair.source)
    different = sorted(spans) != sorted(CODE.findall(pair.target)) or len(set(spans)) != len(spans)
    if not spans or different or len(spans) > len(PLACEHOLDERS):
        return None
    source, target = pair.source, pair.target
    for mark, span in zip(PLACEHOLDERS, spans, strict=False):
        source, target = source.replace(span, mark), target.replace(span, mark)
    return Pair(source, target)


def with_marks(pair: Pair, anchors: Anchors, rng: random.Random) -> Pair | None:
    """One kind at random: a wrapped sentence one time in ten, else marked code or words; None if it has neither."""
    if rng.random() < 0.1:
        return wrap_sentence(pair, rng)
    return mark_code(pair) or mark_words(pair, anchors, rng)


def keeps_marks(source: str, output: str) -> bool:
    """Whether the output holds each mark as often as the source does, and no other."""
    return all(source.count(mark) == output.count(mark) for mark in PLACEHOLDERS)
