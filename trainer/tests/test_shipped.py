"""The model that ships: its manifest is true, it loads everywhere, and its greedy translations are the golden ones."""

import hashlib
import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoTokenizer

from interlinear_trainer.starter.decode import Sampling, prompt_ids
from interlinear_trainer.starter.evaluate import Translator
from interlinear_trainer.starter.package import LARGEST
from interlinear_trainer.starter.tokenizer import PLACEHOLDERS, SPECIALS

from .conftest import SHIPPED

GOLDEN = Path(__file__).parent / "golden.json"
SOURCES = [
    "He didn't come to school yesterday.",
    "I want to drink something cold.",
    "Where is the nearest station?",
    "She is good at playing tennis.",
    "I have lived in Tokyo for ten years.",
    "please open ⟦1⟧ first",
]


@pytest.fixture(scope="module")
def translations() -> dict[str, str]:
    found = Translator.from_folder(SHIPPED)(SOURCES, Sampling())
    return dict(zip(SOURCES, (each[0] for each in found), strict=True))


def test_greedy_translations_are_the_golden_ones(translations: dict[str, str], request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--accept-golden"):
        GOLDEN.write_text(json.dumps(translations, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert translations == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_manifest_says_what_is_there() -> None:
    manifest = json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["files"].values():
        content = (SHIPPED / entry["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry["bytes"], entry["sha256"])
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < LARGEST
    assert manifest["revision"] == manifest["files"]["weights"]["sha256"][:12]
    tokenizer = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
    assert manifest["vocabSize"] == tokenizer.get_vocab_size()
    assert [tokenizer.token_to_id(text) for text in SPECIALS] == [0, 1, 2, 3]
    assert [tokenizer.token_to_id(text) for text in PLACEHOLDERS] == list(range(6144, 6153))


def test_transformers_loads_it_and_translates(translations: dict[str, str]) -> None:
    tokenizer = AutoTokenizer.from_pretrained(SHIPPED)
    model = AutoModelForCausalLM.from_pretrained(SHIPPED, dtype=torch.float32)
    plain = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
    same = 0
    for source in SOURCES:
        turn = [{"role": "user", "content": source}]
        prompt = tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True)
        ids = tokenizer(prompt, return_tensors="pt")
        assert ids.input_ids[0].tolist() == prompt_ids(plain, source)
        output = model.generate(**ids, do_sample=False, temperature=None, top_k=None, top_p=None, max_new_tokens=64)
        text = tokenizer.decode(output[0][ids.input_ids.shape[1] :], skip_special_tokens=True)
        same += text == translations[source]
    assert same >= len(SOURCES) - 2, "8-bit and float32 weights part in a few greedy translations, not in most"
