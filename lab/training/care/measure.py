"""Recall, precision and their kin of the care reader."""

from __future__ import annotations

from collections import defaultdict

from torch import Tensor

from .texts import GRADES, Message

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)


def report(messages: list[Message], probabilities: Tensor) -> dict:
    """By threshold of the risk's probability; recall by kind and language at each."""
    risks = (1 - probabilities[:, 0]).tolist()
    best = probabilities[:, 1 : len(GRADES)].argmax(1).tolist()
    out = {}
    for threshold in THRESHOLDS:
        counts: dict[str, int] = defaultdict(int)
        groups: dict[str, list[int]] = defaultdict(list)
        graded = []
        for message, risk, grade in zip(messages, risks, best, strict=True):
            said = risk >= threshold
            is_risk = message.grade != "none"
            counts[f"{'t' if said == is_risk else 'f'}{'p' if said else 'n'}"] += 1
            if is_risk:
                groups[message.kind].append(said)
                groups[message.grade].append(said)
                groups[f"lang {message.language}"].append(said)
                if said:
                    graded.append(GRADES[1 + grade] == message.grade)
            else:
                groups[f"harmless {message.language}"].append(not said)
        tp, fp, tn, fn = (counts[k] for k in ("tp", "fp", "tn", "fn"))
        out[str(threshold)] = {
            "recall": round(tp / max(1, tp + fn), 3),
            "precision": round(tp / max(1, tp + fp), 3),
            "specificity": round(tn / max(1, tn + fp), 3),
            "grade": round(sum(graded) / max(1, len(graded)), 3),
            "n": len(messages),
            "groups": {k: f"{sum(v)}/{len(v)}" for k, v in sorted(groups.items())},
        }
    return out
