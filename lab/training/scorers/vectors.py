"""Vectors of texts by the shipped encoder, computed once and kept on disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from encoder.model import DIMENSION
from encoder.session import EncoderSession
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

PROGRESS_EVERY = 20_000


class VectorStore:
    """The encoder of a folder.

    Texts are run one by one, as the bot runs them, because int8 products depend on their neighbours in a batch.
    """

    def __init__(self, folder: Path, cache: Path) -> None:
        self.session = EncoderSession(folder / "model.onnx", folder / "tokenizer.json")
        self.file = cache / f"vectors-{store_digest(folder)}.npz"
        self.rows: dict[str, int] = {}
        self.matrix: Matrix = np.zeros((0, DIMENSION), np.float32)
        if self.file.exists():
            with np.load(self.file, allow_pickle=False) as stored:
                self.matrix = stored["matrix"].astype(np.float32)
                self.rows = {key: row for row, key in enumerate(stored["keys"].tolist())}

    def prepare(self, texts: list[str]) -> None:
        """Encode what is new among `texts` and keep it."""
        missing = [text for text in dict.fromkeys(texts) if _key(text) not in self.rows]
        if not missing:
            return
        fresh = np.zeros((len(missing), DIMENSION), np.float32)
        for row, text in enumerate(missing):
            ids = self.session.ids(text)
            if ids:
                fresh[row] = self.session.run(ids)
            if (row + 1) % PROGRESS_EVERY == 0:
                print(f"encoded {row + 1}/{len(missing)}", flush=True)
        for row, text in enumerate(missing):
            self.rows[_key(text)] = len(self.matrix) + row
        self.matrix = np.concatenate([self.matrix, fresh])
        keys = sorted(self.rows, key=self.rows.__getitem__)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self.file, matrix=self.matrix, keys=np.array(keys))

    def vectors(self, texts: list[str]) -> Matrix:
        """The vectors [n, dimension] of prepared texts; zeros for the empty text."""
        return self.matrix[[self.rows[_key(text)] for text in texts]] if texts else self.matrix[:0]


def store_digest(folder: Path) -> str:
    """Twelve digits that name the weights of an encoder."""
    return hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()[:12]


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
