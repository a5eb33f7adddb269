"""What several tests share: a tiny model, a tiny tokenizer, the shipped folder."""

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from interlinear_trainer.starter.corpus import Pair
from interlinear_trainer.starter.model import Decoder, Shape
from interlinear_trainer.starter.tokenizer import train_tokenizer
from tests.random_checkpoints import letters_tokenizer

TINY = Shape(vocab_size=320, hidden_size=64, layers=2, heads=4, kv_heads=2, head_dim=32, mlp_size=96)

PAIRS = [
    Pair("He didn't come.", "彼は来なかった。"),
    Pair("Tom plays tennis with Mary.", "トムはメアリーとテニスをする。"),
    Pair("I have 10 books.", "私は本を１０冊持っている。"),
    Pair("Use ⟦1⟧ here, please.", "ここで⟦1⟧を使ってください。"),
]

SHIPPED = Path(__file__).parents[2] / "media" / "starter-en-ja"


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """Three hundred tokens learnt from PAIRS, and the marks."""
    return train_tokenizer([text for pair in PAIRS for text in (pair.source, pair.target)], 300)


@pytest.fixture(scope="session")
def decoder() -> Decoder:
    """Random weights, large enough that logits differ between tokens."""
    torch.manual_seed(11)
    model = Decoder(TINY).eval()
    for parameter in model.parameters():
        if parameter.dim() == 2:
            torch.nn.init.normal_(parameter, std=0.15)
        else:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
    return model


@pytest.fixture(scope="session")
def fifty_tokens() -> str:
    """tokenizer.json of 50 letters."""
    return letters_tokenizer()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a person accept new golden translations by name."""
    parser.addoption("--accept-golden", action="store_true", help="write tests/golden.json from the shipped model")
