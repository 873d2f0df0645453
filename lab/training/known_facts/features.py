"""What the choice among known facts looks at; `src/memory/meaning-fact-chooser.ts` computes the same."""

from __future__ import annotations

import json
import math
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[3]
NAMES = (
    "cosine", "centred", "bridge", "calls", "unknown", "named", "namedBefore", "other", "missing", "words", "wordsBefore",
)  # fmt: skip
#: Prints, for each text, its words and concepts, by the bot's own code.
SCRIPT = """
import { readFileSync } from 'node:fs';
import { conceptKinds, conceptsOf, possessed, widened } from './dist/src/memory/concepts.js';
import { factWords } from './dist/src/memory/fact-words.js';
const texts = JSON.parse(readFileSync(0, 'utf8'));
const read = (text) => { const named = conceptsOf(text); return { words: [...factWords(text)], named: [...named], wide: [...widened(named)] }; };
const kinds = (all) => all.map((kind) => [...kind]);
console.log(JSON.stringify({ texts: texts.map(read), kinds: kinds(conceptKinds), possessed: kinds(possessed) }));
"""


@dataclass
class Read:
    """The words of a text, what it names, and what that may include."""

    words: set[str]
    named: set[str]
    wide: set[str]


@dataclass
class Reader:
    """Texts as the bot's own code reads them."""

    read: dict[str, Read]
    kinds: list[set[str]]
    possessed: list[set[str]]


def read_texts(texts: list[str]) -> Reader:
    """Asks the built bot (`npm run build`) for the words and concepts of the texts."""
    run = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT], cwd=ROOT, input=json.dumps(texts), capture_output=True, text=True, check=True,
    )  # fmt: skip
    out = json.loads(run.stdout)
    read = {text: Read(*(set(item[key]) for key in ("words", "named", "wide"))) for text, item in zip(texts, out["texts"], strict=True)}
    return Reader(read, [set(kind) for kind in out["kinds"]], [set(kind) for kind in out["possessed"]])


def unit(x: np.ndarray) -> np.ndarray:
    """Rows of length one."""
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


@dataclass
class Bridge:
    """What is learned of vectors."""

    question_mean: np.ndarray
    fact_mean: np.ndarray
    calls: np.ndarray
    bridge: np.ndarray


@dataclass
class Asked:
    """A question with its vectors, alone and behind the line before."""

    text: str
    before: str
    alone: np.ndarray
    whole: np.ndarray


def features(reader: Reader, known: Bridge, asked: Asked, facts: list[str], vectors: np.ndarray) -> np.ndarray:
    """[facts, features]."""
    x = unit((asked.alone + asked.whole) / 2 - known.question_mean)
    y = unit(vectors - known.fact_mean)
    q = reader.read[asked.text]
    b = reader.read[asked.before] if asked.before else Read(set(), set(), set())
    own = [reader.read[fact] for fact in facts]
    frequency = Counter(word for fact in own for word in fact.words)
    most = math.log(1 + (len(facts) + 0.5) / 1.5)
    rarity = {word: math.log(1 + (len(facts) - n + 0.5) / (n + 0.5)) / most for word, n in frequency.items()}
    told = set().union(*(fact.named for fact in own))
    unknown = sum(1 for kind in reader.possessed if q.named & kind and not q.wide & kind & told)
    towards = unit(x @ known.bridge)
    rows = []
    for place, fact in enumerate(own):
        missing = [kind for kind in reader.kinds if q.named & kind and not q.wide & kind & fact.named]
        rows.append([
            10 * (vectors[place] @ asked.alone) - 8, 3 * (y[place] @ x), 3 * (y[place] @ towards), x @ known.calls, unknown,
            min(2, len(q.wide & fact.named)), min(2, len(b.wide & fact.named)), sum(1 for kind in missing if fact.named & kind),
            len(missing), min(2, sum(rarity[word] for word in q.words & fact.words)),
            min(2, sum(rarity[word] for word in (b.words - q.words) & fact.words)),
        ])  # fmt: skip
    return np.array(rows)
