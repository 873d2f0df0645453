"""Prompts as training writes them, for the test that serving writes the same: ``python -m voice.golden > FILE``."""

from __future__ import annotations

import json

from .prompt import block, head, notes, opened

CASES = [
    {
        "statement": "You are Ada Lind, a 34-year-old baker from Malmö. You speak plainly.",
        "name": "Jo",
        "facts": ["Jo lives in Leeds.", "Jo has a sister called Ana."],
        "turns": [["user", "hi ada"], ["assistant", "Evening, Jo. The oven is off at last."], ["user", "cant sleep"]],
        "notes": {"strategy": "Question", "memory_text": "You bake one cardamom bun for yourself on Sundays."},
    },
    {
        "statement": "You are Newton.",
        "name": None,
        "facts": [],
        "turns": [["user", "Who are you?"]],
        "notes": {"goal": "talk about music.", "attributes": {"attitude": "optimistic", "languagestyle": "plain"}},
    },
    {
        "statement": "You are Ada.",
        "name": "Jo",
        "facts": [],
        "turns": [["user", "first line\nsecond line"]],
        "notes": {},
    },
    {
        "statement": "You are Ada.",
        "name": None,
        "facts": ["The person is vegan."],
        "turns": [["user", "what shall I cook?"]],
        "notes": {"care": True, "strategy": "Affirmation and Reassurance"},
    },
]


def prompt_of(case: dict) -> str:
    """The whole prompt of a case."""
    turns = "".join(block(role, text) for role, text in case["turns"])
    return head(case["statement"], case["name"], case["facts"]) + turns + notes(case["notes"]) + opened()


if __name__ == "__main__":
    print(json.dumps([case | {"prompt": prompt_of(case)} for case in CASES], ensure_ascii=False, indent=2))
