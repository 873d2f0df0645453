"""Does the rebuilt encoder agree with the original package, and the int8 file with float32?"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from .model import MAX_TOKENS, SentenceEncoder
from .session import EncoderSession

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Original:
    """What the original package says of one text: all ids and, where asked for, the vector [512]."""

    ids: list[int]
    vector: list[float] | None


def original_outputs(install_dir: Path, texts: list[str], ids_only: bool = False) -> list[Original]:
    """Run the original package under Node on `texts`."""
    extra = ["--ids"] if ids_only else []
    rows = _node("reference.mjs", [str(install_dir)], texts, extra)
    return [Original(row["ids"], row["vector"]) for row in rows]


def largest_difference(model: SentenceEncoder, originals: list[Original]) -> float:
    """The largest absolute difference between a rebuilt and an original vector."""
    largest = 0.0
    for original in originals:
        if original.vector is not None:
            ids = torch.tensor([original.ids[:MAX_TOKENS]])
            with torch.no_grad():
                vector = model(ids, torch.ones_like(ids))[0].numpy()
            largest = max(largest, float(np.abs(vector - original.vector).max()))
    return largest


def tokenizer_equality(install_dir: Path, model_dir: Path, texts: list[str]) -> dict[str, float]:
    """The share of `texts` with exactly the original's ids, in Rust and in JavaScript."""
    originals = [row.ids for row in original_outputs(install_dir, texts, ids_only=True)]
    rust = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
    ported = {
        "tokenizers": [rust.encode(text).ids for text in texts],
        "@huggingface/tokenizers": _node("tokenizer_ids.mjs", [str(install_dir), str(model_dir)], texts, []),
    }
    return {
        name: round(sum(a == b for a, b in zip(ids, originals, strict=True)) / len(texts), 5)
        for name, ids in ported.items()
    }


def cosines(first: EncoderSession, second: EncoderSession, texts: list[str]) -> dict[str, float]:
    """Mean and least cosine between two exports over `texts`."""
    values = (first.vectors(texts) * second.vectors(texts)).sum(1)
    return {"mean": round(float(values.mean()), 5), "min": round(float(values.min()), 5)}


def milliseconds(session: EncoderSession, tokens: int, runs: int = 200) -> float:
    """Median milliseconds for one sentence of `tokens` tokens on one thread."""
    ids = list(range(100, 100 + tokens))
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        session.run(ids)
        times.append(time.perf_counter() - start)
    return round(1e3 * float(np.median(times)), 2)


def _node(script: str, arguments: list[str], texts: list[str], extra: list[str]) -> list[Any]:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.json"), Path(folder, "out.json")
        source.write_text(json.dumps(texts), encoding="utf-8")
        command = ["node", str(_HERE / script), *arguments, str(source), str(target), *extra]
        subprocess.run(command, check=True)
        return json.loads(target.read_text(encoding="utf-8"))
