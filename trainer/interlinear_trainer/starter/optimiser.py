"""Muon for the hidden matrices, AdamW for the embedding and the norms.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) steps along the nearest semi-orthogonal
matrix to the momentum, found by a Newton-Schulz iteration. On a machine without a GPU it buys passes over the data.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor

import torch
from torch import Tensor, nn

_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)


@torch.no_grad()
def orthogonalise(matrices: Tensor, steps: int = 5, precision: torch.dtype = torch.float32) -> Tensor:
    """Nearest semi-orthogonal matrices, roughly (singular values within about 0.7 to 1.2), of [n, rows, columns]."""
    a, b, c = _NEWTON_SCHULZ
    tall = matrices.shape[1] > matrices.shape[2]
    x: Tensor = matrices.transpose(1, 2) if tall else matrices
    x = (x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)).to(precision)
    for _ in range(steps):
        gram: Tensor = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.transpose(1, 2) if tall else x).to(matrices.dtype)


class Muon(torch.optim.Optimizer):
    """Momentum orthogonalisation for matrices; equal shapes are one batch, and the batches share the threads."""

    def __init__(
        self, params: Iterable[nn.Parameter], defaults: Mapping[str, float], threads: Executor, precision: torch.dtype
    ) -> None:
        self._threads = threads
        self._precision = precision
        super().__init__(list(params), dict(defaults))

    @torch.no_grad()
    def step(self, closure: object = None) -> None:  # type: ignore[override]  # no closure is ever evaluated here
        """One update from the gradients in place."""
        for group in self.param_groups:
            shapes: dict[torch.Size, list[nn.Parameter]] = defaultdict(list)
            for parameter in group["params"]:
                shapes[parameter.shape].append(parameter)
            stacks = [torch.stack([self._nesterov(p, group["momentum"]) for p in each]) for each in shapes.values()]
            updates = self._threads.map(lambda stack: orthogonalise(stack, precision=self._precision), stacks)
            for (shape, parameters), stack in zip(shapes.items(), updates, strict=True):
                scale = 0.2 * max(shape) ** 0.5
                for parameter, update in zip(parameters, stack, strict=True):
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                    parameter.add_(update, alpha=-group["lr"] * scale)

    def _nesterov(self, parameter: nn.Parameter, momentum: float) -> Tensor:
        gradient = parameter.grad
        if gradient is None:
            raise ValueError("a parameter has no gradient")
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        buffer: Tensor = state["momentum"]
        buffer.lerp_(gradient, 1 - momentum)
        update: Tensor = gradient.lerp(buffer, momentum)
        return update


def optimisers(
    model: nn.Module, lr: float, weight_decay: float, threads: Executor, precision: torch.dtype
) -> list[torch.optim.Optimizer]:
    """Muon for every matrix but the embedding, AdamW for the rest.

    The factor 0.2 * sqrt(longer side) in Muon gives its updates AdamW's usual size, so that one learning rate
    serves both (Liu et al. 2025, arXiv 2502.16982, section 2.2).
    """
    hidden: list[nn.Parameter] = []
    rest: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        (hidden if parameter.dim() == 2 and "embed_tokens" not in name else rest).append(parameter)
    return [
        Muon(hidden, {"lr": lr, "momentum": 0.95, "weight_decay": weight_decay}, threads, precision),
        torch.optim.AdamW(rest, lr=lr, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.0),
    ]
