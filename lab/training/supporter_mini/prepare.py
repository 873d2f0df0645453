"""Build the token caches: ``python -m supporter_mini.prepare base|chat --data DIR --cache DIR``.

``base`` trains the tokenizer and writes the plain stream of phase 1; ``chat`` writes the trees of phase 2 and the
copying exercises.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from . import base, tokens

BATCH = 2000


def encode_stream(tok: Tokenizer, texts: Iterable[str]) -> np.ndarray:
    """Encode texts into one uint16 stream."""
    parts: list[np.ndarray] = []
    chunk: list[str] = []

    def flush() -> None:
        for enc in tok.encode_batch(chunk, add_special_tokens=False):
            parts.append(np.asarray(enc.ids, dtype=np.uint16))
        chunk.clear()

    for text in texts:
        chunk.append(text)
        if len(chunk) >= BATCH:
            flush()
    flush()
    return np.concatenate(parts)


def prepare_base(data: Path, cache: Path, seed: int, limit: int | None) -> None:
    """Train the tokenizer and write the phase 1 stream in a shuffled order of documents."""
    start = time.time()
    rng = random.Random(seed)
    dialogues = list(base.iterate_dialogues(data, "train", rng, limit))
    books = list(base.iterate_books(data, rng, limit))
    print(f"dialogues {len(dialogues)}, book passages {len(books)}, {time.time() - start:.0f} s", flush=True)
    cache.mkdir(parents=True, exist_ok=True)
    sample = dialogues + rng.sample(books, min(len(books), len(dialogues) // 10))
    tok = tokens.train_tokenizer(sample)
    tok.save(str(cache / "tokenizer.json"))
    documents = dialogues + books
    rng.shuffle(documents)
    stream = encode_stream(tok, documents)
    np.save(cache / "base.npy", stream)
    characters = sum(map(len, documents))
    report = {"tokens": len(stream), "documents": len(documents), "characters": characters}
    (cache / "base.json").write_text(json.dumps(report))
    print(f"base: {report}, vocab {tok.get_vocab_size()}, {time.time() - start:.0f} s", flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=["base", "chat"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--smoke", action="store_true", help="a few documents of each source only")
    args = parser.parse_args()
    limit = 60 if args.smoke else None
    if args.step == "base":
        prepare_base(args.data, args.cache, args.seed, limit)
    else:
        from .chat import prepare_chat
        from .copying import prepare_copy

        prepare_chat(args.data, args.cache, args.seed, limit)
        prepare_copy(args.cache, args.seed, 30 if args.smoke else 3000)


if __name__ == "__main__":
    main()
