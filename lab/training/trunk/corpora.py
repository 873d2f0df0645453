"""Reads the training tasks out of the dialogue corpora and keeps them as token ids."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from encoder.choices import read_rows
from tokenizers import Tokenizer

MAX_IDS = 32
"""Longer texts keep their head while training: the cost grows with the longest of a batch."""

EMOTIONS = (
    "afraid angry annoyed anticipating anxious apprehensive ashamed caring confident content devastated disappointed "
    "disgusted embarrassed excited faithful furious grateful guilty hopeful impressed jealous joyful lonely nostalgic "
    "prepared proud sad sentimental surprised terrified trusting"
).split()

STRATEGIES = (
    "Question",
    "Restatement or Paraphrasing",
    "Reflection of Feelings",
    "Self-disclosure",
    "Affirmation and Reassurance",
    "Providing Suggestions or Information",
    "Greeting",
    "Others",
)
"""MAGIC's labels in MAGIC's order."""

REPLY_SOURCES = {
    "esconv": 1,
    "empathetic_dialogues": 1,
    "gpt4_synthetic_esc": 1,
    "counsel_chat": 1,
    "daily_dialog": 1,
    "synthetic_persona_chat": 3,
    "persona_chat": 1,
    "topical_chat": 4,
    "self_dialogue": 20,
}
"""Corpora for context and reply, and that only every n-th pair is taken."""

PERSONA_SOURCES = ("synthetic_persona_chat", "persona_chat")
PAST_STRATEGIES = 4
CONTEXT_WIDTH = PAST_STRATEGIES * (len(STRATEGIES) + 1) + 3
"""One-hot of the last four strategies (the ninth place: none yet) and three numbers for the stage."""

LEAST_OVERLAP = 0.4
_WORD = re.compile(r"[a-z0-9']+")

Ids = list[int]


@dataclass
class Tasks:
    """Everything of one split, texts as places in `texts`."""

    texts: list[Ids] = field(default_factory=list)
    replies: list[tuple[int, int]] = field(default_factory=list)
    """(last line, reply)"""
    memories: list[tuple[int, int, list[int], int]] = field(default_factory=list)
    """(last line, reply, lines of the speaker's persona, place of the line the reply uses)"""
    emotions: list[tuple[int, int]] = field(default_factory=list)
    strategies: list[tuple[int, int, int, int, list[float], int]] = field(default_factory=list)
    """(last seeker line, last supporter line, seeker line before, reply, context numbers, label)"""


class TaskReader:
    """Collects tasks; equal texts are kept once."""

    def __init__(self, tokenizer: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tasks = Tasks()
        self.places: dict[str, int] = {}

    def place(self, text: str) -> int:
        """The place of `text` among the texts; the empty text is a single unknown piece."""
        text = " ".join(text.split())
        if text not in self.places:
            self.places[text] = len(self.tasks.texts)
            self.tasks.texts.append(self.tokenizer.encode(text).ids[:MAX_IDS] or [0])
        return self.places[text]

    def read(self, data: Path, split: str) -> Tasks:
        """The tasks of a split."""
        for source, every in REPLY_SOURCES.items():
            self._replies(_dialogues(data, source, split), every)
        for source in PERSONA_SOURCES:
            self._memories(list(_dialogues(data, source, split)))
        self._emotions(_dialogues(data, "empathetic_dialogues", split))
        for dialogue in _dialogues(data, "esconv", split):
            self._strategies(dialogue)
        return self.tasks

    def _replies(self, dialogues: Iterator[dict[str, Any]], every: int) -> None:
        count = 0
        for dialogue in dialogues:
            for before, turn in zip(dialogue["turns"], dialogue["turns"][1:], strict=False):
                if before["speaker"] == turn["speaker"] or min(len(before["text"]), len(turn["text"])) < 12:
                    continue
                count += 1
                if count % every == 0:
                    self.tasks.replies.append((self.place(before["text"]), self.place(turn["text"])))

    def _memories(self, dialogues: list[dict[str, Any]]) -> None:
        frequency = Counter(word for d in dialogues for t in d["turns"] for word in set(_words(t["text"])))
        total = sum(len(dialogue["turns"]) for dialogue in dialogues)
        for dialogue in dialogues:
            for before, turn in zip(dialogue["turns"], dialogue["turns"][1:], strict=False):
                lines = list(dict.fromkeys(dialogue.get("persona", {}).get(turn["speaker"], [])))
                used = used_line(turn["text"], lines, frequency, total)
                if used is not None:
                    places = [self.place(line) for line in lines]
                    self.tasks.memories.append((self.place(before["text"]), self.place(turn["text"]), places, used))

    def _emotions(self, dialogues: Iterator[dict[str, Any]]) -> None:
        for dialogue in dialogues:
            label = EMOTIONS.index(dialogue["emotion"])
            first = next((turn["text"] for turn in dialogue["turns"] if turn["speaker"] == "seeker"), "")
            self.tasks.emotions += [(self.place(text), label) for text in (dialogue["situation"], first) if text]

    def _strategies(self, dialogue: dict[str, Any]) -> None:
        past: list[int] = []
        lines: list[tuple[str, str]] = []
        for turn in dialogue["turns"]:
            speaker, text = turn["speaker"], turn["text"]
            if speaker == "supporter" and lines and lines[-1][0] == "seeker" and turn.get("strategy_magic"):
                seeker = [line for who, line in lines if who == "seeker"]
                supporter = [line for who, line in lines if who == "supporter"]
                label = label_of(turn["strategy_magic"])
                self.tasks.strategies.append(
                    (
                        self.place(seeker[-1]),
                        self.place(supporter[-1] if supporter else ""),
                        self.place(seeker[-2] if len(seeker) > 1 else ""),
                        self.place(text),
                        context_numbers(past, len(supporter)),
                        label,
                    )
                )
                past.append(label)
            if lines and lines[-1][0] == speaker:
                lines[-1] = (speaker, f"{lines[-1][1]}\n{text}")
            else:
                lines.append((speaker, text))


def label_of(name: str) -> int:
    """The place of a MAGIC label, by its first letters in any case."""
    wanted = name.casefold()
    return next(index for index, label in enumerate(STRATEGIES) if label.casefold() == wanted)


def context_numbers(past: list[int], supporter_turns: int) -> list[float]:
    """The bot's own last strategies and the stage of the conversation as numbers [CONTEXT_WIDTH]."""
    numbers: list[float] = []
    for back in range(1, PAST_STRATEGIES + 1):
        one = [0.0] * (len(STRATEGIES) + 1)
        one[past[-back] if len(past) >= back else len(STRATEGIES)] = 1.0
        numbers += one
    return [*numbers, min(supporter_turns, 30) / 30, math.exp(-supporter_turns / 3), float(supporter_turns == 0)]


def used_line(reply: str, lines: list[str], frequency: Counter[str], total: int) -> int | None:
    """The persona line that `reply` uses: most of its rare words are said, and more than of any other line."""
    said = set(_words(reply))
    shares = []
    for line in lines:
        weights = {word: math.log(total / (1 + frequency[word])) for word in set(_words(line))}
        whole = sum(weight for weight in weights.values() if weight > 3)
        shared = sum(weight for word, weight in weights.items() if weight > 3 and word in said)
        shares.append(shared / whole if whole > 0 else 0.0)
    if len(lines) < 3 or max(shares) < LEAST_OVERLAP:
        return None
    best = max(range(len(lines)), key=shares.__getitem__)
    second = max(share for index, share in enumerate(shares) if index != best)
    return best if second < 0.6 * shares[best] else None


def load_tasks(data: Path, tokenizer: Path, split: str, cache: Path) -> Tasks:
    """The tasks of a split, from `cache` where they have been read before with the same reader."""
    here = hashlib.sha256(Path(__file__).read_bytes() + tokenizer.read_bytes()).hexdigest()[:12]
    file = cache / f"tasks-{split}-{here}.pt"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        torch.save(vars(TaskReader(tokenizer).read(data, split)), file)
    return Tasks(**torch.load(file, weights_only=True))


def _dialogues(data: Path, source: str, split: str) -> Iterator[dict[str, Any]]:
    for dialogue in read_rows(data / f"dialogues/{source}.jsonl.gz"):
        if dialogue["split"] == split:
            yield dialogue


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
