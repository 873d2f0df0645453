"""The zero-shot memory formula: cosines of the last line with what describes an aspect and with the memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .choices import Choice
from .session import EncoderSession, Vectors

PARTS = ("name", "phrase", "examples", "text")
"""What a candidate is compared by: its aspect's name, phrase and example lines, and its own text."""

Weights = Mapping[str, float]
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class AspectTable:
    """`aspects.json`: the weights of the formula and, by aspect, the vectors [3, 512] of its parts."""

    weights: Weights
    parts: dict[str, Vectors]


def read_aspects(path: Path, encoder: EncoderSession) -> AspectTable:
    """Read and embed the table. The vector of the examples is the mean of theirs."""
    table = json.loads(path.read_text(encoding="utf-8"))
    parts = {
        aspect: np.stack(
            [
                encoder.vector(row["name"]),
                encoder.vector(row["phrase"]),
                encoder.vectors(row["examples"]).mean(0),
            ]
        )
        for aspect, row in table["aspects"].items()
    }
    return AspectTable(table["weights"], parts)


def part_cosines(choice: Choice, table: AspectTable, encoder: EncoderSession, lines: int = 1) -> Scores:
    """Cosines [candidates, 4] of the last `lines` lines, joined, with each part of each candidate."""
    query = encoder.vector(" ".join(text for _, text in choice.history[-lines:]))
    return np.array(
        [[*(table.parts[aspect] @ query), encoder.vector(text) @ query] for aspect, text in choice.candidates],
        dtype=np.float64,
    )


def weighted(cosines: Scores, weights: Weights) -> Scores:
    """The weighted mean over the parts, [candidates]."""
    vector = np.array([weights.get(part, 0.0) for part in PARTS])
    return cosines @ vector / vector.sum()
