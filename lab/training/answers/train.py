"""Makes models/answers: ``python -m answers.train --out ../../models`` (about ten minutes of one core).

Three maps, from the vectors of `models/meaning`, kept near to the identity: one from messages and one from replies that bring a reply
near to what it answers, contrastive over the dialogues' and the bank's pairs; one that brings messages of one kind together. Printed: the right one of 100 replies in
held-out dialogues, how often a held-out message of the bank finds its entry (of those that answer a question: among the answers to
it), and how often what a message does is read right.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from pathlib import Path

import numpy as np
import torch
from dialogues.split import is_valid
from known_facts.vectors import embed
from torch import Tensor
from torch.nn import functional
from voice.prepare import read_dialogues

from . import acts
from .bank import Entry, read_bank

LAB = Path(__file__).parents[2]
VERSION = "0.2.0"
STEPS, BATCH, RATE, TEMPERATURE, NEAR_IDENTITY = 300, 256, 2e-3, 0.06, 0.02
ALIKE_STEPS, ALIKE_BATCH, ALIKE_NEAR = 400, 384, 0.2
#: How much the fit of a reply counts beside the likeness of the message it was written for.
FIT = 0.5
#: What a number of a vector is multiplied by before it is rounded; numbers of a unit vector of 384 are about 0.05.
SCALE = 400
THRESHOLDS = {"bank": 0.62, "ask": 0.64, "answer": 0.48, "asked": 0.66, "act": 0.28, "about": 0.6}


def unit(x: np.ndarray) -> np.ndarray:
    """Rows of length one."""
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def said_and_replied(files: list[Path]) -> list[tuple[str, str, int, bool]]:
    """Message, reply, dialogue, held out; replies that follow an order of the platform or tell of the character are left out."""
    rows = []
    for number, record in enumerate(read_dialogues(files)):
        before = None
        for turn in record["turns"]:
            if turn["by"] == "person":
                before = turn["text"][:400]
                continue
            if before and not turn.get("goal") and not turn.get("care") and turn["strategy"] != "Self-disclosure":
                rows.append((before, turn["text"][:400], number, bool(is_valid(record)) or number % 20 == 0))
            before = None
    return rows


class Maps(torch.nn.Module):
    """From messages and from replies to where they meet."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.asked, self.reply = (torch.nn.Parameter(torch.eye(dimension)) for _ in range(2))

    def drift(self) -> Tensor:
        """How far they are from the identity."""
        one = torch.eye(len(self.asked))
        return ((self.asked - one).square().sum() + (self.reply - one).square().sum()) / len(one)


def taught(pairs: list[tuple[Tensor, Tensor, list[int]]]) -> Maps:
    """Maps learnt from pairs: messages [n, d], their replies [n, d] and what each belongs to, a source each."""
    torch.manual_seed(1)
    rng, maps = np.random.default_rng(1), Maps(pairs[0][0].shape[1])
    optimiser = torch.optim.AdamW(maps.parameters(), lr=RATE, weight_decay=0.0)
    for step in range(STEPS):
        optimiser.param_groups[0]["lr"] = RATE * (1 - step / STEPS)
        chosen = [rng.choice(len(groups), BATCH) for _, _, groups in pairs]
        asked = torch.cat([a[i] for (a, _, _), i in zip(pairs, chosen, strict=True)])
        reply = torch.cat([b[i] for (_, b, _), i in zip(pairs, chosen, strict=True)])
        group = np.concatenate([[(source, g[i]) for i in part] for source, ((_, _, g), part) in enumerate(zip(pairs, chosen, strict=True))])
        same = torch.from_numpy((group[:, None] == group[None]).all(-1) & ~np.eye(len(group), dtype=bool))
        a = functional.normalize(functional.dropout(asked, 0.15) @ maps.asked, dim=-1)
        b = functional.normalize(functional.dropout(reply, 0.15) @ maps.reply, dim=-1)
        scores = (a @ b.t() / TEMPERATURE).masked_fill(same, -1e9)
        right = torch.arange(len(group))
        loss = functional.cross_entropy(scores, right) + functional.cross_entropy(scores.t(), right) + NEAR_IDENTITY * maps.drift()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return maps


