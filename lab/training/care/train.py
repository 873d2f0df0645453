"""Teach the care reader: ``python -m care.train --texts FILE … --ordinary FILE … --run DIR --epochs 6``.

Only the upper half learns. A message is an exercise of its family's split; ordinary lines (our dialogues' persons) count
half and are harmless.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import time
from pathlib import Path

import torch
from reader.base import e5_path, read_e5
from reader.halves import Halves
from reader.network import Lower
from reader.pieces import kept_pieces, make_tokenizer
from reader.tiny import tiny_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from .measure import report
from .network import CareNetwork
from .texts import GRADES, KINDS, Message, part_of, read_messages, read_plain, roughened

LENGTH = 96
BATCH = 32
PEAK = 2e-4
DECAY = 0.8


def encode(tok: Tokenizer, pairs: list[tuple[str, str]]) -> tuple[Tensor, Tensor]:
    """Messages with their contexts → ids and mask [batch, length]; the context loses its beginning first."""
    rows = []
    for text, context in pairs:
        own = tok.encode(text, add_special_tokens=False).ids[: LENGTH - 3]
        before = tok.encode(context, add_special_tokens=False).ids if context else []
        room = LENGTH - 3 - len(own)
        before = before[-room:] if room > 0 else []
        rows.append([0, *own, 2, *before, *([2] if before else [])])
    width = max(map(len, rows))
    width = min(LENGTH, 16 * math.ceil(width / 16))
    ids = torch.full((len(rows), width), 1)
    mask = torch.zeros(len(rows), width, dtype=torch.long)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
        mask[index, : len(row)] = 1
    return ids, mask


def loss_of(grade: Tensor, kind: Tensor, grades: Tensor, kinds: Tensor, weights: Tensor) -> Tensor:
    """Cross-entropy of both heads, and of risk against none, weighted by message."""
    risk = torch.logsumexp(grade[:, 1:], 1) - grade[:, 0]
    parts = (
        functional.binary_cross_entropy_with_logits(risk, (grades > 0).float(), reduction="none")
        + 0.5 * functional.cross_entropy(grade, grades, reduction="none", label_smoothing=0.05)
        + 0.3 * functional.cross_entropy(kind, kinds, reduction="none", label_smoothing=0.05)
    )
    return (parts * weights).sum() / weights.sum()


@torch.no_grad()
def predict(net: CareNetwork, lower: Lower, tok: Tokenizer, messages: list[Message]) -> Tensor:
    """Probabilities of grades then kinds [messages, 12]."""
    net.eval()
    order = sorted(range(len(messages)), key=lambda i: len(messages[i].text) + len(messages[i].context))
    out = torch.zeros(len(messages), len(GRADES) + len(KINDS))
    for start in range(0, len(order), 64):
        chosen = order[start : start + 64]
        ids, mask = encode(tok, [(messages[i].text, messages[i].context) for i in chosen])
        grade, kind = (logits.float() for logits in net(lower(ids, mask), mask))
        out[chosen] = torch.cat([grade.softmax(1), kind.softmax(1)], 1)
    net.train()
    return out


def parameters_of(net: CareNetwork) -> list[dict]:
    """Deeper layers learn more slowly."""
    groups = [{"params": [*net.middle.parameters(), *net.grade.parameters(), *net.kind.parameters()], "peak": 4 * PEAK}]
    for depth, layer in enumerate(reversed(net.upper.layers)):
        groups.append({"params": list(layer.parameters()), "peak": PEAK * DECAY**depth})
    return groups


def read_lines(path: Path) -> list[str]:
    """The lines of a file, packed or not."""
    return (gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()).splitlines()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, nargs="+", required=True)
    parser.add_argument("--ordinary", type=Path, nargs="*", default=[])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="begin with the weights of this run")
    parser.add_argument("--peak", type=float, default=1.0, help="factor on the rates")
    parser.add_argument("--all", action="store_true", help="learn from every part: a last pass, once the figures are taken")
    parser.add_argument("--sample", type=int, help="at most so many messages a pass, drawn anew")
    parser.add_argument("--ordinary-weight", type=float, default=0.5)
    parser.add_argument("--smoke", action="store_true", help="a random base and few messages: only tries the code")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    messages = [m for p in args.texts for m in (read_messages(p) if p.suffix == ".gz" else read_plain(p))]
    if args.smoke:
        messages = messages[:240]
    parts: dict[str, list[Message]] = {"train": [], "valid": [], "test": []}
    for message in messages:
        parts[part_of(message.family)].append(message)
    ordinary = [Message(tuple(r["turns"]), "none", "none", "en", "plain", "ordinary") for p in args.ordinary
                for r in map(json.loads, read_lines(p))]  # fmt: skip
    file = tiny_file() if args.smoke else read_e5(e5_path())
    kept = kept_pieces(file)
    tok, lower, net = make_tokenizer(file, kept), Lower(file, kept).eval(), CareNetwork(file)
    if args.init:
        net.load_state_dict(torch.load(args.init / "care.pt", weights_only=False)["model"])
    halves, lower = Halves(net, CareNetwork(file)), lower.bfloat16()
    optimiser = torch.optim.AdamW(parameters_of(net), lr=PEAK, weight_decay=0.02, fused=True)
    args.run.mkdir(parents=True, exist_ok=True)
    learnt = messages if args.all else parts["train"]
    if args.sample:
        learnt = rng.sample(learnt, min(args.sample, len(learnt)))
    exercises = [(m, 1.0) for m in learnt] + [(m, args.ordinary_weight) for m in ordinary]
    steps = args.epochs * math.ceil(len(exercises) / BATCH)
    print({k: len(v) for k, v in parts.items()}, "ordinary", len(ordinary), "steps", steps, flush=True)
    step, started = 0, time.time()
    for epoch in range(args.epochs):
        rng.shuffle(exercises)
        # Sorted by length within chunks, so that little is padding.
        chunks = [exercises[i : i + 16 * BATCH] for i in range(0, len(exercises), 16 * BATCH)]
        batches = []
        for chunk in chunks:
            chunk.sort(key=lambda e: len(e[0].text) + len(e[0].context))
            batches += [chunk[i : i + BATCH] for i in range(0, len(chunk), BATCH)]
        rng.shuffle(batches)
        total = 0.0
        for batch in batches:
            share = step / steps
            factor = min(1.0, (step + 1) / 40) * (1.0 if share < 0.3 else max(0.02, (1 - share) / 0.7))
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * args.peak * factor
            texts = [(roughened(m.text, rng) if rng.random() < 0.35 else m.text, m.context) for m, _ in batch]
            ids, mask = encode(tok, texts)
            with torch.no_grad():
                hidden = lower(ids, mask)
            grade, kind = halves.half(hidden, mask)
            loss = loss_of(
                grade.float(),
                kind.float(),
                torch.tensor([GRADES.index(m.grade) for m, _ in batch]),
                torch.tensor([KINDS.index(m.kind) for m, _ in batch]),
                torch.tensor([w for _, w in batch]),
            )
            loss.backward()
            halves.lift()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            halves.follow()
            step += 1
            total += loss.item()
        print(f"epoch {epoch + 1} loss {total / len(batches):.3f} {time.time() - started:.0f} s", flush=True)
        torch.save({"model": net.state_dict(), "epoch": epoch + 1}, args.run / "care.pt")
        print(json.dumps(report(parts["valid"], predict(halves.half, lower, tok, parts["valid"]))["0.5"]), flush=True)
    for name in ("valid", "test"):
        print(name, json.dumps(report(parts[name], predict(halves.half, lower, tok, parts[name])), indent=1), flush=True)


if __name__ == "__main__":
    main()
