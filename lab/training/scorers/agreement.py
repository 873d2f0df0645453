"""Record what the shipped graphs answer, for a test that the bot's own code answers the same.

python -m scorers.agreement --models ../../models --out ../../test/fixtures/scorer-agreement.json
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from encoder.sentences import varied_sentences
from encoder.session import EncoderSession, Vectors

from .strategy import turn_numbers

EXAMPLES = 200
DIGITS = 5


class Scorer:
    """A scorer's manifest and graph, and the encoder it reads."""

    def __init__(self, folder: Path) -> None:
        self.manifest: dict[str, Any] = json.loads((folder / "model.json").read_text("utf-8"))
        encoder = folder.parent / self.manifest["encoder"]["name"]
        self.encoder = EncoderSession(encoder / "model.onnx", encoder / "tokenizer.json")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def run(self, feeds: dict[str, Vectors]) -> dict[str, list[float]]:
        """The outputs by name, flat and rounded."""
        names = [output.name for output in self.session.get_outputs()]
        found = self.session.run(names, {name: value.astype(np.float32) for name, value in feeds.items()})
        return {name: [round(float(number), DIGITS) for number in value.ravel()] for name, value in zip(names, found, strict=True)}


def record(models: Path, seed: int) -> dict[str, Any]:
    """200 examples a scorer over the project's own sentences; texts are places in `sentences`."""
    chance = random.Random(seed)
    sentences = varied_sentences()
    emotion, planner, selector = (Scorer(models / name) for name in ("emotion", "strategy-planner", "memory-selector"))
    draw = lambda: chance.randrange(len(sentences))  # noqa: E731
    felt = []
    for _ in range(EXAMPLES):
        text = draw()
        out = emotion.run({"text": emotion.encoder.vector(sentences[text])[None]})
        felt.append({"text": text, **out})
    planned = []
    labels = planner.manifest["labels"]
    for _ in range(EXAMPLES):
        # Lines alternate and the seeker's is the last; strategies as many as there were supporter lines, or fewer.
        history = [draw() for _ in range(chance.randint(1, 9))]
        lines = [sentences[place] for place in history]
        seeker, supporter = lines[::-1][0::2], lines[::-1][1::2]
        past = [chance.randrange(len(labels)) for _ in range(chance.randint(0, 10))]
        texts = [seeker[0], supporter[0] if supporter else "", seeker[1] if len(seeker) > 1 else ""]
        numbers = np.array([turn_numbers(past, len(supporter), seeker[0])])
        out = planner.run({"lines": planner.encoder.vectors(texts)[None], "numbers": numbers})
        planned.append({"history": history, "recent": [labels[label] for label in past], **out})
    chosen = []
    for _ in range(EXAMPLES):
        chosen.append(_choice(chance, sentences, selector))
    return {"sentences": sentences, "emotion": felt, "strategy": planned, "memory": chosen}


def _choice(chance: random.Random, sentences: list[str], selector: Scorer) -> dict[str, Any]:
    manifest = selector.manifest
    aspects, tells = manifest["aspects"], manifest["tells"]
    history = [chance.randrange(len(sentences)) for _ in range(chance.randint(1, 4))]
    speaker = chance.randrange(2)
    asked = [sentences[place] for place in history[::-1][0::2]][: manifest["askedLines"]]
    candidates = [[chance.choice([*aspects, ""]), chance.randrange(len(sentences))] for _ in range(chance.randint(1, 10))]
    own = [chance.choice(aspects) for _ in range(chance.randint(0, 9))]
    other = [chance.choice(tells) for _ in range(chance.randint(0, 3))] if chance.random() < 0.5 else None
    feeds = {
        "asked": np.zeros((1, manifest["askedLines"], manifest["dimension"]), np.float32),
        "told": np.zeros((1, manifest["askedLines"], len(tells)), np.float32),
        "picks": np.zeros((1, manifest["picks"], len(aspects)), np.float32),
        "speaker": np.array([speaker], np.float32),
        "memories": selector.encoder.vectors([sentences[place] for _, place in candidates])[None],
        "aspects": np.zeros((1, len(candidates), len(aspects)), np.float32),
    }
    feeds["asked"][0, : len(asked)] = selector.encoder.vectors(asked)
    for back, name in enumerate((other or [])[::-1][: manifest["askedLines"]]):
        feeds["told"][0, back, tells.index(name)] = 1
    for back, name in enumerate(own[::-1][: manifest["picks"]]):
        feeds["picks"][0, back, aspects.index(name)] = 1
    for row, (aspect, _) in enumerate(candidates):
        if aspect:
            feeds["aspects"][0, row, aspects.index(aspect)] = 1
    return {
        "history": history,
        "speaker": "seeker" if speaker else "supporter",
        "candidates": candidates,
        "own": own,
        "other": other,
        "scores": selector.run(feeds)["scores"],
    }


def main() -> int:
    """Record and write."""
    root = Path(__file__).parents[3]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=root / "models")
    parser.add_argument("--out", type=Path, default=root / "test/fixtures/scorer-agreement.json")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(record(args.models, args.seed), separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
