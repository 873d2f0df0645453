"""A smaller vocabulary: the pieces that English chat uses, with all that their merges need.

The base keeps 28 of its 135 million parameters in embeddings of 49,152 pieces, most of them of code and rare words. A text
whose piece was dropped is cut into smaller ones: every byte stays.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import LlamaConfig, LlamaForCausalLM

SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
FEWEST = 12


def texts_of(paths: Iterable[Path]) -> Iterable[str]:
    """The turns of dialogue files (JSON lines, gzip) and plain text files; only counted, never kept."""
    for path in paths:
        if path.name.endswith(".jsonl.gz"):
            for line in gzip.open(path, "rt", encoding="utf-8"):
                yield "\n".join(turn["text"] for turn in json.loads(line)["turns"])
        else:
            opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
            yield from opened.read().split("\n\n")


def count_pieces(tok: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    """How often each piece occurs."""
    counts: Counter[int] = Counter()
    chunk: list[str] = []
    for text in texts:
        chunk.append(text)
        if len(chunk) == 2_000:
            for encoded in tok.encode_batch(chunk):
                counts.update(encoded.ids)
            chunk = []
    for encoded in tok.encode_batch(chunk):
        counts.update(encoded.ids)
    return counts


def prune(tok: Tokenizer, counts: Counter[int]) -> tuple[Tokenizer, list[int]]:
    """The smaller tokenizer, and the old id of each new one."""
    state = json.loads(tok.to_str())
    vocab: dict[str, int] = state["model"]["vocab"]
    merges: list[list[str]] = state["model"]["merges"]
    made_of = {"".join(parts): parts for parts in reversed(merges)}
    wanted = {piece for piece, index in vocab.items() if counts[index] >= FEWEST or len(piece) == 1}
    pending = list(wanted)
    while pending:
        for part in made_of.get(pending.pop(), ()):
            if part not in wanted:
                wanted.add(part)
                pending.append(part)
    special = {item["content"] for item in state["added_tokens"]} & set(SPECIALS)
    old = sorted({vocab[piece] for piece in wanted | special} | {vocab[name] for name in SPECIALS})
    new = {index: place for place, index in enumerate(old)}
    state["model"]["vocab"] = {piece: new[index] for piece, index in vocab.items() if index in new}
    state["model"]["merges"] = [parts for parts in merges if "".join(parts) in state["model"]["vocab"] and all(p in wanted for p in parts)]
    state["added_tokens"] = [
        item | {"id": new[item["id"]]} for item in state["added_tokens"] if item["content"] in SPECIALS
    ]
    return Tokenizer.from_str(json.dumps(state)), old


def prune_model(model: LlamaForCausalLM, old: list[int]) -> LlamaForCausalLM:
    """The model with the embeddings of those pieces alone."""
    config = LlamaConfig(**(model.config.to_dict() | {"vocab_size": len(old)}))
    small = LlamaForCausalLM(config)
    state = {k: v for k, v in model.state_dict().items() if k not in ("lm_head.weight", "model.embed_tokens.weight")}
    state["model.embed_tokens.weight"] = model.state_dict()["model.embed_tokens.weight"][old]
    small.load_state_dict(state, strict=False)
    small.tie_weights()
    return small.float()
