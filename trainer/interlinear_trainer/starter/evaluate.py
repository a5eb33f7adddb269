"""How well a starter model translates: greedy, one random sample, and the MBR choice of N, by chrF and BLEU."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from interlinear_trainer.starter.chrf import best_by_mbr
from interlinear_trainer.starter.corpus import Pair
from interlinear_trainer.starter.decode import OnnxStepper, Sampling, Stepper, translate
from interlinear_trainer.starter.placeholders import Anchors, keeps_marks, mark_words


@dataclass(frozen=True, slots=True)
class Translator:
    """A stepper with its tokenizer."""

    stepper: Stepper
    tokenizer: Tokenizer

    @classmethod
    def from_folder(cls, folder: Path, graph: str = "model_q8.onnx") -> "Translator":
        """The exported model of a folder."""
        return cls(OnnxStepper(folder / graph), Tokenizer.from_file(str(folder / "tokenizer.json")))

    def __call__(self, sources: Sequence[str], how: Sampling) -> list[list[str]]:
        """Candidates of each source."""
        return translate(self.stepper, self.tokenizer, sources, how)


def corpus_scores(outputs: Sequence[str], references: Sequence[str]) -> dict[str, float]:
    """Corpus chrF2 and BLEU (tokenised by ja-mecab) of sacrebleu, 0 to 100."""
    from sacrebleu.metrics.bleu import BLEU  # noqa: PLC0415  # loads MeCab's dictionary
    from sacrebleu.metrics.chrf import CHRF  # noqa: PLC0415

    lists = [list(references)]
    return {
        "chrf": round(CHRF().corpus_score(list(outputs), lists).score, 2),
        "bleu": round(BLEU(tokenize="ja-mecab").corpus_score(list(outputs), lists).score, 2),
    }


def evaluate(model: Translator, pairs: Sequence[Pair], how: Sampling) -> dict[str, Any]:
    """Scores of greedy, of the first sample, of the mean over samples (chrF), and of MBR over all samples."""
    sources = [pair.source for pair in pairs]
    references = [pair.target for pair in pairs]
    greedy = [found[0] for found in model(sources, Sampling(max_tokens=how.max_tokens))]
    candidates = model(sources, how)
    chosen = [best_by_mbr(found) for found in candidates]
    return {
        "sentences": len(pairs),
        "candidates": how.candidates,
        "temperature": how.temperature,
        "seed": how.seed,
        "greedy": corpus_scores(greedy, references),
        "sample": corpus_scores([found[0] for found in candidates], references),
        f"mbr{how.candidates}": corpus_scores(chosen, references),
        "distinct": round(sum(len(set(found)) for found in candidates) / len(pairs), 2),
    }


def marks_kept(model: Translator, pairs: Sequence[Pair], anchors: Anchors) -> dict[str, float]:
    """Share of held-out sentences, marked where `anchors` align words, whose greedy output keeps each mark once."""
    rng = random.Random(1)
    sources = [marked.source for pair in pairs if (marked := mark_words(pair, anchors, rng))]
    outputs = [found[0] for found in model(sources, Sampling())]
    kept = sum(keeps_marks(source, output) for source, output in zip(sources, outputs, strict=True))
    return {"sentences": len(sources), "kept": kept, "share": round(kept / max(1, len(sources)), 4)}


def sweep(
    model: Translator, pairs: Sequence[Pair], temperatures: Sequence[float], candidates: int
) -> dict[float, float]:
    """chrF of the MBR choice on `pairs` at each temperature: how the default temperature is chosen, on dev."""
    return {heat: _mbr_chrf(model, pairs, Sampling(candidates, heat)) for heat in temperatures}


def by_seed(model: Translator, pairs: Sequence[Pair], how: Sampling, seeds: Sequence[int]) -> dict[int, float]:
    """chrF of the MBR choice on `pairs` with each seed: how much of a figure is luck."""
    return {seed: _mbr_chrf(model, pairs, replace(how, seed=seed)) for seed in seeds}


def _mbr_chrf(model: Translator, pairs: Sequence[Pair], how: Sampling) -> float:
    drawn = model([pair.source for pair in pairs], how)
    return corpus_scores([best_by_mbr(each) for each in drawn], [pair.target for pair in pairs])["chrf"]
