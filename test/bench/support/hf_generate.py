"""Tokens a second of transformers' `generate`: `hf_generate.py FOLDER THREADS N TEMPERATURE MAX_TOKENS SENTENCE...`.

Prints one number.

End tokens count, padding after them does not; the first sentence is done once before, to warm up.
"""

import sys
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def main() -> None:
    """Sample N continuations of each sentence as one batch."""
    folder, threads, n, temperature, max_tokens, *sentences = sys.argv[1:]
    torch.manual_seed(7)
    torch.set_num_threads(int(threads))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    end = model.generation_config.eos_token_id

    def sample(sentence: str) -> int:
        prompt = tokenizer(f"<|en|>{sentence}<|ja|>", return_tensors="pt")
        with torch.inference_mode():
            out = model.generate(
                **prompt,
                do_sample=True,
                temperature=float(temperature),
                top_k=0,
                top_p=1.0,
                num_return_sequences=int(n),
                max_new_tokens=int(max_tokens),
            )
        rows = out[:, prompt["input_ids"].shape[1] :].tolist()
        return sum(row.index(end) + 1 if end in row else len(row) for row in rows)

    sample(sentences[0])
    start = time.perf_counter()
    tokens = sum(sample(sentence) for sentence in sentences)
    print(tokens / (time.perf_counter() - start))


main()