def taught_alike(asked: Tensor, owners: list[int]) -> np.ndarray:
    """A map [d, d] that brings messages [n, d] of one owner near to each other."""
    torch.manual_seed(2)
    rng, map_ = np.random.default_rng(2), torch.nn.Parameter(torch.eye(asked.shape[1]))
    places: dict[int, list[int]] = {}
    for place, owner in enumerate(owners):
        places.setdefault(owner, []).append(place)
    several = [found for found in places.values() if len(found) > 1]
    optimiser = torch.optim.AdamW([map_], lr=RATE, weight_decay=0.0)
    right = torch.arange(ALIKE_BATCH)
    for step in range(ALIKE_STEPS):
        optimiser.param_groups[0]["lr"] = RATE * (1 - step / ALIKE_STEPS)
        chosen = [rng.choice(several[i], 2, replace=False) for i in rng.choice(len(several), ALIKE_BATCH, replace=False)]
        a, b = (functional.normalize(functional.dropout(asked[[pair[side] for pair in chosen]], 0.1) @ map_, dim=-1) for side in (0, 1))
        scores = a @ b.t() / TEMPERATURE
        drift = (map_ - torch.eye(len(map_))).square().sum() / len(map_)
        loss = functional.cross_entropy(scores, right) + functional.cross_entropy(scores.t(), right) + ALIKE_NEAR * drift
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return map_.detach().numpy()


def right_of_100(asked: np.ndarray, reply: np.ndarray, dialogues: list[int]) -> float:
    """Share of messages whose own reply lies nearest among 99 of other dialogues."""
    rng, right = random.Random(5), 0
    for i, own in enumerate(dialogues):
        others = [j for j in rng.sample(range(len(dialogues)), min(120, len(dialogues))) if dialogues[j] != own][:99]
        right += bool(asked[i] @ reply[i] > (reply[others] @ asked[i]).max())
    return right / len(dialogues)


