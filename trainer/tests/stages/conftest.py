"""A tiny Qwen3 with its tokenizer and manifest on disk, and job directories around it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoTokenizer, PreTrainedTokenizerBase, Qwen3Config, Qwen3ForCausalLM

from interlinear_trainer.starter.tokenizer import save_tokenizer, train_tokenizer
from tests.conftest import PAIRS

SUBJECTS = "彼 彼女 私 トム メアリー 先生 友達 兄 姉 犬 猫 母".split()
VERBS = ["来", "寝", "食べ", "見", "出", "起き"]

MakeJob = Callable[..., Path]


def preference(index: int) -> dict[str, Any]:
    """A pair that differs in politeness alone, as `interlinear pairs` writes it."""
    subject, verb = SUBJECTS[index % len(SUBJECTS)], VERBS[index // len(SUBJECTS) % len(VERBS)]
    source = f"He plays with 10 books {index}."
    return {
        "prompt": f"<|en|>{source}<|ja|>",
        "promptForm": "raw",
        "chosen": f"{subject}は{verb}ます。",
        "rejected": f"{subject}は{verb}る。",
        "bc": index % 2,
        "source": source,
    }


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    """Rows as JSON Lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def events_of(job: Path) -> list[dict[str, Any]]:
    """Events that a job has written."""
    return [json.loads(line) for line in (job / "events.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with random weights, large enough that logits differ."""
    folder = tmp_path_factory.mktemp("base")
    texts = [text for pair in PAIRS for text in (pair.source, pair.target)]
    tokenizer = train_tokenizer([*texts, *(str(preference(i)["chosen"]) for i in range(72))], 340)
    save_tokenizer(tokenizer, folder)
    config = Qwen3Config(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=32,
        intermediate_size=64,
        max_position_embeddings=128,
        rope_theta=10000.0,
        tie_word_embeddings=True,
        eos_token_id=0,
        pad_token_id=1,
        bos_token_id=None,
        initializer_range=0.2,
    )
    torch.manual_seed(5)
    Qwen3ForCausalLM(config).save_pretrained(folder)
    saved = json.loads((folder / "config.json").read_text())
    saved["rope_theta"] = 10000.0
    (folder / "config.json").write_text(json.dumps(saved))
    manifest = {"kind": "decoder", "name": "tiny", "revision": "0123456789ab", "files": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture(scope="session")
def chat(base: Path) -> PreTrainedTokenizerBase:
    """The tokenizer of the tiny model as the stages load it."""
    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(base)
    return tokenizer


@pytest.fixture
def make_job(tmp_path: Path, base: Path) -> MakeJob:
    """Writes a job directory and returns it."""

    def make(
        stage: str, rows: list[dict[str, Any]], config: str = "", replay: list[dict[str, Any]] | None = None
    ) -> Path:
        job = tmp_path / "job"
        job.mkdir()
        write_lines(job / "rows.jsonl", rows)
        about = {"stage": stage, "base": str(base), "rows": "rows.jsonl"}
        if replay:
            write_lines(job / "replay.jsonl", replay)
            about["replay"] = "replay.jsonl"
        (job / "job.json").write_text(json.dumps(about))
        (job / "config.yaml").write_text("threads: 1\n" + config)
        return job

    return make
