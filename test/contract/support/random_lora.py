"""A LoRA with random factors on the starter model, and what both write greedily: `random_lora.py BASE OUT SENTENCE...`.

Prints a JSON list of [plain, adapted] a sentence.
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer


def main() -> None:
    """Make it, save it as a finished job's adapter, translate with and without."""
    base, out, *sentences = sys.argv[1:]
    tokenizer = AutoTokenizer.from_pretrained(base)
    torch.manual_seed(3)
    config = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM", init_lora_weights=False)
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), config).eval()
    for name, part in model.named_parameters():
        if "lora_" in name:
            part.data.mul_(0.4)

    def write(sentence: str) -> str:
        prompt = tokenizer(f"<|en|>{sentence}<|ja|>", return_tensors="pt")
        ids = model.generate(**prompt, do_sample=False, max_new_tokens=48)[0, prompt["input_ids"].shape[1] :]
        return str(tokenizer.decode(ids, skip_special_tokens=True))

    found = []
    for sentence in sentences:
        with torch.inference_mode():
            adapted = write(sentence)
            with model.disable_adapter():
                found.append([write(sentence), adapted])
    model.save_pretrained(out)
    (Path(out) / "interlinear.json").write_text("{}")
    print(json.dumps(found))


main()
