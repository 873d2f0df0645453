"""The writers' plain form of a dialogue, read into records.

    === maren-voss | Jo | insomnia | teen | opening | #facts
    fact: works nights at a bakery in Leeds
    > cant sleep again lol
    < [Q] What goes round in your head at three, Jo?
    x parrots: You cannot sleep again, lol.
    > my ex mostly
    < [D; mem=hobby; goal=music; style=plain,optimistic; care] …

Header: character (id of the bank, or `card` with `card:` and `mem NAME:` lines below) | the person's name or `-` | worry |
register | moment | tags. `x KIND:` is a bad reply to the same context as the reply above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STRATEGIES = {
    "Q": "Question",
    "P": "Restatement or Paraphrasing",
    "F": "Reflection of Feelings",
    "D": "Self-disclosure",
    "A": "Affirmation and Reassurance",
    "S": "Providing Suggestions or Information",
    "G": "Greeting",
    "O": "Others",
}
ASPECTS = {
    "traits": "advantages_and_disadvantages",
    "hobby": "hobby",
    "growth": "growth_experience",
    "family": "family_relationship",
    "work": "working_conditions",
    "friends": "social_relationship",
    "mood": "emotional_state",
    "home": "living_conditions",
    "extra": "additional_information",
    "worry": "recent_worry_or_anxiety",
}
GOALS = {
    "kids": "ask about kids.",
    "pets": "ask about pets.",
    "work": "talk about work.",
    "marital": "ask about marital status.",
    "travel": "talk about travel.",
    "age": "ask about age and gender.",
    "hobbies": "ask about hobbies.",
    "food": "ask about favorite food.",
    "movies": "talk about movies.",
    "music": "talk about music.",
    "politics": "talk about politics.",
}
STYLES = {
    "plain": "languagestyle",
    "lyrical": "languagestyle",
    "pessimistic": "attitude",
    "optimistic": "attitude",
    "emotional": "mindchar",
    "critical": "mindchar",
}
REGISTERS = {"teen", "formal", "terse", "long", "typos", "second", "plain"}
MOMENTS = {"opening", "middle", "failed", "good", "goodbye"}
BAD = {
    "off", "parrots", "contradicts", "wrong-fact", "placeholder", "cheers", "advice", "two-questions", "platitude",
    "wrong-person", "human", "leak", "medical", "promise", "vague", "anachronism", "ignores-goal",
}  # fmt: skip


class Malformed(ValueError):
    """A line that does not fit the form; says which and why."""


def read_file(path: Path) -> Iterator[dict[str, Any]]:
    """The dialogues of one file, in order. @raises Malformed"""
    text = path.read_text(encoding="utf-8")
    for index, block in enumerate(re.split(r"^=== ?", text, flags=re.M)[1:]):
        try:
            yield _dialogue(f"{path.stem}-{index + 1:03d}", block.strip().splitlines())
        except Malformed as error:
            raise Malformed(f"{path.name}, dialogue {index + 1}: {error}") from None


def _dialogue(name: str, lines: list[str]) -> dict[str, Any]:
    head = [part.strip() for part in lines[0].split("|")]
    if len(head) not in (5, 6):
        raise Malformed(f"header has {len(head)} parts, not 5 or 6: {lines[0]!r}")
    character, person, worry, register, moment, *tags = head
    if register not in REGISTERS:
        raise Malformed(f"unknown register {register!r}")
    if moment not in MOMENTS:
        raise Malformed(f"unknown moment {moment!r}")
    record: dict[str, Any] = {"id": name, "character": character, "worry": worry, "register": register, "moment": moment}
    record["person"] = {"name": None if person == "-" else person, "facts": []}
    record["tags"] = re.findall(r"#([a-z-]+)", tags[0]) if tags else []
    turns: list[dict[str, Any]] = []
    memory: dict[str, str] = {}
    for line in lines[1:]:
        line = line.strip()
        if not line:
            continue
        if line.startswith("fact:"):
            record["person"]["facts"].append(line[5:].strip())
        elif line.startswith("card:"):
            label, _, statement = line[5:].partition("|")
            record["card"] = {"name": label.strip(), "statement": statement.strip(), "memory": memory}
        elif found := re.match(r"mem ([a-z]+): *(.+)", line):
            if found[1] not in ASPECTS:
                raise Malformed(f"unknown memory {found[1]!r}")
            memory[ASPECTS[found[1]]] = found[2]
        elif line.startswith(">"):
            turns.append({"by": "person", "text": line[1:].strip()})
        elif found := re.match(r"< *\[([^\]]*)\] *(.+)", line):
            turns.append({"by": "character", "text": found[2].strip(), **_notes(found[1])})
        elif found := re.match(r"x ([a-z-]+): *(.+)", line):
            if not turns or turns[-1]["by"] != "character":
                raise Malformed(f"a bad reply follows no reply: {line!r}")
            if found[1] not in BAD:
                raise Malformed(f"unknown kind of bad reply {found[1]!r}")
            turns[-1].setdefault("bad", []).append({"kind": found[1], "text": found[2].strip()})
        else:
            raise Malformed(f"cannot read {line[:80]!r}")
    if character == "card" and not record.get("card", {}).get("statement"):
        raise Malformed("a card needs a `card: Name | statement` line")
    if not turns or not any(turn["by"] == "character" for turn in turns):
        raise Malformed("no reply")
    record["turns"] = turns
    return record


def _notes(text: str) -> dict[str, Any]:
    notes: dict[str, Any] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        key, _, value = part.partition("=")
        if part in STRATEGIES:
            notes["strategy"] = STRATEGIES[part]
        elif part == "care":
            notes["care"] = True
        elif key == "mem" and value in ASPECTS:
            notes["memory"] = ASPECTS[value]
        elif key == "goal":
            notes["goal"] = GOALS.get(value, value)
        elif key == "style" and all(word in STYLES for word in value.split(",")):
            notes["attributes"] = {STYLES[word]: word for word in value.split(",")}
        else:
            raise Malformed(f"unknown note {part!r}")
    return notes
