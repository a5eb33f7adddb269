"""CPO as TRL has it, with a likelihood term that is masked by row and supervised rows mixed into each step.

One forward pass takes chosen, rejected and replay rows together. The loss is

    mean(L_pref) + alpha * NLL(chosen rows with bc = 1) + weight * NLL(replay rows)

with L_pref of `CPOTrainer.cpo_loss` (Xu et al. 2024, eq. 3) and each NLL the mean over the tokens of its rows; a batch
without such rows has no such term (decisions.md 26).
"""

import math
import os
from dataclasses import dataclass
from typing import Any, Final

os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")

import torch
from torch import Tensor
from trl.experimental.cpo import CPOTrainer
from trl.experimental.utils import DPODataCollatorWithPadding
from trl.trainer.utils import selective_log_softmax

from interlinear_trainer.stages.replay import IGNORED, Block, ReplaySet

GUARD_BATCH: Final = 32
GUARD_TIE: Final = 0.001


def token_logps(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """log P of each labelled token and the mask of real ones, each [rows, length - 1]; masked places are 0."""
    shifted = labels[:, 1:]
    mask = shifted != IGNORED
    logps: Tensor = selective_log_softmax(logits[:, :-1], shifted.masked_fill(~mask, 0))
    return logps * mask, mask


def masked_nll(logps: Tensor, mask: Tensor, rows: Tensor) -> Tensor:
    """Mean negative log-likelihood over the tokens of the rows with weight 1; 0 if there are none."""
    weights = mask * rows[:, None].to(mask.device)
    return -(logps * weights).sum() / weights.sum().clamp(min=1)


@dataclass(frozen=True, slots=True)
class Mixture:
    """What goes beside the pairs: replay rows for training, others for the guard."""

    replay: ReplaySet | None = None
    rows_per_batch: int = 0
    weight: float = 1.0
    guard: ReplaySet | None = None
    guard_rise: float = math.inf


class JudgmentCpoTrainer(CPOTrainer):  # type: ignore[misc]  # TRL is not typed
    """See the module; all other arguments are CPOTrainer's."""

    def __init__(self, *positional: Any, mixture: Mixture | None = None, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.mixture = mixture or Mixture()
        self._extra: dict[str, Tensor] = {}
        self._means = torch.empty(0)
        self._hits: list[Tensor] = []
        self._chosen_means: list[Tensor] = []
        self._guard_start: float | None = None
        self._last_step, self._micro = -1, 0

    def create_model_card(self, *_positional: Any, **_named: Any) -> None:
        """No card beside each checkpoint: the job directory says how it was made."""

    def _replay_block(self, training: bool) -> Block | None:
        mix = self.mixture
        if not training or mix.replay is None or mix.rows_per_batch == 0:
            return None
        step = self.state.global_step
        self._micro = self._micro + 1 if step == self._last_step else 0
        self._last_step = step
        key = (self.args.seed, step, self._micro, self.accelerator.process_index)
        return mix.replay.draw(mix.rows_per_batch, key).to(self.accelerator.device)

    def concatenated_forward(self, model: Any, batch: dict[str, Any]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """As in CPOTrainer: log-probabilities and logits of chosen and rejected rows, and the masked NLL."""
        device = self.accelerator.device
        joined = self.concatenated_inputs(batch, padding_value=self.pad_token_id, device=device)
        block = Block(*(joined[f"concatenated_{name}"] for name in ("input_ids", "attention_mask", "labels")))
        pairs = len(batch["chosen_labels"])
        extra = self._replay_block(model.training)
        whole = _stack(block, extra, self.pad_token_id) if extra else block
        logits = model(whole.input_ids, attention_mask=whole.attention_mask, use_cache=False).logits
        logps, mask = token_logps(logits, whole.labels)
        sums, counts = logps.sum(-1), mask.sum(-1)
        means = sums / counts
        bc = torch.as_tensor(batch.get("bc", [1] * pairs), device=device)
        nll = masked_nll(logps[:pairs], mask[:pairs], bc)
        self._means = means[: 2 * pairs]
        self._extra = {"means": self._means.detach()}
        if extra:
            every = torch.ones(len(extra.labels), device=device)
            self._extra["replay"] = masked_nll(logps[2 * pairs :], mask[2 * pairs :], every)
        scores = means if self.loss_type in ("ipo", "simpo") else sums
        return (
            scores[:pairs],
            scores[pairs : 2 * pairs],
            logits[:pairs].detach(),
            logits[pairs : 2 * pairs].detach(),
            nll,
        )

    def get_batch_loss_metrics(self, model: Any, batch: dict[str, Any], train_eval: str = "train") -> Any:
        """CPOTrainer's loss and metrics, plus the replay term and what the product shows of each step."""
        loss, metrics = super().get_batch_loss_metrics(model, batch, train_eval)
        chosen, rejected = self._extra["means"].chunk(2)
        hits = (chosen > rejected).float() + 0.5 * (chosen == rejected).float()
        hits, chosen = self.accelerator.gather_for_metrics((hits, chosen))
        if train_eval == "eval":
            # over all rows at the end: a mean of batch means would weigh the rows of a short last batch more
            self._hits.append(hits)
            self._chosen_means.append(chosen)
            return loss, metrics
        metrics["pair_accuracy"] = hits.mean().item()
        metrics["chosen_per_token"] = chosen.mean().item()
        if "replay" in self._extra:
            loss = loss + self.mixture.weight * self._extra["replay"]
            metrics["replay_nll"] = self._extra["replay"].detach().item()
        return loss, metrics

    def evaluation_loop(self, *positional: Any, **named: Any) -> Any:
        """The usual loop; adds pair accuracy by mean log P per token, the guard's NLL and the score to choose by.

        The score is the accuracy while the guard has risen by no more than allowed, else the accuracy less one. Among
        equal accuracies, which a few dozen rows often give, the one that harmed the guard less wins.
        """
        self._hits, self._chosen_means = [], []
        output = super().evaluation_loop(*positional, **named)
        accuracy = torch.cat(self._hits).mean().item()
        output.metrics["eval_pair_accuracy"] = accuracy
        output.metrics["eval_chosen_per_token"] = torch.cat(self._chosen_means).mean().item()
        score = accuracy
        if self.mixture.guard:
            now = self.guard_nll()
            self._guard_start = now if self._guard_start is None else self._guard_start
            output.metrics["eval_guard_nll"] = now
            rise = now - self._guard_start
            score -= float(rise > self.mixture.guard_rise) + GUARD_TIE * rise
        output.metrics["eval_score"] = score
        return output

    @torch.no_grad()
    def guard_nll(self) -> float:
        """Mean NLL per token over all guard rows, without dropout."""
        guard = self.mixture.guard
        if guard is None:
            raise ValueError("there are no guard rows")
        model, was_training = self.model, self.model.training
        model.eval()
        total, tokens = 0.0, 0
        for start in range(0, len(guard), GUARD_BATCH):
            block = guard.block(range(start, min(start + GUARD_BATCH, len(guard)))).to(self.accelerator.device)
            logits = model(block.input_ids, attention_mask=block.attention_mask, use_cache=False).logits
            logps, mask = token_logps(logits, block.labels)
            total, tokens = total - logps.sum().item(), tokens + int(mask.sum().item())
        model.train(was_training)
        return total / tokens


def _stack(first: Block, second: Block, pad_id: int) -> Block:
    length = max(first.input_ids.shape[1], second.input_ids.shape[1])
    one, other = first.padded(length, pad_id), second.padded(length, pad_id)
    return Block(
        torch.cat((one.input_ids, other.input_ids)),
        torch.cat((one.attention_mask, other.attention_mask)),
        torch.cat((one.labels, other.labels)),
    )


def pair_collator(pad_id: int) -> Any:
    """TRL's collator for pairs; other columns reach the batch as lists."""
    return DPODataCollatorWithPadding(pad_token_id=pad_id)
