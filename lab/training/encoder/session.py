"""Sentences to vectors with the exported files, one sentence a run, on one thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from .model import DIMENSION, MAX_TOKENS
from .onnx_export import INPUTS, OUTPUT

Vectors = NDArray[np.float32]


class EncoderSession:
    """`model` (an ONNX file) and the `tokenizer.json` that goes with it."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.known: dict[str, Vectors] = {}

    def ids(self, text: str) -> list[int]:
        """The ids of `text`, at most 128."""
        return self.tokenizer.encode(text).ids[:MAX_TOKENS]

    def run(self, ids: list[int]) -> Vectors:
        """The vector [512] of one id list."""
        input_ids = np.array([ids], dtype=np.int64)
        feeds = dict(zip(INPUTS, (input_ids, np.ones_like(input_ids)), strict=True))
        return self.session.run([OUTPUT], feeds)[0][0]

    def vector(self, text: str) -> Vectors:
        """The vector [512] of `text`; a zero vector for the empty text. Remembers what it has seen."""
        if text not in self.known:
            ids = self.ids(text)
            self.known[text] = self.run(ids) if ids else np.zeros(DIMENSION, np.float32)
        return self.known[text]

    def vectors(self, texts: list[str]) -> Vectors:
        """The vectors [n, 512] of `texts`."""
        return np.stack([self.vector(text) for text in texts])
