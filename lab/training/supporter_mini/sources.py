"""Bring the corpora into the `Talk` form: statement, memory, strategy and goal for every supporter turn."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from .goals import goal_label, strategy_label
from .life import long_statement, paragraph
from .personas import TONES, Overlap, article, full_name, random_statement, second_person, third_to_second
from .talk import Talk, Turn
from .textclean import BOT_TALK, is_degenerate, merge_turns, read_jsonl, tidy

MOST_WORDS = 60
OWN_FACT = re.compile(
    r"\b(?:I'?m|I am) an? (?!little|bit|lot|good|great|big|huge|bad|listener|friend|firm|strong|total)\w+|\bI work\b|\bmy job\b|"
    r"\bI have (?:a|an|two|three|four|one|\d) |\bI live\b|\bmy name\b|\byears old\b|\bmy (?:wife|husband|son|daughter|kids|dog|cat)\b",
    re.I,
)
MY_NAME = re.compile(r"\b([Mm]y name is|[Mm]y name's|[Cc]all me) [A-Za-z]+")
SUPPORT_SOURCES = ("esconv", "escot", "empathetic_dialogues", "counsel_chat", "daily_dialog", "annomi")
PERSONA_SOURCES = ("persona_chat", "synthetic_persona_chat", "convai2018")


def fit(text: str) -> bool:
    """Whether a reply is fit to be learnt."""
    return len(text.split()) <= MOST_WORDS and not is_degenerate(text) and not BOT_TALK.search(text)


def support_talks(data: Path, source: str, split: str, rng: random.Random) -> Iterator[Talk]:
    """Dialogues without a persona: a made-up statement, strategies where the source labels them."""
    for dialogue in read_jsonl(data / "dialogues" / f"{source}.jsonl.gz"):
        if dialogue["split"] != split:
            continue
        turns = merge_turns(dialogue["turns"])
        swap = {"a": "SEEKER", "b": "SUPPORTER", "seeker": "SEEKER", "supporter": "SUPPORTER"}
        if not {t["speaker"] for t in turns} <= set(swap):
            continue
        if source == "daily_dialog" and rng.random() < 0.5:
            swap |= {"a": "SUPPORTER", "b": "SEEKER"}
        if source == "annomi" and dialogue.get("rating") != "high":
            continue
        name, parts = random_statement(rng)
        if rng.random() < 0.3:
            name, _, parts = long_statement(rng)
        talk = Talk(source, parts, spare=[paragraph(rng)])
        for turn in turns:
            text, role = turn["text"], swap[turn["speaker"]]
            if BOT_TALK.search(text):
                continue
            if source == "counsel_chat" and role == "SEEKER":
                text = " ".join(text.split()[:70])
            item = Turn(role, text)
            if role == "SUPPORTER":
                item.text = text = MY_NAME.sub(rf"\1 {name.split()[0]}", text)
                item.target = fit(text) and not (
                    OWN_FACT.search(text) and "my name" not in text.lower() and rng.random() < 0.7
                )
                label = strategy_label(turn.get("strategy_magic") or turn.get("strategy") or turn.get("intent"))
                item.strategy = label
                item.goal = goal_label(text) if source == "daily_dialog" else None
            talk.turns.append(item)
        yield talk


def persona_talks(data: Path, source: str, split: str, rng: random.Random, overlap: Overlap) -> Iterator[Talk]:
    """Persona dialogues seen from either side; the memory is the persona line a reply draws on."""
    for dialogue in read_jsonl(data / "dialogues" / f"{source}.jsonl.gz"):
        persona = dialogue.get("persona") or {}
        if dialogue["split"] != split:
            continue
        raw = [t for t in dialogue["turns"] if t["speaker"] in ("a", "b")]
        roles = dialogue.get("roles") or {}
        for side in ("a", "b"):
            lines = persona.get(side)
            if not lines or roles.get(side) == "bot":
                continue
            lines = [second_person(line) for line in lines]
            name = full_name(rng)
            named = any("your name" in line.lower() for line in lines)
            parts = [f"You are {name}."] if rng.random() < 0.6 and not named else []
            if rng.random() < 0.3:
                parts.append(rng.choice(TONES))
            rng.shuffle(lines)
            talk = Talk(source, parts + lines)
            for turn in merge_turns(raw):
                text = turn["text"].replace("(name)", name.split()[0] if turn["speaker"] == side else "Sam")
                item = Turn("SUPPORTER" if turn["speaker"] == side else "SEEKER", text)
                if item.role == "SUPPORTER":
                    if parts and name in parts[0]:
                        item.text = text = MY_NAME.sub(rf"\1 {name.split()[0]}", text)
                    index = overlap.best(lines, text)
                    if index is not None:
                        item.memory = lines[index]
                    item.target = fit(text)
                    if index is None and OWN_FACT.search(text) and "my name" not in text.lower():
                        item.target = False
                    item.goal = goal_label(text)
                talk.turns.append(item)
            yield talk


def gpt4_talks(data: Path, split: str, rng: random.Random, overlap: Overlap) -> Iterator[Talk]:
    """GPT-4 support dialogues with name, age, occupation and a sentence about the person."""
    for dialogue in read_jsonl(data / "dialogues" / "gpt4_synthetic_esc.jsonl.gz"):
        if dialogue["split"] != split:
            continue
        persona = dialogue.get("persona") or {}
        sides = {t["speaker"] for t in dialogue["turns"]}
        side = "supporter" if "supporter" in sides else "b"
        fields = dict(line.split(": ", 1) for line in persona.get(side, []) if ": " in line)
        name, age, job = fields.get("name"), fields.get("age"), fields.get("occupation")
        if not name or not sides <= {"seeker", "supporter", "a", "b"}:
            continue
        parts = [f"You are {name}, {article(age or '40')}-year-old {(job or 'teacher').lower()}."]
        facts = [third_to_second(line, name) for line in persona[side] if line.startswith(name)]
        lines = [fact for fact in facts if fact]
        if rng.random() < 0.4:
            parts.append(rng.choice(TONES))
        talk = Talk("gpt4_synthetic_esc", parts + lines)
        for turn in merge_turns(dialogue["turns"]):
            item = Turn("SUPPORTER" if turn["speaker"] == side else "SEEKER", turn["text"])
            if item.role == "SUPPORTER":
                index = overlap.best(lines, item.text, 6.0)
                item.memory = lines[index] if index is not None else ""
                item.target = fit(item.text)
                item.strategy = strategy_label(turn.get("strategy"))
            talk.turns.append(item)
        yield talk


def character_talks(data: Path, split: str) -> Iterator[Talk]:
    """CharacterChat dialogues with their own statements and memories (the seeker's "Hello" is dropped)."""
    for dialogue in read_jsonl(data / "dialogues" / "characterchat.jsonl.gz"):
        if dialogue["split"] != split:
            continue
        statement = re.sub(r"\s+", " ", dialogue["statement"]["supporter"]).strip()
        talk = Talk("characterchat", re.findall(r"[^.]+\.", statement) or [statement])
        talk.parts = [part.strip() for part in talk.parts]
        for number, turn in enumerate(merge_turns(dialogue["turns"])):
            if number == 0 and turn["text"].startswith("Hello"):
                continue
            item = Turn("SUPPORTER" if turn["speaker"] == "supporter" else "SEEKER", turn["text"])
            if item.role == "SUPPORTER":
                item.memory = tidy((turn.get("memory") or {}).get("content", ""))
                item.target = fit(item.text)
            talk.turns.append(item)
        yield talk


def persona_overlap(data: Path) -> Overlap:
    """Idf weights from the persona sets' training turns."""

    def texts() -> Iterator[str]:
        for source in PERSONA_SOURCES:
            for dialogue in read_jsonl(data / "dialogues" / f"{source}.jsonl.gz"):
                if dialogue["split"] == "train":
                    for turn in dialogue["turns"]:
                        yield turn["text"]

    return Overlap(texts())


def talks_of(data: Path, source: str, split: str, rng: random.Random, overlap: Overlap) -> Iterator[Talk]:
    """All dialogues of one source and split."""
    if source in PERSONA_SOURCES:
        return persona_talks(data, source, split, rng, overlap)
    if source == "gpt4_synthetic_esc":
        return gpt4_talks(data, split, rng, overlap)
    if source == "characterchat":
        return character_talks(data, split)
    return support_talks(data, source, split, rng)
