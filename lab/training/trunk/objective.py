"""One training step's texts and its loss."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import torch
from encoder.model import SentenceEncoder
from torch import Tensor
from torch.nn import functional

from .corpora import Ids, Tasks
from .network import Heads, Trunk, Vectors

CHUNK = 96
"""Texts run together; sorted by length first, so that little padding is computed."""

FORGET_PIECE = 0.06
KEEP_WEIGHT = 6.0
LABEL_SMOOTHING = 0.05


@dataclass(frozen=True)
class Sizes:
    """Items of each task in a step."""

    replies: int = 44
    memories: int = 20
    emotions: int = 44
    strategies: int = 22
    kept: int = 56
    """Texts whose embedding is compared with the original encoder's."""


@dataclass
class Step:
    """What a step computes on: texts, each once, and the items with places among them."""

    texts: list[int] = field(default_factory=list)
    replies: list[tuple[int, int]] = field(default_factory=list)
    memories: list[tuple[int, int, list[int], int]] = field(default_factory=list)
    emotions: list[tuple[int, int]] = field(default_factory=list)
    strategies: list[tuple[int, int, int, int, list[float], int]] = field(default_factory=list)


class Sampler:
    """Draws steps: each task goes through its items in a new random order a pass."""

    def __init__(self, tasks: Tasks, sizes: Sizes, seed: int) -> None:
        self.tasks, self.sizes, self.random = tasks, sizes, random.Random(seed)
        self.orders: dict[str, list[int]] = {}

    def draw(self) -> Step:
        """The next step."""
        step = Step()
        known: dict[int, int] = {}

        def at(text: int) -> int:
            if text not in known:
                known[text] = len(step.texts)
                step.texts.append(text)
            return known[text]

        tasks, sizes = self.tasks, self.sizes
        for index in self._next("replies", len(tasks.replies), sizes.replies):
            last, reply = tasks.replies[index]
            step.replies.append((at(last), at(reply)))
        for index in self._next("memories", len(tasks.memories), sizes.memories):
            last, reply, lines, used = tasks.memories[index]
            step.memories.append((at(last), at(reply), [at(line) for line in lines], used))
        for index in self._next("emotions", len(tasks.emotions), sizes.emotions):
            text, label = tasks.emotions[index]
            step.emotions.append((at(text), label))
        for index in self._next("strategies", len(tasks.strategies), sizes.strategies):
            one, two, three, reply, numbers, label = tasks.strategies[index]
            step.strategies.append((at(one), at(two), at(three), at(reply), numbers, label))
        return step

    def _next(self, name: str, total: int, count: int) -> list[int]:
        taken: list[int] = []
        while len(taken) < count and total > 0:
            if not self.orders.get(name):
                self.orders[name] = self.random.sample(range(total), total)
            taken.append(self.orders[name].pop())
        return taken


def encode(
    trunk: Trunk | SentenceEncoder, texts: list[Ids], chance: random.Random | None = None
) -> tuple[Tensor, Tensor]:
    """Embedding and features of `texts` in their order (both the same for the plain encoder)."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    parts: list[Vectors | Tensor] = []
    for start in range(0, len(order), CHUNK):
        rows = [texts[index] for index in order[start : start + CHUNK]]
        width = max(len(row) for row in rows)
        ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
        if chance is not None:
            generator = torch.Generator().manual_seed(chance.getrandbits(40))
            ids = ids.masked_fill(torch.rand(ids.shape, generator=generator) < FORGET_PIECE, 0)
        parts.append(trunk(ids, mask))
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    outputs = [part if isinstance(part, Vectors) else Vectors(part, part) for part in parts]
    embedding = torch.cat([part.embedding for part in outputs])[back]
    return embedding, torch.cat([part.features for part in outputs])[back]


def losses(step: Step, features: Tensor, heads: Heads, class_weights: Tensor) -> dict[str, Tensor]:
    """The loss of each task on the features [texts, 512]."""
    found: dict[str, Tensor] = {}
    if step.replies:
        last, reply = torch.tensor(step.replies).T
        scores = heads.similarity(heads.ask(features[last]), heads.answer(features[reply]), 0)
        scores = scores.masked_fill(_twins(reply), -1e4)
        target = torch.arange(len(reply))
        found["reply"] = (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2
    if step.memories:
        found |= _memory_losses(step, features, heads)
    if step.emotions:
        text, label = torch.tensor(step.emotions).T
        found["emotion"] = functional.cross_entropy(
            heads.emotion(_drop(features[text] * 8)), label, label_smoothing=LABEL_SMOOTHING
        )
    if step.strategies:
        places = torch.tensor([item[:4] for item in step.strategies])
        numbers = torch.tensor([item[4] for item in step.strategies])
        label = torch.tensor([item[5] for item in step.strategies])
        seen = torch.cat([_drop(features[places[:, :3]].flatten(1) * 8), numbers], 1)
        found["strategy"] = functional.cross_entropy(heads.plan(seen), label, class_weights, label_smoothing=0.1)
        said = heads.said(_drop(features[places[:, 3]] * 8))
        found["said"] = functional.cross_entropy(said, label, label_smoothing=LABEL_SMOOTHING)
    return found


def _memory_losses(step: Step, features: Tensor, heads: Heads) -> dict[str, Tensor]:
    lines = sorted({line for item in step.memories for line in item[2]})
    column = {line: place for place, line in enumerate(lines)}
    target = torch.tensor([column[item[2][item[3]]] for item in step.memories])
    last = torch.tensor([item[0] for item in step.memories])
    reply = torch.tensor([item[1] for item in step.memories])
    keys = heads.memory(features[torch.tensor(lines)])
    recall = heads.similarity(heads.recall(features[last]), keys, 1)
    own = torch.full_like(recall, -1e4)
    for row, item in enumerate(step.memories):
        places = torch.tensor([column[line] for line in item[2]])
        own[row, places] = recall[row, places]
    tell = heads.similarity(heads.tell(features[reply]), keys, 2)
    return {
        "memory": (functional.cross_entropy(recall, target) + functional.cross_entropy(own, target)) / 2,
        "persona": functional.cross_entropy(tell, target),
    }


def _twins(places: Tensor) -> Tensor:
    """Pairs of different items with the same text: they are no negatives of each other."""
    same = places[:, None] == places[None, :]
    return same & ~torch.eye(len(places), dtype=torch.bool)


def _drop(features: Tensor) -> Tensor:
    return functional.dropout(features, 0.15, training=True)
