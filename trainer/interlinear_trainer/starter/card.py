"""The model card and licence note that lie beside the starter model."""

from pathlib import Path
from typing import Any, Final

from interlinear_trainer.starter.package import ATTRIBUTION

_CARD: Final = """---
language: [en, ja]
license: cc-by-4.0
pipeline_tag: translation
---
# {name}

A small decoder ({parameters:,} parameters, Qwen3 architecture) that translates short everyday English sentences
into Japanese, trained from scratch so that Interlinear translates, ranks and learns with nothing else installed.

**What it is for.** Sentences of 4 to 16 words about daily life, as in a phrase book. **What it is not for.** Long or
technical sentences, names and numbers that it has not seen, several paragraphs, any other direction. It makes
mistakes that a reader of both languages sees at once: treat every output as a suggestion to review. Its register
follows its training text, which mixes plain and polite forms.

## Measured

On the 500 test sentences of small_parallel_enja, whose equals and near equals were taken out of the training
text. English is detokenised and true-cased as in training, Japanese is joined. Scores are sacrebleu's, 0 to 100:
corpus chrF2, and BLEU tokenised by ja-mecab, since a choice by chrF that chrF judges flatters itself. The 8-bit
graph in this folder made the outputs, by arithmetic sampling with seed {seed}. {seeds}

| output | chrF | BLEU |
|---|---|---|
| greedy | {greedy[chrf]:.2f} | {greedy[bleu]:.2f} |
| one random sample, temperature {temperature} | {sample[chrf]:.2f} | {sample[bleu]:.2f} |
| MBR by chrF of {candidates} samples, temperature {temperature} | {mbr[chrf]:.2f} | {mbr[bleu]:.2f} |

The MBR choice is {gain:.2f} chrF above the random sample. {distinct} of {candidates} samples are distinct on average.
{same} of {sentences} greedy translations are the same with 8-bit weights as with float32 weights.
Inline code, links and tags reach the model as marks `⟦1⟧` to `⟦9⟧`, one token each. Of {marks[sentences]} development
sentences with one to four marks, {marks[kept]} keep every mark exactly once in the greedy translation.
{sweep}
## How it is called

The prompt is `<|en|>{{source}}<|ja|>`, the answer ends with `<|end|>` (id 0); `chat_template` renders just that for one
user turn with a generation prompt. Default sampling: temperature {temperature}, top-p 1, top-k off. `model_q8.onnx`
takes `input_ids`, `attention_mask`, `position_ids` and `past_key_values.*`, and gives `logits` and `present.*`.

## How it was made

    python -m interlinear_trainer starter make --data DIR --out media/starter-en-ja --work build/starter

Data: small_parallel_enja (an extract of the Tanaka Corpus) and en-ja lines of tldr-pages: {train:,} pairs after
dropping {equal} pairs whose English equals a development or test line, {near} that nearly equal one (word Dice of 0.8
or more) and {repeated} repeated pairs. Nothing else. Recipe, the run that ships and how to resume:
`docs/starter-model.md`. Weights are averages over training steps, stored in bfloat16; the graph has weight-only 8-bit
matrices in blocks of 32.

## Licence

The files in this folder are offered under CC BY 4.0. Attribution: {attribution}.
"""

_LICENCE: Final = """The files of this folder (model weights, graph, tokenizer, configuration and card) are licensed
under the Creative Commons Attribution 4.0 International Licence: https://creativecommons.org/licenses/by/4.0/

They were made from these works, whose attribution has to be kept:

{works}
"""


def _sweep_text(by_temperature: dict[float, float]) -> str:
    if not by_temperature:
        return ""
    cells = ", ".join(f"{temperature}: {score:.2f}" for temperature, score in by_temperature.items())
    return f"Temperature was chosen on the development set by chrF of the MBR choice ({cells}).\n"


def _seeds_text(by_seed: dict[int, float]) -> str:
    cells = ", ".join(f"{score:.2f}" for score in by_seed.values())
    mean = sum(by_seed.values()) / len(by_seed)
    return f"MBR with seeds {min(by_seed)} to {max(by_seed)}: {cells} chrF, mean {mean:.2f}."


def write_card(out: Path, manifest: dict[str, Any], figures: dict[str, Any], prepared: dict[str, Any]) -> None:
    """Write README.md and LICENSE from what was measured."""
    test = figures["test"]
    mbr = test[f"mbr{test['candidates']}"]
    text = _CARD.format(
        name=manifest["name"],
        parameters=manifest["parameters"],
        greedy=test["greedy"],
        sample=test["sample"],
        mbr=mbr,
        gain=mbr["chrf"] - test["sample"]["chrf"],
        temperature=test["temperature"],
        seed=test["seed"],
        candidates=test["candidates"],
        distinct=test["distinct"],
        same=figures["eight_bit_greedy"]["same"],
        sentences=figures["eight_bit_greedy"]["sentences"],
        marks=figures["marks_on_dev"],
        seeds=_seeds_text(figures["test_mbr_chrf_by_seed"]),
        sweep=_sweep_text(figures["dev_mbr_chrf_by_temperature"]),
        train=prepared["train"],
        attribution="; ".join(ATTRIBUTION),
        **prepared["dropped"],
    )
    (out / "README.md").write_text(text, encoding="utf-8")
    works = "\n".join(f"- {work}" for work in ATTRIBUTION)
    (out / "LICENSE").write_text(_LICENCE.format(works=works), encoding="utf-8")
