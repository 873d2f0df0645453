"""Teach the reader of replies: ``python -m answers.fit --run DIR --bank`` or ``… --judged FILE … --init DIR``.

A reply with what it answers → whether it fits, one logit: the reader's lower half, an upper half of its own. First it learns from the
bank: a reply that was written for a message against one that was written for a message near to it and one for any other; then from
candidates that readers judged (0 does not fit, 1 may stand, 2 is on the point). An experiment: what came of it stands in
`lab/data/reply-judgements/README.md`, and nothing that is shipped uses it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from reader.base import E5File, e5_path, read_e5
from reader.halves import Halves
from reader.network import Lower, Upper
from reader.pieces import kept_pieces, make_tokenizer
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from .bank import Entry, read_bank
from .train import embedded, said_and_replied

LAB = Path(__file__).parents[2]
LENGTH = 144
BATCH = 48
PEAK = 2e-4
DECAY = 0.8
#: What is read: UTF-16 units of what was said before, and of the message, from its end.
BEFORE, MESSAGE = 160, 320
#: What a judgement is worth as a probability.
WORTH = {0: 0.0, 1: 0.3, 2: 1.0}


@dataclass(frozen=True)
class Pair:
    """A reply, what it answers, and how good it is; pairs of one `group` compete."""

    reply: str
    message: str
    before: str
    worth: float
    group: int


class FitNetwork(nn.Module):
    """Hidden states of the shared lower half → one logit."""

    def __init__(self, file: E5File, dropout: float = 0.1) -> None:
        super().__init__()
        self.upper = Upper(file)
        self.middle = nn.Linear(file.hidden, file.hidden)
        self.out = nn.Linear(file.hidden, 1)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x [batch, length, hidden], mask [batch, length] → [batch, 1]."""
        mean = self.upper(x, mask).to(self.middle.weight.dtype)
        y = torch.tanh(self.middle(functional.dropout(mean, self.dropout, self.training)))
        return self.out(functional.dropout(y, self.dropout, self.training))


def text_of(pair: Pair) -> str:
    """The reply, what it answers and what was said before that, parted by the tokenizer's mark."""
    return f"{pair.reply}</s>{pair.message[-MESSAGE:]}" + (f"</s>{pair.before[-BEFORE:]}" if pair.before else "")


def encode(tok: Tokenizer, pairs: list[Pair]) -> tuple[Tensor, Tensor]:
    """Ids and mask [batch, length]."""
    rows = [[0, *tok.encode(text_of(pair), add_special_tokens=False).ids[: LENGTH - 2], 2] for pair in pairs]
    width = min(LENGTH, 8 * math.ceil(max(map(len, rows)) / 8))
    ids, mask = torch.full((len(rows), width), 1), torch.zeros(len(rows), width, dtype=torch.long)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
        mask[index, : len(row)] = 1
    return ids, mask


def from_bank(entries: list[Entry], vectors: dict[str, np.ndarray], count: int, rng: random.Random) -> list[Pair]:
    """A message with a reply of its entry, of a near one, and of any."""
    asked = [(text, place) for place, entry in enumerate(entries) if entry.replies and not entry.about for text in entry.messages]
    acts: dict[str, list[str]] = {}
    for entry in entries:
        if entry.act and not entry.about:
            acts.setdefault(entry.act, []).extend(entry.replies)
    asked += [(text, place) for place, entry in enumerate(entries) if entry.act and not entry.replies for text in entry.messages]
    matrix = np.stack([vectors[text] for text, _ in asked])
    owners = np.array([place for _, place in asked])
    replies = lambda place: entries[place].replies or acts.get(entries[place].act or "", ())  # noqa: E731
    pairs: list[Pair] = []
    chosen = rng.sample(range(len(asked)), min(count, len(asked)))
    for number, at in enumerate(chosen):
        text, place = asked[at]
        entry = entries[place]
        own = replies(place)
        if not own:
            continue
        before = rng.choice(entry.after) if entry.after else (rng.choice(entries[rng.randrange(len(entries))].replies or ("",)) if rng.random() < 0.3 else "")
        order = np.argsort(-(matrix @ matrix[at]))
        near = [owners[j] for j in order[2:60] if owners[j] != place and entries[owners[j]].act != entry.act or not entry.act and owners[j] != place]
        others = [replies(int(j)) for j in dict.fromkeys(near)][4:16]
        others = [r for r in others if r]
        wrong = [rng.choice(rng.choice(others))] if others else []
        anybody = replies(int(owners[rng.randrange(len(owners))]))
        if anybody:
            wrong.append(rng.choice(anybody))
        pairs.append(Pair(rng.choice(own), text, before, 1.0, number))
        pairs += [Pair(reply, text, before, 0.0, number) for reply in wrong if reply not in own]
    return pairs