def embedded(models: Path, cache: Path | None, texts: list[str], side: str) -> dict[str, np.ndarray]:
    """Text → its vector on a side of a comparison."""
    if cache is None:
        return embed(models, texts, side)
    file = cache / f"{side}.npz"
    known = dict(zip(*(np.load(file)[name] for name in ("texts", "vectors")), strict=True)) if file.exists() else {}
    known |= embed(models, [text for text in texts if text not in known], side)
    cache.mkdir(parents=True, exist_ok=True)
    np.savez(file, texts=np.array(list(known)), vectors=np.stack(list(known.values())))
    return {text: known[text] for text in texts}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder of models, with reader/ and meaning/ in it")
    parser.add_argument("--cache", type=Path, help="a folder that keeps vectors: only new texts are read again")
    args = parser.parse_args()
    torch.set_num_threads(1)
    entries = read_bank(LAB / "data" / "rapport-answers")
    rows = said_and_replied(sorted((LAB / "data" / "rapport-dialogues").glob("p*.jsonl.gz")))
    messages = [(text, place) for place, entry in enumerate(entries) if not (entry.act or entry.about) for text in entry.messages]
    done, about = acts.examples(entries), acts.topic_examples(entries)
    replies = [(text, place) for place, entry in enumerate(entries) for text in entry.replies]
    groups = list(dict.fromkeys(entry.after for entry in entries if entry.after))
    questions = [text for group in groups for text in group]
    asked_texts = {text for text, _ in messages + done + about} | {row[0] for row in rows} | set(questions)
    queries = embedded(args.out, args.cache, sorted(asked_texts), "query")
    passages = embedded(args.out, args.cache, sorted({text for text, _ in replies} | {row[1] for row in rows}), "passage")
    message_mean = np.mean([queries[t] for t, _ in messages] + [queries[r[0]] for r in rows], axis=0)
    reply_mean = np.mean([passages[t] for t, _ in replies] + [passages[r[1]] for r in rows], axis=0)
    asked = {text: unit(vector - message_mean).astype(np.float32) for text, vector in queries.items()}
    given = {text: unit(vector - reply_mean).astype(np.float32) for text, vector in passages.items()}
    held = set(random.Random(1).sample(range(len(entries)), len(entries) // 10))

    def tensors(texts: list[tuple[str, str, int]]) -> tuple[Tensor, Tensor, list[int]]:
        return (
            torch.tensor(np.stack([asked[m] for m, _, _ in texts])),
            torch.tensor(np.stack([given[r] for _, r, _ in texts])),
            [group for _, _, group in texts],
        )

    banked = [(m, r, place) for m, place in messages if place not in held for r in entries[place].replies]
    acted = [(m, r, place) for place, entry in enumerate(entries) if entry.act for m in entry.messages for r in entry.replies]
    sources = [tensors(pairs) for pairs in ([(m, r, d) for m, r, d, out in rows if not out], banked, acted) if pairs]
    maps = taught(sources)
    to_asked, to_reply = maps.asked.detach().numpy(), maps.reply.detach().numpy()
    out = [row for row in rows if row[3]]
    for name, (a, b) in {"identity": (np.eye(len(to_asked)), np.eye(len(to_asked))), "taught": (to_asked, to_reply)}.items():
        own = unit(np.stack([asked[m] for m, _, _, _ in out]) @ a), unit(np.stack([given[r] for _, r, _, _ in out]) @ b)
        print(name, json.dumps({"messages": len(out), "rightOf100": round(right_of_100(*own, [d for _, _, d, _ in out]), 3)}))
    owned = [(m, place) for m, place in messages if place not in held]
    alike = taught_alike(torch.tensor(np.stack([asked[m] for m, _ in owned])), [place for _, place in owned])
    near = {text: unit(vector @ alike) for text, vector in asked.items()}
    for name, places in (("untaught", asked), ("taught", near)):
        print(name, json.dumps(found(entries, held, messages, replies, places, asked, given, to_asked, to_reply)))
    readings = []
    for what, pairs in (("act", done), ("about", about)):
        names = list(dict.fromkeys(name for _, name in pairs))
        x, y = np.stack([near[text] for text, _ in pairs]), np.array([names.index(name) for _, name in pairs])
        print(what, json.dumps(acts.held_out(x, y, len(names), acts.DECAY[what], THRESHOLDS[what])))
        readings.append((names, acts.taught(x, y, len(names), acts.DECAY[what])))
    learnt = (message_mean, reply_mean, to_asked, alike, to_reply)
    write(args.out, entries, groups, messages, replies, near, given, learnt, readings)


def found(entries, held, messages, replies, near, asked, given, to_asked, to_reply) -> dict[str, float]:  # noqa: ANN001
    """How often a message of a held-out entry finds that entry by the others, the maps not having seen it."""
    every, plain = (np.stack([vectors[m] for m, _ in messages]) for vectors in (near, asked))
    places, owners = np.array([p for _, p in messages]), np.array([p for _, p in replies])
    answers = unit(np.stack([given[r] for r, _ in replies]) @ to_reply)
    tried, right, alone = [0, 0], [0, 0], [0, 0]
    kind = np.array([-1 if not entry.after else hash(entry.after) for entry in entries])
    for at, (_, place) in enumerate(messages):
        if place not in held or not entries[place].replies:
            continue
        like, fit = np.full(len(entries), -1.0), np.full(len(entries), -1.0)
        cosines = every @ every[at]
        cosines[at] = -1
        np.maximum.at(like, places, cosines)
        np.maximum.at(fit, owners, answers @ unit(plain[at] @ to_asked))
        like[kind != kind[place]] = -1
        answering = int(bool(entries[place].after))
        tried[answering] += 1
        alone[answering] += bool(like.argmax() == place)
        right[answering] += bool((like + FIT * fit).argmax() == place)
    return {
        name: {"tried": tried[i], "byLikeness": round(alone[i] / max(1, tried[i]), 3), "withFit": round(right[i] / max(1, tried[i]), 3)}
        for i, name in enumerate(("messages", "answers"))
    }


def write(models: Path, entries, groups, messages, replies, near, given, learnt, readings) -> None:  # noqa: ANN001
    """`answers.json`: the texts. `vectors.bin`: int8 [messages + replies + questions, d]. `maps.bin`: float32, two means, the
    maps of messages to replies and to messages like them, [acts, d + 1], [topics, d + 1]."""
    folder = models / "answers"
    folder.mkdir(parents=True, exist_ok=True)
    questions = [text for group in groups for text in group]
    vectors = np.concatenate([
        np.stack([near[m] for m, _ in messages]),
        unit(np.stack([given[r] for r, _ in replies]) @ learnt[4]),
        *([np.stack([near[q] for q in questions])] if questions else []),
    ])  # fmt: skip
    maps = b"".join(np.ascontiguousarray(part, np.float32).tobytes() for part in (*learnt[:4], *(weights for _, weights in readings)))
    names, topics = (names for names, _ in readings)
    shown = [published(entry, groups, names, topics) for entry in entries]
    texts = {"groups": groups, "acts": names, "topics": topics, "entries": shown}
    files = {
        "answers.json": (json.dumps(texts, ensure_ascii=False) + "\n").encode(),
        "vectors.bin": np.clip(np.round(vectors * SCALE), -127, 127).astype(np.int8).tobytes(),
        "maps.bin": maps,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    meaning = json.loads((models / "meaning" / "model.json").read_text())
    about = {
        "name": "answers", "version": VERSION, "licence": "CC-BY-4.0", "meaning": meaning["version"], "dimension": vectors.shape[1],
        "scale": SCALE, "fit": FIT, "thresholds": THRESHOLDS,
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }  # fmt: skip
    (folder / "model.json").write_text(json.dumps(about, indent=2) + "\n")
    print({name: len(content) for name, content in files.items()})


def published(entry: Entry, groups: list[tuple[str, ...]], names: list[str], topics: list[str]) -> dict:
    """As the bot reads it; of acts and topics the examples stay here."""
    marks = {name: value for name, value in (("ask", entry.ask), ("when", entry.when)) if value}
    if entry.after:
        marks["after"] = groups.index(entry.after)
    if entry.act:
        marks["act"] = names.index(entry.act)
    if entry.about:
        marks["about"] = topics.index(entry.about)
    return {"messages": [] if entry.act or entry.about else list(entry.messages), "replies": list(entry.replies), **marks}


if __name__ == "__main__":
    main()
