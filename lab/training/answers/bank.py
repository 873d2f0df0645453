"""The texts of the bank: `lab/data/rapport-answers/*.txt`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """Messages that mean the same, and what fits all of them."""

    messages: tuple[str, ...]
    replies: tuple[str, ...]
    #: A question to the character, which answers for itself; or a mood in which the replies always fit.
    ask: str | None
    when: str | None
    #: What a message does; the messages are examples of it.
    act: str | None = None
    #: What the character asked before, which the messages answer.
    after: tuple[str, ...] = ()
    #: What its part of the file is about.
    topic: str = ""
    #: What messages are about: replies that fit it only, or, without an act, examples of it.
    about: str | None = None


def read_bank(folder: Path) -> list[Entry]:
    """All entries, in the order of the files' names. @raises ValueError for an entry that nothing leads to or that says nothing"""
    found = []
    for path in sorted(folder.glob("*.txt")):
        after: tuple[str, ...] = ()
        topic = ""
        for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()):
            lines = block.split("\n")
            marks = dict(match.groups() for line in lines if (match := re.match(r"# (ask|when|act|about): (\S+)$", line)))
            # A question stands before all blocks that answer it.
            after = tuple(line[2:].strip() for line in lines if line.startswith("= ")) or after
            topic = next((line[2:].strip() for line in lines if line.startswith("# ") and ":" not in line), topic)
            entry = Entry(
                tuple(line[2:].strip() for line in lines if line.startswith("> ")),
                tuple(line[2:].strip() for line in lines if line.startswith("< ")),
                marks.get("ask"),
                marks.get("when"),
                marks.get("act"),
                after,
                topic,
                marks.get("about"),
            )
            if not entry.messages and not entry.replies:
                continue
            if entry.about and entry.replies and not entry.act:
                raise ValueError(f"{path.name}: replies within a topic, but to which act? {block[:80]!r}")
            if not (entry.messages or entry.when or entry.about) or not (entry.replies or entry.ask or entry.about):
                raise ValueError(f"{path.name}: {block[:80]!r}")
            found.append(entry)
    return found
