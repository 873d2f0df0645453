"""CharacterChat's memory choices as arrays: what the selector reads, in the order of its graph's inputs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from encoder.choices import TONE, WORRY, Choice, read_choices, read_rows
from torch import Tensor

from .vectors import VectorStore

ASPECTS = (
    "advantages_and_disadvantages",
    "hobby",
    "growth_experience",
    "family_relationship",
    "working_conditions",
    "social_relationship",
    "emotional_state",
    "living_conditions",
    "additional_information",
)
TELLS = (*ASPECTS, WORRY, "none")
"""What a line may tell of: an aspect, the worry, or nothing in particular."""

ASKED_LINES = 2
"""Lines of the other side that are read, newest first."""
PICKS = 8
"""Own earlier picks that are read, newest first."""


def plain(text: str) -> str:
    """Single spaces, none at the ends."""
    return " ".join(text.split())


@dataclass
class ChoiceArrays:
    """`n` choices among at most `k` memories.

    asked [n, 2, 512]: vectors of the other side's last lines, newest first, zeros where there is none.
    told [n, 2, 11]: what those lines tell of, where it is known (one-hot), else zeros.
    picks [n, 8, 9]: aspects of the speaker's own last picks, one-hot, newest first.
    speaker [n]: 1 for a seeker, 0 for a supporter. memories [n, k, 512], aspects [n, k, 9] one-hot.
    present [n, k]; chosen [n].
    """

    asked: Tensor
    told: Tensor
    picks: Tensor
    speaker: Tensor
    memories: Tensor
    aspects: Tensor
    present: Tensor
    chosen: Tensor
    dialogues: list[str]
    seekers: list[str]
    asked_lines: list[list[tuple[str, int]]]
    """(dialogue, turn) of each line of `asked`."""


def choice_texts(data: Path) -> list[str]:
    """Every text the selector's training needs a vector of."""
    texts = [plain(text) for choice in read_choices(data) for _, text in (*choice.history, *choice.candidates)]
    texts += [text for _, _, text, _ in told_lines(data)]
    return texts + [text for text, _ in aspect_texts(data)]


def choice_arrays(data: Path, store: VectorStore) -> ChoiceArrays:
    """All choices; every seeker's first, forced one is left out."""
    choices = read_choices(data)
    n, k = len(choices), max(len(choice.candidates) for choice in choices)
    width = store.matrix.shape[1]
    arrays = ChoiceArrays(
        asked=torch.zeros(n, ASKED_LINES, width),
        told=torch.zeros(n, ASKED_LINES, len(TELLS)),
        picks=torch.zeros(n, PICKS, len(ASPECTS)),
        speaker=torch.zeros(n),
        memories=torch.zeros(n, k, width),
        aspects=torch.zeros(n, k, len(ASPECTS)),
        present=torch.zeros(n, k, dtype=torch.bool),
        chosen=torch.tensor([choice.chosen for choice in choices]),
        dialogues=[choice.dialogue for choice in choices],
        seekers=[choice.seeker for choice in choices],
        asked_lines=[],
    )
    tells = {(dialogue, turn): label for dialogue, turn, _, label in told_lines(data)}
    for row, choice in enumerate(choices):
        _fill(arrays, row, choice, tells, store)
    return arrays


def _fill(
    arrays: ChoiceArrays, row: int, choice: Choice, tells: dict[tuple[str, int], int], store: VectorStore
) -> None:
    length = len(choice.history)
    lines = [(choice.dialogue, turn) for turn in range(length - 1, -1, -2)][:ASKED_LINES]
    arrays.asked_lines.append(lines)
    for place, (_, turn) in enumerate(lines):
        arrays.asked[row, place] = torch.from_numpy(store.vectors([plain(choice.history[turn][1])])[0])
        arrays.told[row, place, tells[choice.dialogue, turn]] = 1
    own = [tells[choice.dialogue, turn] for turn in range(length - 2, -1, -2)]
    for place, aspect in enumerate([aspect for aspect in own if aspect < len(ASPECTS)][:PICKS]):
        arrays.picks[row, place, aspect] = 1
    arrays.speaker[row] = float(choice.speaker == "seeker")
    size = len(choice.candidates)
    arrays.memories[row, :size] = torch.from_numpy(store.vectors([text for _, text in choice.candidates]))
    arrays.present[row, :size] = True
    for place, (aspect, _) in enumerate(choice.candidates):
        arrays.aspects[row, place, ASPECTS.index(aspect)] = 1


def told_lines(data: Path) -> list[tuple[str, int, str, int]]:
    """(dialogue, turn, text, place in TELLS) of every line of the dialogues."""
    found = []
    for dialogue in read_rows(data / "dialogues/characterchat.jsonl.gz"):
        for turn, row in enumerate(dialogue["turns"]):
            aspect = (row.get("memory") or {}).get("aspect", "none")
            found.append((dialogue["id"], turn, plain(row["text"]), TELLS.index(aspect) if aspect in TELLS else len(TELLS) - 1))
    return found


def aspect_texts(data: Path) -> list[tuple[str, int]]:
    """(memory, place in ASPECTS) of the memories of all published characters, each text once."""
    found: dict[str, int] = {}
    for pair in read_rows(data / "characterchat/dial_input.jsonl.gz"):
        for character in pair:
            for aspect, text in character["profile_trans"].items():
                if text and aspect in ASPECTS and aspect != TONE:
                    found[plain(text)] = ASPECTS.index(aspect)
    return list(found.items())
