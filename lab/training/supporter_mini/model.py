"""The network: a small Llama (RMSNorm, rotary positions, SwiGLU, tied embeddings)."""

from __future__ import annotations

import torch
from torch.nn import functional
from transformers import LlamaConfig, LlamaForCausalLM

from .tokens import BOS, EOS, INFO, PAD, SEEKER, SUPPORTER, SYSTEM, VOCAB

CONTEXT = 512
STOP = [EOS, SEEKER, SUPPORTER, SYSTEM, INFO]


def make_config() -> LlamaConfig:
    """Configuration of the released shape (10.2 M parameters)."""
    return LlamaConfig(
        vocab_size=VOCAB,
        hidden_size=320,
        intermediate_size=896,
        num_hidden_layers=6,
        num_attention_heads=5,
        num_key_value_heads=5,
        max_position_embeddings=CONTEXT,
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
        attention_bias=False,
        mlp_bias=False,
        bos_token_id=BOS,
        eos_token_id=EOS,
        pad_token_id=PAD,
    )


def make_model(seed: int) -> LlamaForCausalLM:
    """Build the network with seeded initial weights."""
    torch.manual_seed(seed)
    return LlamaForCausalLM(make_config())


def weighted_loss(model: LlamaForCausalLM, ids: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of the next token, each target weighted (0 masks it)."""
    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
    logits = model.lm_head(hidden).flatten(0, 1)
    losses = functional.cross_entropy(logits.float(), ids[:, 1:].flatten(), reduction="none")
    target = weights[:, 1:].flatten()
    return (losses * target).sum() / target.sum().clamp(min=1)
