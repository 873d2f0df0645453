"""The intermediate form all chat sources are brought into before they are written as token rows."""

from __future__ import annotations

from dataclasses import dataclass, field

OWN = ("quiz", "openings", "goals")
"""Sources that are the project's own templates."""


@dataclass
class Turn:
    """One utterance; ``target`` marks a supporter utterance that is fit to be learnt."""

    role: str
    text: str
    target: bool = False
    memory: str = ""
    strategy: str | None = None
    goal: str | None = None


@dataclass
class Talk:
    """A dialogue with the supporter's statement parts (the memory may be one of them)."""

    source: str
    parts: list[str]
    turns: list[Turn] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)
    """Memory lines that are not part of the statement (used as unrelated memories)."""
