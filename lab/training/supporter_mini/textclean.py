"""Text cleaning and reading of the dialogue corpora.

Input files are gzip JSON Lines: one dialogue a line with ``turns: [{speaker, text, ...}]``.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u2190-\u21ff\u2300-\u23ff]+")
URL = re.compile(r"https?://\S+|www\.\S+")
SPACE = re.compile(r"\s+")
BEFORE_PUNCT = re.compile(r"\s+([.,!?;:](?:\s|$))")
TAGS = re.compile(r"<(?:s|/s|pad|SYSTEM|SEEKER|SUPPORTER)>|\[INFO-", re.I)
LOWER_I = re.compile(r"\bi(?='|’|\b)")
SENTENCE = re.compile(r"(^|[.!?]\s+)([a-z])")
QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "\u00a0": " "})
BOT_TALK = re.compile(
    r"\b(?:m\s?turk|mechanical turk|turkers?|\bhits?\b(?= (?:is|was|are|were|done|work))|amazon task|this task|"
    r"this chat|the chat|chat ?bot|\bbots?\b|\ba\.?i\.?\b|artificial intelligence|language model|robots?|"
    r"as an ai|this study|the survey|a survey|end the conversation|quit button|finish button|typing\b.*\bquit|"
    r"the article|\[user|screen froze|credit for|\(name\)|\[name\]|qualification|microsoft|developers?\b.*\bmade me)\b",
    re.I,
)


def clean(text: str) -> str:
    """Normalise quotes, spaces and punctuation, and remove emoji, links and prompt tags."""
    text = text.translate(QUOTES)
    text = EMOJI.sub(" ", text)
    text = URL.sub("", text)
    text = TAGS.sub("", text)
    text = SPACE.sub(" ", text).strip()
    text = BEFORE_PUNCT.sub(r"\1", text)
    text = re.sub(r"([!?])\1{2,}", r"\1\1", text)
    text = re.sub(r"\.{4,}", "...", text)
    return text.strip()


def capitalise(text: str) -> str:
    """Capitalise sentence starts and the pronoun "i" of lower-case sources."""
    text = LOWER_I.sub("I", text)
    return SENTENCE.sub(lambda m: m.group(1) + m.group(2).upper(), text)


def tidy(text: str) -> str:
    """Clean and capitalise one utterance, and close it with a full stop where it has no end mark."""
    text = capitalise(clean(text))
    if text and text[-1].isalnum():
        text += "."
    return text


def is_degenerate(text: str) -> bool:
    """Whether an utterance is empty, repeats itself or is mostly not letters."""
    words = re.findall(r"[a-z']+", text.lower())
    if not words:
        return True
    if len(words) >= 8 and len(set(words)) / len(words) < 0.45:
        return True
    letters = sum(c.isalpha() or c in " '.,!?" for c in text)
    if letters / len(text) < 0.8:
        return True
    sentences = [s.strip().lower() for s in re.split(r"[.!?]", text) if s.strip()]
    return len(sentences) != len(set(sentences))


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a gzip JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            yield json.loads(line)


def merge_turns(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join consecutive turns of one speaker; a strategy survives only where all the parts share it."""
    merged: list[dict[str, Any]] = []
    for turn in turns:
        text = tidy(turn["text"])
        if not text:
            continue
        item = {**turn, "text": text.removeprefix("Response: ")}
        if merged and merged[-1]["speaker"] == turn["speaker"]:
            item["text"] = merged[-1]["text"] + " " + text
            labels = {t.get("strategy_magic") or t.get("strategy") for t in (merged[-1], turn)}
            merged[-1] = {**merged[-1], **item}
            if len(labels) > 1:
                merged[-1] |= {"strategy": None, "strategy_magic": None}
        else:
            merged.append(item)
    return merged
