"""Synthetic rows in the model's own words: sources for the training targets, and targets for the training sources.

Data diversification (Nguyen et al. 2020, arXiv 1911.01986) with one model of both directions. Nothing but the training
pairs is translated. What is kept resembles the sentence that it stands for, and no English sentence that comes out
equal or nearly equal to a held-out line is kept.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tokenizers import Tokenizer

from interlinear_trainer.starter.chrf import chrf, grams
from interlinear_trainer.starter.corpus import Corpus, NearIndex, Pair
from interlinear_trainer.starter.decode import BACKWARD, Sampling, Stepper, translate
from interlinear_trainer.starter.placeholders import Anchors
from interlinear_trainer.starter.prepare import Preparation, encode_pairs, set_dropout, vary
from interlinear_trainer.starter.rows import save_rows

SETS: Final = 2
_MAX_TOKENS: Final = 48
_TEMPERATURE: Final = 0.7
"""Of the sources: greedy ones are all alike, and those at temperature 1 are often wrong."""
_CLOSE: Final = 0.3
"""Least chrF against the sentence that it stands for: half of what a small model makes up is about something else."""


def _usable(made: Pair, original: Pair, held_out: NearIndex) -> bool:
    """Close to the original but not the same, and not near a held-out line."""
    sources, targets = (made.source.lower(), original.source.lower()), (made.target, original.target)
    if (sources[0], targets[0]) == (sources[1], targets[1]):
        return False
    near = min(chrf(grams(one), grams(other)) for one, other in (sources, targets))
    return near >= _CLOSE and held_out.match(made.source) is None


def synthetic_pairs(stepper: Stepper, tokenizer: Tokenizer, corpus: Corpus, seed: int) -> list[list[Pair]]:
    """SETS lists of pairs: half of the training pairs with a sampled source, the others with a greedy target.

    The halves are drawn at random and change places from one list to the next. What is not `_usable` is left out.
    """
    held_out = NearIndex(pair.source for pair in [*corpus.dev, *corpus.test])
    order = random.Random(seed).sample(corpus.train, len(corpus.train))
    halves = order[: len(order) // 2], order[len(order) // 2 :]
    found = []
    for index in range(SETS):
        back, ahead = halves[index % 2], halves[1 - index % 2]
        draw = Sampling(1, _TEMPERATURE, _MAX_TOKENS, seed + index)
        sources = translate(stepper, tokenizer, [pair.target for pair in back], draw, BACKWARD)
        targets = translate(stepper, tokenizer, [pair.source for pair in ahead], Sampling(max_tokens=_MAX_TOKENS))
        made = [Pair(text, pair.target) for (text,), pair in zip(sources, back, strict=True)]
        made += [Pair(pair.source, text) for (text,), pair in zip(targets, ahead, strict=True)]
        found.append([new for new, old in zip(made, [*back, *ahead], strict=True) if _usable(new, old, held_out)])
    return found


def has_synthetic(work: Path) -> bool:
    """Whether `diversify` has run to its end in `work`."""
    return len(list(work.glob("synthetic-*.npz"))) == SETS


def diversify(stepper: Stepper, corpus: Corpus, anchors: Anchors, work: Path, how: Preparation) -> list[int]:
    """Write synthetic-00.npz and so on to `work`, varied and with BPE-dropout as the real rows; returns their sizes."""
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    lists: Sequence[Sequence[Pair]] = synthetic_pairs(stepper, tokenizer, corpus, how.seed)
    rng = random.Random(how.seed)
    set_dropout(tokenizer, how.bpe_dropout)
    sets = [encode_pairs(tokenizer, vary(pairs, anchors, how, rng)) for pairs in lists]
    for index, rows in enumerate(sets):
        save_rows(rows, work / f"synthetic-{index:02}.npz")
    return [len(rows) for rows in sets]
