"""The starter model, English to Japanese: data, tokenizer, training, export, evaluation."""
