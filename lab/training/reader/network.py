"""The network in two halves: one lower half for everybody, an upper half for each task."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from .base import E5File

SHARED_LAYERS = 6


class Layer(nn.Module):
    """One post-norm BERT layer."""

    def __init__(self, hidden: int, heads: int, inner: int, eps: float) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.aln, self.oln = nn.LayerNorm(hidden, eps), nn.LayerNorm(hidden, eps)
        self.fi, self.fo = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.dropout = 0.0

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x [batch, length, hidden], mask [batch, 1, 1, length] added to the scores."""
        batch, length, hidden = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(batch, length, self.heads, hidden // self.heads).transpose(1, 2)

        q, k, v = split(self.q(x)), split(self.k(x)), split(self.v(x))
        weights = (q @ k.transpose(2, 3) * (hidden // self.heads) ** -0.5 + mask).softmax(-1)
        y = self.ao((weights @ v).transpose(1, 2).reshape(batch, length, hidden))
        x = self.aln(x + functional.dropout(y, self.dropout, self.training))
        y = self.fo(functional.gelu(self.fi(x)))
        return self.oln(x + functional.dropout(y, self.dropout, self.training))


def fill(layer: Layer, file: E5File, index: int) -> None:
    """Copies a layer's tensors out of the file."""
    with torch.no_grad():
        for name in ("q", "k", "v", "ao", "fi", "fo", "aln", "oln"):
            part: nn.Linear | nn.LayerNorm = getattr(layer, name)
            part.weight.copy_(torch.from_numpy(file.tensors[f"l{index}.{name}.w"]).view_as(part.weight))
            part.bias.copy_(torch.from_numpy(file.tensors[f"l{index}.{name}.b"]))


def layers_of(file: E5File, start: int, end: int) -> nn.ModuleList:
    """Layers `start` to `end` with the base's weights."""
    layers = nn.ModuleList(Layer(file.hidden, file.heads, file.inner, file.eps) for _ in range(start, end))
    for offset, layer in enumerate(layers):
        fill(layer, file, start + offset)
    return layers


def additive(mask: Tensor, kind: torch.dtype = torch.float32) -> Tensor:
    """1 for tokens and 0 for padding → what is added to attention scores."""
    return (1.0 - mask[:, None, None, :].to(kind)) * -1e9


class Lower(nn.Module):
    """Ids → hidden states after the shared layers. Frozen."""

    def __init__(self, file: E5File, kept: np.ndarray) -> None:
        super().__init__()
        words = file.tensors["emb.word"].reshape(-1, file.hidden)[kept]
        self.words = nn.Embedding.from_pretrained(torch.from_numpy(words), freeze=True)
        place = file.tensors["emb.pos"].reshape(-1, file.hidden) + file.tensors["emb.type"][: file.hidden]
        self.register_buffer("places", torch.from_numpy(place.copy()))
        self.norm = nn.LayerNorm(file.hidden, file.eps)
        with torch.no_grad():
            self.norm.weight.copy_(torch.from_numpy(file.tensors["emb.ln.w"]))
            self.norm.bias.copy_(torch.from_numpy(file.tensors["emb.ln.b"]))
        self.layers = layers_of(file, 0, SHARED_LAYERS)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """ids, mask [batch, length] → [batch, length, hidden]."""
        x = self.norm(self.words(ids) + self.places[: ids.shape[1]])
        for layer in self.layers:
            x = layer(x, additive(mask, x.dtype))
        return x


class Upper(nn.Module):
    """Hidden states → one vector, the mean over tokens."""

    def __init__(self, file: E5File, end: int | None = None) -> None:
        super().__init__()
        self.layers = layers_of(file, SHARED_LAYERS, end or file.layers)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x [batch, length, hidden], mask [batch, length] → [batch, hidden]."""
        for layer in self.layers:
            x = layer(x, additive(mask, x.dtype))
        weights = mask[:, :, None].float()
        return (x * weights).sum(1) / weights.sum(1).clamp(min=1)
