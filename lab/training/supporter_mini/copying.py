"""Copying exercises: what makes a small model look a fact up instead of guessing one of its kind.

Without them the network answers "what is your job" with a random job: the circuit that finds an earlier occurrence
and copies what followed ("induction heads", Olsson et al. 2022, arXiv 2209.11895) forms late on natural text. Repeated
random tokens and statements with random values give it a dense signal. The material holds no corpus text.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from .chat import save
from .personas import invented
from .tokens import EOS, PAD, SEEKER, SUPPORTER, SYSTEM, load_tokenizer
from .writer import GIVEN, LENGTH, REPLY

# statement line, questions, answers; {v} stands for a random value
FACTS: list[tuple[str, list[str], list[str]]] = [
    (
        "You work as a {v}.",
        ["What do you do for a living?", "what is your job?", "Where do you work?"],
        ["I work as a {v}.", "I'm a {v}.", "I am a {v}. And you?"],
    ),
    (
        "You live in {v}.",
        ["Where do you live?", "where are you from?"],
        ["I live in {v}.", "I'm from {v}.", "In {v}. And you?"],
    ),
    (
        "You have a {v}.",
        ["Do you have any pets?", "any animals at home?"],
        ["Yes, I have a {v}.", "I have a {v}. Do you have pets?"],
    ),
    (
        "You enjoy {v}.",
        ["What are your hobbies?", "what do you do for fun?"],
        ["I enjoy {v}.", "I like {v}.", "I love {v}. It helps me relax."],
    ),
    (
        "Your favorite food is {v}.",
        ["What is your favorite food?", "what do you like to eat?"],
        ["My favorite food is {v}.", "I love {v}.", "I like {v} the most."],
    ),
    (
        "You listen to {v}.",
        ["What music do you like?", "do you listen to music?"],
        ["I listen to {v}.", "Mostly {v}.", "I like {v}."],
    ),
    ("Your favorite movie is {v}.", ["What is your favorite movie?"], ["My favorite movie is {v}.", "I love {v}."]),
    ("Your name is {v}.", ["What is your name?", "who are you?"], ["My name is {v}.", "I'm {v}. Nice to meet you."]),
    (
        "Your partner is called {v}.",
        ["Are you married?", "do you have a partner?"],
        ["Yes, I'm with {v}.", "My partner is called {v}."],
    ),
    ("You studied {v}.", ["What did you study?"], ["I studied {v}.", "My subject was {v}."]),
    ("Your favorite color is {v}.", ["What's your favorite color?"], ["My favorite color is {v}.", "I like {v}."]),
    (
        "You dream of {v}.",
        ["What do you dream of?", "what would you like to do one day?"],
        ["I dream of {v}.", "I think about {v} a lot."],
    ),
]


def repeats(rng: random.Random) -> tuple[list[int], list[int]]:
    """Random tokens whose segments come back; only the repetitions count."""
    ids: list[int] = [SYSTEM]
    weights = [0]
    while len(ids) < LENGTH:
        segments = [[rng.randrange(263, 8192) for _ in range(rng.randint(4, 40))] for _ in range(rng.randint(1, 3))]
        for segment in segments:
            ids += segment
            weights += [0] * len(segment)
        rng.shuffle(segments)
        for segment in segments:
            ids += segment
            weights += [0, *[REPLY] * (len(segment) - 1)]
    return ids[:LENGTH], weights[:LENGTH]


class Drill:
    """Statements with random values and questions about them, in the chat format."""

    def __init__(self, tok: Tokenizer, rng: random.Random) -> None:
        self.tok = tok
        self.rng = rng
        vocabulary = {i: piece for piece, i in tok.get_vocab().items()}
        self.words = [
            piece[1:]
            for i, piece in sorted(vocabulary.items())
            if i >= 600 and piece.startswith("\u0120") and piece[1:].isalpha() and len(piece) > 4
        ]

    def ids(self, text: str) -> list[int]:
        """Token ids of a segment."""
        return self.tok.encode(text, add_special_tokens=False).ids

    def value(self) -> str:
        """One or two random words, or an invented name."""
        if self.rng.random() < 0.3:
            return invented(self.rng)
        return " ".join(self.rng.choice(self.words) for _ in range(self.rng.choice((1, 1, 2))))

    def dialogue(self) -> tuple[list[int], list[int]]:
        """One statement and several questions; the memory holds the fact half of the time."""
        rng = self.rng
        facts = rng.sample(FACTS, rng.randint(1, 6))
        values = [self.value() for _ in facts]
        lines = [line.replace("{v}", v) for (line, _, _), v in zip(facts, values, strict=True)]
        statement = lines[:]
        rng.shuffle(statement)
        ids = [SYSTEM, *self.ids(" ".join(statement))]
        weights = [1] * len(ids)
        for index in rng.sample(range(len(facts)), len(facts)):
            _, questions, answers = facts[index]
            question = [SEEKER, *self.ids(rng.choice(questions))]
            block = [SUPPORTER, *self.ids(f"[INFO-{lines[index] if rng.random() < 0.5 else ''}]")]
            known = set(self.ids(" " + values[index]))
            reply = self.ids(rng.choice(answers).replace("{v}", values[index]))
            ids += question + block + reply
            weights += [1] * len(question) + [1] * len(block) + [GIVEN if t in known else REPLY // 2 for t in reply]
        return [*ids, EOS], [*weights, REPLY // 2]


def prepare_copy(cache: Path, seed: int, bins: int = 3000) -> None:
    """Write ``copy.npy``: a third repeated random tokens, the rest drills."""
    start = time.time()
    rng = random.Random(seed + 2)
    drill = Drill(load_tokenizer(cache / "tokenizer.json"), rng)
    out = np.full((bins, LENGTH), PAD, dtype=np.uint16)
    loss = np.zeros((bins, LENGTH), dtype=np.uint8)
    for number in range(bins):
        if number % 3 == 0:
            ids, weights = repeats(rng)
        else:
            ids, weights = [], []
            while len(ids) < LENGTH:
                more = drill.dialogue()
                ids, weights = ids + more[0], weights + more[1]
        out[number] = ids[:LENGTH]
        loss[number] = weights[:LENGTH]
    save(cache, "copy", (out, loss), {"copy": {}}, start)
