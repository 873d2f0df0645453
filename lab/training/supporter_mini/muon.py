"""Muon for the hidden matrices with the Newton-Schulz step batched over matrices of one shape.

Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; the update scale
0.2 * sqrt(max(rows, columns)) is that of Liu et al. 2025 (arXiv 2502.16982), so that one learning rate
fits the AdamW part as well. The momentum of a group of equal shapes is held as one stacked tensor.
"""

from __future__ import annotations

from collections import defaultdict

import torch
from torch import Tensor

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonalise(matrices: Tensor, steps: int) -> Tensor:
    """Approximate the polar factor of each matrix of a stack [n, rows, columns], rows <= columns."""
    a, b, c = COEFFICIENTS
    x = matrices.bfloat16()
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x


class Muon(torch.optim.Optimizer):
    """Momentum, then an orthogonalised update, for two-dimensional weights."""

    def __init__(
        self,
        params: list[Tensor],
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.1,
        steps: int = 5,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "steps": steps})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Update every matrix that has a gradient."""
        for group in self.param_groups:
            shapes: dict[tuple[int, int], list[Tensor]] = defaultdict(list)
            for param in group["params"]:
                if param.grad is not None:
                    shapes[(min(param.shape), max(param.shape))].append(param)
            for (small, large), params in shapes.items():
                grads = []
                for param in params:
                    state = self.state[param]
                    if "momentum" not in state:
                        state["momentum"] = torch.zeros_like(param)
                    state["momentum"].lerp_(param.grad, 1 - group["momentum"])
                    update = param.grad.lerp(state["momentum"], group["momentum"])
                    grads.append(update if param.shape[0] == small else update.mT)
                updates = orthogonalise(torch.stack(grads), group["steps"])
                scale = 0.2 * large**0.5 * group["lr"]
                for param, update in zip(params, updates, strict=True):
                    param.mul_(1 - group["lr"] * group["weight_decay"])
                    param.add_((update if param.shape[0] == small else update.mT).to(param.dtype), alpha=-scale)
