"""The training loop: resumable, with a learning rate that falls to zero when its budget ends."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from interlinear_trainer.starter.batches import Batch, batches
from interlinear_trainer.starter.model import Decoder, MaskPool, Noise, Shape
from interlinear_trainer.starter.optimiser import optimisers
from interlinear_trainer.starter.plan import Plan, pass_name, pass_rows
from interlinear_trainer.starter.rows import Rows, load_rows

Precision = Literal["fp32", "bf16"]
"""Of matrix products in training; weights and optimiser states are float32 in both."""

Log = Callable[[dict[str, object]], None]


def best_precision() -> Precision:
    """bf16 where the CPU multiplies bfloat16 in hardware: elsewhere it is slower than float32."""
    return "bf16" if torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported() else "fp32"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hyperparameters. The budget is `steps` when given, else `minutes` of training time over all resumptions.

    In the plan's last leg `clean_dropout` takes the place of `dropout`, and no whole token is dropped.
    """

    minutes: float = 90.0
    steps: int | None = None
    lr: float = 4e-3
    warmup: float = 0.03
    weight_decay: float = 0.05
    dropout: float = 0.2
    token_dropout: float = 0.1
    clean_dropout: float = 0.1
    batch_tokens: int = 4096
    micro_batches: int = 1
    precision: Precision = "fp32"
    plan: Plan = field(default_factory=Plan)
    ema: float = 0.998
    clip: float = 1.0
    seed: int = 20261121
    save_seconds: float = 180.0
    log_steps: int = 20


