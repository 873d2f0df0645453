"""Hidden states of the shared lower half → grade and kind."""

from __future__ import annotations

import torch
from reader.base import E5File
from reader.network import Upper
from torch import Tensor, nn
from torch.nn import functional

from .texts import GRADES, KINDS


class CareNetwork(nn.Module):
    """The upper half, one hidden layer, two heads."""

    def __init__(self, file: E5File, dropout: float = 0.1) -> None:
        super().__init__()
        self.upper = Upper(file)
        for layer in self.upper.layers:
            layer.dropout = dropout
        self.middle = nn.Linear(file.hidden, file.hidden)
        self.grade = nn.Linear(file.hidden, len(GRADES))
        self.kind = nn.Linear(file.hidden, len(KINDS))
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """x [batch, length, hidden], mask [batch, length] → logits of the grades and of the kinds."""
        mean = self.upper(x, mask).to(self.middle.weight.dtype)
        y = torch.tanh(self.middle(functional.dropout(mean, self.dropout, self.training)))
        y = functional.dropout(y, self.dropout, self.training)
        return self.grade(y), self.kind(y)
