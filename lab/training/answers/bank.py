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

    def published(self) -> dict:
        """As the bot reads it."""
        marks = {name: value for name, value in (("ask", self.ask), ("when", self.when)) if value}
        return {"messages": list(self.messages), "replies": list(self.replies), **marks}


def read_bank(folder: Path) -> list[Entry]:
    """All entries, in the order of the files' names. @raises ValueError for an entry that nothing leads to or that says nothing"""
    found = []
    for path in sorted(folder.glob("*.txt")):
        for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()):
            lines = block.split("\n")
            marks = dict(match.groups() for line in lines if (match := re.match(r"# (ask|when): (\S+)$", line)))
            entry = Entry(
                tuple(line[2:].strip() for line in lines if line.startswith("> ")),
                tuple(line[2:].strip() for line in lines if line.startswith("< ")),
                marks.get("ask"),
                marks.get("when"),
            )
            if not entry.messages and not entry.replies:
                continue
            if not (entry.messages or entry.when) or not (entry.replies or entry.ask):
                raise ValueError(f"{path.name}: {block[:80]!r}")
            found.append(entry)
    return found
