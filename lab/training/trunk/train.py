"""Fine-tune the trunk: python -m trunk.train --data DATA --package FOLDER --cache CACHE --run RUN"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
import time
from collections import deque
from pathlib import Path

import torch
from encoder.model import SentenceEncoder, build_encoder
from encoder.package import read_package
from torch import Tensor
from torch.nn import functional

from .corpora import CONTEXT_WIDTH, EMOTIONS, STRATEGIES, Tasks, load_tasks
from .measure import measure
from .network import Heads, Trunk
from .objective import KEEP_WEIGHT, Sampler, Sizes, encode, losses

WEIGHTS = {"reply": 1.0, "memory": 0.7, "persona": 0.5, "emotion": 0.8, "strategy": 0.7, "said": 0.3}
WARM_UP = 50
TRUNK_RATE = 3e-4
HEAD_RATE = 1.5e-3
CHECKPOINT_EVERY = 40


def train(args: argparse.Namespace) -> None:
    """Run to `--steps`, from the checkpoint where there is one."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    args.run.mkdir(parents=True, exist_ok=True)
    tasks = load_tasks(args.data, args.tokenizer, "train", args.cache)
    original = build_encoder(read_package(args.package).weights) if args.package else SentenceEncoder().eval()
    trunk = Trunk.grow(original)
    heads = Heads(len(EMOTIONS), len(STRATEGIES), CONTEXT_WIDTH)
    optimiser = torch.optim.AdamW(
        [
            {"params": [] if args.frozen else list(trunk.parameters()), "lr": TRUNK_RATE, "rate": TRUNK_RATE},
            {"params": list(heads.parameters()), "lr": HEAD_RATE, "rate": HEAD_RATE},
        ][1 if args.frozen else 0 :],
        weight_decay=0.01,
        betas=(0.9, 0.98),
    )
    first = 0
    log: list[dict[str, float]] = []
    checkpoint = args.run / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        first, log = state["step"], state["log"]
        trunk.load_state_dict(state["trunk"])
        heads.load_state_dict(state["heads"])
        optimiser.load_state_dict(state["optimiser"])
        print(f"resumed at step {first}", flush=True)
    class_weights = strategy_weights(tasks)
    recent: deque[dict[str, float]] = deque(maxlen=50)
    began = time.monotonic()
    for number in range(first, args.steps):
        rate = schedule(number, args.steps)
        for group in optimiser.param_groups:
            group["lr"] = group["rate"] * rate
        # A sampler a block of steps: a resumed run draws what an unbroken one would.
        if number % CHECKPOINT_EVERY == 0 or number == first:
            sampler = Sampler(tasks, Sizes(), args.seed * 1_000_003 + number // CHECKPOINT_EVERY)
            for _ in range(number % CHECKPOINT_EVERY):
                sampler.draw()
        torch.manual_seed(args.seed * 1_000_003 + number)
        parts = one_step(number, sampler, tasks, trunk, original, heads, class_weights, args)
        optimiser.zero_grad(set_to_none=True)
        sum(WEIGHTS.get(name, 1.0) * part for name, part in parts.items()).backward()
        torch.nn.utils.clip_grad_norm_([*trunk.parameters(), *heads.parameters()], 1.0)
        optimiser.step()
        recent.append({name: part.item() for name, part in parts.items()})
        done = number + 1
        if done % 20 == 0 or done == args.steps:
            means = {name: round(sum(row[name] for row in recent) / len(recent), 4) for name in recent[-1]}
            log.append({"step": done, **means})
            left = (time.monotonic() - began) / (done - first) * (args.steps - done)
            print(f"step {done}/{args.steps}, {left / 60:.1f} min left: {means}", flush=True)
        if done % CHECKPOINT_EVERY == 0 or done == args.steps:
            state = {
                "step": done,
                "log": log,
                "trunk": trunk.state_dict(),
                "heads": heads.state_dict(),
                "optimiser": optimiser.state_dict(),
            }
            torch.save(state, checkpoint.with_suffix(".part"))
            os.replace(checkpoint.with_suffix(".part"), checkpoint)
    valid = load_tasks(args.data, args.tokenizer, "valid", args.cache)
    figures = {
        "seed": args.seed,
        "steps": args.steps,
        "frozen": args.frozen,
        "log": log,
        "valid": measure(valid, trunk, original, heads, limit=200 if args.smoke else 2_000),
    }
    (args.run / "figures.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps(figures["valid"], indent=1))


def one_step(
    number: int,
    sampler: Sampler,
    tasks: Tasks,
    trunk: Trunk,
    original: SentenceEncoder,
    heads: Heads,
    class_weights: Tensor,
    args: argparse.Namespace,
) -> dict[str, Tensor]:
    """The losses of one step, with `keep`: how far the embedding has moved from the original's."""
    step = sampler.draw()
    texts = [tasks.texts[place] for place in step.texts]
    with torch.set_grad_enabled(not args.frozen), torch.autocast("cpu", torch.bfloat16, enabled=args.bf16):
        chance = random.Random(args.seed * 7 + number)
        embedding, features = encode(trunk, texts, None if args.frozen else chance)
        embedding, features = embedding.float(), features.float()
    parts = losses(step, features, heads, class_weights)
    if not args.frozen:
        kept = sorted(chance.sample(range(len(texts)), min(sampler.sizes.kept, len(texts))))
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=args.bf16):
            target, _ = encode(original, [texts[place] for place in kept])
        parts["keep"] = KEEP_WEIGHT * (1 - functional.cosine_similarity(embedding[torch.tensor(kept)], target.float())).mean()
    return parts


def schedule(number: int, steps: int) -> float:
    """Warm-up, then a cosine down to a twentieth."""
    if number < WARM_UP:
        return (number + 1) / WARM_UP
    share = (number - WARM_UP) / max(1, steps - WARM_UP)
    return 0.05 + 0.95 * (1 + math.cos(math.pi * share)) / 2


def strategy_weights(tasks: Tasks) -> Tensor:
    """Square-root inverse class frequency, with a mean of one."""
    counts = torch.bincount(torch.tensor([item[5] for item in tasks.strategies]), minlength=len(STRATEGIES)).clamp(min=1)
    weights = counts.to(torch.float32).rsqrt()
    return weights / weights.mean()


def main() -> int:
    """Parse and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with dialogues/*.jsonl.gz")
    parser.add_argument("--package", type=Path, help="folder with the node_modules of the original")
    parser.add_argument("--tokenizer", type=Path, default=Path(__file__).parents[3] / "models/encoder/tokenizer.json")
    parser.add_argument("--cache", type=Path, required=True, help="folder for tokenised data")
    parser.add_argument("--run", type=Path, required=True, help="folder for checkpoint and figures")
    parser.add_argument("--steps", type=int, default=480)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bf16", action="store_true", help="products in bfloat16: faster where the processor has them")
    parser.add_argument("--frozen", action="store_true", help="train the heads alone, for comparison")
    parser.add_argument("--smoke", action="store_true", help="a few steps")
    args = parser.parse_args()
    if not args.package and not args.smoke:
        parser.error("--package is needed: training begins from the original's weights")
    if args.smoke:
        args.steps = min(args.steps, 6)
    train(args)
    return 0


if __name__ == "__main__":
    sys.exit(main())
