"""Run every training of the trunk and the scorers on made-up dialogues, in under two minutes: python -m scorers.smoke

Nothing here says how good a model is; it says that the code still runs from the first file to the last.
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

from encoder.sentences import varied_sentences
from trunk.corpora import EMOTIONS, REPLY_SOURCES, STRATEGIES

from .choices import ASPECTS, WORRY

DIALOGUES = 24


def main() -> int:
    """Write the data, run the commands one after the other."""
    began = time.monotonic()
    chance = random.Random(3)
    with tempfile.TemporaryDirectory() as folder:
        data, cache = Path(folder, "data"), Path(folder, "cache")
        _write_data(data, chance)
        common = ["--data", str(data), "--cache", str(cache), "--smoke"]
        for module in ("trunk.train", "scorers.memory_selector", "scorers.strategy", "scorers.emotion"):
            place = ["--run", str(Path(folder, "run"))] if module == "trunk.train" else ["--out", str(Path(folder, module))]
            subprocess.run([sys.executable, "-m", module, *common, *place], check=True)
            if module == "scorers.emotion" and not Path(folder, module, "curve.svg").exists():
                raise SystemExit("smoke: no curve was drawn")
        ranker = ["--run", str(Path(folder, "run")), "--out", str(Path(folder, "reply-ranker"))]
        subprocess.run([sys.executable, "-m", "scorers.reply_ranker", *ranker], check=True)
    print(f"smoke: all trainings ran in {time.monotonic() - began:.0f} s")
    return 0


def _write_data(data: Path, chance: random.Random) -> None:
    sentences = varied_sentences()

    def say() -> str:
        return f"{chance.choice(sentences)} {chance.choice(sentences)}"

    def splits(index: int) -> str:
        return "valid" if index % 4 == 0 else "train"

    for source in REPLY_SOURCES:
        rows = []
        for index in range(DIALOGUES):
            sides = ("seeker", "supporter") if source in ("esconv", "empathetic_dialogues") else ("a", "b")
            lines = [say() for _ in range(5)]
            pet = f"I keep kestrel{index} and heron{index}."
            turns: list[dict[str, Any]] = [
                {"speaker": sides[turn % 2], "text": line} for turn, line in enumerate([*lines, pet, say()])
            ]
            row: dict[str, Any] = {"id": f"{source}-{index}", "split": splits(index), "turns": turns}
            if source == "esconv":
                for turn in turns[1::2]:
                    turn["strategy_magic"], turn["strategy"] = chance.choice(STRATEGIES), "Question"
            if source == "empathetic_dialogues":
                row |= {"emotion": EMOTIONS[index % len(EMOTIONS)], "situation": say()}
            if "persona_chat" in source:
                row["persona"] = {side: [pet, "I bake rye bread.", "I paint ships."] for side in sides}
            rows.append(row)
        _write(data / f"dialogues/{source}.jsonl.gz", rows)
    _write_characters(data, chance, say, splits)


def _write_characters(data: Path, chance: random.Random, say: Any, splits: Any) -> None:
    characters = [{aspect: f"You remember: {say()}" for aspect in (*ASPECTS, WORRY)} for _ in range(DIALOGUES)]
    outputs, dialogues = [], []
    for index in range(DIALOGUES):
        sides = {"seeker": characters[index % 6], "supporter": characters[index]}
        turns: list[dict[str, Any]] = [{"speaker": "seeker", "text": "Hello"}]
        for turn in range(1, 9):
            speaker = ("seeker", "supporter")[turn % 2]
            aspect = WORRY if turn == 2 else chance.choice(ASPECTS)
            turns.append({"speaker": speaker, "text": say(), "memory": {"aspect": aspect, "content": sides[speaker][aspect]}})
        dialogues.append({"id": f"characterchat-{index}", "split": splits(index), "turns": turns})
        outputs.append(
            {
                "index": index,
                **{f"{side}_info": {f"{side}_index": index % 6, f"{side}_profile_trans": _listed(sides[side])} for side in sides},
            }
        )
    _write(data / "dialogues/characterchat.jsonl.gz", dialogues)
    _write(data / "characterchat/dial_output.jsonl.gz", outputs)
    _write(data / "characterchat/dial_input.jsonl.gz", [[{"profile_trans": one}] * 2 for one in characters])


def _listed(memories: dict[str, str]) -> dict[str, str]:
    """The worry is told, but stands in no published list of memories."""
    return {aspect: text for aspect, text in memories.items() if aspect != WORRY}


def _write(path: Path, rows: list[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
