"""A Qwen3 model folder as a GGUF file in float32, for llama.cpp: `python -m interlinear_trainer.convert.gguf IN OUT`.

Names and keys are those of llama.cpp's own converter for the qwen3 architecture; the pre-tokenizer is Qwen2's. Norms
and embeddings are copied as they are: Qwen3 rotates halves (NeoX), so no rows are permuted.
"""

import argparse
import sys
from pathlib import Path
from typing import Any, Final

import gguf

from interlinear_trainer.convert.checkpoint import Checkpoint, read_checkpoint

OUTER: Final = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}
INNER: Final = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def tensor_name(name: str) -> str:
    """llama.cpp's name for one of transformers'. Raises KeyError for a tensor that Qwen3 does not have."""
    if name in OUTER:
        return OUTER[name]
    _, _, layer, inner = name.removesuffix(".weight").split(".", 3)
    return f"blk.{layer}.{INNER[inner]}.weight"


def write_gguf(checkpoint: Checkpoint, out: Path, name: str) -> None:
    """Write `out`; the result computes what the checkpoint computes in float32."""
    writer = gguf.GGUFWriter(out, "qwen3")
    writer.add_name(name)
    _add_shape(writer, checkpoint.config)
    _add_tokenizer(writer, checkpoint)
    for tensor, values in checkpoint.weights.items():
        writer.add_tensor(tensor_name(tensor), values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_shape(writer: gguf.GGUFWriter, config: dict[str, Any]) -> None:
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)


def _add_tokenizer(writer: gguf.GGUFWriter, checkpoint: Checkpoint) -> None:
    model = checkpoint.tokenizer["model"]
    tokens = {index: text for text, index in model["vocab"].items()}
    types = dict.fromkeys(tokens, gguf.TokenType.NORMAL)
    for added in checkpoint.tokenizer["added_tokens"]:
        tokens[added["id"]] = added["content"]
        types[added["id"]] = gguf.TokenType.CONTROL if added["special"] else gguf.TokenType.USER_DEFINED
    size = checkpoint.config["vocab_size"]
    for index in range(size):
        if index not in tokens:
            tokens[index], types[index] = f"[PAD{index}]", gguf.TokenType.UNUSED
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([tokens[index] for index in range(size)])
    writer.add_token_types([types[index] for index in range(size)])
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]])
    writer.add_eos_token_id(checkpoint.config["eos_token_id"])
    writer.add_pad_token_id(checkpoint.config["pad_token_id"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(checkpoint.tokenizer_config["chat_template"])


def main(arguments: list[str] | None = None) -> int:
    """Convert one folder."""
    parser = argparse.ArgumentParser(prog="python -m interlinear_trainer.convert.gguf", description=__doc__)
    parser.add_argument("folder", type=Path, help="config.json, model.safetensors, tokenizer*.json")
    parser.add_argument("out", type=Path, help="the .gguf file to write")
    options = parser.parse_args(arguments)
    write_gguf(read_checkpoint(options.folder), options.out, options.folder.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
