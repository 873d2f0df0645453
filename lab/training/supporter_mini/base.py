"""Phase 1 material: plain dialogues and a share of public-domain books as one token stream."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

from .textclean import BOT_TALK, SPACE, clean, is_degenerate, merge_turns, read_jsonl

# Share of each source's training dialogues used in the stream. Film and trivia chats are thinned
# out (far from what the model is for); personality_chat speaks as a bot and stays out.
SHARES = {
    "esconv": 1.0,
    "empathetic_dialogues": 1.0,
    "escot": 1.0,
    "gpt4_synthetic_esc": 1.0,
    "annomi": 0.5,
    "counsel_chat": 1.0,
    "self_dialogue": 0.45,
    "synthetic_persona_chat": 1.0,
    "persona_chat": 1.0,
    "convai2018": 0.4,
    "topical_chat": 0.4,
    "cmu_dog": 0.25,
    "dream": 1.0,
    "daily_dialog": 1.0,
}
BOOK_SHARE = 0.35
CUT = {"counsel_chat": 1200}


def dialogue_text(dialogue: dict, rng: random.Random) -> str | None:
    """Write a dialogue as ``<SEEKER>..<SUPPORTER>..</s>``, roles of unnamed speakers drawn at random."""
    turns = merge_turns(dialogue["turns"])
    turns = [t for t in turns if not BOT_TALK.search(t["text"])]
    if len(turns) < 2:
        return None
    names = {t["speaker"] for t in turns}
    if names <= {"seeker", "supporter"}:
        role = {"seeker": "<SEEKER>", "supporter": "<SUPPORTER>"}
    elif not names <= {"a", "b"}:
        return None
    else:
        flip = rng.random() < 0.5
        role = {"a": "<SUPPORTER>", "b": "<SEEKER>"} if flip else {"a": "<SEEKER>", "b": "<SUPPORTER>"}
    limit = CUT.get(dialogue["source"], 10_000)
    return "".join(role[t["speaker"]] + t["text"][:limit] for t in turns) + "</s>"


def iterate_dialogues(data: Path, split: str, rng: random.Random, limit: int | None = None) -> Iterator[str]:
    """Yield the dialogue texts of one split, thinned out by `SHARES`."""
    for source, share in SHARES.items():
        count = 0
        for dialogue in read_jsonl(data / "dialogues" / f"{source}.jsonl.gz"):
            if dialogue["split"] != split or rng.random() >= share:
                continue
            text = dialogue_text(dialogue, rng)
            if text:
                yield text
                count += 1
                if limit and count >= limit:
                    break


def iterate_books(data: Path, rng: random.Random, limit: int | None = None) -> Iterator[str]:
    """Yield passages of about 1,200 characters from the books marked as train in the inventory."""
    inventory = json.loads((data / "INVENTORY.json").read_text())
    files = [data / entry["file"] for entry in inventory["books"]["files"] if entry["split"] == "train"]
    for path in files[:2] if limit else files:
        passage: list[str] = []
        size = 0
        with gzip.open(path, "rt", encoding="utf-8") as handle:
            paragraphs = handle.read().split("\n\n")
        for paragraph in paragraphs:
            text = clean(SPACE.sub(" ", paragraph))
            if not text:
                continue
            passage.append(text)
            size += len(text)
            if size > 1200:
                if rng.random() < BOOK_SHARE and not is_degenerate(text):
                    yield "\n".join(passage) + "</s>"
                passage, size = [], 0
