"""Which dialogues are kept from training: those about some worries, and those of one character."""

from __future__ import annotations

HELD_WORRIES = {"debt", "pet-death", "stage-fright"}
HELD_CHARACTERS = {"renske-dijkstra"}


def is_valid(record: dict) -> bool:
    """Whether a dialogue only validates."""
    return record["worry"] in HELD_WORRIES or record["character"] in HELD_CHARACTERS
