"""The care messages, from the writers' plain form, and their split by family.

    ## lang=en
    GRADE KIND REGISTER PAIR | earlier turn || B: what the character said || the message

Lines of one PAIR are a minimal pair: nearly the same words, of which some are a risk and some are not. A family (the pair)
is never on both sides of a split.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

GRADES = ("none", "distress", "ideation", "plan", "imminent")
KINDS = ("none", "suicide", "self-harm", "abuse", "violence", "medical", "other")
CONTEXT_TURNS = 4


@dataclass(frozen=True)
class Message:
    """One message with the turns before it, oldest first; turns of the character begin with `B: `."""

    turns: tuple[str, ...]
    grade: str
    kind: str
    language: str
    register: str
    family: str

    @property
    def text(self) -> str:
        """The message that is judged."""
        return self.turns[-1]

    @property
    def context(self) -> str:
        """The turns before it, as the model is given them."""
        return " / ".join(self.turns[-1 - CONTEXT_TURNS : -1])


def read_plain(path: Path) -> Iterable[Message]:
    """Reads the writers' form. @raises ValueError for a line that does not fit"""
    language = "en"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if line.startswith("## lang="):
            language = line[8:].strip()
        elif line:
            found = re.match(r"(\S+) (\S+) (\S+) (\S+) \| (.+)$", line)
            if not found or found[1] not in GRADES:
                raise ValueError(f"{path.name}:{number}: {line[:60]}")
            grade, kind, register, pair, text = found.groups()
            # The same pair in several languages is one family: its scenario is the same.
            family = f"{path.stem}/{pair if pair != '-' else f'single-{number}'}"
            turns = tuple(part.strip() for part in text.split("||"))
            yield Message(turns, grade, "none" if kind == "-" else kind, language, register, family)


def write_messages(messages: Iterable[Message], path: Path) -> None:
    """Writes gzip JSON lines, the same bytes for the same messages."""
    lines = "".join(json.dumps(asdict(message), ensure_ascii=False) + "\n" for message in messages)
    path.write_bytes(gzip.compress(lines.encode("utf-8"), mtime=0))


def read_messages(path: Path) -> list[Message]:
    """Reads what `write_messages` wrote."""
    rows = map(json.loads, gzip.decompress(path.read_bytes()).decode("utf-8").splitlines())
    return [Message(**(row | {"turns": tuple(row["turns"])})) for row in rows]


def part_of(family: str) -> str:
    """train, valid or test, by the family's hash: 80, 5 and 15 of 100."""
    share = int(hashlib.sha256(family.encode()).hexdigest(), 16) % 100
    return "train" if share < 80 else "valid" if share < 85 else "test"


def roughened(text: str, rng: random.Random) -> str:
    """The text as a hurried thumb types it: case, apostrophes and full stops lost, letters doubled, swapped or dropped."""
    if rng.random() < 0.5:
        text = text.lower()
    if rng.random() < 0.4:
        text = re.sub(r"['’]", "", text)
    if rng.random() < 0.4:
        text = text.rstrip(".!")
    letters = list(text)
    for _ in range(rng.randrange(0, 1 + len(letters) // 25)):
        at = rng.randrange(0, max(1, len(letters) - 1))
        if not letters[at].isalpha():
            continue
        how = rng.random()
        if how < 0.4 and at + 1 < len(letters) and letters[at + 1].isalpha():
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif how < 0.7:
            letters[at] = ""
        else:
            letters[at] *= 2
    return "".join(letters)