def from_dialogues(rng: random.Random, first: int, count: int) -> tuple[list[Pair], list[Pair]]:
    """A reply of the dialogues against another of the same dialogue and one of any; those that teach, those held out."""
    rows = said_and_replied(sorted((LAB / "data" / "rapport-dialogues").glob("*.jsonl.gz")))
    by_dialogue: dict[int, list[int]] = {}
    for at, row in enumerate(rows):
        by_dialogue.setdefault(row[2], []).append(at)
    taught: list[Pair] = []
    held: list[Pair] = []
    for at in rng.sample(range(len(rows)), min(count, len(rows))):
        message, reply, dialogue, is_held = rows[at]
        mates = [i for i in by_dialogue[dialogue] if i != at]
        place = by_dialogue[dialogue].index(at)
        before = rows[by_dialogue[dialogue][place - 1]][1] if place and rng.random() < 0.8 else ""
        wrong = [rows[rng.randrange(len(rows))][1], *([rows[rng.choice(mates)][1]] if mates else [])]
        pairs = [Pair(reply, message, before, 1.0, first + at), *(Pair(text, message, before, 0.0, first + at) for text in wrong if text != reply)]
        (held if is_held else taught).extend(pairs)
    return taught, held


def from_judged(paths: list[Path]) -> list[Pair]:
    """Rows `{lines, message, candidates: [{text, worth}]}`."""
    pairs = []
    for path in paths:
        text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
        for number, row in enumerate(map(json.loads, text.splitlines())):
            before = next((line["text"] for line in reversed(row["lines"]) if line["by"] == "character"), "")
            group = hash((path.name, number))
            pairs += [Pair(c["text"], row["message"], before, WORTH[c["worth"]], group) for c in row["candidates"] if c.get("worth") is not None]
    return pairs


@torch.no_grad()
def predict(net: FitNetwork, lower: Lower, tok: Tokenizer, pairs: list[Pair]) -> np.ndarray:
    """Logits."""
    net.eval()
    order = sorted(range(len(pairs)), key=lambda i: len(text_of(pairs[i])))
    out = np.zeros(len(pairs))
    for start in range(0, len(order), 64):
        chosen = order[start : start + 64]
        ids, mask = encode(tok, [pairs[i] for i in chosen])
        out[chosen] = net(lower(ids, mask), mask)[:, 0].float().numpy()
    net.train()
    return out


