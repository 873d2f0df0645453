"""Train the chat model: ``python -m supporter_mini.train --cache DIR --run DIR --minutes 90``.

Two phases by the elapsed fraction of the time budget: plain dialogues and books; dialogues as trees, with every reply in
the exact inference format. The learning rate is a function of the same fraction, so a slower machine sees fewer tokens
but always finishes its decay.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .model import make_model, weighted_loss
from .muon import Muon
from .trees import POSITION, mask_of

PEAK_MUON = 3.5e-3
PEAK_ADAM = 2e-3
FLOOR = 0.02
WARM = 0.015
HOLD = 0.3
PHASES = [("base", 0.25, 256), ("trees", 1.0, 512)]
TOKENS_A_STEP = 6144
BASE_IN_TREES = 0.15
UNSEEN = -1e4
# share of copying batches, by the elapsed fraction (see copying.py)
COPY_SHARE = [(0.25, 0.0), (0.6, 0.25), (0.9, 0.15), (1.01, 0.05)]


def rate(fraction: float) -> float:
    """Learning-rate factor: warm-up, constant, linear decay."""
    if fraction < WARM:
        return max(fraction / WARM, 0.02)
    if fraction < HOLD:
        return 1.0
    return max(FLOOR, 1.0 - (1.0 - FLOOR) * (fraction - HOLD) / (1.0 - HOLD))


def phase_at(fraction: float) -> tuple[str, int]:
    """Name and sequence length of the phase at an elapsed fraction."""
    for name, end, length in PHASES:
        if fraction < end:
            return name, length
    return PHASES[-1][0], PHASES[-1][2]


@dataclass
class Cursor:
    """Position in one cached array; every pass over it is shuffled anew."""

    ids: np.ndarray
    weights: np.ndarray | None
    shapes: np.ndarray | None
    seed: int
    drawn: int = 0

    def draw(self, count: int, length: int) -> tuple[torch.Tensor, ...]:
        """Return ``count`` sequences, their loss weights, attention masks and positions."""
        rows = len(self.ids) // length if self.weights is None else len(self.ids)
        picks = [self._pick(rows) for _ in range(count)]
        if self.weights is None:
            ids = np.stack([self.ids[i * length : (i + 1) * length] for i in picks])
            weights = torch.ones(ids.shape)
        else:
            ids = self.ids[picks]
            weights = torch.from_numpy(self.weights[picks].astype(np.float32) / 100)
        if self.shapes is None:
            positions = torch.arange(length)[None]
            seen = torch.ones(1, 1, length, length, dtype=torch.bool).tril()
        else:
            shape = torch.from_numpy(self.shapes[picks].astype(np.int64))
            positions, seen = shape[:, POSITION].contiguous(), mask_of(shape)
        mask = torch.zeros(seen.shape, dtype=torch.bfloat16).masked_fill(~seen, UNSEEN)
        return torch.from_numpy(ids.astype(np.int64)), weights, mask, positions

    def _pick(self, rows: int) -> int:
        epoch, at = divmod(self.drawn, rows)
        self.drawn += 1
        key = (epoch, rows)
        if getattr(self, "_key", None) != key:
            self._key = key
            self._order = np.random.default_rng(self.seed + epoch).permutation(rows)
        return int(self._order[at])


def load_cursor(cache: Path, name: str, seed: int, drawn: int) -> Cursor:
    """Open a cached array; the chat arrays may still be in the making, then wait for them."""
    path = cache / f"{name}.npy"
    while not path.exists():
        print(f"waiting for {path.name}", flush=True)
        time.sleep(10)
    weights, shapes = (cache / f"{name}_{part}.npy" for part in ("weights", "shape"))
    return Cursor(
        np.load(path),
        np.load(weights) if weights.exists() else None,
        np.load(shapes) if shapes.exists() else None,
        seed,
        drawn,
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="begin with the weights of this checkpoint")
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--checkpoint-minutes", type=float, default=5)
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--smoke", action="store_true", help="half a minute, not compiled")
    args = parser.parse_args()
    if args.smoke:
        args.minutes, args.no_compile = 0.5, True
    torch.set_num_threads(args.threads)
    args.run.mkdir(parents=True, exist_ok=True)
    model = make_model(args.seed, training=True)
    hidden = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    rest = [p for n, p in model.named_parameters() if p.ndim != 2 or "embed" in n]
    optimisers = [
        Muon(hidden, lr=PEAK_MUON, steps=4),
        torch.optim.AdamW(rest, lr=PEAK_ADAM, betas=(0.9, 0.95), weight_decay=0.0, fused=True),
    ]
    peaks = [PEAK_MUON, PEAK_ADAM]
    if args.init:
        model.load_state_dict(torch.load(args.init, weights_only=False)["model"])
    rng = np.random.default_rng(args.seed)
    step, seen, elapsed = 0, 0, 0.0
    drawn: dict[str, int] = {}
    path = args.run / "checkpoint.pt"
    if path.exists():
        state = torch.load(path, weights_only=False)
        model.load_state_dict(state["model"])
        for optimiser, saved in zip(optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        step, seen, elapsed, drawn = state["step"], state["seen"], state["elapsed"], state["drawn"]
        rng.bit_generator.state = state["rng"]
        print(f"resumed at step {step}, {elapsed / 60:.1f} min", flush=True)
    loss_of = weighted_loss if args.no_compile else torch.compile(weighted_loss, dynamic=False)
    cursors: dict[str, Cursor] = {}

    def cursor(name: str) -> Cursor:
        if name not in cursors:
            cursors[name] = load_cursor(args.cache, name, args.seed, drawn.get(name, 0))
        return cursors[name]

    def save() -> None:
        state = {
            "model": model.state_dict(),
            "optimisers": [o.state_dict() for o in optimisers],
            "step": step,
            "seen": seen,
            "elapsed": elapsed,
            "drawn": drawn | {name: c.drawn for name, c in cursors.items()},
            "rng": rng.bit_generator.state,
            "seed": args.seed,
            "minutes": args.minutes,
        }
        torch.save(state, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)

    budget = args.minutes * 60
    log = (args.run / "log.jsonl").open("a")
    saved_at, last = elapsed, time.time()
    copy_loss: float | None = None
    shown_loss, shown_seen, shown_at = None, seen, elapsed
    while elapsed < budget:
        fraction = elapsed / budget
        phase, length = phase_at(fraction)
        chance = rng.random()
        source = "base" if phase == "trees" and chance < BASE_IN_TREES else phase
        if chance < next(share for end, share in COPY_SHARE if fraction < end):
            source = "copy"
        batch = cursor(source).draw(TOKENS_A_STEP // length, length)
        factor = rate(fraction)
        with torch.autocast("cpu", torch.bfloat16):
            loss = loss_of(model, *batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser, peak in zip(optimisers, peaks, strict=True):
            optimiser.param_groups[0]["lr"] = peak * factor
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        step += 1
        seen += batch[0].numel()
        now = time.time()
        elapsed, last = elapsed + now - last, now
        value = loss.item()
        if source == "copy":
            copy_loss = value if copy_loss is None else 0.8 * copy_loss + 0.2 * value
            value = shown_loss if shown_loss is not None else value
        shown_loss = value if shown_loss is None else 0.95 * shown_loss + 0.05 * value
        if step % 20 == 0:
            speed = (seen - shown_seen) / max(elapsed - shown_at, 1e-9)
            shown_seen, shown_at = seen, elapsed
            entry = {
                "step": step,
                "tokens": seen,
                "seconds": round(elapsed, 1),
                "phase": phase,
                "loss": round(shown_loss, 4),
                "copy_loss": copy_loss and round(copy_loss, 4),
                "factor": round(factor, 4),
                "speed": round(speed),
            }
            log.write(json.dumps(entry) + "\n")
            log.flush()
            print(entry, flush=True)
        if elapsed - saved_at > args.checkpoint_minutes * 60:
            save()
            saved_at = elapsed
    save()
    print(f"done: {step} steps, {seen} tokens, {elapsed / 60:.1f} min", flush=True)


if __name__ == "__main__":
    main()
