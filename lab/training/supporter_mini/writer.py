"""Writes turns as tokens with loss weights, in the exact inference format.

Format: ``<SYSTEM>{statement}(<SEEKER>{t}|<SUPPORTER>{t})*<SUPPORTER>[INFO-{memory}]{utterance}</s>``
(Tu et al. 2023, CharacterChat). Control tags follow the memory: ``Goal: {goal}. Strategy: {label}.``
"""

from __future__ import annotations

import random

from tokenizers import Tokenizer

from .goals import info_block
from .personas import STOP
from .talk import Talk, Turn
from .tokens import EOS, SEEKER, SUPPORTER, SYSTEM

# tokens of a packed sequence; loss weights, in hundredths, of a reply, of other turns, of the rest, and of words of a reply
# that come from statement or memory
LENGTH = 512
REPLY, OTHER, LIGHT, GIVEN = 100, 30, 10, 250
GOAL_SHARE, STRATEGY_SHARE = 0.6, 0.5


class Writer:
    """Turns talks into token sequences with loss weights."""

    def __init__(self, tok: Tokenizer, rng: random.Random) -> None:
        self.tok = tok
        self.rng = rng
        self.cache: dict[str, list[int]] = {}
        self.content = {i for piece, i in tok.get_vocab().items() if self._is_content(piece.lstrip("\u0120"), i)}

    @staticmethod
    def _is_content(piece: str, index: int) -> bool:
        """Digits, and pieces of words that are neither stop words nor among the most frequent merges."""
        return piece.isdigit() or (index > 500 and piece.isalpha() and piece.lower() not in STOP)

    def encode(self, text: str) -> list[int]:
        """Token ids of one segment (segments are tokenised on their own)."""
        if len(text) > 400:
            return self.tok.encode(text, add_special_tokens=False).ids
        if text not in self.cache:
            if len(self.cache) > 300_000:
                self.cache.clear()
            self.cache[text] = self.tok.encode(text, add_special_tokens=False).ids
        return self.cache[text]

    def info(self, turn: Turn, talk: Talk, keep: bool) -> str:
        """INFO block of a turn; sometimes without its memory, sometimes with an unrelated one."""
        rng = self.rng
        memory = turn.memory if keep or rng.random() < 0.7 else ""
        if not turn.memory and rng.random() < 0.2:
            pool = talk.spare or talk.parts[1:]
            memory = rng.choice(pool) if pool else ""
        if len(memory.split()) > 45 and rng.random() < 0.6:
            cut = memory.find(".", 80) + 1
            memory = memory if keep and turn.memory == memory else memory[:cut] or memory
        goal = turn.goal if turn.goal and rng.random() < GOAL_SHARE else None
        strategy = turn.strategy if turn.strategy and rng.random() < STRATEGY_SHARE else None
        return info_block(memory, goal, strategy)

    def reply_weights(self, reply: list[int], given: list[int]) -> list[int]:
        """Weights of a reply: content taken from statement or memory counts more, so that facts get copied."""
        known = self.content.intersection(given)
        return [GIVEN if token in known else REPLY for token in reply]

    def statement(self, talk: Talk, memory: str = "") -> tuple[str, bool]:
        """The statement, sometimes without the memory line (then the INFO block must keep it)."""
        parts = talk.parts
        hide = bool(memory) and memory in parts and len(parts) > 1 and self.rng.random() < 0.35
        if hide:
            parts = [part for part in parts if part != memory]
        needed = bool(memory) and memory not in parts
        between = "\n" if self.rng.random() < 0.1 else " "
        return between.join(parts), needed

    def spoken(self, turn: Turn) -> list[int]:
        """An utterance of the history with its tag; seekers sometimes type in lower case without a full stop."""
        if turn.role == "SUPPORTER":
            return [SUPPORTER, *self.encode(turn.text)]
        text = turn.text.lower().rstrip(".") if self.rng.random() < 0.15 else turn.text
        return [SEEKER, *self.encode(text)]

    def row(self, talk: Talk, index: int) -> tuple[list[int], list[int]] | None:
        """One reply in the exact inference format, the oldest history trimmed."""
        turn = talk.turns[index]
        statement, keep = self.statement(talk, turn.memory)
        head = [SYSTEM, *self.encode(statement)]
        tail = [SUPPORTER, *self.encode(self.info(turn, talk, keep))]
        reply = [*self.encode(turn.text), EOS]
        kind = self.rng.random()
        budget = 330 if kind < 0.12 else 170 if kind < 0.45 else 80
        room = min(LENGTH - len(head) - len(tail) - len(reply), budget)
        if room < 0:
            return None
        history: list[int] = []
        for past in reversed(talk.turns[:index]):
            piece = self.spoken(past)
            if len(history) + len(piece) > room:
                if not history:
                    piece = piece[: max(room, 0)]
                    history = piece
                break
            history = piece + history
        context = head + history + tail
        return context + reply, [LIGHT] * len(context) + self.reply_weights(reply, head + tail)
