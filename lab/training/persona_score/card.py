"""The card of the matcher: the text of `card.md` with the figures of this run."""

from __future__ import annotations

from pathlib import Path
from string import Template

from .ratings import Ratings
from .validation import Outcome

NAMES = {
    "random": "pairs at random",
    "seeker": "seekers it never saw",
    "supporter": "supporters it never saw",
}


def write_card(out: Path, ratings: Ratings, ridge: float, outcomes: list[Outcome], chances: dict[str, float]) -> None:
    """Write `README.md` into `out`."""
    rows = [
        f"| {NAMES[outcome.split]} | {outcome.mse:.4f} | {outcome.constant_mse:.4f} "
        f"| {outcome.difference[0]:+.4f} ({outcome.difference[1]:+.4f} to {outcome.difference[2]:+.4f}) "
        f"| {outcome.spearman:+.2f} | {chances[outcome.split]:.2f} |"
        for outcome in outcomes
        if outcome.ridge == ridge
    ]
    text = Template((Path(__file__).with_name("card.md")).read_text(encoding="utf-8"))
    card = text.substitute(
        pairs=len(ratings),
        seekers=len(set(ratings.seeker_id.tolist())),
        supporters=len(set(ratings.supporter_id.tolist())),
        variance=f"{ratings.rating.var():.3f}",
        mean=f"{ratings.rating.mean():.2f}",
        ridge=ridge,
        rows="\n".join(rows),
    )
    (out / "README.md").write_text(card, encoding="utf-8")
