"""The chat model from data to measurements on made-up dialogues, in under two minutes: python -m supporter_mini.smoke

Nothing here says how good the model is; it says that the code still runs from the first file to the last.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from encoder.sentences import varied_sentences

from .base import SHARES
from .model import make_model
from .personas import invented
from .trees import POSITION, mask_of

DIALOGUES = 8
SEEKER_SOURCES = ("esconv", "empathetic_dialogues", "escot", "gpt4_synthetic_esc", "counsel_chat", "annomi", "characterchat")
PERSONA_SOURCES = ("persona_chat", "synthetic_persona_chat", "convai2018")


def main() -> int:
    """Write the data, run the commands one after the other."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        data, cache, run, model = (Path(folder, name) for name in ("data", "cache", "run", "model"))
        write_data(data, random.Random(3))
        made = ["--cache", str(cache)]
        given = ["--data", str(data)]
        step("prepare", "base", *given, *made, "--smoke")
        step("prepare", "chat", *given, *made, "--smoke")
        check_trees(cache)
        step("train", *made, "--run", str(run), "--smoke")
        step("train", *made, "--run", str(Path(folder, "next")), "--init", str(run / "checkpoint.pt"), "--smoke")
        step("export", "--run", str(run), *made, "--out", str(model))
        step("evaluate", *given, "--run", str(run), "--model", str(model), "--out", str(run / "metrics.json"), "--smoke")
    print(f"smoke: the chat model's steps ran in {time.monotonic() - began:.0f} s")
    return 0


def step(name: str, *arguments: str) -> None:
    """Run one command of the package."""
    subprocess.run([sys.executable, "-m", f"supporter_mini.{name}", *arguments], check=True)


def check_trees(cache: Path) -> None:
    """A reply in a branch must be what it is behind its history alone."""
    model = make_model(1).eval()
    ids = torch.from_numpy(np.load(cache / "trees.npy").astype(np.int64))
    shapes = torch.from_numpy(np.load(cache / "trees_shape.npy").astype(np.int64))
    checked = 0
    with torch.inference_mode():
        for row, shape in zip(ids[:4], shapes[:4], strict=True):
            whole = model(row[None], attention_mask=mask_of(shape[None]), position_ids=shape[None, POSITION]).logits[0]
            tree, branch, position, cut = shape
            for number in branch[tree == 1].unique()[1:].tolist():
                own = ((tree == 1) & (branch == number)).nonzero()[:, 0]
                before = ((tree == 1) & (branch == 0) & (position <= cut[own[0]])).nonzero()[:, 0]
                alone = model(row[torch.cat([before, own])][None]).logits[0, -len(own) :]
                if not torch.allclose(whole[own], alone, atol=1e-3):
                    raise SystemExit("smoke: a branch of a tree differs from the same reply behind its history")
                checked += 1
    if checked == 0:
        raise SystemExit("smoke: no tree has a branch")


def write_data(data: Path, chance: random.Random) -> None:
    """Dialogues of every source and a book, in the formats of the real ones."""
    sentences = varied_sentences()

    def say() -> str:
        name = invented(chance)  # twice, so that the tokenizer learns whole words
        return f"{chance.choice(sentences)} I met {name} there. {name} said: {chance.choice(sentences)}"

    for source in (*SHARES, "characterchat"):
        sides = ("seeker", "supporter") if source in SEEKER_SOURCES else ("a", "b")
        rows = []
        for index in range(DIALOGUES):
            lines = [f"I keep kestrel{index} and heron{index}." if turn == 3 else say() for turn in range(8)]
            turns: list[dict[str, Any]] = [{"speaker": sides[at % 2], "text": text} for at, text in enumerate(lines)]
            row: dict[str, Any] = {"source": source, "split": "valid" if index % 4 == 0 else "train", "turns": turns}
            if source == "esconv":
                for turn in turns[1::2]:
                    turn["strategy_magic"] = "Question"
            if source in PERSONA_SOURCES:
                row["persona"] = {side: [f"I keep kestrel{index} and heron{index}.", "I bake rye bread."] for side in sides}
            if source == "gpt4_synthetic_esc":
                row["persona"] = {"supporter": ["name: Ada", "age: 40", "occupation: Baker", "Ada keeps hens in the yard."]}
            if source == "characterchat":
                row["statement"] = {"supporter": "You are Ada. You keep hens."}
                for turn in turns[1::2]:
                    turn["memory"] = {"aspect": "hobby", "content": "You keep hens in the yard."}
            if source == "annomi":
                row["rating"] = "high"
            rows.append(row)
        write(data / f"dialogues/{source}.jsonl.gz", "".join(json.dumps(row) + "\n" for row in rows))
    write(data / "books/one.txt.gz", "\n\n".join(" ".join(say() for _ in range(8)) for _ in range(120)))
    inventory = {"books": {"files": [{"file": "books/one.txt.gz", "split": "train"}]}}
    (data / "INVENTORY.json").write_text(json.dumps(inventory))


def write(path: Path, text: str) -> None:
    """A gzip text file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main())
