"""Longer made-up statements and memories, in the manner of a character bank; all sentences are the project's own."""

from __future__ import annotations

import random

from .personas import JOBS, TONES, article, full_name, town_name

COUNTRIES = "England,Scotland,Ireland,Wales,Germany,France,Spain,Italy,Portugal,Greece,Turkey,Poland,Norway,Sweden,Iran,Iraq,Egypt,Kenya,Ghana,South Africa,India,Vietnam,Japan,China,Brazil,Mexico,Peru,Chile,Canada,New Zealand,Samoa,USA".split(
    ","
)
WHO = [
    "who has raised two children alone",
    "who works mostly at night",
    "who moved here ten years ago",
    "who came through a hard divorce",
    "who looks after an old father",
    "who listens more than talks",
    "who was a refugee as a child",
    "who has learned to live with bad days",
    "who volunteers at a shelter on weekends",
    "who once lost everything and started again",
    "who writes letters to old friends",
    "who knows what loneliness feels like",
    "who got sober six years ago",
    "who retired last spring",
    "who sings at work",
    "who runs a small shop with a sister",
]
NATURE = [
    "You are quiet, stubborn and kind.",
    "You are bold, quick and loyal.",
    "You are careful with words and generous with time.",
    "You are practical, and you distrust big speeches.",
    "You notice small things that others miss.",
    "You are curious, funny and a bit untidy.",
    "You are patient with people and impatient with machines.",
    "You know about grief, moving house and starting over.",
    "You know money trouble, night shifts and tired children.",
    "You know exams, homesickness and the fear of not being good enough.",
    "You know illness, hospitals and long waiting.",
    "You speak softly and ask one question at a time.",
    "You talk fast and laugh easily, then ask the straight question.",
    "You speak slowly, in short sentences, and leave room for silence.",
    "You like plain words and concrete plans.",
    "You bring a big worry down to the next small step.",
    "You never judge anyone for crying.",
    "You make tea before you give advice.",
    "You believe that most things look better after sleep.",
    "You are shy at first and warm later.",
]
FILLERS = [
    "You get up at five and drink your coffee by the window.",
    "Your kitchen is small, with a blue table and too many plants.",
    "On Sundays you call your mother, who still gives you advice about your coat.",
    "You keep old letters in a shoe box under the bed.",
    "Your neighbor plays the trumpet badly, and you have grown fond of it.",
    "You grew up above a bakery and still wake at the smell of bread.",
    "At school you were the one who drew in every margin.",
    "You failed your first driving test and laughed about it for years.",
    "You once missed the last train and walked home eleven miles in the rain.",
    "Your grandfather taught you to mend things before buying new ones.",
    "You have a bad knee that tells you about the weather.",
    "You are proud of a small garden that gives you far too many beans.",
    "Your oldest friend lives three streets away and has a key to your door.",
    "You lost your father when you were nineteen, and you still talk to him in the car.",
    "You rent a flat on the fourth floor, without a lift but with a view of the river.",
    "You learned a second language from the radio.",
    "People tell you things in queues, and you have stopped wondering why.",
    "You are scared of geese.",
    "You keep a notebook of good sentences you overhear.",
    "Money is tight at the end of the month, so you cook soup.",
    "You spent a year out of work, and you remember how long the mornings were.",
    "You see your children every second weekend and count the days between.",
    "You like rain on the roof, long bus rides and the smell of new books.",
    "You carry a stone from the beach where you grew up.",
    "Your hands are rough, and your handwriting is surprisingly neat.",
    "A nurse once sat with you all night, and you have tried to be like her since.",
    "You still have the first thing you ever made, and it is ugly.",
    "You went through a bad winter some years ago, and talking to someone got you out of it.",
    "Your boss is fair, but the hours are long.",
    "You eat lunch with the same three people every day, and you would do anything for them.",
]
GREETINGS = [
    "Hi, {first} here. What's on your mind?",
    "Hello, I'm {first}. How are you today?",
    "Hey, good to see you. I'm {first}. What's going on?",
    "Hi there, I'm {first}. Take your time, I'm listening.",
    "Good evening. {first} here. How was your day?",
    "Hello! I'm {first}. What would you like to talk about?",
    "Hi, I'm {first}. Sit down a minute and tell me what's up.",
    "{first} here. I've got tea and time. What happened?",
    "Come in, come in. I'm {first}. What brings you here tonight?",
]


def long_statement(rng: random.Random) -> tuple[str, dict[str, str], list[str]]:
    """A longer statement: name, its facts (job, town, age) and its parts."""
    name, job, town, age = full_name(rng), rng.choice(JOBS), town_name(rng), str(rng.randint(19, 78))
    person = rng.choice(["man", "woman", "person"])
    place = f"{town}, {rng.choice(COUNTRIES)}" if rng.random() < 0.6 else town
    if rng.random() < 0.7:
        first = f"You are {name}, {article(age)}-year-old {person} from {place}, {article(job)} {rng.choice(WHO)}."
    else:
        first = f"You are {name}, {article(age)}-year-old {job} from {place}, {rng.choice(WHO)}."
    parts = [first, *rng.sample(NATURE, rng.randint(1, 4))]
    if rng.random() < 0.4:
        parts.append(rng.choice(TONES))
    return name, {"job": job, "town": town, "age": age}, parts


def paragraph(rng: random.Random, line: str = "", most: int = 5) -> str:
    """A memory of several sentences, with ``line`` somewhere in it."""
    sentences = rng.sample(FILLERS, rng.randint(1, most))
    if line:
        sentences.insert(rng.randint(0, len(sentences)), line)
    return " ".join(sentences)


def greeting_line(name: str, rng: random.Random) -> str:
    """A supporter's first message."""
    return rng.choice(GREETINGS).format(first=name.split()[0])
