"""Seconds of CPO steps, ours and plain TRL's in turns: `cpo_step.py FOLDER STEPS ENGLISH JAPANESE`. Prints JSON.

Same weights, LoRA, rows and batches; forward, backward and the optimiser's step. Every row counts for the likelihood
term and nothing is replayed, so that both compute the same loss (a test holds them equal).
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from trl.experimental.cpo import CPOTrainer

from interlinear_trainer.stages.base_model import load_model, load_tokenizer
from interlinear_trainer.stages.config import Config, Lora
from interlinear_trainer.stages.jobs import Job
from interlinear_trainer.stages.material import Material
from interlinear_trainer.stages.rows import PreferenceRow
from interlinear_trainer.stages.trainers import build_trainer

BATCH = 8
WARM_UP = 3


def rows(english: Path, japanese: Path, count: int) -> list[PreferenceRow]:
    """References as chosen, the next line's reference as rejected."""
    sources, targets = (path.read_text(encoding="utf-8").splitlines() for path in (english, japanese))
    return [
        PreferenceRow(f"<|en|>{sources[at]}<|ja|>", targets[at], targets[at + 1], 1, sources[at]) for at in range(count)
    ]


def step(trainer: Any, at: int) -> float:
    """One optimiser step on the `at`-th batch of the training set."""
    picked = [trainer.train_dataset[(at * BATCH + row) % len(trainer.train_dataset)] for row in range(BATCH)]
    started = time.perf_counter()
    trainer.training_step(trainer.model, trainer.data_collator(picked))
    trainer.optimizer.step()
    trainer.optimizer.zero_grad()
    return time.perf_counter() - started


def main() -> None:
    """Alternate, so that what else the machine does falls on both."""
    folder, steps, english, japanese = sys.argv[1:]
    base = Path(folder)
    with tempfile.TemporaryDirectory() as room:
        job = Job(Path(room), "cpo", base, Path(room), None)
        config = Config(batch_size=BATCH, max_length=128, lora=Lora(rank=16, alpha=32))
        material = Material(rows(Path(english), Path(japanese), BATCH * 16), [], [])
        trainers = []
        for plain in (False, True):
            trainer = build_trainer(job, config, material, (load_model(base, config), load_tokenizer(base), []))
            if plain:
                trainer.__class__ = CPOTrainer
            trainer.current_gradient_accumulation_steps = 1  # as its training loop sets it
            trainer.create_optimizer()
            trainer.model.train()
            trainers.append(trainer)
        times: tuple[list[float], list[float]] = ([], [])
        for at in range(-WARM_UP, int(steps)):
            for which in (0, 1) if at % 2 else (1, 0):
                seconds = step(trainers[which], at % 16)
                if at >= 0:
                    times[which].append(seconds)
    print(json.dumps({"ours": times[0], "plain": times[1]}))


main()
