"""The one prompt shape of training and serving, in ChatML. `src/prompting/voice.ts` writes the same; a test compares.

    <|im_start|>system
    You are Maren Voss, a 41-year-old woman … (the statement)
    About Jo: Jo works nights at a bakery in Leeds. Jo has a sister called Ana.<|im_end|>
    <|im_start|>user
    cant sleep again<|im_end|>
    <|im_start|>system
    Strategy: Self-disclosure
    Memory: You swim in Nordåsvannet from April to November.
    Lead: talk about music
    Style: hopeful, plain<|im_end|>
    <|im_start|>assistant
    …<|im_end|>
"""

from __future__ import annotations

START, END = "<|im_start|>", "<|im_end|>"
STYLE_WORDS = {
    "plain": "plain",
    "lyrical": "lyrical",
    "optimistic": "hopeful",
    "pessimistic": "sober",
    "emotional": "from the heart",
    "critical": "thinking it through",
}
CARE = "Care: helplines were just shown; be gentle and serious, stay close, point to people who can help."


def block(role: str, text: str) -> str:
    """One block of the prompt."""
    return f"{START}{role}\n{text}{END}\n"


def head(statement: str, name: str | None, facts: list[str]) -> str:
    """The stable prefix: who speaks, and what is known of the person."""
    about = f"\nAbout {name or 'the person'}: {' '.join(facts)}" if facts else ""
    called = f"\nThe person is called {name}." if name and not facts else ""
    return block("system", f"{statement.strip()}{about}{called}")


def notes(turn: dict) -> str:
    """What holds for one reply; '' where nothing does. `memory_text` is the memory as it is told to the model."""
    lines = []
    if turn.get("care"):
        lines.append(CARE)
    if turn.get("strategy"):
        lines.append(f"Strategy: {turn['strategy']}")
    if turn.get("memory_text"):
        lines.append(f"Memory: {turn['memory_text']}")
    if turn.get("goal"):
        lines.append(f"Lead: {turn['goal'].rstrip('. ')}")
    if turn.get("attributes"):
        lines.append(f"Style: {', '.join(STYLE_WORDS.get(v, v) for v in turn['attributes'].values())}")
    return block("system", "\n".join(lines)) if lines else ""


def opened() -> str:
    """What a reply is written after."""
    return f"{START}assistant\n"
