"""How good the trunk is at each task it was trained on, on dialogues it has not seen."""

from __future__ import annotations

import random
from typing import TypeVar

import torch
from encoder.model import SentenceEncoder
from torch import Tensor
from torch.nn import functional

from .corpora import STRATEGIES, Tasks
from .network import Heads, Trunk
from .objective import encode

OTHERS = 99

Item = TypeVar("Item")


@torch.no_grad()
def measure(tasks: Tasks, trunk: Trunk, original: SentenceEncoder, heads: Heads, limit: int) -> dict[str, float]:
    """Figures of all tasks; `limit` items a task, evenly spread."""
    heads.eval()
    replies, memories = _spread(tasks.replies, limit), _spread(tasks.memories, limit)
    emotions, strategies = _spread(tasks.emotions, limit), _spread(tasks.strategies, 2 * limit)
    used = sorted(
        {place for item in replies for place in item}
        | {place for item in memories for place in (item[0], item[1], *item[2])}
        | {text for text, _ in emotions}
        | {place for item in strategies for place in item[:4]}
    )
    row = {place: index for index, place in enumerate(used)}
    texts = [tasks.texts[place] for place in used]
    embedding, features = encode(trunk, texts)
    plain, _ = encode(original, texts)
    return {
        **_replies(replies, row, features, plain, heads),
        **_memories(memories, row, features, plain, heads),
        **_emotions(emotions, row, features, heads),
        **_strategies(strategies, row, features, heads),
        "embeddingCosineToOriginal": round(functional.cosine_similarity(embedding, plain).mean().item(), 4),
    }


def macro_f1(predicted: Tensor, expected: Tensor, classes: int) -> float:
    """The mean of the classes' F1."""
    scores = []
    for label in range(classes):
        right = ((predicted == label) & (expected == label)).sum().item()
        sizes = (predicted == label).sum().item() + (expected == label).sum().item()
        scores.append(2 * right / sizes if sizes else 0.0)
    return sum(scores) / classes


def _replies(
    items: list[tuple[int, int]], row: dict[int, int], features: Tensor, plain: Tensor, heads: Heads
) -> dict[str, float]:
    last = torch.tensor([row[item[0]] for item in items])
    reply = torch.tensor([row[item[1]] for item in items])
    chance = random.Random(1)
    others = torch.tensor([chance.sample([i for i in range(len(items)) if i != own], min(OTHERS, len(items) - 1)) for own in range(len(items))])
    trained = heads.similarity(heads.ask(features[last]), heads.answer(features[reply]), 0)
    return {
        "replyRecall1of100": _first(trained, others),
        "replyRecall1of100ZeroShot": _first(plain[last] @ plain[reply].T, others),
    }


def _first(scores: Tensor, others: Tensor) -> float:
    own = scores.diagonal()[:, None]
    return round((scores.gather(1, others) < own).all(1).float().mean().item(), 4)


def _memories(
    items: list[tuple[int, int, list[int], int]], row: dict[int, int], features: Tensor, plain: Tensor, heads: Heads
) -> dict[str, float]:
    def judge(ask: Tensor, keys: Tensor, place: int) -> list[int]:
        ranks = []
        for item in items:
            scores = keys[torch.tensor([row[line] for line in item[2]])] @ ask[row[item[place]]]
            ranks.append(int((scores > scores[item[3]]).sum()) + 1)
        return ranks

    keys = functional.normalize(heads.memory(features), dim=-1)
    found = {
        "memory": judge(functional.normalize(heads.recall(features), dim=-1), keys, 0),
        "memoryZeroShot": judge(plain, plain, 0),
        "persona": judge(functional.normalize(heads.tell(features), dim=-1), keys, 1),
        "personaZeroShot": judge(plain, plain, 1),
    }
    return {
        f"{name}{measure}": round(sum(value(rank) for rank in ranks) / len(ranks), 4)
        for name, ranks in found.items()
        for measure, value in (("Top1", lambda rank: float(rank == 1)), ("Mrr", lambda rank: 1 / rank))
    }


def _emotions(items: list[tuple[int, int]], row: dict[int, int], features: Tensor, heads: Heads) -> dict[str, float]:
    text = torch.tensor([row[item[0]] for item in items])
    label = torch.tensor([item[1] for item in items])
    predicted = heads.emotion(features[text] * 8).argmax(1)
    return {"emotionAccuracy": round((predicted == label).float().mean().item(), 4)}


def _strategies(
    items: list[tuple[int, int, int, int, list[float], int]], row: dict[int, int], features: Tensor, heads: Heads
) -> dict[str, float]:
    places = torch.tensor([[row[place] for place in item[:3]] for item in items])
    numbers = torch.tensor([item[4] for item in items])
    label = torch.tensor([item[5] for item in items])
    predicted = heads.plan(torch.cat([features[places].flatten(1) * 8, numbers], 1)).argmax(1)
    return {
        "strategyAccuracy": round((predicted == label).float().mean().item(), 4),
        "strategyMacroF1": round(macro_f1(predicted, label, len(STRATEGIES)), 4),
    }


def _spread(items: list[Item], limit: int) -> list[Item]:
    if len(items) <= limit:
        return items
    return [items[index * len(items) // limit] for index in range(limit)]
