"""The command line that the scorers' trainings share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Command:
    """What a training is asked to do."""

    data: Path
    encoder: Path
    cache: Path
    out: Path | None
    seed: int
    smoke: bool
    resume: bool


def command(description: str | None, name: str, encoder: str, train: Callable[[Command], None]) -> None:
    """Parse the arguments and train on one thread, the same for the same seed."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder with dialogues/*.jsonl.gz and characterchat/")
    parser.add_argument("--encoder", type=Path, default=ROOT / "models" / encoder, help="folder of the sentence encoder")
    parser.add_argument("--cache", type=Path, required=True, help="folder for vectors and checkpoints")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / name, help="folder of the model")
    parser.add_argument("--no-export", action="store_true", help="measure only")
    parser.add_argument("--fresh", action="store_true", help="do not take up a checkpoint")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--smoke", action="store_true", help="a short run on little data")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    out = None if args.no_export else args.out
    train(Command(args.data, args.encoder, args.cache, out, args.seed, args.smoke, not args.fresh))
