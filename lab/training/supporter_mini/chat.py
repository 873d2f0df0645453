"""Phases 2 and 3: whole dialogues with INFO blocks, and single replies in the exact inference format.

Format: ``<SYSTEM>{statement}(<SEEKER>{t}|<SUPPORTER>{t})*<SUPPORTER>[INFO-{memory}]{utterance}</s>``
(Tu et al. 2023, CharacterChat). Control tags follow the memory: ``Goal: {goal}. Strategy: {label}.``
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from . import openings, quiz
from .goals import info_block
from .personas import STOP
from .sources import persona_overlap, talks_of
from .talk import Talk, Turn
from .tokens import EOS, PAD, SEEKER, SUPPORTER, SYSTEM, load_tokenizer

LENGTH = 384
REPLY, OTHER, LIGHT, GIVEN = 100, 30, 10, 250
# Reply rows of phase 3 by source (sampled; goal replies and grounded replies first).
ROWS = {
    "persona_chat": 5500,
    "synthetic_persona_chat": 6500,
    "convai2018": 2500,
    "gpt4_synthetic_esc": 3500,
    "escot": 4500,
    "esconv": 4500,
    "empathetic_dialogues": 7500,
    "counsel_chat": 400,
    "characterchat": 1300,
    "daily_dialog": 1500,
    "quiz": 17000,
    "openings": 7000,
    "goals": 2500,
}
# Whole dialogues of phase 2 (and a smaller number in phase 3) by source.
DENSE = {
    "persona_chat": 1900,
    "synthetic_persona_chat": 3600,
    "convai2018": 1500,
    "gpt4_synthetic_esc": 1400,
    "escot": 1200,
    "esconv": 910,
    "empathetic_dialogues": 9000,
    "counsel_chat": 300,
    "characterchat": 150,
    "daily_dialog": 1500,
    "annomi": 60,
    "quiz": 6000,
    "openings": 2500,
    "goals": 800,
}
DENSE_IN_ROWS = {"quiz": 0.9, "openings": 0.6}
DENSE_IN_ROWS_ELSE = 0.35
GOAL_SHARE, STRATEGY_SHARE = 0.6, 0.5
RARE_GOAL_BOOST = 3


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

    def dense(self, talk: Talk, info_share: float) -> list[tuple[list[int], list[int]]]:
        """A whole dialogue, cut into pieces that each begin with the statement."""
        statement, keep = self.statement(talk)
        head = [SYSTEM, *self.encode(statement)]
        pieces: list[tuple[list[int], list[int]]] = []
        ids, weights = list(head), [LIGHT] * len(head)

        def close() -> None:
            if len(ids) > len(head) + 8:
                pieces.append(([*ids, EOS][:LENGTH], [*weights, REPLY][:LENGTH]))

        for turn in talk.turns:
            if turn.role == "SEEKER":
                part = self.spoken(turn)
                add = [OTHER] * len(part)
            elif turn.target and self.rng.random() < info_share:
                hidden = bool(turn.memory) and turn.memory not in talk.parts
                block = self.encode(self.info(turn, talk, hidden))
                reply = self.encode(turn.text)
                part = [SUPPORTER, *block, *reply]
                add = [REPLY] + [LIGHT] * len(block) + self.reply_weights(reply, head + block)
            else:
                part = [SUPPORTER, *self.encode(turn.text)]
                add = [OTHER if turn.target else LIGHT] * len(part)
            if len(head) + len(part) + 1 > LENGTH:
                continue
            if len(ids) + len(part) + 1 > LENGTH:
                close()
                ids, weights = list(head), [LIGHT] * len(head)
            ids += part
            weights += add
        close()
        return pieces


def pack(items: list[tuple[list[int], list[int]]], rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """Pack sequences into bins of `LENGTH` (best fit over open bins), padding with weight 0."""
    rng.shuffle(items)
    open_bins: list[tuple[list[int], list[int]]] = []
    done: list[tuple[list[int], list[int]]] = []
    for ids, weights in items:
        best = None
        for number, (held, _) in enumerate(open_bins):
            left = LENGTH - len(held) - len(ids)
            if left >= 0 and (best is None or left < best[0]):
                best = (left, number)
        if best is None:
            open_bins.append((list(ids), list(weights)))
            if len(open_bins) > 48:
                fullest = max(range(len(open_bins)), key=lambda i: len(open_bins[i][0]))
                done.append(open_bins.pop(fullest))
        else:
            open_bins[best[1]][0].extend(ids)
            open_bins[best[1]][1].extend(weights)
            if best[0] < 12:
                done.append(open_bins.pop(best[1]))
    done += open_bins
    rng.shuffle(done)
    out = np.full((len(done), LENGTH), PAD, dtype=np.uint16)
    loss = np.zeros((len(done), LENGTH), dtype=np.uint8)
    for number, (ids, weights) in enumerate(done):
        out[number, : len(ids)] = ids
        # the first token of a sequence has no context of its own
        loss[number, : len(ids)] = [0 if token == SYSTEM else w for token, w in zip(ids, weights, strict=True)]
    return out, loss


def choose(talks: list[Talk], count: int, source: str, rng: random.Random) -> list[tuple[Talk, int]]:
    """Draw reply positions: grounded replies, first replies and rare goals more often."""
    places: list[tuple[Talk, int]] = []
    chances: list[float] = []
    seen: Counter[str] = Counter()
    goals = Counter(t.goal for talk in talks for t in talk.turns if t.target and t.goal)
    typical = sorted(goals.values())[len(goals) // 2] if goals else 1
    for talk in talks:
        for index, turn in enumerate(talk.turns):
            if not turn.target:
                continue
            key = turn.text.lower()
            seen[key] += 1
            if seen[key] > 3 and source not in ("quiz", "openings", "goals"):
                continue
            chance = 1.0
            if turn.memory:
                chance *= 2.5
            if turn.goal:
                chance *= min(RARE_GOAL_BOOST, max(1.0, typical / goals[turn.goal]))
            if index <= 1:
                chance *= 1.6
            if turn.strategy:
                chance *= 1.3
            places.append((talk, index))
            chances.append(chance)
    if not places:
        return []
    # weighted sampling without replacement (Efraimidis and Spirakis 2006), with a second pass if short
    keys = [rng.random() ** (1 / c) for c in chances]
    order = sorted(range(len(places)), key=lambda i: -keys[i])
    picked = [places[i] for i in order[:count]]
    if len(picked) < count:
        picked += rng.choices(places, chances, k=min(count - len(picked), len(places)))
    return picked


def own_talks(source: str, count: int, rng: random.Random) -> list[Talk]:
    """Dialogues from the project's own templates."""
    makers = {
        "quiz": lambda: quiz.quiz(rng),
        "openings": lambda: openings.worry(rng) if rng.random() < 0.75 else openings.greeting(rng),
        "goals": lambda: quiz.goal_talk(rng),
    }
    return [makers[source]() for _ in range(count)]


