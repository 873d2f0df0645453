"""Uncut sample conversations with made-up seekers: ``python -m supporter_mini.samples --model DIR --out FILE``.

The seekers' lines are fixed beforehand and do not react to the replies. Every reply is the best of eight candidates
by `sampling.score`, seed 7, nothing left out or chosen by hand.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from .decoding import DECODING
from .sampling import Generator, Prompt


@dataclass
class Scene:
    """A supporter, and the seeker's lines with the memory and tags given for each reply."""

    title: str
    statement: str
    lines: list[tuple[str, str, str | None, str | None]]


def line(
    text: str, memory: str = "", goal: str | None = None, strategy: str | None = None
) -> tuple[str, str, str | None, str | None]:
    """One seeker line with what the supporter is given for the answer."""
    return text, memory, goal, strategy


SCENES = [
    Scene(
        "Getting to know each other",
        "You are Henrietta Vos, a 52-year-old locksmith from Utrecht. You have a calm and dry tone. You have a terrier named Pip.",
        [
            line("Hi! Who am I talking to?"),
            line("Nice to meet you. What do you do for a living?"),
            line("Do you have any pets?", "You have a terrier named Pip."),
            line("And which city do you live in?"),
        ],
    ),
    Scene(
        "Alone in a new city",
        "You are Marco Bellini, a 34-year-old bus driver from Turin. You are warm and easy to talk to. You like to cook for friends.",
        [
            line("I moved to a new city for my job and I spend every evening alone."),
            line("About two months. Everybody at work already has their own friends."),
            line("I'm afraid of bothering people, so I just go home."),
            line("Maybe I could invite one colleague for coffee."),
        ],
    ),
    Scene(
        "Laid off",
        "You are Ruth Okafor, a 45-year-old teacher. You have a gentle, patient tone of voice.",
        [
            line("My company closed our whole department and I'm out of work."),
            line("I was there for eleven years. I don't even know how to apply anymore."),
            line("My wife says it will be fine, but we have a mortgage.", strategy="Reflection of Feelings"),
            line("What would you do first?", strategy="Providing Suggestions or Information"),
        ],
    ),
    Scene(
        "The old dog",
        "You are Sam Whitby, a 61-year-old gardener. You are caring and down to earth. You had a dog for fourteen years.",
        [
            line("we had to say goodbye to our old dog on sunday"),
            line("Fifteen years. She slept next to my bed every night.", "You had a dog for fourteen years."),
            line("The house is so quiet now."),
        ],
    ),
    Scene(
        "Before the exam",
        "You are Aneta, a 29-year-old physics student from Krakow. You are cheerful. You enjoy canoeing on weekends.",
        [
            line("My final exam is on Thursday and I can't remember anything."),
            line("Chemistry. I already failed it once."),
            line("I study until two in the morning and then I can't sleep."),
            line("What do you do to relax?", "You enjoy canoeing on weekends."),
        ],
    ),
    Scene(
        "A breakup",
        "You are Daniel Moreau, a 38-year-old nurse. You speak calmly and kindly.",
        [
            line("Hello, can I talk to you?"),
            line("My girlfriend left me after six years, and I don't understand why."),
            line("She said she needs to be alone. I keep looking at old photos."),
            line("Do you think it gets better?"),
        ],
    ),
    Scene(
        "Steered by goals",
        "You are Philippa Barlow, a 40-year-old optician from Aberdeen. You are curious about people.",
        [
            line("Hi, how are you?", goal="talk about work"),
            line("I work in a small bakery. It's nice but early.", goal="ask about pets"),
            line("No, but I would love to have a cat one day.", goal="ask about hobbies"),
            line("I like to draw when I have time.", goal="talk about music"),
        ],
    ),
    Scene(
        "Trouble at home",
        "You are Grace Lindqvist, a 57-year-old librarian. You are a good listener. You have two grown sons.",
        [
            line("My teenage daughter doesn't talk to me anymore."),
            line("She just locks herself in her room and says I don't understand her."),
            line("Do you have children yourself?", "You have two grown sons."),
            line("How did you get them to talk?"),
        ],
    ),
    Scene(
        "Worry at night",
        "You are Bruno Fletcher, a 48-year-old watchmaker from Bristol. You are honest, thoughtful and a little shy.",
        [
            line("I lie awake and my heart is racing."),
            line("Mostly about money, and about my father who is ill."),
            line("I haven't told anyone.", strategy="Affirmation and Reassurance"),
            line("Thank you for listening. Good night."),
        ],
    ),
    Scene(
        "Off the usual paths",
        "You are Odette Castellano, a 66-year-old sculptor from Lima. You love to listen to tango. Your favorite food is moussaka.",
        [
            line("Can you explain how a diesel engine works?"),
            line("OK. What's your favorite food then?", "Your favorite food is moussaka."),
            line("And what music do you like?"),
            line("What is seven times eight?"),
        ],
    ),
    Scene(
        "A first message at night",
        "You are Imogen Hale, a 33-year-old paramedic from Sheffield. You speak plainly and with a dry sense of humor.",
        [
            line("is anyone there"),
            line("can't sleep again. third night"),
            line("my head just keeps going over the same things"),
            line("mostly that i will lose my job"),
        ],
    ),
    Scene(
        "After the funeral",
        "You are Walter Berg, a 71-year-old retired carpenter. You are kind and quiet. You lost your wife five years ago.",
        [
            line("We buried my mother yesterday."),
            line("Everyone went home and now it is just me.", "You lost your wife five years ago."),
            line("How long did it take until it got easier for you?", "You lost your wife five years ago."),
            line("Thank you. That helps a little.", strategy="Affirmation and Reassurance"),
        ],
    ),
    Scene(
        "Good news",
        "You are Carmen Silva, a 27-year-old dancer from Porto. Your tone is cheerful and open.",
        [
            line("I got the job! I start on Monday!"),
            line("It's at a small design studio near the river."),
            line("I'm a bit nervous about the first day."),
        ],
    ),
    Scene(
        "A quarrel between friends",
        "You are Kenji Tanaka, a 44-year-old chef. You are honest, thoughtful and a little shy.",
        [
            line("My best friend hasn't spoken to me since Saturday."),
            line("I forgot her birthday. Completely forgot it."),
            line("I feel so guilty.", strategy="Reflection of Feelings"),
            line("Should I call her or write to her?", strategy="Providing Suggestions or Information"),
        ],
    ),
    Scene(
        "What do you like?",
        "You are Priya Nair, a 36-year-old biology teacher from Turin. You enjoy archery on weekends. You have a greyhound.",
        [
            line("What do you do on weekends?", "You enjoy archery on weekends."),
            line("Oh nice! Is it hard?"),
            line("Do you have animals?", "You have a greyhound."),
            line("What do you teach?"),
        ],
    ),
    Scene(
        "Student far from home",
        "You are Una Murphy, a 58-year-old bus driver from Dublin. You are a good listener and take people seriously.",
        [
            line("I moved here to study and I miss my family so much."),
            line("I have no friends in my course. Everybody seems to know each other already."),
            line("I think about quitting and going home."),
            line("Maybe you're right. I could join the choir."),
        ],
    ),
    Scene(
        "Little is said",
        "You are Oscar Reed, a 49-year-old librarian. You are curious about people and easy to talk to.",
        [line("hey"), line("not much"), line("bored"), line("idk"), line("ok bye")],
    ),
    Scene(
        "New baby",
        "You are Martha Young, a 63-year-old midwife. You have three grown daughters. You have a gentle, patient tone of voice.",
        [
            line("Our baby is six weeks old and I cry every day."),
            line("I love her, but I feel like a bad mother.", strategy="Affirmation and Reassurance"),
            line("Did you feel like that with yours?", "You have three grown daughters."),
        ],
    ),
    Scene(
        "Steered to work, travel and family",
        "You are Diego Lopez, a 39-year-old sailor from Lima. You are curious about people.",
        [
            line("Hello, nice to meet you.", goal="talk about travel"),
            line("I have never left my country, to be honest.", goal="talk about work"),
            line("I repair bicycles.", goal="ask about kids"),
            line("Yes, two boys. They are loud.", goal="ask about favorite food"),
        ],
    ),
    Scene(
        "Are you real?",
        "You are Helen Wood, a 54-year-old gardener. You are caring and down to earth.",
        [
            line("Are you a real person?"),
            line("I only talk to a machine then. That's sad, isn't it?"),
            line("Fine. What grows in your garden now?"),
        ],
    ),
]


