"""CharacterChat's memory choices: who was about to speak, what had been said, which memory was taken."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORRY = "recent_worry_or_anxiety"
TONE = "tone"


@dataclass(frozen=True)
class Choice:
    """One turn with a chosen memory.

    `history` holds (speaker, text), oldest first; `candidates` (aspect, text); `chosen` is a place
    in `candidates`; `used` lists the aspects taken before in the dialogue by either side.
    """

    dialogue: str
    seeker: str
    speaker: str
    history: tuple[tuple[str, str], ...]
    candidates: tuple[tuple[str, str], ...]
    chosen: int
    used: tuple[str, ...]


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzip JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_choices(data: Path) -> list[Choice]:
    """All choices under `data` but each seeker's first, which the generator forces to be the worry."""
    profiles = {row["index"]: row for row in read_rows(data / "characterchat/dial_output.jsonl.gz")}
    choices: list[Choice] = []
    for dialogue in read_rows(data / "dialogues/characterchat.jsonl.gz"):
        profile = profiles[int(dialogue["id"].rsplit("-", 1)[1])]
        choices += _choices(dialogue, profile)
    return choices


def _choices(dialogue: dict[str, Any], profile: dict[str, Any]) -> Iterator[Choice]:
    memories = {
        speaker: _memories(profile[f"{speaker}_info"][f"{speaker}_profile_trans"], skip)
        for speaker, skip in (("seeker", {TONE}), ("supporter", {TONE, WORRY}))
    }
    history: list[tuple[str, str]] = []
    used: list[str] = []
    for turn in dialogue["turns"]:
        speaker, memory = turn["speaker"], turn.get("memory")
        if memory:
            aspects = [aspect for aspect, _ in memories[speaker]]
            forced = speaker == "seeker" and len(history) == 2
            if not forced and memory["aspect"] in aspects:
                yield Choice(
                    dialogue=dialogue["id"],
                    seeker=str(profile["seeker_info"]["seeker_index"]),
                    speaker=speaker,
                    history=tuple(history),
                    candidates=memories[speaker],
                    chosen=aspects.index(memory["aspect"]),
                    used=tuple(used),
                )
            used.append(memory["aspect"])
        history.append((speaker, turn["text"]))


def _memories(trans: dict[str, str], skip: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple((aspect, " ".join(text.split())) for aspect, text in trans.items() if aspect not in skip and text)
