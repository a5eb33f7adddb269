"""Reinforcement learning on principle rewards as In2x describes it (arXiv 2508.14472), thin over TRL's GRPOTrainer.

From TRL: group advantages, clip-higher (`epsilon_high`), dual clip (`delta`), entropy bonus. Ours: the rewards
(rewards.py), a temperature that falls over the run, and the trajectory ratio. The paper gives no numbers for clips and
temperatures; the defaults are ours and stand in the job's YAML.

`ratio: trajectory` is TIC-GRPO's (arXiv 2508.02833): one ratio a sample, the product over its tokens of P_new / P_old,
where TRL's `sequence` takes the geometric mean (GSPO). TRL divides the summed log-ratio by the number of tokens, so
both log-probabilities are multiplied by it before.
"""

from typing import Any

import torch
from torch import Tensor
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from trl import GRPOConfig, GRPOTrainer

from interlinear_trainer.stages.config import Config, Grpo
from interlinear_trainer.stages.faults import TrainerError, says
from interlinear_trainer.stages.rewards import rewards_of


class PrincipleTrainer(GRPOTrainer):  # type: ignore[misc]  # TRL is not typed
    """See the module; all other arguments are GRPOTrainer's."""

    def __init__(self, *positional: Any, trajectory: bool = False, **named: Any) -> None:
        super().__init__(*positional, **named)
        self._trajectory = trajectory
        self._lengths: Tensor | None = None

    def create_model_card(self, *_positional: Any, **_named: Any) -> None:
        """No card beside each checkpoint: the job directory says how it was made."""

    def _get_per_token_logps_and_entropies(self, *positional: Any, **named: Any) -> Any:
        logps, *rest = super()._get_per_token_logps_and_entropies(*positional, **named)
        return (logps if self._lengths is None else logps * self._lengths, *rest)

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> Tensor:
        if not self._trajectory:
            return torch.as_tensor(super()._compute_loss(model, inputs))
        lengths = inputs["completion_mask"].sum(-1, keepdim=True).clamp(min=1)
        old = inputs.get("old_per_token_logps")
        scaled = inputs if old is None else {**inputs, "old_per_token_logps": old * lengths}
        self._lengths = lengths
        try:
            return torch.as_tensor(super()._compute_loss(model, scaled))
        finally:
            self._lengths = None

    def evaluation_loop(self, *positional: Any, **named: Any) -> Any:
        """The usual loop; the score to choose by is the mean reward."""
        output = super().evaluation_loop(*positional, **named)
        rewards = self._metrics["eval"]["reward"]
        output.metrics["eval_score"] = sum(rewards) / len(rewards)
        return output


class TemperatureDecay(TrainerCallback):
    """Sampling temperature from `start` to `end`, linear over the run.

    It changes only when new samples are drawn: between, old and new log-probabilities must be of one temperature.
    """

    def __init__(self, grpo: Grpo) -> None:
        self._start, self._end, self._updates = grpo.temperature_start, grpo.temperature_end, grpo.updates
        self.trainer: Any = None

    def at(self, step: int, steps: int) -> float:
        """The temperature of a step of `steps`."""
        drawn = step - step % self._updates
        return self._start + (self._end - self._start) * drawn / max(1, steps)

    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Set it in the trainer and in whatever generates for it."""
        value = self.at(state.global_step, state.max_steps)
        self.trainer.temperature = value
        if self.trainer.use_vllm:
            self.trainer.vllm_generation.temperature = value
        else:
            self.trainer.generation_config.temperature = value
            self.trainer.generation_kwargs["temperature"] = value


def grpo_arguments(config: Config) -> dict[str, Any]:
    """What GRPOConfig needs beside the common arguments. Raises TrainerError `config`."""
    grpo = config.grpo
    if grpo.ratio == "trajectory" and (grpo.kl > 0 or grpo.vllm):
        raise TrainerError("config", says("config: grpo.ratio trajectory works without grpo.kl and grpo.vllm only"))
    return {
        "num_generations": grpo.generations,
        "per_device_eval_batch_size": grpo.generations,
        "steps_per_generation": grpo.updates * config.accumulation,
        "max_completion_length": grpo.max_completion,
        "temperature": grpo.temperature_start,
        "beta": grpo.kl,
        "epsilon": grpo.clip_low,
        "epsilon_high": grpo.clip_high,
        "delta": grpo.delta,
        "importance_sampling_level": "token" if grpo.ratio == "token" else "sequence",
        "loss_type": "grpo",
        "entropy_coef": grpo.entropy,
        "use_vllm": grpo.vllm,
        "vllm_mode": "colocate",
    }


def build_grpo(config: Config, arguments: GRPOConfig, data: dict[str, Any], shared: dict[str, Any]) -> PrincipleTrainer:
    """The trainer with its rewards and temperature."""
    decay = TemperatureDecay(config.grpo)
    rewards, weights = rewards_of(config.grpo)
    arguments.reward_weights = weights
    shared = {**shared, "callbacks": [*shared["callbacks"], decay]}
    trajectory = config.grpo.ratio == "trajectory"
    trainer = PrincipleTrainer(args=arguments, reward_funcs=rewards, trajectory=trajectory, **data, **shared)
    decay.trainer = trainer
    return trainer
