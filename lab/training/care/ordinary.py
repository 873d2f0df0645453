"""What persons say in our dialogues, as harmless messages with the turns before: ``python -m care.ordinary --dialogues FILE … --out FILE``."""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from voice.prepare import read_dialogues

from .texts import CONTEXT_TURNS

#: Dialogues in which somebody may be in danger, or in which cruelty is spoken, are left out.
LEFT_OUT = {"care", "insult"}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dialogues", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=int, default=900)
    args = parser.parse_args()
    rng, rows = random.Random(7), []
    for record in read_dialogues(args.dialogues):
        if LEFT_OUT & set(record["tags"]) or any(turn.get("care") for turn in record["turns"]):
            continue
        said = [turn["text"] if turn["by"] == "person" else f"B: {turn['text']}" for turn in record["turns"]]
        for at, turn in enumerate(record["turns"]):
            if turn["by"] == "person":
                rows.append({"turns": said[max(0, at - rng.choice((0, 0, 1, CONTEXT_TURNS))) : at + 1]})
    rng.shuffle(rows)
    args.out.write_text("".join(json.dumps(row) + "\n" for row in rows[: args.most]))
    print(min(len(rows), args.most), "of", len(rows))


if __name__ == "__main__":
    main()
