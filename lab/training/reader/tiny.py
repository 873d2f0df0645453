"""A random reader of the base's shape, for trials of the code."""

from __future__ import annotations

import string

import numpy as np

from .base import E5File

HIDDEN, LAYERS, HEADS, INNER = 64, 12, 4, 128


def tiny_file() -> E5File:
    """Pieces are the printable characters; weights are random."""
    rng = np.random.default_rng(7)
    letters = [c for c in string.printable if not c.isspace()]
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *letters]
    shapes = {"q": (HIDDEN, HIDDEN), "k": (HIDDEN, HIDDEN), "v": (HIDDEN, HIDDEN), "ao": (HIDDEN, HIDDEN), "fi": (INNER, HIDDEN), "fo": (HIDDEN, INNER)}
    tensors = {"emb.word": rng.normal(0, 0.1, len(pieces) * HIDDEN), "emb.pos": rng.normal(0, 0.1, 512 * HIDDEN)}
    tensors |= {"emb.type": np.zeros(2 * HIDDEN), "emb.ln.w": np.ones(HIDDEN), "emb.ln.b": np.zeros(HIDDEN)}
    for layer in range(LAYERS):
        for name, (out, into) in shapes.items():
            tensors[f"l{layer}.{name}.w"] = rng.normal(0, into**-0.5, out * into)
            tensors[f"l{layer}.{name}.b"] = np.zeros(out)
        for name in ("aln", "oln"):
            tensors[f"l{layer}.{name}.w"] = np.ones(HIDDEN)
            tensors[f"l{layer}.{name}.b"] = np.zeros(HIDDEN)
    tensors = {name: values.astype(np.float32) for name, values in tensors.items()}
    scores = np.full(len(pieces), -5.0, np.float32)
    return E5File(HIDDEN, LAYERS, HEADS, INNER, 1e-12, pieces, scores, 0, 2, 1, 3, tensors)
