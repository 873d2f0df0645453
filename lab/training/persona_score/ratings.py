"""The published ratings of seeker–supporter pairs, as vectors of the shipped sentence encoder."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from encoder.session import EncoderSession
from numpy.typing import NDArray

FILE = Path("characterchat") / "model_persona_score_dataset.jsonl.gz"
"""Below the data folder; one `{"conversations": {"seeker_statement", "supporter_statement", "rating"}}` a line."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Ratings:
    """`seeker` and `supporter` are [n × dimension], `rating` [n] in 1–5; `*_id` tell which statements are the same."""

    seeker: Matrix
    supporter: Matrix
    rating: Matrix
    seeker_id: NDArray[np.int64]
    supporter_id: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rating)


def unit(vectors: NDArray[np.float32]) -> Matrix:
    """Rows of length 1, as the server uses them."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-12)


def read_ratings(data: Path, encoder: EncoderSession, limit: int | None = None) -> Ratings:
    """All rated pairs below `data`, at most `limit`."""
    with gzip.open(data / FILE, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()][:limit]
    pairs = [row.get("conversations", row) for row in rows]
    seekers = [pair["seeker_statement"] for pair in pairs]
    supporters = [pair["supporter_statement"] for pair in pairs]
    return Ratings(
        seeker=unit(encoder.vectors(seekers)),
        supporter=unit(encoder.vectors(supporters)),
        rating=np.array([pair["rating"] for pair in pairs], dtype=np.float64),
        seeker_id=np.unique(seekers, return_inverse=True)[1],
        supporter_id=np.unique(supporters, return_inverse=True)[1],
    )