def report(pairs: list[Pair], logits: np.ndarray) -> dict[str, float]:
    """How good what is chosen of each group is, beside its best, its mean; how often the better of two is seen."""
    groups: dict[int, list[int]] = {}
    for at, pair in enumerate(pairs):
        groups.setdefault(pair.group, []).append(at)
    chosen = [pairs[max(found, key=lambda i: logits[i])].worth for found in groups.values()]
    two = [
        float(logits[i] > logits[j])
        for found in groups.values() for i in found for j in found if pairs[i].worth > pairs[j].worth + 0.25
    ]  # fmt: skip
    return {
        "groups": len(groups),
        "chosenGood": round(float(np.mean([w == 1 for w in chosen])), 3),
        "chosenBad": round(float(np.mean([w == 0 for w in chosen])), 3),
        "bestGood": round(float(np.mean([max(pairs[i].worth for i in f) == 1 for f in groups.values()])), 3),
        "byChanceGood": round(float(np.mean([np.mean([pairs[i].worth == 1 for i in f]) for f in groups.values()])), 3),
        "betterOfTwo": round(float(np.mean(two)), 3) if two else 0.0,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--init", type=Path)
    parser.add_argument("--bank", type=int, default=0, help="so many messages of the bank")
    parser.add_argument("--models", type=Path, default=LAB.parent / "models")
    parser.add_argument("--cache", type=Path, help="a folder that keeps the vectors of the bank's messages")
    parser.add_argument("--dialogues", type=int, default=0, help="so many replies of the dialogues")
    parser.add_argument("--judged", type=Path, nargs="*", default=[])
    parser.add_argument("--valid", type=Path, nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--peak", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    file = read_e5(e5_path())
    kept = kept_pieces(file)
    tok, lower, net = make_tokenizer(file, kept), Lower(file, kept).eval().bfloat16(), FitNetwork(file)
    if args.init:
        net.load_state_dict(torch.load(args.init / "fit.pt", weights_only=False)["model"])
    halves = Halves(net, FitNetwork(file))
    groups = [{"params": [*net.middle.parameters(), *net.out.parameters()], "peak": 4 * PEAK}]
    groups += [{"params": list(layer.parameters()), "peak": PEAK * DECAY**d} for d, layer in enumerate(reversed(net.upper.layers))]
    optimiser = torch.optim.AdamW(groups, lr=PEAK, weight_decay=0.02, fused=True)
    args.run.mkdir(parents=True, exist_ok=True)
    learnt = from_judged(args.judged)
    valid = from_judged(args.valid)
    if args.bank:
        entries = read_bank(LAB / "data" / "rapport-answers")
        asked = sorted({text for entry in entries for text in entry.messages})
        table = embedded(args.models, args.cache, asked, "query")
        mean = np.mean(list(table.values()), 0)
        table = {text: (vector - mean) / np.linalg.norm(vector - mean) for text, vector in table.items()}
        banked = from_bank(entries, table, args.bank, rng)
        if not valid:
            held = {pair.group for pair in banked if pair.group % 25 == 0}
            valid = [pair for pair in banked if pair.group in held]
            banked = [pair for pair in banked if pair.group not in held]
        learnt += banked
    if args.dialogues:
        taught, held_out = from_dialogues(rng, 1_000_000, args.dialogues)
        learnt += taught
        valid += held_out
    by_group: dict[int, list[Pair]] = {}
    for pair in learnt:
        by_group.setdefault(pair.group, []).append(pair)
    contexts = list(by_group.values())
    steps = args.epochs * math.ceil(len(learnt) / BATCH)
    print({"pairs": len(learnt), "contexts": len(contexts), "valid": len(valid), "steps": steps}, flush=True)
    if valid and args.init:
        print(json.dumps(report(valid, predict(halves.half, lower, tok, valid))), flush=True)
    step, started = 0, time.time()
    for epoch in range(args.epochs):
        rng.shuffle(contexts)
        batches: list[list[Pair]] = [[]]
        for chunk in range(0, len(contexts), 400):
            for context in sorted(contexts[chunk : chunk + 400], key=lambda c: len(c[0].message) + len(c[0].before)):
                if len(batches[-1]) >= BATCH:
                    batches.append([])
                batches[-1] += context
        rng.shuffle(batches)
        total = 0.0
        for number, batch in enumerate(batches, 1):
            share = step / steps
            factor = min(1.0, (step + 1) / 40) * (1.0 if share < 0.3 else max(0.02, (1 - share) / 0.7))
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * args.peak * factor
            # The context is not always known.
            shown = [pair if rng.random() < 0.9 else Pair(pair.reply, pair.message, "", pair.worth, pair.group) for pair in batch]
            ids, mask = encode(tok, shown)
            with torch.no_grad():
                hidden = lower(ids, mask)
            logits = halves.half(hidden, mask)[:, 0].float()
            worth = torch.tensor([pair.worth for pair in batch])
            loss = functional.binary_cross_entropy_with_logits(logits, worth)
            group_ids = torch.tensor([pair.group % (2**31) for pair in batch])
            better = (worth[:, None] > worth[None] + 0.25) & (group_ids[:, None] == group_ids[None])
            if better.any():
                loss = loss + functional.softplus(-(logits[:, None] - logits[None])[better]).mean()
            loss.backward()
            halves.lift()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            halves.follow()
            step += 1
            total += loss.item()
            if number % 20 == 0:
                print(f"{number}/{len(batches)} loss {total / number:.3f} {time.time() - started:.0f} s", flush=True)
                torch.save({"model": net.state_dict()}, args.run / "fit.pt")
        print(f"epoch {epoch + 1} loss {total / len(batches):.3f} {time.time() - started:.0f} s", flush=True)
        torch.save({"model": net.state_dict()}, args.run / "fit.pt")
        if valid:
            print(json.dumps(report(valid, predict(halves.half, lower, tok, valid))), flush=True)


if __name__ == "__main__":
    main()
