"""Dynamic multi-reward preference optimisation (Algharb 2.3, eq. 1 and 2), as a form of CPO over candidate pools.

The paper leaves scales open; this is our reading (decisions.md 25), and each constant stands in the job's YAML:

- R = (1 - w) z(QE) + w z(log P per token) within the source's pool, without gradient; w grows linearly over the run
  from `self_weight_start` to `self_weight_end` (eq. 1). z divides by the population deviation, at least 0.01.
- chosen = argmax R, rejected = argmin R; a pool whose R spread is below `margin` has no preference term in this step.
- eq. 2: p = sigmoid(tau dQE), QE on 0 to 100, q = sigmoid(kappa d(log P per token)), both in the order of QE between
  the two texts; the term is kl * KL(p || q), the mean over the batch's pools.
- the likelihood (BC) term of CPO is kept, for the chosen texts of the pools that are not skipped.

Cost: a forward pass over all candidates without gradient, then CPO's own on the pairs.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from interlinear_trainer.stages.config import Mrpo
from interlinear_trainer.stages.cpo import JudgmentCpoTrainer, pair_collator, token_logps
from interlinear_trainer.stages.replay import ReplaySet
from interlinear_trainer.stages.rows import SupervisedRow


def standardise(values: Tensor) -> Tensor:
    """z-scores of a vector by its population deviation, at least 0.01."""
    return (values - values.mean()) / values.std(correction=0).clamp(min=0.01)


def reward(qe: Tensor, logps: Tensor, self_weight: float) -> Tensor:
    """Eq. 1 for one pool: `qe` 0 to 100 and mean log P a token, both [candidates]."""
    return (1 - self_weight) * standardise(qe) + self_weight * standardise(logps)


def self_weight(progress: float, constants: Mrpo) -> float:
    """w at `progress` 0 to 1 of the run."""
    return constants.self_weight_start + progress * (constants.self_weight_end - constants.self_weight_start)


def preference_kl(delta_qe: Tensor, delta_logps: Tensor, constants: Mrpo) -> Tensor:
    """Eq. 2 a pair, in nats: KL(sigmoid(tau dQE) || sigmoid(kappa dlogP)) with signs turned so that dQE >= 0."""
    sign = torch.where(delta_qe < 0, -1.0, 1.0)
    target = constants.tau * sign * delta_qe
    model = constants.kappa * sign * delta_logps
    p = torch.sigmoid(target)
    log_p, log_not_p = functional.logsigmoid(target), functional.logsigmoid(-target)
    log_q, log_not_q = functional.logsigmoid(model), functional.logsigmoid(-model)
    return p * (log_p - log_q) + (1 - p) * (log_not_p - log_not_q)


@dataclass(frozen=True, slots=True)
class Picked:
    """The pair that a step takes from a pool; `skipped` if the rewards are too close."""

    chosen: int
    rejected: int
    skipped: bool


def pick(rewards: Tensor, margin: float) -> Picked:
    """Best and worst by reward; the first of equals."""
    best, worst = int(rewards.argmax()), int(rewards.argmin())
    return Picked(best, worst, bool(rewards[best] - rewards[worst] < margin) or best == worst)


class MultiRewardTrainer(JudgmentCpoTrainer):
    """See the module. A batch holds `prompt`, `candidates` and `scores` of each pool."""

    def __init__(self, *positional: Any, reward: Mrpo, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.reward = reward
        self._collate = pair_collator(self.pad_token_id)
        self._delta_qe = torch.empty(0)
        self._live = torch.empty(0)

    def _progress(self) -> float:
        return self.state.global_step / self.state.max_steps if self.state.max_steps else 0.0

    @torch.no_grad()
    def _pool_logps(self, model: Any, prompt: str, candidates: list[str]) -> Tensor:
        """Mean log P a token of each candidate, [candidates]."""
        rows = [SupervisedRow(prompt, text, prompt) for text in candidates]
        tokenizer = self.processing_class
        block = ReplaySet(rows, tokenizer, tokenizer.eos_token_id, self.pad_token_id).block(range(len(rows)))
        block = block.to(self.accelerator.device)
        logits = model(block.input_ids, attention_mask=block.attention_mask, use_cache=False).logits
        logps, mask = token_logps(logits, block.labels)
        return logps.sum(-1) / mask.sum(-1)

    def _pairs_of(self, model: Any, batch: dict[str, Any]) -> dict[str, Any]:
        """The batch of pairs that this step trains on; notes the differences in QE and which pools are live."""
        weight = self_weight(self._progress(), self.reward)
        rows, deltas, live = [], [], []
        for prompt, candidates, scores in zip(batch["prompt"], batch["candidates"], batch["scores"], strict=True):
            qe = torch.tensor(scores, device=self.accelerator.device)
            found = pick(reward(qe, self._pool_logps(model, prompt, candidates), weight), self.reward.margin)
            pair = {"prompt": prompt, "chosen": candidates[found.chosen], "rejected": candidates[found.rejected]}
            rows.append({**self.tokenize_row(pair), "bc": int(not found.skipped)})
            deltas.append(qe[found.chosen] - qe[found.rejected])
            live.append(0.0 if found.skipped else 1.0)
        self._delta_qe = torch.stack(deltas)
        self._live = torch.tensor(live, device=self.accelerator.device)
        return dict(self._collate(rows))

    def cpo_loss(self, chosen_logps: Tensor, rejected_logps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """CPO's preference term plus eq. 2; 0 for skipped pools and scaled so that the batch mean is over live ones."""
        losses, chosen, rejected = super().cpo_loss(chosen_logps, rejected_logps)
        better, worse = self._means.chunk(2)
        losses = losses + self.reward.kl * preference_kl(self._delta_qe, better - worse, self.reward)
        share = self._live.mean().clamp(min=1 / len(self._live))
        return losses * self._live / share, chosen, rejected

    def get_batch_loss_metrics(self, model: Any, batch: dict[str, Any], train_eval: str = "train") -> Any:
        """Choose the pairs, then CPO's loss on them."""
        loss, metrics = super().get_batch_loss_metrics(model, self._pairs_of(model, batch), train_eval)
        prefix = "eval_" if train_eval == "eval" else ""
        metrics[f"{prefix}pools/live"] = self._live.mean().item()
        return loss, metrics
