"""Persona lines in the second person, random statements, and the memory a reply is grounded in."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterable

RULES = [
    (r"\bi ?['’]?m\b", "you are"),
    (r"\bi am\b", "you are"),
    (r"\bi was\b", "you were"),
    (r"\bi['’]ve\b", "you have"),
    (r"\bi['’]d\b", "you would"),
    (r"\bi['’]ll\b", "you will"),
    (r"\bam\b", "are"),
    (r"\bmyself\b", "yourself"),
    (r"\bmine\b", "yours"),
    (r"\bmy\b", "your"),
    (r"\bme\b", "you"),
    (r"\bi\b", "you"),
]
STOP = set(
    "a an and are as at be been but by can could did do does for from get go going good great had has have he her his "
    "how i i'm if in is it it's its just know like lot love me more my no not now of oh okay on one or our out really "
    "she so some that that's the their them then there they think this to too time up us very was we well were what "
    "when where which who why will with would yeah yes you your you're i've i'd don't am about all any because been "
    "much thing things something people day always never also want make nice fun sure feel been hello hi".split()
)
TONES = [
    "You have a warm and friendly tone.",
    "You speak calmly and kindly.",
    "You have a gentle, patient tone of voice.",
    "Your tone is cheerful and open.",
    "You are a good listener and take people seriously.",
    "You are caring and down to earth.",
    "You like to ask how other people feel.",
    "You have a soft and calming tone of voice.",
    "You are honest, thoughtful and a little shy.",
    "You are curious about people and easy to talk to.",
    "You speak plainly and with a dry sense of humor.",
    "You are empathetic and make people feel understood.",
]
FIRST = (
    "Maya Anna Laura Sofia Emma Olivia Grace Hannah Chloe Zoe Nora Lena Clara Alice Ruth Helen Martha Irene Rosa Elena "
    "Priya Aisha Fatima Mei Yuki Ingrid Astrid Bella Carmen Diana Erin Fiona Gloria Heidi Isla Jane Kate Linda Mary Nina "
    "Paula Rachel Sarah Tara Una Vera Wendy Amy Becky Cora James John Peter Paul Mark David Daniel Thomas Martin Oliver "
    "Jack Harry George Sam Ben Leo Max Felix Hugo Oscar Adam Aaron Eric Frank Greg Henry Ian Joel Karl Luke Marcus Nick "
    "Owen Patrick Ravi Omar Ali Chen Kenji Diego Carlos Luis Miguel Pablo Rafael Simon Tom Victor Walter Andrew Brian "
    "Colin Dean Ethan Gavin Ivan Jonas Kevin Liam Noah Robin Alex Jamie Taylor Jordan Casey Morgan Riley"
).split()
LAST = (
    "Smith Jones Brown Miller Davis Wilson Moore Clark Lewis Walker Hall Young King Wright Hill Green Adams Baker Carter "
    "Turner Parker Evans Collins Stewart Morris Cook Rogers Bell Murphy Bailey Cooper Reed Ward Brooks Price Wood Lopez "
    "Garcia Martinez Silva Rossi Weber Novak Kim Tanaka Singh Patel Khan Ahmed Berg Larsen Dubois"
).split()
JOBS = (
    "carpenter,nurse,teacher,chef,baker,gardener,librarian,mechanic,plumber,electrician,bus driver,truck driver,"
    "software developer,graphic designer,photographer,painter,musician,violin teacher,journalist,writer,translator,"
    "accountant,lawyer,judge,police officer,firefighter,paramedic,doctor,dentist,vet,pharmacist,physiotherapist,"
    "social worker,psychologist,counselor,farmer,fisherman,florist,tailor,hairdresser,barista,waiter,bartender,cashier,"
    "shop owner,bookseller,estate agent,architect,civil engineer,scientist,biologist,astronomer,geologist,student,"
    "history professor,school principal,kindergarten teacher,football coach,yoga instructor,dancer,actor,film editor,"
    "radio host,sailor,pilot,flight attendant,tour guide,park ranger,courier,postman,warehouse worker,welder,"
    "construction worker,roofer,potter,jeweler,watchmaker,beekeeper,butcher,data analyst,secretary,personal trainer,"
    "midwife,zookeeper,museum guide,wrestler,soldier,boxer,singer,comedian,delivery driver,security guard,janitor"
).split(",")
TOWNS = (
    "Leeds,Manchester,Bristol,London,Dublin,Glasgow,Edinburgh,Cardiff,Belfast,York,Boston,Chicago,Seattle,Portland,"
    "Denver,Austin,Dallas,Houston,Miami,Atlanta,Nashville,Detroit,Toronto,Montreal,Vancouver,Sydney,Melbourne,Auckland,"
    "Wellington,Cape Town,Nairobi,Lagos,Cairo,Mumbai,Delhi,Singapore,Tokyo,Osaka,Seoul,Berlin,Hamburg,Munich,Vienna,"
    "Zurich,Paris,Lyon,Madrid,Barcelona,Lisbon,Porto,Rome,Milan,Naples,Athens,Oslo,Bergen,Stockholm,Helsinki,Copenhagen,"
    "Warsaw,Prague,Budapest,New York,San Francisco,Los Angeles,San Diego,Phoenix,Minneapolis,Ohio,Texas,Kansas,Oregon"
).split(",")


def second_person(line: str) -> str:
    """Turn a first-person persona line into a second-person sentence."""
    text = line.strip().lower() if line[:1].islower() else line.strip()
    for pattern, new in RULES:
        text = re.sub(pattern, new, text, flags=re.I)
    text = re.sub(r"\byou was\b", "you were", text)
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."


def third_to_second(line: str, name: str) -> str | None:
    """Turn "NAME, a cook, hosts wine evenings." into "You host wine evenings." where that is simple."""
    sentence = line.split(". ")[0].rstrip(".") + "."
    match = re.match(rf"{re.escape(name)}(?:, [^,]+,)? (\w+)( .*)", sentence)
    if not match:
        return None
    verb, rest = match.groups()
    special = {"is": "are", "has": "have", "does": "do", "was": "were", "goes": "go"}
    if verb in special:
        verb = special[verb]
    elif verb.endswith("ies"):
        verb = verb[:-3] + "y"
    elif verb.endswith(("ches", "shes", "sses")):
        verb = verb[:-2]
    elif verb.endswith("s"):
        verb = verb[:-1]
    else:
        return None
    for pattern, new in ((r"\b(?:he|she)\b", "you"), (r"\b(?:his|her)\b", "your"), (r"\bhim\b", "you")):
        rest = re.sub(pattern, new, rest)
    return f"You {verb}{rest}"


def invented(rng: random.Random) -> str:
    """A pronounceable invented name, so that names are copied and not learnt by heart."""
    onsets, vowels = "b d f g h j k l m n p r s t v w z br ch dr kl sh st th tr".split(), "a e i o u ai ea".split()
    word = "".join(rng.choice(onsets) + rng.choice(vowels) for _ in range(rng.choice((2, 2, 3))))
    return (word + rng.choice(["", "n", "s", "l", "r", "ra", "na"])).capitalize()


def first_name(rng: random.Random) -> str:
    """A first name: from the list, or invented one time in four."""
    return invented(rng) if rng.random() < 0.25 else rng.choice(FIRST)


def town_name(rng: random.Random) -> str:
    """A town: from the list, or invented one time in five."""
    return invented(rng) + rng.choice(["", "", "ton", "ville", "burg"]) if rng.random() < 0.2 else rng.choice(TOWNS)


def full_name(rng: random.Random) -> str:
    """A made-up name, with a family name two times in three."""
    first = first_name(rng)
    return f"{first} {rng.choice(LAST)}" if rng.random() < 0.65 else first


def article(word: str) -> str:
    """The word with its indefinite article."""
    return ("an " if word[0].lower() in "aeiou" or word.startswith(("8", "18")) else "a ") + word


def random_statement(rng: random.Random) -> tuple[str, list[str]]:
    """A made-up supporter: name and the parts of the statement (some parts are left out)."""
    name = full_name(rng)
    age, job, town = str(rng.randint(19, 72)), rng.choice(JOBS), town_name(rng)
    kind = rng.random()
    if kind < 0.4:
        parts = [f"You are {name}, {article(age)}-year-old {job} from {town}."]
    elif kind < 0.6:
        parts = [f"You are {name}, {article(age)}-year-old from {town}.", f"You work as {article(job)}."]
    elif kind < 0.75:
        parts = [f"You are {name}, {article(job)}."]
    elif kind < 0.9:
        parts = [f"You are {name} from {town}."]
    else:
        parts = [f"You are {name}."]
    if rng.random() < 0.6:
        parts.append(rng.choice(TONES))
    return name, parts


def words(text: str) -> set[str]:
    """Content words of a text, crudely stemmed."""
    found = set()
    for word in re.findall(r"[a-z0-9']+", text.lower()):
        if word in STOP or len(word) < 3:
            continue
        for end in ("ing", "ies", "es", "ed", "s"):
            if word.endswith(end) and len(word) - len(end) >= 3:
                word = word[: -len(end)]
                break
        found.add(word)
    return found


class Overlap:
    """Idf-weighted overlap of a reply with persona lines."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts: Counter[str] = Counter()
        total = 0
        for text in texts:
            counts.update(words(text))
            total += 1
        self.idf = {word: math.log(total / count) for word, count in counts.items()}
        self.top = math.log(max(total, 2))

    def score(self, line: str, reply: str) -> float:
        """Sum of idf over the shared content words."""
        return sum(self.idf.get(word, self.top) for word in sorted(words(line) & words(reply)))

    def best(self, lines: list[str], reply: str, least: float = 4.0) -> int | None:
        """Index of the line a reply draws on, or None where the overlap is not real."""
        scores = [self.score(line, reply) for line in lines]
        if not scores or max(scores) < least:
            return None
        return scores.index(max(scores))
