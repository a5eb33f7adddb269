"""The starter model's tokenizer: joint byte-level BPE behind the Qwen2 pre-tokenizer.

The regex is Qwen2's, so that GGUF runtimes (`tokenizer.ggml.pre = qwen2`), `@huggingface/tokenizers` and
`tokenizers` split a text alike. There is no normalizer, since GGUF runtimes have none.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

END: Final = "<|end|>"
PAD: Final = "<|pad|>"
ENGLISH: Final = "<|en|>"
JAPANESE: Final = "<|ja|>"
SPECIALS: Final = (END, PAD, ENGLISH, JAPANESE)
END_ID, PAD_ID, ENGLISH_ID, JAPANESE_ID = range(4)

PLACEHOLDERS: Final = tuple(f"⟦{number}⟧" for number in range(1, 10))
"""Marks for inline code, links and tags: ordinary tokens with an id each, after the learnt ones."""

CONTEXT_LENGTH: Final = 512

QWEN2_SPLIT: Final = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

PROMPT_TEMPLATE: Final = ENGLISH + "{source}" + JAPANESE

CHAT_TEMPLATE: Final = (
    "{%- for message in messages -%}"
    "{%- if message['role'] == 'user' -%}{{ '<|en|>' + message['content'] + '<|ja|>' }}"
    "{%- elif message['role'] == 'assistant' -%}{{ message['content'] + '<|end|>' }}"
    "{%- endif -%}{%- endfor -%}"
)
"""Renders one user turn as the prompt; with an answer, as the training text. It has no system turn."""


def train_tokenizer(texts: Iterable[str], vocab_size: int = 6144) -> Tokenizer:
    """Learn `vocab_size` tokens, ids 0 to 3 the special ones in the order of SPECIALS; PLACEHOLDERS come on top."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2_SPLIT), behavior="isolated", invert=False),
            pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[AddedToken(text, special=True, normalized=False) for text in SPECIALS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([AddedToken(text, special=False, normalized=False) for text in PLACEHOLDERS])
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Write tokenizer.json and tokenizer_config.json, the latter with the chat template."""
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "add_bos_token": False,
        "add_prefix_space": False,
        "added_tokens_decoder": {str(tokenizer.token_to_id(text)): _added(text) for text in (*SPECIALS, *PLACEHOLDERS)},
        "bos_token": None,
        "chat_template": CHAT_TEMPLATE,
        "clean_up_tokenization_spaces": False,
        "eos_token": END,
        "errors": "replace",
        "model_max_length": CONTEXT_LENGTH,
        "pad_token": PAD,
        "split_special_tokens": False,
        "tokenizer_class": "Qwen2Tokenizer",
        "unk_token": None,
    }
    text = json.dumps(config, ensure_ascii=False, indent=2) + "\n"
    (folder / "tokenizer_config.json").write_text(text, encoding="utf-8")


def _added(text: str) -> dict[str, object]:
    return {
        "content": text,
        "lstrip": False,
        "normalized": False,
        "rstrip": False,
        "single_word": False,
        "special": text in SPECIALS,
    }
