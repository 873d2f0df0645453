"""Epochs of AdamW with a cosine schedule, a curve and a checkpoint after each epoch."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Recipe:
    """How long and how fast."""

    epochs: int
    batch: int = 128
    rate: float = 1e-3
    decay: float = 0.05


def run_epochs(
    network: nn.Module,
    size: int,
    loss: Callable[[Tensor], Tensor],
    judge: Callable[[], float],
    recipe: Recipe,
    seed: int,
    checkpoint: Path | None,
) -> list[float]:
    """Train on `size` items, `loss(rows)` each batch; returns `judge()` after every epoch.

    A run that was broken off goes on after the last whole epoch and ends as an unbroken one would.
    """
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    batches = max(1, size // recipe.batch)
    curve: list[float] = []
    if checkpoint is not None and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        curve = state["curve"]
    for epoch in range(len(curve), recipe.epochs):
        torch.manual_seed(seed * 1_000_003 + epoch)
        order = torch.randperm(size)
        network.train()
        for batch in range(batches):
            done = (epoch * batches + batch) / (recipe.epochs * batches)
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * (1 + math.cos(math.pi * done)) / 2
            optimiser.zero_grad(set_to_none=True)
            loss(order[batch * recipe.batch : (batch + 1) * recipe.batch]).backward()
            optimiser.step()
        network.eval()
        curve.append(judge())
        print(f"epoch {epoch + 1}/{recipe.epochs}: {curve[-1]:.4f}", flush=True)
        if checkpoint is not None:
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "curve": curve}
            checkpoint.parent.mkdir(parents=True, exist_ok=True)
            torch.save(state, checkpoint.with_suffix(".part"))
            os.replace(checkpoint.with_suffix(".part"), checkpoint)
    network.eval()
    return curve


def macro_f1(predicted: Tensor, expected: Tensor, classes: int) -> tuple[float, float]:
    """The plain and the frequency-weighted mean of the classes' F1."""
    scores, counts = [], []
    for label in range(classes):
        right = ((predicted == label) & (expected == label)).sum().item()
        counts.append((expected == label).sum().item())
        total = (predicted == label).sum().item() + counts[-1]
        scores.append(2 * right / total if total else 0.0)
    weighted = sum(score * count for score, count in zip(scores, counts, strict=True)) / sum(counts)
    return sum(scores) / classes, weighted


def principal(vectors: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """Mean [d] and basis [d, width] whose components have a standard deviation of about one."""
    mean = vectors.mean(0)
    centred = vectors - mean
    values, directions = torch.linalg.eigh(centred.T @ centred / len(vectors))
    top = torch.arange(len(values) - 1, len(values) - 1 - width, -1)
    # A fixed sign, so that the same data give the same basis everywhere.
    basis = directions[:, top]
    basis = basis * torch.sign(basis.gather(0, basis.abs().argmax(0, keepdim=True)))
    return mean, basis / values[top].clamp(min=0).sqrt().mean()