def prepare_chat(data: Path, cache: Path, seed: int, limit: int | None) -> None:
    """Write ``dense.npy`` and ``rows.npy`` with their weights."""
    start = time.time()
    rng = random.Random(seed + 1)
    tok = load_tokenizer(cache / "tokenizer.json")
    writer = Writer(tok, rng)
    overlap = persona_overlap(data)
    talks: dict[str, list[Talk]] = {}
    for source in DENSE:
        if source in ("quiz", "openings", "goals"):
            talks[source] = own_talks(source, limit or ROWS[source], rng)
        else:
            talks[source] = list(talks_of(data, source, "train", rng, overlap))
            rng.shuffle(talks[source])
        if limit:
            talks[source] = talks[source][:limit]
        print(f"{source}: {len(talks[source])} dialogues, {time.time() - start:.0f} s", flush=True)
    report: dict[str, dict] = {"dense": {}, "rows": {}}
    dense: list[tuple[list[int], list[int]]] = []
    late: list[tuple[list[int], list[int]]] = []
    for source, count in DENSE.items():
        before = len(dense)
        some = talks[source]
        picked = (some * (count // max(len(some), 1) + 1))[: min(count, 2 * len(some))]
        for talk in picked:
            dense += writer.dense(talk, 0.75)
        for talk in picked[: int(len(picked) * DENSE_IN_ROWS.get(source, DENSE_IN_ROWS_ELSE))]:
            late += writer.dense(talk, 0.6)
        report["dense"][source] = sum(len(i) for i, _ in dense[before:])
    save(cache, "dense", pack(dense, rng), report, start)
    rows: list[tuple[list[int], list[int]]] = []
    for source, count in ROWS.items():
        before = len(rows)
        for talk, index in choose(talks[source], min(count, limit or count), source, rng):
            row = writer.row(talk, index)
            if row:
                rows.append(row)
        report["rows"][source] = [len(rows) - before, sum(len(i) for i, _ in rows[before:])]
    report["rows"]["dense"] = [len(late), sum(len(i) for i, _ in late)]
    save(cache, "rows", pack(rows + late, rng), report, start)
    (cache / "chat.json").write_text(json.dumps(report, indent=1))


def save(cache: Path, name: str, arrays: tuple[np.ndarray, np.ndarray], report: dict, start: float) -> None:
    """Save bins: the weights first, because the trainer waits for the token file."""
    ids, loss = arrays
    np.save(cache / f"{name}_weights.npy", loss)
    np.save(cache / f"{name}.tmp.npy", ids)
    (cache / f"{name}.tmp.npy").replace(cache / f"{name}.npy")
    figures = {
        "bins": len(ids),
        "tokens": int((ids != PAD).sum()),
        "padding": round(float((ids == PAD).mean()), 4),
        "reply tokens": int((loss >= REPLY).sum()),
        "reply tokens from statement or memory": int((loss == GIVEN).sum()),
    }
    report[name]["all"] = figures
    print(f"{name}: {json.dumps(report[name])}, {time.time() - start:.0f} s", flush=True)
