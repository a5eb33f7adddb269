"""From sentence pairs to token arrays on disk: one clean pass and several subword-regularised ones.

Subword regularisation is BPE-dropout (Provilkov et al. 2020, arXiv 1910.13267), drawn once and stored, so that
a training run that is resumed reads the very rows it would have read.
"""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models

from interlinear_trainer.starter.corpus import Corpus, Pair, as_typed, load, tokenised_lines
from interlinear_trainer.starter.placeholders import CODE, Anchors, learn_anchors, with_marks
from interlinear_trainer.starter.rows import Rows, save_rows
from interlinear_trainer.starter.tokenizer import END_ID, ENGLISH_ID, JAPANESE_ID, save_tokenizer, train_tokenizer

_MARKABLE = 0.5
"""About the share of pairs in which a word can give way to a mark."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """What shapes the training rows; shares are of the training pairs."""

    vocab_size: int = 6144
    variants: int = 6
    bpe_dropout: float = 0.1
    careless_share: float = 0.12
    joined_pairs: int = 2000
    marked_share: float = 0.07
    seed: int = 20261121


def encode_pairs(tokenizer: Tokenizer, pairs: Sequence[Pair]) -> Rows:
    """Rows `<|en|> source <|ja|> target <|end|>`."""
    sources = tokenizer.encode_batch_fast([pair.source for pair in pairs], add_special_tokens=False)
    targets = tokenizer.encode_batch_fast([pair.target for pair in pairs], add_special_tokens=False)
    flat: list[int] = []
    starts, prompts = [0], []
    for source, target in zip(sources, targets, strict=True):
        prompt = [ENGLISH_ID, *source.ids, JAPANESE_ID]
        flat += [*prompt, *target.ids, END_ID]
        starts.append(len(flat))
        prompts.append(len(prompt))
    return Rows(*(np.asarray(values, dtype=np.int32) for values in (flat, starts, prompts)))


def _varied(pair: Pair, anchors: Anchors, how: Preparation, rng: random.Random) -> Pair:
    if CODE.search(pair.source) or rng.random() < how.marked_share / _MARKABLE:
        pair = with_marks(pair, anchors, rng) or pair
    if rng.random() < how.careless_share:
        return Pair(as_typed(pair.source, rng), pair.target)
    return pair


def vary(pairs: Sequence[Pair], anchors: Anchors, how: Preparation, rng: random.Random) -> list[Pair]:
    """One pass's pairs: some with marks, some as a careless person types them, and some pairs of pairs joined."""
    varied = [_varied(pair, anchors, how, rng) for pair in pairs]
    for _ in range(min(how.joined_pairs, len(pairs))):
        first, second = rng.choice(pairs), rng.choice(pairs)
        if first.source[-1:] in ".?!" and first.target[-1:] in "。？！":
            varied.append(Pair(f"{first.source} {second.source}", first.target + second.target))
    return varied


def set_dropout(tokenizer: Tokenizer, rate: float) -> None:
    """Let the tokenizer leave out each merge with probability `rate` from now on."""
    if not isinstance(tokenizer.model, models.BPE):
        raise TypeError("the tokenizer's model is not BPE")
    tokenizer.model.dropout = rate


def _tokenizer_texts(corpus: Corpus) -> Iterable[str]:
    for pair in corpus.train:
        yield pair.source
        yield pair.target


def prepare(data: Path, work: Path, how: Preparation) -> Corpus:
    """Write tokenizer and rows (clean.npz, dropped-NN.npz, dev.npz, prepared.json) to `work`; skipped if done."""
    corpus = load(data)
    stamp = {"how": asdict(how), "train": len(corpus.train), "dropped": corpus.dropped}
    marker = work / "prepared.json"
    if marker.exists() and json.loads(marker.read_text(encoding="utf-8")) == stamp:
        return corpus
    work.mkdir(parents=True, exist_ok=True)
    anchors = learn_anchors(tokenised_lines(data))
    tokenizer = train_tokenizer(_tokenizer_texts(corpus), how.vocab_size)
    save_tokenizer(tokenizer, work)
    rng = random.Random(how.seed)
    save_rows(encode_pairs(tokenizer, corpus.dev), work / "dev.npz")
    save_rows(encode_pairs(tokenizer, vary(corpus.train, anchors, how, rng)), work / "clean.npz")
    set_dropout(tokenizer, how.bpe_dropout)
    for index in range(how.variants):
        save_rows(encode_pairs(tokenizer, vary(corpus.train, anchors, how, rng)), work / f"dropped-{index:02}.npz")
    marker.write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")
    return corpus
