"""Dialogues as token sequences: ``python -m voice.prepare --dialogues FILE … --base DIR --bank DIR --out FILE``.

A dialogue is one sequence; the loss is on its replies. The notes of a turn stand before its reply as in serving, where past
turns have none: each is dropped with even odds, so that a reply learns to do with or without. A memory that a reply has no
use for is noted now and then, so that notes are not blurted out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import yaml
from dialogues.parse import read_file
from dialogues.split import is_valid
from tokenizers import Tokenizer

from .prompt import END, block, head, notes, opened

KEEP_NOTES = 0.55
IDLE_MEMORY = 0.3
MOST_TOKENS = 1_100


def read_dialogues(paths: Iterable[Path]) -> Iterator[dict]:
    """Records of the published form or of the writers' form."""
    for path in paths:
        if path.name.endswith(".jsonl.gz"):
            yield from map(json.loads, gzip.open(path, "rt", encoding="utf-8"))
        else:
            yield from read_file(path)


def read_bank(folder: Path) -> dict[str, dict]:
    """Characters by id."""
    return {(c := yaml.safe_load(path.read_text(encoding="utf-8")))["id"]: c for path in folder.rglob("*.yaml")}


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return re.findall(r"\S.*?(?:[.!?](?=\s|$)|$)", " ".join(text.split()))


def closest(memory: str, reply: str) -> str:
    """The sentence of a memory that shares most words of four letters and more with a reply."""
    words = set(re.findall(r"\w{4,}", reply.lower()))
    return max(sentences(memory), key=lambda s: len(words & set(re.findall(r"\w{4,}", s.lower()))))


def character_of(record: dict, bank: dict[str, dict]) -> tuple[str, dict[str, str]]:
    """Statement and memory of who speaks. @raises KeyError for a character that the bank lacks"""
    if "card" in record:
        return record["card"]["statement"], record["card"]["memory"]
    character = bank[record["character"]]
    return " ".join(character["supporterStatement"].split()), character["memory"]


def pieces_of(record: dict, bank: dict[str, dict], rng: random.Random) -> Iterator[tuple[str, bool]]:
    """The dialogue as texts, each with whether the loss counts it."""
    statement, memory = character_of(record, bank)
    person = record["person"]
    yield head(statement, person["name"], person["facts"]), False
    for turn in record["turns"]:
        if turn["by"] == "person":
            yield block("user", turn["text"]), False
            continue
        note = dict(turn)
        if turn.get("memory") and memory.get(turn["memory"]):
            note["memory_text"] = closest(memory[turn["memory"]], turn["text"])
        elif memory and rng.random() < IDLE_MEMORY:
            note["memory_text"] = rng.choice(sentences(rng.choice(sorted(memory.values()))))
        bound = turn.get("goal") or turn.get("attributes") or turn.get("care")
        yield (notes(note) if bound or rng.random() < KEEP_NOTES else "") + opened(), False
        yield turn["text"] + END, True
        yield "\n", False


def encode(record: dict, bank: dict[str, dict], tok: Tokenizer, rng: random.Random) -> tuple[list[int], list[int]]:
    """Ids and loss weights, cut at `MOST_TOKENS`."""
    ids: list[int] = []
    weights: list[int] = []
    for text, counts in pieces_of(record, bank, rng):
        part = tok.encode(text).ids
        ids += part
        weights += [int(counts)] * len(part)
    return ids[:MOST_TOKENS], weights[:MOST_TOKENS]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dialogues", type=Path, nargs="+", required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--bank", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    tok, bank, rng = Tokenizer.from_file(str(args.base / "tokenizer.json")), read_bank(args.bank), random.Random(args.seed)
    parts: dict[str, list[tuple[list[int], list[int]]]] = {"train": [], "valid": []}
    for record in read_dialogues(args.dialogues):
        parts["valid" if is_valid(record) else "train"].append(encode(record, bank, tok, rng))
    arrays = {}
    for name, rows in parts.items():
        arrays[f"{name}_ids"] = np.array([i for ids, _ in rows for i in ids], np.uint16)
        arrays[f"{name}_weights"] = np.array([w for _, weights in rows for w in weights], np.uint8)
        arrays[f"{name}_lengths"] = np.array([len(ids) for ids, _ in rows], np.int32)
        print(name, len(rows), "dialogues", len(arrays[f"{name}_ids"]), "tokens", int(arrays[f"{name}_weights"].sum()), "of replies")
    np.savez(args.out, **arrays)


if __name__ == "__main__":
    main()
