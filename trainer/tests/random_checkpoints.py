"""Small random checkpoints as their publishers lay them out: a COMET metric and its encoder, an encoder that aligns.

    python -m tests.random_checkpoints OUT     (in trainer/; writes OUT/metric, OUT/encoder and OUT/aligner)
"""

import sys
from pathlib import Path

import torch
import yaml
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

SETTINGS = {
    "class_identifier": "regression_metric",
    "layer_norm": False,
    "final_activation": None,
    "activations": "Tanh",
    "pool": "avg",
    "layer": "mix",
    "layer_transformation": "sparsemax",
}


def letters_tokenizer() -> str:
    """tokenizer.json of 50 letters, the first three of them control tokens around each text, as an encoder has them."""
    letters = [
        "<s>",
        "<pad>",
        "</s>",
        *(chr(ord("a") + place) for place in range(26)),
        *"土彼市本時金だ。、のはを一ですまた火曜日",
    ]
    model = models.WordLevel({letter: place for place, letter in enumerate(letters[:50])}, unk_token="a")
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B:1 </s>:1", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    text: str = tokenizer.to_str()
    return text


def write_comet(place: Path) -> XLMRobertaModel:
    """`metric` as unbabel-comet lays it out and `encoder` beside it; two layers of 32 units. Returns the encoder."""
    torch.manual_seed(3)
    config = XLMRobertaConfig(
        vocab_size=50, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=34, type_vocab_size=1, pad_token_id=1, initializer_range=0.5,
    )  # fmt: skip
    encoder = XLMRobertaModel(config, add_pooling_layer=False).eval()
    config.save_pretrained(place / "encoder")
    (place / "encoder" / "tokenizer.json").write_text(letters_tokenizer())
    state = {f"encoder.model.{name}": value for name, value in encoder.state_dict().items()}
    for index, value in enumerate((0.2, 0.9, -3.0)):
        state[f"layerwise_attention.scalar_parameters.{index}"] = torch.tensor([value])
    state["layerwise_attention.gamma"] = torch.tensor([1.5])
    for layer, (outputs, inputs) in zip((0, 3, 6), ((24, 192), (12, 24), (1, 12)), strict=True):
        state[f"estimator.ff.{layer}.weight"] = torch.randn(outputs, inputs)
        state[f"estimator.ff.{layer}.bias"] = torch.randn(outputs)
    (place / "metric" / "checkpoints").mkdir(parents=True)
    torch.save({"state_dict": state}, place / "metric" / "checkpoints" / "model.ckpt")
    (place / "metric" / "hparams.yaml").write_text(yaml.safe_dump(SETTINGS))
    return encoder


def write_aligner(folder: Path) -> None:
    """A BERT of nine layers, since the eighth is the one that aligns."""
    torch.manual_seed(4)
    config = BertConfig(
        vocab_size=50, hidden_size=32, num_hidden_layers=9, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=64, initializer_range=0.3, pad_token_id=1,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    (folder / "tokenizer.json").write_text(letters_tokenizer())


if __name__ == "__main__":
    out = Path(sys.argv[1])
    write_comet(out)
    write_aligner(out / "aligner")
