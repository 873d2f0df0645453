"""The usual range of cosines between what troubles people and the texts of characters, under the shipped encoder.

The facets of a match are cosines laid on [0, 1] by these ranges. They are measured on the project's own texts: the
lines of config/themes.yaml against the characters of the default bank.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import yaml
from encoder.session import EncoderSession

from .ratings import Matrix, unit

LIVED = ("growth_experience", "emotional_state", "family_relationship", "social_relationship")
EVERYDAY = ("hobby", "working_conditions", "living_conditions")
QUANTILES = (0.1, 0.99)
"""What counts as 0 and as 1."""
TELLABLE = 3
"""Memories whose mean is the facet."""


def sentences(text: str) -> list[str]:
    """Sentences of a memory, about as `Intl.Segmenter` cuts them."""
    parts = (part.strip() for whole in re.split(r"(?<=[.!?])\s+", text) for part in whole.split(";"))
    return [part for part in parts if len(part) > 2]


def measure(repository: Path, encoder: EncoderSession) -> dict[str, dict[str, float]]:
    """`statement`, `memories` and `everyday`, each with `low` and `high`."""
    themes = yaml.safe_load((repository / "config" / "themes.yaml").read_text(encoding="utf-8"))
    lines = unit(encoder.vectors([line for theme in themes.values() for line in theme["lines"]]))
    found: dict[str, list[Matrix]] = {"statement": [], "memories": [], "everyday": []}
    for file in sorted((repository / "characters" / "bank" / "supporters").glob("*.yaml")):
        character = yaml.safe_load(file.read_text(encoding="utf-8"))
        memory = character["memory"]
        lived = [sentence for aspect in LIVED for sentence in sentences(memory.get(aspect, ""))]
        everyday = [character["persona"]["job"], *(memory[aspect] for aspect in EVERYDAY if aspect in memory)]
        found["statement"].append(lines @ unit(encoder.vectors([character["supporterStatement"]]))[0])
        near = np.sort(lines @ unit(encoder.vectors(lived)).T, axis=1)
        found["memories"].append(near[:, -TELLABLE:].mean(axis=1))
        found["everyday"].append((lines @ unit(encoder.vectors(everyday)).T).max(axis=1))
    return {
        name: dict(zip(("low", "high"), (round(float(q), 4) for q in np.quantile(values, QUANTILES)), strict=True))
        for name, values in found.items()
    }
