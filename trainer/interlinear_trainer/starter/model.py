"""The Qwen3 decoder in plain PyTorch: weights carry transformers' names one to one, and dropout is added.

transformers' Qwen3 has no dropout on embeddings and sublayers, which 50,000 sentence pairs need. Without
dropout the logits here equal `Qwen3ForCausalLM`'s.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the decoder."""

    vocab_size: int = 6153
    hidden_size: int = 256
    layers: int = 6
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 64
    mlp_size: int = 768
    context_length: int = 512
    rope_theta: float = 10000.0
    norm_eps: float = 1e-6


Past = list[tuple[Tensor, Tensor]]
"""Keys and values of each layer, each [batch, kv heads, past length, head dim]."""


Drop = Callable[[Tensor], Tensor]
"""Dropout in training, else nothing."""


def _keep(x: Tensor) -> Tensor:
    return x


@dataclass(frozen=True, slots=True)
class Noise:
    """Dropout in training: `features` of embeddings and of what each sublayer adds, `tokens` of whole embeddings."""

    features: Drop = _keep
    tokens: Drop = _keep


class MaskPool:
    """Dropout masks cut at random offsets from one long random vector, since fresh ones are slow to draw."""

    def __init__(self, rate: float, size: int = 1 << 23) -> None:
        fixed = torch.Generator().manual_seed(1)
        self._pool = (torch.rand(size, generator=fixed) >= rate).float() / (1 - rate)
        self._rate = rate

    def _mask(self, shape: Sequence[int], generator: torch.Generator) -> Tensor:
        count = math.prod(shape)
        offset = int(torch.randint(self._pool.numel() - count, (), generator=generator))
        return self._pool[offset : offset + count].view(shape)

    def dropper(self, generator: torch.Generator, whole: bool = False) -> Drop:
        """Dropout whose offsets come from `generator`; the scale keeps the expectation.

        With `whole`, a vector along the last dimension is dropped as one.
        """

        def drop(x: Tensor) -> Tensor:
            shape = (*x.shape[:-1], 1) if whole else x.shape
            return x * self._mask(shape, generator) if self._rate else x

        return drop


class RmsNorm(nn.Module):
    """Root-mean-square norm over the last dimension, with a gain."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Same shape as `x`."""
        scale: Tensor = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)
        return x * scale * self.weight


def rotary(shape: Shape, position_ids: Tensor) -> tuple[Tensor, Tensor]:
    """Cosines and sines, each [batch, 1, length, head dim], for positions [batch, length]."""
    exponents = torch.arange(0, shape.head_dim, 2, dtype=torch.float32) / shape.head_dim
    angles = position_ids[:, None, :, None].float() * (1.0 / shape.rope_theta**exponents)
    doubled = torch.cat((angles, angles), dim=-1)
    return doubled.cos(), doubled.sin()


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    half = x.shape[-1] // 2
    return x * cos + torch.cat((-x[..., half:], x[..., :half]), dim=-1) * sin


def _attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """Grouped-query attention in plain products, [batch, heads, length, head dim].

    The heads of a group are laid end to end, so that keys and values are not repeated. For rows of 30 tokens this is
    several times faster on a CPU than a fused kernel, whose backward pass is made for long ones.
    """
    batch, heads, length, size = query.shape
    groups = heads // key.shape[1]
    folded = query.reshape(batch, -1, groups * length, size)
    scores = (folded @ key.transpose(2, 3)).view(batch, -1, groups, length, key.shape[2])
    shares = torch.softmax(scores * size**-0.5 + mask[:, :, None], dim=-1)
    return (shares.view(batch, -1, groups * length, key.shape[2]) @ value).view(batch, heads, length, size)


