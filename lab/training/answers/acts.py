"""What a message does, and what it is about: linear readings of its vector, learnt from the examples of `# act:` and `# about:`."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from .bank import Entry

STEPS, RATE, SHARPNESS = 400, 0.02, 8.0
#: Against sureness: a topic of few examples is read more carefully than an act.
DECAY = {"act": 1.5e-3, "about": 6e-3}


#: Acts that are answered in their own way: no replies belong to them here.
LEAVES, ASKS_ME = "leaves", "asks-me"
#: At most so many examples of an act.
MOST = 100


def examples(entries: list[Entry]) -> list[tuple[str, str]]:
    """Messages with what they do: those written for an act, goodbyes and questions to the character."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        act = entry.act or (ASKS_ME if entry.ask else LEAVES if entry.topic.startswith("goodbye") else None)
        if act is not None:
            found.setdefault(act, []).extend(entry.messages)
    rng = np.random.default_rng(1)
    return [(text, act) for act, texts in found.items() for text in rng.permutation(texts)[:MOST].tolist()]


def topic_examples(entries: list[Entry]) -> list[tuple[str, str]]:
    """Messages with what they are about."""
    return [(text, entry.about) for entry in entries if entry.about and not entry.act for text in entry.messages]


def taught(x: np.ndarray, y: np.ndarray, count: int, decay: float) -> np.ndarray:
    """Weights with a bias at the end [count, dimension + 1] from unit vectors [n, dimension] and acts [n]."""
    torch.manual_seed(1)
    layer = torch.nn.Linear(x.shape[1], count)
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimiser = torch.optim.AdamW(layer.parameters(), lr=RATE, weight_decay=0.0)
    inputs, right = torch.from_numpy(x) * SHARPNESS, torch.from_numpy(y)
    for step in range(STEPS):
        optimiser.param_groups[0]["lr"] = RATE * (1 - step / STEPS)
        loss = functional.cross_entropy(layer(inputs), right) + decay * layer.weight.square().sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return np.concatenate([layer.weight.detach().numpy() * SHARPNESS, layer.bias.detach().numpy()[:, None]], axis=1).astype(np.float32)


def held_out(x: np.ndarray, y: np.ndarray, count: int, decay: float, threshold: float, folds: int = 5) -> dict[str, float]:
    """Cross-validated: how often an act is right, how many messages are clear enough, and how often those are right."""
    order = np.random.default_rng(1).permutation(len(y))
    likely = np.zeros((len(y), count))
    for fold in range(folds):
        out = order[fold::folds]
        kept = np.setdiff1d(order, out)
        weights = taught(x[kept], y[kept], count, decay)
        logits = x[out] @ weights[:, :-1].T + weights[:, -1]
        raised = np.exp(logits - logits.max(1, keepdims=True))
        likely[out] = raised / raised.sum(1, keepdims=True)
    right, clear = likely.argmax(1) == y, likely.max(1) >= threshold
    return {"messages": len(y), "right": round(right.mean(), 3), "clear": round(clear.mean(), 3), "rightOfClear": round(right[clear].mean(), 3)}
