"""The chat material of phase 2: dialogues of every source as packed trees (see `trees`)."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path

import numpy as np

from . import openings, quiz
from .sources import persona_overlap, talks_of
from .talk import OWN, Talk
from .tokens import PAD, load_tokenizer
from .trees import Tree, grow_trees, pack_trees
from .writer import GIVEN, REPLY, Writer

# Dialogues (of one side, for persona dialogues) by source; where a source has fewer, it is used up to twice, with other draws.
DIALOGUES = {
    "persona_chat": 3500,
    "synthetic_persona_chat": 4500,
    "convai2018": 1500,
    "gpt4_synthetic_esc": 2800,
    "escot": 2400,
    "esconv": 1820,
    "empathetic_dialogues": 14000,
    "counsel_chat": 600,
    "characterchat": 500,
    "daily_dialog": 1800,
    "annomi": 60,
    "quiz": 12000,
    "openings": 6000,
    "goals": 2000,
}


def own_talks(source: str, count: int, rng: random.Random) -> list[Talk]:
    """Dialogues from the project's own templates."""
    makers = {
        "quiz": lambda: quiz.quiz(rng),
        "openings": lambda: openings.worry(rng) if rng.random() < 0.75 else openings.greeting(rng),
        "goals": lambda: quiz.goal_talk(rng),
    }
    return [makers[source]() for _ in range(count)]


def prepare_chat(data: Path, cache: Path, seed: int, limit: int | None) -> None:
    """Write ``trees.npy`` with its weights and shapes."""
    start = time.time()
    rng = random.Random(seed + 1)
    writer = Writer(load_tokenizer(cache / "tokenizer.json"), rng)
    overlap = persona_overlap(data)
    report: dict[str, dict] = {"trees": {}}
    trees: list[Tree] = []
    for source, count in DIALOGUES.items():
        most = min(count, limit or count)
        if source in OWN:
            talks = own_talks(source, most, rng)
        else:
            talks = list(talks_of(data, source, "train", rng, overlap))
            rng.shuffle(talks)
            if len(talks) < most:
                talks += talks_of(data, source, "train", rng, overlap)
            talks = talks[:most]
        before, seen = len(trees), Counter[str]()
        for talk in talks:
            trees += grow_trees(writer, talk, seen)
        new = trees[before:]
        replies = sum(max(tree.branch) for tree in new)
        report["trees"][source] = [len(talks), replies, sum(map(len, new))]
        print(f"{source}: {report['trees'][source]}, {time.time() - start:.0f} s", flush=True)
    ids, loss, shape = pack_trees(trees, rng)
    np.save(cache / "trees_shape.npy", shape)
    save(cache, "trees", (ids, loss), report, start)
    (cache / "chat.json").write_text(json.dumps(report, indent=1))


def save(cache: Path, name: str, arrays: tuple[np.ndarray, np.ndarray], report: dict, start: float) -> None:
    """Save bins: the weights first, because the trainer waits for the token file."""
    ids, loss = arrays
    np.save(cache / f"{name}_weights.npy", loss)
    np.save(cache / f"{name}.tmp.npy", ids)
    (cache / f"{name}.tmp.npy").replace(cache / f"{name}.npy")
    figures = {
        "bins": len(ids),
        "tokens": int((ids != PAD).sum()),
        "padding": round(float((ids == PAD).mean()), 4),
        "reply tokens": int((loss >= REPLY).sum()),
        "reply tokens from statement or memory": int((loss == GIVEN).sum()),
    }
    report[name]["all"] = figures
    print(f"{name}: {json.dumps(report[name])}, {time.time() - start:.0f} s", flush=True)
