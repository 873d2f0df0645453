"""Vectors of texts by the shipped graphs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

LONGEST = 160
BATCH = 8


def embed(models: Path, texts: list[str], side: str) -> dict[str, np.ndarray]:
    """Text → its vector on that side of a comparison."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    lower, head = (ort.InferenceSession(str(models / name / "model.onnx"), options, providers=["CPUExecutionProvider"]) for name in ("reader", "meaning"))
    tok = Tokenizer.from_file(str(models / "reader" / "tokenizer.json"))
    ids = {text: tok.encode(f"{side}: {text}").ids[:LONGEST] for text in texts}
    order = sorted(texts, key=lambda text: len(ids[text]))
    found: dict[str, np.ndarray] = {}
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        length = max(len(ids[text]) for text in part)
        x, mask = np.ones((len(part), length), np.int64), np.zeros((len(part), length), np.int64)
        for row, text in enumerate(part):
            x[row, : len(ids[text])] = ids[text]
            mask[row, : len(ids[text])] = 1
        hidden = lower.run(None, {"ids": x, "mask": mask})[0]
        found.update(zip(part, head.run(None, {"hidden": hidden, "mask": mask})[0], strict=True))
    return found