class Attention(nn.Module):
    """Grouped-query attention with normed queries and keys and rotary positions."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width, kv_width = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
        self.q_proj = nn.Linear(shape.hidden_size, width, bias=False)
        self.k_proj = nn.Linear(shape.hidden_size, kv_width, bias=False)
        self.v_proj = nn.Linear(shape.hidden_size, kv_width, bias=False)
        self.o_proj = nn.Linear(width, shape.hidden_size, bias=False)
        self.q_norm = RmsNorm(shape.head_dim, shape.norm_eps)
        self.k_norm = RmsNorm(shape.head_dim, shape.norm_eps)

    def forward(
        self, x: Tensor, place: tuple[Tensor, Tensor], mask: Tensor, past: tuple[Tensor, Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """`mask` is additive, [batch, 1, length, past + length]."""
        batch, length, _ = x.shape
        heads = (batch, length, -1, self.shape.head_dim)
        query = _rotate(self.q_norm(self.q_proj(x).view(heads)).transpose(1, 2), *place)
        key = _rotate(self.k_norm(self.k_proj(x).view(heads)).transpose(1, 2), *place)
        value = self.v_proj(x).view(heads).transpose(1, 2)
        if past is not None:
            key, value = torch.cat((past[0], key), dim=2), torch.cat((past[1], value), dim=2)
        mixed = _attend(query, key, value, mask)
        out: Tensor = self.o_proj(mixed.transpose(1, 2).reshape(batch, length, -1))
        return out, (key, value)


class Mlp(nn.Module):
    """SwiGLU."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(shape.hidden_size, shape.mlp_size, bias=False)
        self.up_proj = nn.Linear(shape.hidden_size, shape.mlp_size, bias=False)
        self.down_proj = nn.Linear(shape.mlp_size, shape.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Same shape as `x`."""
        out: Tensor = self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))
        return out


class Layer(nn.Module):
    """Attention and MLP, each behind a norm and a residual."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.self_attn = Attention(shape)
        self.mlp = Mlp(shape)
        self.input_layernorm = RmsNorm(shape.hidden_size, shape.norm_eps)
        self.post_attention_layernorm = RmsNorm(shape.hidden_size, shape.norm_eps)

    def forward(
        self,
        x: Tensor,
        place: tuple[Tensor, Tensor],
        mask: Tensor,
        past: tuple[Tensor, Tensor] | None,
        drop: Drop,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Hidden states after the layer and its keys and values; `drop` is applied to what each sublayer adds."""
        mixed, kept = self.self_attn(self.input_layernorm(x), place, mask, past)
        x = x + drop(mixed)
        return x + drop(self.mlp(self.post_attention_layernorm(x))), kept


class Trunk(nn.Module):
    """Embedding, layers and last norm, under the name that transformers gives them."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(shape.vocab_size, shape.hidden_size)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = RmsNorm(shape.hidden_size, shape.norm_eps)


class Decoder(nn.Module):
    """The language model; the output matrix is the embedding."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.model = Trunk(shape)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                depth = (2 * shape.layers) ** -0.5 if name.endswith(("o_proj.weight", "down_proj.weight")) else 1.0
                nn.init.normal_(parameter, std=0.02 * depth)

    def hidden(
        self,
        input_ids: Tensor,
        position_ids: Tensor | None = None,
        mask: Tensor | None = None,
        past: Past | None = None,
        noise: Noise | None = None,
    ) -> tuple[Tensor, Past]:
        """Last hidden states [batch, length, hidden] and the keys and values up to here.

        Without `mask` (see `padding_mask`) attention is causal, and there must be no past.
        """
        if mask is None:
            mask = padding_mask(torch.ones((1, input_ids.shape[1])), input_ids.shape[1])
        if position_ids is None:
            position_ids = torch.arange(input_ids.shape[1])[None]
        place = rotary(self.shape, position_ids)
        noise = noise or Noise()
        x = noise.tokens(noise.features(self.model.embed_tokens(input_ids)))
        present: Past = []
        for index, layer in enumerate(self.model.layers):
            x, kept = layer(x, place, mask, past[index] if past else None, noise.features)
            present.append(kept)
        return self.model.norm(x), present

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores [..., vocabulary] for hidden states [..., hidden]."""
        return functional.linear(hidden, self.model.embed_tokens.weight)

    def forward(
        self,
        input_ids: Tensor,
        position_ids: Tensor | None = None,
        mask: Tensor | None = None,
        past: Past | None = None,
    ) -> tuple[Tensor, Past]:
        """Logits [batch, length, vocabulary] and the keys and values."""
        hidden, present = self.hidden(input_ids, position_ids, mask, past)
        return self.logits(hidden), present


def padding_mask(attention_mask: Tensor, length: int) -> Tensor:
    """Additive mask [batch, 1, length, past + length] from a 0/1 mask [batch, past + length].

    A padded query attends to nothing that counts; its row is left finite, so that no NaN can spread.
    """
    total = attention_mask.shape[1]
    causal = torch.arange(total)[None, :] <= torch.arange(total - length, total)[:, None]
    allowed = causal[None, None] & attention_mask[:, None, None, :].bool()
    return torch.where(allowed, 0.0, -1e9)


def qwen3_config(shape: Shape, end_id: int, pad_id: int) -> dict[str, object]:
    """config.json of the same model for transformers, vLLM and GGUF converters."""
    sizes = asdict(shape)
    return {
        "architectures": ["Qwen3ForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": None,
        "dtype": "bfloat16",
        "eos_token_id": end_id,
        "head_dim": sizes["head_dim"],
        "hidden_act": "silu",
        "hidden_size": sizes["hidden_size"],
        "initializer_range": 0.02,
        "intermediate_size": sizes["mlp_size"],
        "max_position_embeddings": sizes["context_length"],
        "model_type": "qwen3",
        "num_attention_heads": sizes["heads"],
        "num_hidden_layers": sizes["layers"],
        "num_key_value_heads": sizes["kv_heads"],
        "pad_token_id": pad_id,
        "rms_norm_eps": sizes["norm_eps"],
        "rope_theta": sizes["rope_theta"],
        "sliding_window": None,
        "tie_word_embeddings": True,
        "use_cache": True,
        "use_sliding_window": False,
        "vocab_size": sizes["vocab_size"],
    }
