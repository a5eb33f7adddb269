"""The model that is trained, from its folder: tokenizer, weights, context."""

import json
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase

from interlinear_trainer.stages.config import Config


def load_tokenizer(base: Path) -> PreTrainedTokenizerBase:
    """The base's tokenizer; padding is the end token where it has none."""
    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(base)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_model(base: Path, config: Config) -> Any:
    """The base's weights, in bfloat16 on a GPU unless `precision` says otherwise."""
    cuda = torch.cuda.is_available()
    half = config.precision == "bfloat16" or (config.precision == "auto" and cuda)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16 if half else torch.float32)
    model.config.use_cache = False
    return model


def context_of(base: Path) -> int:
    """Tokens that the base can read."""
    value = json.loads((base / "config.json").read_text(encoding="utf-8"))
    return int(value.get("max_position_embeddings", 1_000_000))
