"""Own probe questions whose values do not occur in the training templates."""

from __future__ import annotations

import random
import re

from .personas import JOBS, TOWNS
from .quiz import ANIMALS, FOODS, HOBBIES, MUSIC
from .sampling import Prompt

NAMES = ["Tobias", "Wilma", "Bruno", "Marisol", "Edgar", "Philippa", "Rufus", "Odette", "Jasper", "Nadia"]
SURNAMES = ["Fletcher", "Okafor", "Lindqvist", "Barlow", "Castellano", "Whitby", "Moreau", "Hargreaves"]
VALUES: dict[str, list[str]] = {
    "job": [
        "locksmith",
        "sculptor",
        "optician",
        "blacksmith",
        "auctioneer",
        "surveyor",
        "referee",
        "chemist",
        "tax adviser",
        "weaver",
    ],
    "town": ["Utrecht", "Sheffield", "Ottawa", "Brisbane", "Turin", "Krakow", "Memphis", "Aberdeen", "Dresden", "Lima"],
    "pet": ["ferret", "donkey", "terrier", "tortoise", "gecko", "Siamese cat", "greyhound", "duck"],
    "hobby": [
        "archery",
        "beer brewing",
        "kite flying",
        "embroidery",
        "fencing",
        "model trains",
        "canoeing",
        "calligraphy",
    ],
    "food": ["goulash", "pumpkin soup", "moussaka", "porridge", "oysters", "kebab", "cherry pie", "mashed potatoes"],
    "music": ["bluegrass", "tango", "swing", "Abba", "techno", "Chopin", "gospel", "ska"],
}
LINES: dict[str, str] = {
    "job": "You work as a {v}.",
    "town": "You live in {v}.",
    "pet": "You have a {v}.",
    "hobby": "You enjoy {v} on weekends.",
    "food": "Your favorite food is {v}.",
    "music": "You love to listen to {v}.",
}
QUESTIONS: dict[str, list[str]] = {
    "name": ["Hi! What is your name?", "sorry, what was your name again?"],
    "job": ["So, what do you do for work?", "what's your job these days?"],
    "town": ["Where do you live at the moment?", "which city are you in?"],
    "pet": ["Do you have a pet at home?", "got any animals?"],
    "hobby": ["What do you like doing in your spare time?", "any hobbies?"],
    "food": ["What's the food you like best?", "whats your favourite dish"],
    "music": ["What sort of music are you into?", "do you listen to music a lot?"],
}
SEEKERS = [
    "Hi, how are you?",
    "I had a quiet day today.",
    "I watched the rain from my window.",
    "My train was late again this morning.",
    "I'm planning my weekend.",
    "Hello, nice to meet you.",
    "I just finished cleaning my kitchen.",
    "It was a long week.",
]
KNOWN = {
    "job": [*VALUES["job"], *JOBS],
    "town": [*VALUES["town"], *TOWNS],
    "pet": [*VALUES["pet"], *ANIMALS],
    "hobby": [*VALUES["hobby"], *HOBBIES],
    "food": [*VALUES["food"], *FOODS],
    "music": [*VALUES["music"], *MUSIC],
}
PATTERNS = {topic: re.compile(rf"\b(?:{'|'.join(map(re.escape, values))})s?\b", re.I) for topic, values in KNOWN.items()}


def states_value(said: str, topic: str) -> bool:
    """Whether an answer states a known value of a topic; any word after "I'm" or "my name is" counts as a name."""
    if topic == "name":
        return re.search(r"\b(?:i'm|i am|name is|name's) (?!a\b|an\b|so\b|not\b|sorry\b|glad\b|happy\b)[a-z]+", said) is not None
    return PATTERNS[topic].search(said) is not None


def persona_probes(count: int, place: str, seed: int) -> list[tuple[Prompt, str, str]]:
    """Prompts with the topic and the word a faithful answer has; ``place`` is statement, memory or both."""
    rng = random.Random(seed)
    probes = []
    for number in range(count):
        name = f"{rng.choice(NAMES)} {rng.choice(SURNAMES)}"
        values = {topic: rng.choice(options) for topic, options in VALUES.items()}
        topics = list(QUESTIONS)
        topic = topics[number % len(topics)] if place == "statement" else topics[1 + number % (len(topics) - 1)]
        lines = {t: LINES[t].format(v=values[t]) for t in values}
        shown = [t for t in rng.sample(list(values), 3) if t != topic]
        if topic != "name" and place != "memory":
            shown.append(topic)
        rng.shuffle(shown)
        statement = " ".join([f"You are {name}, a {rng.randint(20, 70)}-year-old person.", *[lines[t] for t in shown]])
        memory = lines[topic] if place != "statement" and topic != "name" else ""
        history = [("SEEKER", rng.choice(QUESTIONS[topic]))]
        if rng.random() < 0.5:
            history = [("SEEKER", rng.choice(SEEKERS)), ("SUPPORTER", "That's good to hear."), *history]
        expect = name.split()[0] if topic == "name" else values[topic].split()[-1]
        probes.append((Prompt(statement, history, memory), topic, expect.lower()))
    return probes
