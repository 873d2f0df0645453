"""What the encoder can do without any training: CharacterChat memory choices and match ratings.

Example: python -m encoder.zero_shot --data DATA --model ../../models/encoder --write
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .aspects import PARTS, Scores, Weights, part_cosines, read_aspects, weighted
from .choices import Choice, read_choices, read_rows
from .ranking import aspect_counts, bm25, mean, measure, spearman
from .session import EncoderSession

GRID = (0.0, 0.5, 1.0)
ROLES = ("seeker", "supporter")
Table = dict[str, dict[str, Any]]


def memory_table(choices: list[Choice], encoder: EncoderSession, aspects: Path) -> Table:
    """Every method's measures for the seeker's choices, the supporter's and both."""
    table = read_aspects(aspects, encoder)
    last = [part_cosines(choice, table, encoder) for choice in choices]
    both = [part_cosines(choice, table, encoder, lines=2) for choice in choices]

    def cosines(source: list[Scores], **weights: float) -> list[Scores]:
        return [weighted(row, weights) for row in source]

    methods: dict[str, list[Scores]] = {
        "random": [np.zeros(len(choice.candidates)) for choice in choices],
        "most frequent aspect (leave one dialogue out)": aspect_counts(choices),
        "BM25, last line": [bm25(choice.history[-1][1], [text for _, text in choice.candidates]) for choice in choices],
        "cosine with memory text": cosines(last, text=1),
        "cosine with aspect name": cosines(last, name=1),
        "cosine with name + text": cosines(last, name=1, text=1),
        "cosine with aspect phrase": cosines(last, phrase=1),
        "cosine with aspect examples": cosines(last, examples=1),
        "last two lines: name + phrase + examples + text / 2": [weighted(row, table.weights) for row in both],
        "recommended: name + phrase + examples + text / 2": [weighted(row, table.weights) for row in last],
        "weights picked on the other seekers (leave one seeker out)": _held_out(choices, last),
    }
    return {name: _by_role(choices, scores) for name, scores in methods.items()}


def _by_role(choices: list[Choice], scores: list[Scores]) -> dict[str, Any]:
    rows = [(choice.speaker, measure(row, choice.chosen)) for choice, row in zip(choices, scores, strict=True)]
    table = {role: mean([value for speaker, value in rows if speaker == role]) for role in ROLES}
    return {**table, "all": mean([value for _, value in rows])}


def _held_out(choices: list[Choice], cosines: list[Scores]) -> list[Scores]:
    """Pick weights from a grid by MRR on all seekers but one, apply them to that one."""
    grid: list[Weights] = [
        dict(zip(PARTS, values, strict=True)) for values in itertools.product(GRID, repeat=len(PARTS)) if any(values)
    ]
    seekers = np.array([choice.seeker for choice in choices])
    gains = np.array(
        [
            [measure(weighted(row, weights), choice.chosen).mrr for choice, row in zip(choices, cosines, strict=True)]
            for weights in grid
        ]
    )
    best = {seeker: grid[int(gains[:, seekers != seeker].mean(1).argmax())] for seeker in set(seekers)}
    return [weighted(row, best[choice.seeker]) for choice, row in zip(choices, cosines, strict=True)]


def match_table(data: Path, encoder: EncoderSession) -> dict[str, float | int]:
    """Spearman's correlation of the statements' cosine with the released match rating."""
    path = data / "characterchat/model_persona_score_dataset.jsonl.gz"
    pairs = [row["conversations"] for row in read_rows(path)]
    ratings = np.array([pair["rating"] for pair in pairs])
    whole = _pair_cosines(pairs, encoder.vector)
    lines = _pair_cosines(pairs, lambda text: encoder.vectors(_lines(text)).mean(0))
    return {
        "n": len(pairs),
        "spearmanStatements": round(spearman(whole, ratings), 3),
        "spearmanMeanOfLines": round(spearman(lines, ratings), 3),
    }


def _pair_cosines(pairs: list[dict[str, Any]], embed: Callable[[str], Any]) -> Scores:
    sides = [(embed(pair["seeker_statement"]), embed(pair["supporter_statement"])) for pair in pairs]
    return np.array([a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in sides])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def main() -> int:
    """Print the figures as JSON; with `--write` also put them into the model's `model.json`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with dialogues/ and characterchat/")
    parser.add_argument("--model", type=Path, required=True, help="folder with model.onnx and tokenizer.json")
    parser.add_argument("--write", action="store_true", help="store the figures in model.json")
    args = parser.parse_args()

    encoder = EncoderSession(args.model / "model.onnx", args.model / "tokenizer.json")
    choices = read_choices(args.data)
    figures = {
        "memorySelection": {
            "n": len(choices),
            "methods": memory_table(choices, encoder, args.model / "aspects.json"),
        },
        "matchRating": match_table(args.data, encoder),
    }
    if args.write:
        path = args.model / "model.json"
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest["zeroShot"] = figures
        path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    json.dump(figures, sys.stdout, indent=2)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
