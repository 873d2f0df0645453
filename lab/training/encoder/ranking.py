"""Ranking measures with exact expectations over ties, and two baselines."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .choices import Choice

Scores = NDArray[np.float64]

BM25_K1 = 1.2
BM25_B = 0.75
_WORD = re.compile(r"[a-z0-9']+")


@dataclass(frozen=True)
class Measures:
    """What one choice (or the mean of many) earns."""

    top1: float
    mrr: float
    ndcg3: float


def measure(scores: Scores, chosen: int) -> Measures:
    """The measures of one choice; equal scores share their places evenly."""
    above = int((scores > scores[chosen]).sum())
    equal = int((scores == scores[chosen]).sum())
    places = range(above + 1, above + equal + 1)
    return Measures(
        top1=sum(place == 1 for place in places) / equal,
        mrr=sum(1 / place for place in places) / equal,
        ndcg3=sum(1 / math.log2(place + 1) for place in places if place <= 3) / equal,
    )


def mean(measures: list[Measures]) -> dict[str, float]:
    """The mean of each measure, rounded to three places."""
    names = ("top1", "mrr", "ndcg3")
    return {name: round(float(np.mean([getattr(row, name) for row in measures])), 3) for name in names}


def aspect_counts(choices: list[Choice]) -> list[Scores]:
    """How often the speaker's side took each candidate's aspect in all other dialogues."""
    total: Counter[tuple[str, str]] = Counter()
    here: Counter[tuple[str, str, str]] = Counter()
    for choice in choices:
        aspect = choice.candidates[choice.chosen][0]
        total[choice.speaker, aspect] += 1
        here[choice.dialogue, choice.speaker, aspect] += 1
    return [
        np.array(
            [
                float(total[choice.speaker, aspect] - here[choice.dialogue, choice.speaker, aspect])
                for aspect, _ in choice.candidates
            ]
        )
        for choice in choices
    ]


def bm25(query: str, documents: list[str]) -> Scores:
    """Okapi BM25 of `query` against `documents`, with their own document frequencies."""
    bags = [Counter(_words(document)) for document in documents]
    lengths = np.array([sum(bag.values()) for bag in bags], dtype=np.float64)
    scores = np.zeros(len(documents))
    for word in _words(query):
        counts = np.array([bag[word] for bag in bags], dtype=np.float64)
        holders = int((counts > 0).sum())
        idf = math.log(1 + (len(bags) - holders + 0.5) / (holders + 0.5))
        norm = BM25_K1 * (1 - BM25_B + BM25_B * lengths / lengths.mean())
        scores += idf * counts * (BM25_K1 + 1) / (counts + norm)
    return scores


def spearman(first: Scores, second: Scores) -> float:
    """Spearman's rank correlation, with mean ranks for ties."""
    return float(np.corrcoef(_mean_ranks(first), _mean_ranks(second))[0, 1])


def _mean_ranks(values: Scores) -> Scores:
    below = (values[None, :] < values[:, None]).sum(1)
    equal = (values[None, :] == values[:, None]).sum(1)
    return below + (equal + 1) / 2


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