class Run:
    """Everything a checkpoint holds: weights, their average, optimiser states, generators and counters."""

    def __init__(self, shape: Shape, recipe: Recipe) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.model = Decoder(shape)
        self.short = recipe.precision == "bf16"
        self.generators = [torch.Generator().manual_seed(recipe.seed + slot) for slot in range(recipe.micro_batches)]
        features, tokens, calm = map(MaskPool, (recipe.dropout, recipe.token_dropout, recipe.clean_dropout))
        self._noises = [
            Noise(features.dropper(generator), tokens.dropper(generator, whole=True)) for generator in self.generators
        ]
        self._calm = [Noise(calm.dropper(generator)) for generator in self.generators]
        self.threads = ThreadPoolExecutor(recipe.micro_batches)
        self.optimisers = optimisers(
            self.model, recipe.lr, recipe.weight_decay, self.threads, torch.bfloat16 if self.short else torch.float32
        )
        self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        self.step = 0
        self.passes = 0
        self.used = 0
        self.rows = ""
        self.seconds = 0.0

    def save(self, path: Path) -> None:
        """Write to a sibling first, so that a kill in the middle leaves the older checkpoint whole."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average,
            "optimisers": [each.state_dict() for each in self.optimisers],
            "generators": [each.get_state() for each in self.generators],
            "counters": [self.step, self.passes, self.used, self.seconds],
            "rows": self.rows,
            "shape": asdict(self.model.shape),
        }
        draft = path.with_suffix(".draft")
        torch.save(state, draft)
        draft.replace(path)

    def restore(self, path: Path) -> None:
        """Take up where `save` left off."""
        state = torch.load(path, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        for each, stored in zip(self.optimisers, state["optimisers"], strict=True):
            each.load_state_dict(stored)
        for generator, stored in zip(self.generators, state["generators"], strict=True):
            generator.set_state(stored)
        self.step, self.passes, self.used, self.seconds = state["counters"]
        self.rows = state["rows"]

    @torch.no_grad()
    def averaged_loss(self, rows: Rows) -> float:
        """Nats a target token of the averaged weights, without dropout."""
        model = Decoder(self.model.shape)
        model.load_state_dict(self.average)
        held = list(batches(rows, self.recipe.batch_tokens, 0))
        return sum(_loss(model, batch).item() for batch in held) / sum(len(batch.labels) for batch in held)

    def start_from(self, folder: Path) -> None:
        """Begin with the weights of an exported model instead of random ones.

        Raises ValueError, which names the tensors, if its shape is another.
        """
        weights = load_file(folder / "model.safetensors")
        shapes, own = ({name: value.shape for name, value in each.items()} for each in (weights, self.average))
        if shapes != own:
            odd = sorted(name for name in shapes.keys() | own.keys() if shapes.get(name) != own.get(name))
            raise ValueError(f"{folder / 'model.safetensors'} does not fit this decoder: {', '.join(odd[:3])}")
        self.model.load_state_dict(weights)
        self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}

    def noises(self) -> list[Noise]:
        """Dropout of each micro-batch at this point of the plan."""
        return self._calm if self.recipe.plan.leg(self.progress()) == "clean" else self._noises

    def progress(self) -> float:
        """Share of the budget used, 0 to 1."""
        if self.recipe.steps is not None:
            return min(1.0, self.step / self.recipe.steps)
        return min(1.0, self.seconds / (60 * self.recipe.minutes))


def rate(recipe: Recipe, progress: float) -> float:
    """Learning rate: a short warm-up, then straight down to zero at the end of the budget."""
    if progress < recipe.warmup:
        return recipe.lr * (progress + 1e-3) / recipe.warmup
    return recipe.lr * (1 - progress) / (1 - recipe.warmup)


def _loss(model: Decoder, batch: Batch, noise: Noise | None = None) -> Tensor:
    hidden, _ = model.hidden(batch.input_ids, noise=noise)
    scored = hidden.reshape(-1, hidden.shape[-1]).index_select(0, batch.scored)
    return functional.cross_entropy(model.logits(scored), batch.labels, reduction="sum")


def update(run: Run, group: list[Batch]) -> float:
    """One optimiser step over micro-batches, a thread each; returns nats per scored token.

    One PyTorch thread a micro-batch beats two threads an operator: nobody waits at every matrix product, least of
    all on a machine that has other work.
    """
    model, recipe = run.model, run.recipe
    count = sum(len(batch.labels) for batch in group)
    parameters = list(model.parameters())

    def work(batch: Batch, noise: Noise) -> tuple[float, tuple[Tensor, ...]]:
        with torch.autocast("cpu", torch.bfloat16, enabled=run.short):
            loss = _loss(model, batch, noise) / count
        return loss.item(), torch.autograd.grad(loss, parameters)

    found = list(run.threads.map(work, group, run.noises()))
    for parameter, *gradients in zip(parameters, *(each for _, each in found), strict=True):
        parameter.grad = torch.stack(gradients).sum(dim=0)
    torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
    lr = rate(recipe, run.progress())
    for optimiser in run.optimisers:
        optimiser.param_groups[0]["lr"] = lr
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    keep = min(recipe.ema, (1 + run.step) / (10 + run.step))
    with torch.no_grad():
        for name, value in model.state_dict().items():
            run.average[name].lerp_(value, 1 - keep)
    run.step += 1
    return sum(loss for loss, _ in found)


def _groups(run: Run, work: Path) -> Iterator[list[Batch]]:
    """Micro-batches of the steps to come; counts passes, and skips what a resumed pass already used.

    A pass ends early where a leg of the plan does.
    """
    recipe = run.recipe
    while True:
        leg = recipe.plan.leg(run.progress())
        run.rows = run.rows or pass_name(work, leg, run.passes)
        held = list(batches(pass_rows(work, run.rows), recipe.batch_tokens, recipe.seed + run.passes))
        if len(held) < recipe.micro_batches:
            raise ValueError(f"{work}, {run.rows}: {len(held)} batches, fewer than a step's {recipe.micro_batches}")
        while run.used + recipe.micro_batches <= len(held) and run.rows.startswith(recipe.plan.leg(run.progress())):
            start = run.used
            run.used += recipe.micro_batches
            yield held[start : run.used]
        run.passes, run.used, run.rows = run.passes + 1, 0, ""


def train(run: Run, work: Path, log: Log, stop_at: int | None = None, until: float = 1.0) -> None:
    """Train until step `stop_at`, or until a share of the budget is used; checkpoints go to work/checkpoint.pt."""
    dev = load_rows(work / "dev.npz")
    run.model.train()
    began = saved = time.monotonic()
    before = run.seconds
    for group in _groups(run, work):
        loss = update(run, group)
        now = time.monotonic()
        run.seconds = before + now - began
        if run.step % run.recipe.log_steps == 0:
            log({"step": run.step, "pass": run.passes, "seconds": round(run.seconds), "loss": round(loss, 4)})
        done = run.progress() >= until or run.step == stop_at
        if done or now - saved >= run.recipe.save_seconds:
            saved = now
            run.save(work / "checkpoint.pt")
            log({"step": run.step, "pass": run.passes, "rows": run.rows, "dev": round(run.averaged_loss(dev), 4)})
        if done:
            return


def json_log(path: Path) -> Log:
    """A log that appends JSON lines to a file and prints them."""

    def write(event: dict[str, object]) -> None:
        line = json.dumps(event)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
        print(line, flush=True)

    return write
