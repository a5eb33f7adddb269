"""A small random Qwen3 in the layout of ONNX exports, and what transformers makes of it.

`random_qwen3.py TOKENIZER_FOLDER OUT` reads questions from standard input, JSON: a list of chats, each a list of
messages, and of raw texts. It writes the checkpoint to OUT/checkpoint, exports of it to OUT/NAME, and prints the greedy
answers as JSON. The model knows nothing; that two runtimes continue it alike is what it is for.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.transformers.float16 import convert_float_to_float16
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase, Qwen3Config, Qwen3ForCausalLM

from interlinear_trainer.convert.checkpoint import read_checkpoint
from interlinear_trainer.convert.float_folder import shape_of
from interlinear_trainer.export.decoder import save_decoder, write_decoder
from interlinear_trainer.starter.export import decoder_graph

Chat = list[dict[str, str]]
TOKENS = 24
CHAT_TEMPLATE = (
    "{%- for message in messages -%}{{- '<|en|>' + message.role + '\\n' + message.content + '<|end|>\\n' -}}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|ja|>assistant\\n' -}}"
    "{%- if enable_thinking is defined and enable_thinking is false -%}"
    "{{- '<think>\\n\\n</think>\\n\\n' -}}{%- endif -%}{%- endif -%}"
)


def write_checkpoint(tokenizer_folder: Path, folder: Path) -> None:
    """A random model with an untied head, three layers and grouped keys."""
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(20261121)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=32,
        max_position_embeddings=256,
        rope_theta=10000.0,
        tie_word_embeddings=False,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        initializer_range=0.3,
    )
    model = Qwen3ForCausalLM(config)
    model.generation_config.eos_token_id = [tokenizer.eos_token_id]
    model.save_pretrained(folder)
    config_path = folder / "config.json"
    stored: dict[str, Any] = json.loads(config_path.read_text(encoding="utf-8"))
    # transformers 5 keeps it inside rope_parameters; what is published has it at the top as well
    stored.setdefault("rope_theta", 10000.0)
    config_path.write_text(json.dumps(stored), encoding="utf-8")


def without_positions(graph: onnx.ModelProto) -> onnx.ModelProto:
    """The positions are counted from the mask inside the graph, as in exports that have no such input."""
    found = onnx.ModelProto()
    found.CopyFrom(graph)
    kept = [value for value in found.graph.input if value.name != "position_ids"]
    del found.graph.input[:]
    found.graph.input.extend(kept)
    for name, value in (("p.axis", 1), ("p.one", 1), ("p.far", 2**31)):
        found.graph.initializer.append(numpy_helper.from_array(np.asarray([value], dtype=np.int64), name))
    nodes = [
        helper.make_node("CumSum", ["attention_mask", "p.axis"], ["p.counted"]),
        helper.make_node("Sub", ["p.counted", "p.one"], ["p.all"]),
        helper.make_node("Shape", ["input_ids"], ["p.length"], start=1, end=2),
        helper.make_node("Neg", ["p.length"], ["p.start"]),
        helper.make_node("Slice", ["p.all", "p.start", "p.far", "p.axis"], ["position_ids"]),
    ]
    for place, node in enumerate(nodes):
        found.graph.node.insert(place, node)
    onnx.checker.check_model(found)
    return found


def renamed(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Outputs as some exporters call them, and the input that transformers.js's exports add."""
    found = onnx.ModelProto()
    found.CopyFrom(graph)
    for output in found.graph.output:
        if not output.name.startswith("present."):
            continue
        new = output.name.replace("present.", "present_key_values.")
        for node in found.graph.node:
            node.output[:] = [new if name == output.name else name for name in node.output]
        output.name = new
    found.graph.input.append(helper.make_tensor_value_info("num_logits_to_keep", TensorProto.INT64, []))
    onnx.checker.check_model(found)
    return found


def write_exports(out: Path) -> None:
    """One folder a variant."""
    folder = out / "checkpoint"
    for name, bits, external in (("plain", 32, False), ("external", 32, True), ("int8", 8, False), ("fp16", 16, False)):
        (out / name).mkdir()
        write_decoder(folder, out / name, bits, {"name": name, "licence": "none"}, external)
    checkpoint = read_checkpoint(folder)
    graph = decoder_graph(shape_of(checkpoint.config), checkpoint.weights, 32)
    halves = convert_float_to_float16(decoder_graph(shape_of(checkpoint.config), checkpoint.weights, 32))
    variants = {
        "unplaced": ("model.onnx", without_positions(graph)),
        "renamed": ("model.onnx", renamed(graph)),
        "half": ("model_fp16.onnx", halves),
    }
    for name, (file, changed) in variants.items():
        shutil.copytree(out / "plain", out / name, ignore=shutil.ignore_patterns("*.onnx", "export.json"))
        save_decoder(changed, out / name / "onnx" / file, external=False)


def answers(folder: Path, questions: list[Chat | str]) -> dict[str, Any]:
    """Greedy continuations; the end tokens are those of generation_config.json."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    ends = model.generation_config.eos_token_id
    found = []
    for question in questions:
        text = rendered(tokenizer, question)
        ids = tokenizer(text, add_special_tokens=False, return_tensors="pt")
        output = model.generate(**ids, do_sample=False, max_new_tokens=TOKENS)[0, ids["input_ids"].shape[1] :]
        written = output[:-1] if int(output[-1]) in ends else output
        found.append({"text": tokenizer.decode(written, skip_special_tokens=True), "tokens": len(output)})
    return {"answers": found}


def rendered(tokenizer: PreTrainedTokenizerBase, question: Chat | str) -> str:
    """A chat through the template, thinking off; a text as it is."""
    if isinstance(question, str):
        return question
    text = tokenizer.apply_chat_template(question, tokenize=False, add_generation_prompt=True, enable_thinking=False)
    return str(text)


def second_end(folder: Path, question: Chat | str) -> None:
    """Make the token that comes sixth in an answer an end token too."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    ids = tokenizer(rendered(tokenizer, question), add_special_tokens=False, return_tensors="pt")
    token = int(model.generate(**ids, do_sample=False, max_new_tokens=6)[0, -1])
    path = folder / "generation_config.json"
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    stored["eos_token_id"] = [tokenizer.eos_token_id, token]
    path.write_text(json.dumps(stored), encoding="utf-8")


def main() -> None:
    """Write everything, print the answers."""
    tokenizer_folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    questions: list[Chat | str] = json.load(sys.stdin)
    write_checkpoint(tokenizer_folder, out / "checkpoint")
    second_end(out / "checkpoint", questions[0])
    write_exports(out)
    print(json.dumps(answers(out / "checkpoint", questions)))


main()
