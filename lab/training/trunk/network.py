"""The encoder with a second output, and the heads it is fine-tuned with."""

from __future__ import annotations

from typing import NamedTuple

import torch
from encoder.model import DIMENSION, MASKED, MAX_TOKENS, NORM_FLOOR, SentenceEncoder
from torch import Tensor, nn
from torch.nn import functional

STRATEGY_HIDDEN = 256
FIRST_SCALE = 16.0


class Vectors(NamedTuple):
    """Both outputs for the same texts, each [batch, 512] and of length 1."""

    embedding: Tensor
    """Meaning, kept near the original encoder's, so that cosines mean what they meant."""
    features: Tensor
    """What the scorers read: trained for replies, memories, emotion and strategy."""


class Trunk(SentenceEncoder):
    """The encoder; `features` leaves the same pooled state through a tanh layer of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Linear(DIMENSION, DIMENSION)

    @classmethod
    def grow(cls, encoder: SentenceEncoder) -> Trunk:
        """A trunk whose two outputs both equal those of `encoder`."""
        trunk = cls()
        trunk.load_state_dict(encoder.state_dict(), strict=False)
        trunk.features.load_state_dict(encoder.output.state_dict())
        return trunk

    def pooled(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """The mean of the last layer over the tokens, [batch, 512]."""
        input_ids = input_ids[:, :MAX_TOKENS]
        mask = attention_mask[:, :MAX_TOKENS].to(torch.float32)
        hidden = 2 * self.pieces(input_ids) + self.timing[: input_ids.shape[1]]
        bias = ((1 - mask) * MASKED)[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, bias)
        return (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Vectors:
        """Encode `input_ids` [batch, seq], padded on the right."""
        pooled = self.pooled(input_ids, attention_mask)
        return Vectors(_unit(torch.tanh(self.output(pooled))), _unit(torch.tanh(self.features(pooled))))


class Heads(nn.Module):
    """What each training task reads from the features. Only the trunk is shipped; the heads are its teachers."""

    def __init__(self, emotions: int, strategies: int, context: int) -> None:
        super().__init__()
        self.ask, self.answer = _match(), _match()
        self.recall, self.memory = _match(), _match()
        self.tell = _match()
        self.scales = nn.Parameter(torch.full((3,), FIRST_SCALE).log())
        self.emotion = nn.Linear(DIMENSION, emotions)
        self.said = nn.Linear(DIMENSION, strategies)
        self.plan = nn.Sequential(
            nn.Linear(3 * DIMENSION + context, STRATEGY_HIDDEN),
            nn.ReLU(),
            nn.Dropout(0.3),
            nn.Linear(STRATEGY_HIDDEN, strategies),
        )

    def similarity(self, first: Tensor, second: Tensor, scale: int) -> Tensor:
        """Scaled cosines of every row of `first` with every row of `second`."""
        cosines = functional.normalize(first, dim=-1) @ functional.normalize(second, dim=-1).T
        return cosines * self.scales[scale].exp().clamp(max=50)


def _match() -> nn.Linear:
    layer = nn.Linear(DIMENSION, DIMENSION, bias=False)
    nn.init.eye_(layer.weight)  # begins as the plain cosine
    return layer


def _unit(vector: Tensor) -> Tensor:
    return vector / vector.square().sum(-1, keepdim=True).clamp(min=NORM_FLOOR).sqrt()
