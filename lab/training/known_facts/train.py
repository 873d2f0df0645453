"""Learns which known fact answers: ``python -m known_facts.train --out ../../models`` (a minute; needs `npm run build`).

A ridge regression from questions to the facts that answer them (the bridge), one from questions to whether they ask of the person
at all (the calls), and a softmax over the facts of a row and "none of them". What a question's own fold taught is not used for its row.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import zlib
from pathlib import Path

import numpy as np

from .features import NAMES, ROOT, Asked, Bridge, Reader, features, read_texts, unit
from .vectors import embed

DATA = ROOT / "lab" / "data" / "known-facts"
FOLDS = 5
BRIDGE_RIDGE = 1.0
CALLS_RIDGE = 3.0
THRESHOLD = -0.5
#: A question that names its asker calls for a fact even where none is known, so it does not teach the calls.
OWN = (" my ", " mein", " mi ", " mon ", " ma ", " minha", " meu", " mio ", " мо", " mój", " moja", "dayım", "sevdiğim", "我", "私の", "おじの", "عمي", "فيلمي", "मेर", " mijn ")

Row = tuple[str, str, str | None]


class Learner:
    """Rows with their vectors, and what is learned of them."""

    def __init__(self, rows: list[Row], none: list[str], query: dict[str, np.ndarray], passage: dict[str, np.ndarray]) -> None:
        self.rows, self.none, self.query, self.passage = rows, none, query, passage

    def asked(self, question: str, before: str | None) -> Asked:
        """A question with its vectors."""
        alone = self.query[question]
        return Asked(question, before or "", alone, self.query[f"{before} {question}"] if before else alone)

    def learn(self, rows: list[Row], general: list[str]) -> Bridge:
        """The bridge and the calls of these rows."""
        asked = [self.asked(question, before) for _, question, before in rows]
        questions = np.array([(one.alone + one.whole) / 2 for one in asked])
        facts = np.array([self.passage[fact] for fact, _, _ in rows])
        question_mean, fact_mean = questions.mean(0), facts.mean(0)
        a, b = unit(questions - question_mean), unit(facts - fact_mean)
        size = a.shape[1]
        bridge = np.linalg.solve(a.T @ a + BRIDGE_RIDGE * np.eye(size), a.T @ b)
        x = np.concatenate([a, unit(np.array([self.query[text] for text in general]) - question_mean)])
        label = np.array([1.0] * len(a) + [-1.0] * len(general))
        weight = np.array([1 / len(a)] * len(a) + [1 / len(general)] * len(general)) * len(x) / 2
        weighted = (x * weight[:, None]).T
        calls = np.linalg.solve(weighted @ x + CALLS_RIDGE * np.eye(size), weighted @ label)
        return Bridge(question_mean, fact_mean, calls, bridge)


def fold(text: str) -> int:
    """A text's fold, the same on every machine."""
    return zlib.crc32(text.encode()) % FOLDS


def fit(x: np.ndarray, y: np.ndarray, steps: int = 3000) -> tuple[np.ndarray, float]:
    """Weights and the score of "none" (the last label) by Adam."""
    size = x.shape[2]
    w, first, second, rate = np.zeros(size + 1), np.zeros(size + 1), np.zeros(size + 1), 0.05
    for step in range(1, steps + 1):
        z = np.concatenate([x @ w[:size], np.full((len(x), 1), w[size])], axis=1)
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        p[np.arange(len(y)), y] -= 1
        p /= len(y)
        slope = np.concatenate([np.einsum("nk,nkd->d", p[:, :-1], x) + 1e-3 * w[:size], [p[:, -1].sum()]])
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope * slope
        w -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        rate *= 0.9985 if step > 800 else 1
    return w[:size], float(w[size])


def examples(learner: Learner, reader: Reader, tune: list[dict], repeats: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Rows of eight facts and the place of the right one, 8 for none."""
    rng = np.random.default_rng(1)
    own = sorted({fact for fact, _, _ in learner.rows})
    general = [text for text in learner.none if not any(word in f" {text.lower()} " for word in OWN)]
    without = [learner.learn([row for row in learner.rows if fold(row[0]) != part], general) for part in range(FOLDS)]
    without_none = [learner.learn(learner.rows, [text for text in general if fold(text) != part]) for part in range(FOLDS)]
    x, y = [], []

    def add(known: Bridge, question: str, before: str | None, facts: list[str], right: int) -> None:
        vectors = np.array([learner.passage[fact] for fact in facts])
        x.append(features(reader, known, learner.asked(question, before), facts, vectors))
        y.append(right)

    for fact, question, before in learner.rows[: len(learner.rows) - sum(row["answer_fact"] is not None for row in tune)]:
        for _ in range(repeats):
            others = [other for other in dict.fromkeys(own[i] for i in rng.integers(0, len(own), 14)) if other != fact][:8]
            absent = rng.random() < 0.2
            add(without[fold(fact)], question, before, others if absent else [fact, *others[:7]], 8 if absent else 0)
    for text in learner.none:
        for _ in range(repeats):
            add(without_none[fold(text)], text, None, [own[i] for i in rng.choice(len(own), 8, replace=False)], 8)
    for row in tune:
        right = row["answer_fact"]
        known = without[0 if right is None else fold(row["facts"][right])]
        for _ in range(repeats):
            add(known, row["question"], row.get("before"), row["facts"], 8 if right is None else right)
    return np.array(x), np.array(y)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder of models, with reader/ and meaning/ in it")
    args = parser.parse_args()
    pairs = [json.loads(line) for line in (DATA / "pairs.jsonl").read_text().splitlines()]
    tune = [row for row in map(json.loads, (DATA / "facts.jsonl").read_text().splitlines()) if row["split"] == "tune"]
    rows = [(row["fact"], row["question"], row.get("before")) for row in pairs if row["fact"]]
    rows += [(row["facts"][row["answer_fact"]], row["question"], row.get("before")) for row in tune if row["answer_fact"] is not None]
    none = [row["question"] for row in pairs if not row["fact"]]
    facts = sorted({fact for fact, _, _ in rows} | {fact for row in tune for fact in row["facts"]})
    plain = sorted({text for _, question, before in rows for text in (question, before) if text} | {row["question"] for row in tune} | set(none))
    both = sorted({f"{row['before']} {row['question']}" for row in pairs + tune if row.get("before")})
    query, passage = embed(args.out, plain + both, "query"), embed(args.out, facts, "passage")
    learner, reader = Learner(rows, none, query, passage), read_texts(sorted({*plain, *facts, *(row["before"] for row in tune if row.get("before"))}))
    x, y = examples(learner, reader, tune)
    weights, nothing = fit(x, y)
    known = learner.learn(rows, [text for text in none if not any(word in f" {text.lower()} " for word in OWN)])
    write(args.out / "known-facts", known, weights, nothing)


def write(folder: Path, known: Bridge, weights: np.ndarray, nothing: float) -> None:
    """Weights and manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = np.concatenate([part.reshape(-1) for part in (known.question_mean, known.fact_mean, known.calls, known.bridge)]).astype("<f4").tobytes()
    (folder / "weights.bin").write_bytes(raw)
    about = {
        "name": "known-facts", "version": "0.1.0", "meaning": "0.1.0", "dimension": len(known.calls),
        "weights": {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)}, "none": round(nothing, 4),
        "threshold": THRESHOLD, "licence": "CC-BY-4.0 (own texts)", "sha256": {"weights.bin": hashlib.sha256(raw).hexdigest()},
    }  # fmt: skip
    (folder / "model.json").write_text(json.dumps(about, indent=2) + "\n")


if __name__ == "__main__":
    main()
