"""Control tags: turn-level goals and support strategies.

Goals: the eleven strings of PersonaGPT (Tang et al. 2021, arXiv 2110.12949). Strategies: the eight labels of
MAGIC / MultiESC over ESConv. Both are written inside the INFO block after the memory.
"""

from __future__ import annotations

import re

GOALS: dict[str, str] = {
    "ask about kids": r"\b(kids?|child|children|sons?|daughters?|bab(?:y|ies)|family|brothers?|sisters?|siblings?)\b",
    "ask about pets": r"\b(pets?|dogs?|cats?|pupp(?:y|ies)|kittens?|animals?|hamster|parrot)\b",
    "talk about work": r"\b(work|job|career|boss|office|living\?|occupation|employed|coworkers?|profession)\b",
    "ask about marital status": r"\b(married|marry|single|husband|wife|boyfriend|girlfriend|dating|divorced|spouse|partner)\b",
    "talk about travel": r"\b(travel\w*|trips?|vacations?|abroad|holiday|visited|beach|cruise|flight|country|countries)\b",
    "ask about age and gender": r"\b(how old|your age|what age|male or female|man or (?:a )?woman|guy or (?:a )?girl|years old)\b",
    "ask about hobbies": r"\b(hobby|hobbies|for fun|free time|spare time|enjoy doing|like to do|interests?)\b",
    "ask about favorite food": r"\b(food|foods|eat|pizza|cook(?:ing)?|restaurants?|dinner|meal|dish|vegetarian|vegan|taco\w*)\b",
    "talk about movies": r"\b(movies?|films?|cinema|actors?|actress|netflix|watch tv|tv shows?)\b",
    "talk about music": r"\b(music|songs?|bands?|concerts?|guitar|piano|sing(?:er|ing)?|albums?|listen to)\b",
    "talk about politics": r"\b(politic\w*|president|elections?|vot(?:e|ed|ing)|government|democrats?|republicans?|liberal|conservative)\b",
}
PATTERNS = {goal: re.compile(pattern, re.I) for goal, pattern in GOALS.items()}
STRATEGIES = [
    "Question",
    "Restatement or Paraphrasing",
    "Reflection of Feelings",
    "Self-disclosure",
    "Affirmation and Reassurance",
    "Providing Suggestions or Information",
    "Greeting",
    "Others",
]
ALIASES = {
    "question": "Question",
    "questions": "Question",
    "restatement or paraphrasing": "Restatement or Paraphrasing",
    "reflection of feelings": "Reflection of Feelings",
    "self-disclosure": "Self-disclosure",
    "affirmation and reassurance": "Affirmation and Reassurance",
    "providing suggestions": "Providing Suggestions or Information",
    "information": "Providing Suggestions or Information",
    "providing suggestions or information": "Providing Suggestions or Information",
    "greeting": "Greeting",
    "greetings": "Greeting",
    "others": "Others",
    "other": "Others",
    # automatic supporter intents of EmpatheticDialogues (Welivita and Pu 2020)
    "questioning": "Question",
    "suggesting": "Providing Suggestions or Information",
    "consoling": "Affirmation and Reassurance",
    "encouraging": "Affirmation and Reassurance",
    "sympathizing": "Reflection of Feelings",
}


def strategy_label(name: str | None) -> str | None:
    """The MAGIC label of a source label, or None."""
    return ALIASES.get((name or "").lower())


def goal_label(reply: str) -> str | None:
    """The goal a reply realises, by topic words; "ask about" needs a question to the other person."""
    questions = [s for s in re.findall(r"[^.!?]*\?", reply) if re.search(r"\byou|\bur\b", s, re.I)]
    for goal, pattern in PATTERNS.items():
        if any(pattern.search(question) for question in questions):
            return goal
    for goal, pattern in PATTERNS.items():
        if goal.startswith("talk") and pattern.search(reply):
            return goal
    return None


def info_block(memory: str, goal: str | None = None, strategy: str | None = None) -> str:
    """Write the INFO block: ``[INFO-{memory} Goal: {goal}. Strategy: {label}.]``."""
    parts = [memory.strip()] if memory.strip() else []
    if goal:
        parts.append(f"Goal: {goal}.")
    if strategy:
        parts.append(f"Strategy: {strategy}.")
    return "[INFO-" + " ".join(parts) + "]"
