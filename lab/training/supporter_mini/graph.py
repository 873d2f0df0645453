"""The network once more, written for a clean ONNX graph with explicit past and present tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import LlamaForCausalLM


def rotate_half(x: Tensor) -> Tensor:
    """Rotate the two halves of the last axis (rotary positions as in Llama)."""
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


class CachedLlama(nn.Module):
    """Forward pass over ``input_ids, attention_mask, position_ids, past...`` giving logits and presents."""

    def __init__(self, model: LlamaForCausalLM, int8_embedding: bool) -> None:
        super().__init__()
        config = model.config
        self.layers = config.num_hidden_layers
        self.heads = config.num_attention_heads
        self.head_dim = config.hidden_size // config.num_attention_heads
        self.eps = config.rms_norm_eps
        state = {k: v.detach().float() for k, v in model.state_dict().items()}
        embedding = state["model.embed_tokens.weight"]
        self.int8_embedding = int8_embedding
        if int8_embedding:
            scale = embedding.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
            self.register_buffer("embedding", (embedding / scale).round().to(torch.int8))
            self.register_buffer("embedding_scale", scale)
        else:
            self.register_buffer("embedding", embedding)
        self.register_buffer("head", embedding.t().contiguous())
        names = ("q_proj", "k_proj", "v_proj", "o_proj")
        for i in range(self.layers):
            prefix = f"model.layers.{i}."
            for name in names:
                self.register_buffer(f"{name}_{i}", state[f"{prefix}self_attn.{name}.weight"].t().contiguous())
            for name in ("gate_proj", "up_proj", "down_proj"):
                self.register_buffer(f"{name}_{i}", state[f"{prefix}mlp.{name}.weight"].t().contiguous())
            self.register_buffer(f"norm1_{i}", state[f"{prefix}input_layernorm.weight"])
            self.register_buffer(f"norm2_{i}", state[f"{prefix}post_attention_layernorm.weight"])
        self.register_buffer("norm", state["model.norm.weight"])
        self.register_buffer("frequencies", model.model.rotary_emb.inv_freq.float())

    def rms(self, x: Tensor, weight: Tensor) -> Tensor:
        """Root-mean-square norm."""
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * weight

    def forward(self, input_ids: Tensor, attention_mask: Tensor, position_ids: Tensor, *past: Tensor) -> tuple:
        """Return the logits of every given token and the present keys and values."""
        if self.int8_embedding:
            x = self.embedding[input_ids].float() * self.embedding_scale[input_ids]
        else:
            x = self.embedding[input_ids]
        batch, length = input_ids.shape[0], input_ids.shape[1]
        total = attention_mask.shape[1]
        angles = position_ids.unsqueeze(-1).float() * self.frequencies
        angles = torch.cat((angles, angles), dim=-1).unsqueeze(1)
        cos, sin = angles.cos(), angles.sin()
        keys_at = torch.arange(total).unsqueeze(0)
        queries_at = (torch.arange(length) + (total - length)).unsqueeze(1)
        visible = (keys_at <= queries_at).unsqueeze(0) & (attention_mask.unsqueeze(1) > 0)
        bias = (1.0 - visible.unsqueeze(1).float()) * -1e9
        presents: list[Tensor] = []

        def heads(y: Tensor) -> Tensor:
            return y.view(batch, length, self.heads, self.head_dim).transpose(1, 2)

        for i in range(self.layers):
            y = self.rms(x, getattr(self, f"norm1_{i}"))
            q = heads(y @ getattr(self, f"q_proj_{i}"))
            k = heads(y @ getattr(self, f"k_proj_{i}"))
            v = heads(y @ getattr(self, f"v_proj_{i}"))
            q = q * cos + rotate_half(q) * sin
            k = k * cos + rotate_half(k) * sin
            k = torch.cat((past[2 * i], k), dim=2)
            v = torch.cat((past[2 * i + 1], v), dim=2)
            presents += [k, v]
            scores = q @ k.transpose(2, 3) * self.head_dim**-0.5 + bias
            y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, self.heads * self.head_dim)
            x = x + y @ getattr(self, f"o_proj_{i}")
            y = self.rms(x, getattr(self, f"norm2_{i}"))
            gate = functional.silu(y @ getattr(self, f"gate_proj_{i}"))
            x = x + (gate * (y @ getattr(self, f"up_proj_{i}"))) @ getattr(self, f"down_proj_{i}")
        return (self.rms(x, self.norm) @ self.head, *presents)


def tensor_names(layers: int, kind: str) -> list[str]:
    """Names of the past or present tensors in graph order."""
    return [f"{kind}.{i}.{part}" for i in range(layers) for part in ("key", "value")]