def play(generator: Generator, scene: Scene, ranked: int) -> list[tuple[str, str]]:
    """Play a scene to its end."""
    history: list[tuple[str, str]] = []
    for text, memory, goal, strategy in scene.lines:
        history.append(("SEEKER", text))
        prompt = Prompt(scene.statement, list(history), memory, goal, strategy)
        history.append(("SUPPORTER", generator.best(prompt, ranked).text))
    return history


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/supporter-mini"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--candidates", type=int, default=8)
    args = parser.parse_args()
    generator = Generator(args.model, DECODING)
    parts = []
    for scene in SCENES:
        parts.append(f"### {scene.title}\n\nStatement: *{scene.statement}*\n")
        turns = play(generator, scene, args.candidates)
        for number, (role, text) in enumerate(turns):
            note = ""
            if role == "SUPPORTER":
                _, memory, goal, strategy = scene.lines[number // 2]
                given = [memory] if memory else []
                given += [f"Goal: {goal}."] if goal else []
                given += [f"Strategy: {strategy}."] if strategy else []
                note = f" `[INFO-{' '.join(given)}]`" if given else ""
            parts.append(f"- **{role.capitalize()}**{note}: {text}")
        parts.append("")
    args.out.write_text("\n".join(parts))
    print("\n".join(parts))


if __name__ == "__main__":
    main()
