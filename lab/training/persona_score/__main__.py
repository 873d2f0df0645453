"""Fit, validate and write `models/persona-score`: `python -m persona_score --data DATA`.

To be run again whenever `models/encoder` changes: the model names the encoder it was made for, and the server leaves the
learned fit out when another one is there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from encoder.session import EncoderSession

from .card import write_card
from .ratings import read_ratings, unit
from .scales import measure
from .towers import Towers, fit
from .validation import RIDGES, Outcome, chance, choose, judge

REPOSITORY = Path(__file__).resolve().parents[3]
SPLITS = ("random", "seeker", "supporter")
DIGITS = 6
PROBE = "My best friend moved away and I feel alone in this city."
"""Its vector tells whether the server has the encoder the model was made for."""
PROBE_NUMBERS = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data", help="folder of the corpora")
    parser.add_argument("--encoder", type=Path, default=REPOSITORY / "models" / "encoder")
    parser.add_argument("--out", type=Path, help="default: models/persona-score; with --smoke a folder that is thrown away")
    parser.add_argument("--repetitions", type=int, default=20, help="of the cross-validation")
    parser.add_argument("--draws", type=int, default=500, help="random re-dealings of the ratings")
    parser.add_argument("--smoke", action="store_true", help="few rows and repetitions, seconds")
    options = parser.parse_args()
    repetitions, draws = (1, 5) if options.smoke else (options.repetitions, options.draws)

    session = EncoderSession(options.encoder / "model.onnx", options.encoder / "tokenizer.json")
    ratings = read_ratings(options.data, session, limit=30 if options.smoke else None)
    print(f"{len(ratings)} pairs, {len(np.unique(ratings.seeker_id))} seekers, variance {ratings.rating.var():.4f}")
    outcomes: list[Outcome] = []
    for split in SPLITS:
        for ridge in RIDGES:
            outcomes.append(judge(ratings, split, ridge, repetitions))
            print(_line(outcomes[-1]), flush=True)
    ridge = choose(outcomes)
    chances = {split: chance(ratings, split, ridge, draws) for split in SPLITS}
    print(f"ridge {ridge}; chance {chances}")
    towers = fit(ratings, np.arange(len(ratings)), ridge)
    scratch = TemporaryDirectory()
    out = options.out or (Path(scratch.name) if options.smoke else REPOSITORY / "models" / "persona-score")
    write_model(out, session, towers, measure(REPOSITORY, session), ridge, outcomes, chances)
    write_card(out, ratings, ridge, outcomes, chances)


def write_model(
    out: Path,
    encoder: EncoderSession,
    towers: Towers,
    scales: dict[str, dict[str, float]],
    ridge: float,
    outcomes: list[Outcome],
    chances: dict[str, float],
) -> None:
    """`towers.json` and `model.json`."""
    out.mkdir(parents=True, exist_ok=True)
    weights = {
        "mean": round(towers.mean, DIGITS),
        "seekerMean": _rounded(towers.seeker_mean),
        "supporterMean": _rounded(towers.supporter_mean),
        "seeker": [_rounded(row) for row in towers.seeker],
        "supporter": [_rounded(row) for row in towers.supporter],
    }
    text = json.dumps(weights, separators=(",", ":"))
    (out / "towers.json").write_text(text, encoding="utf-8")
    manifest = {
        "name": "persona-score",
        "version": "1.0.0",
        "probe": {"text": PROBE, "vector": _rounded(unit(encoder.vectors([PROBE]))[0, :PROBE_NUMBERS])},
        "dimension": len(towers.seeker_mean),
        "rank": len(towers.seeker),
        "ridge": ridge,
        "scales": scales,
        "validation": [
            {
                "split": outcome.split,
                "mse": round(outcome.mse, 4),
                "constantMse": round(outcome.constant_mse, 4),
                "difference95": [round(value, 4) for value in outcome.difference[1:]],
                "spearman": round(outcome.spearman, 3),
                "chance": round(chances[outcome.split], 3),
            }
            for outcome in outcomes
            if outcome.ridge == ridge
        ],
        "sha256": {"towers.json": hashlib.sha256(text.encode()).hexdigest()},
    }
    (out / "model.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), DIGITS) for value in values]


def _line(outcome: Outcome) -> str:
    mean, low, high = outcome.difference
    return (
        f"{outcome.split:>9} ridge {outcome.ridge:<5} mse {outcome.mse:.4f} constant {outcome.constant_mse:.4f} "
        f"difference {mean:+.4f} [{low:+.4f}, {high:+.4f}] spearman {outcome.spearman:+.3f}"
    )


if __name__ == "__main__":
    main()
