"""Counts a set of dialogues, and finds what a template would leave behind: `python -m dialogues.check FILE …`."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from .parse import Malformed, read_file

WORDS = re.compile(r"[\w'’]+")


def grams(text: str, size: int = 5) -> set[tuple[str, ...]]:
    """The runs of `size` words of a text."""
    words = [word.lower() for word in WORDS.findall(text)]
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def shared_share(records: list[dict]) -> tuple[float, list[tuple[str, int]]]:
    """Share of the replies' 5-grams that stand in more than one dialogue, and the commonest of them."""
    homes: Counter[tuple[str, ...]] = Counter()
    for record in records:
        homes.update(set().union(*(grams(turn["text"]) for turn in record["turns"] if turn["by"] == "character")))
    shared = [(gram, count) for gram, count in homes.items() if count > 1]
    worst = sorted(shared, key=lambda item: -item[1])[:12]
    return sum(count for _, count in shared) / max(1, homes.total()), [(" ".join(g), c) for g, c in worst]


def main(paths: list[str]) -> int:
    records, faults = [], []
    for path in paths:
        try:
            records.extend(read_file(Path(path)))
        except Malformed as error:
            faults.append(str(error))
    replies = [turn for record in records for turn in record["turns"] if turn["by"] == "character"]
    lengths = sorted(len(WORDS.findall(turn["text"])) for turn in replies)
    openings = Counter(" ".join(WORDS.findall(turn["text"].lower())[:2]) for turn in replies)
    share, worst = shared_share(records)
    for record in records:
        last = None
        for turn in record["turns"]:
            if turn["by"] == last:
                faults.append(f"{record['id']}: two turns of one side in a row")
                break
            last = turn["by"]
        for turn in record["turns"]:
            if turn["by"] == "character" and len(WORDS.findall(turn["text"])) > 75:
                faults.append(f"{record['id']}: a reply of over 75 words")
    same = [text for text, count in Counter(turn["text"] for turn in replies).items() if count > 1 and len(text) > 30]
    print(f"dialogues {len(records)}  replies {len(replies)}  bad replies {sum(len(t.get('bad', [])) for t in replies)}")
    if replies:
        print(f"words a reply: p10 {lengths[len(lengths) // 10]} p50 {lengths[len(lengths) // 2]} p90 {lengths[len(lengths) * 9 // 10]}")
    print(f"5-grams of replies shared between dialogues: {share:.1%} (limit 5 %)", worst)
    print("openings (no pair of words over 3 %):", [(k, f"{v / len(replies):.1%}") for k, v in openings.most_common(8)])
    for title, values in {
        "strategy": Counter(t.get("strategy", "-") for t in replies),
        "memory": Counter(t.get("memory", "-") for t in replies),
        "goal": Counter(t.get("goal", "-") for t in replies if t.get("goal")),
        "style": Counter(v for t in replies for v in t.get("attributes", {}).values()),
        "register": Counter(r["register"] for r in records),
        "moment": Counter(r["moment"] for r in records),
        "worry": Counter(r["worry"] for r in records),
        "character": Counter(r["character"] for r in records),
        "tag": Counter(tag for r in records for tag in r["tags"]),
        "bad": Counter(b["kind"] for t in replies for b in t.get("bad", [])),
    }.items():
        print(f"{title}: {dict(values.most_common(80))}")
    if same:
        faults.append(f"replies that occur twice: {same[:5]}")
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
