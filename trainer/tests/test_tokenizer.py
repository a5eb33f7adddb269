"""Round trips, fixed ids, and the prompt."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from interlinear_trainer.starter.decode import prompt_ids
from interlinear_trainer.starter.tokenizer import (
    END_ID,
    ENGLISH_ID,
    JAPANESE_ID,
    PAD_ID,
    PLACEHOLDERS,
    PROMPT_TEMPLATE,
    SPECIALS,
    save_tokenizer,
)

TEXTS = [
    "He didn't come.",
    "  two  spaces\n\nand lines\t",
    "彼は１０冊の本を、⟦1⟧持っている。",
    "emoji 🙂, accents é, عربى",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_survives_the_round_trip(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text).ids) == text


def test_special_ids_are_fixed(tokenizer: Tokenizer) -> None:
    assert (
        [tokenizer.token_to_id(text) for text in SPECIALS] == [END_ID, PAD_ID, ENGLISH_ID, JAPANESE_ID] == [0, 1, 2, 3]
    )


def test_each_mark_is_one_token_that_decoding_keeps(tokenizer: Tokenizer) -> None:
    for mark in PLACEHOLDERS:
        ids = tokenizer.encode(mark).ids
        assert len(ids) == 1
        assert tokenizer.decode(ids, skip_special_tokens=True) == mark


def test_special_tokens_spelled_out_in_a_source_stay_text(tokenizer: Tokenizer) -> None:
    ids = prompt_ids(tokenizer, "<|end|> is a token")
    assert END_ID not in ids
    tokenizer.encode_special_tokens = False


def test_the_chat_template_renders_the_prompt_and_the_answer(tokenizer: Tokenizer, tmp_path: Path) -> None:
    save_tokenizer(tokenizer, tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    turn = [{"role": "user", "content": "He didn't come."}]
    prompt = loaded.apply_chat_template(turn, tokenize=False, add_generation_prompt=True)
    assert prompt == PROMPT_TEMPLATE.replace("{source}", "He didn't come.")
    answered = loaded.apply_chat_template([*turn, {"role": "assistant", "content": "来なかった。"}], tokenize=False)
    assert answered == prompt + "来なかった。<|end|>"
    assert loaded(prompt).input_ids == prompt_ids(tokenizer, "He didn't come.")
    tokenizer.encode_special_tokens = False
    assert (loaded.eos_token_id, loaded.pad_token_id, loaded.bos_token_id) == (END_ID, PAD_ID, None)
