"""Own short dialogues in which a seeker asks for facts and the supporter answers from statement or memory."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .life import greeting_line, long_statement, paragraph
from .personas import JOBS, TONES, article, first_name, full_name, town_name
from .talk import Talk, Turn

ANIMALS = "dog,cat,rabbit,parrot,hamster,turtle,goldfish,pony,tabby cat,black cat,beagle,poodle,golden retriever,canary,goat,hen,snake,lizard".split(
    ","
)
HOBBIES = (
    "hiking,painting,gardening,knitting,fishing,cycling,swimming,chess,baking bread,playing the guitar,playing the piano,"
    "photography,bird watching,rock climbing,running,yoga,pottery,sewing,reading mystery novels,reading poetry,surfing,"
    "skiing,dancing the tango,collecting stamps,collecting old coins,woodworking,sailing,camping,playing football,"
    "playing tennis,singing in a choir,writing short stories,board games,video games,restoring old cars,star gazing,"
    "cooking,volunteering at an animal shelter,horse riding,drawing,juggling,karate,skating,crossword puzzles"
).split(",")
FOODS = (
    "pizza,sushi,pasta,lasagna,curry,tacos,fish and chips,ramen,dumplings,pancakes,steak,apple pie,chocolate cake,ice cream,"
    "burgers,falafel,mushroom risotto,paella,roast chicken,vegetable soup,cheese,strawberries,noodles,salad,chili,waffles"
).split(",")
MUSIC = "jazz,blues,rock,classical music,country music,hip hop,folk songs,heavy metal,reggae,opera,pop music,punk,soul,the Beatles,Mozart,Bach,Queen,Elvis,electronic music".split(
    ","
)
FILMS = "Casablanca,Titanic,Star Wars,The Lion King,Jaws,The Godfather,Toy Story,The Matrix,Amelie,Frozen,Psycho,Rocky,Alien,King Kong,Forrest Gump,Finding Nemo,Vertigo,Grease".split(
    ","
)
PLACES = "Japan,Italy,Iceland,Peru,Kenya,Norway,Greece,India,Mexico,Spain,Egypt,Scotland,Canada,Brazil,Vietnam,Morocco,France,Portugal,Ireland,New Zealand,Thailand,Cuba".split(
    ","
)
DRINKS = "black coffee,green tea,mint tea,hot chocolate,orange juice,lemonade,red wine,cold beer,apple cider".split(",")
COLORS = "blue,green,red,yellow,purple,orange,black,white,pink,turquoise,gray,brown".split(",")
SPORTS = "football,tennis,basketball,baseball,rugby,golf,ice hockey,volleyball,badminton,rowing,boxing,cricket".split(
    ","
)
SUBJECTS = "biology,history,physics,art,economics,law,medicine,music,English literature,philosophy,chemistry,engineering,nursing,mathematics".split(
    ","
)
NUMBERS = ["two", "three", "four", "five"]


@dataclass
class Fact:
    """A fact with its second-person lines, questions and answers; ``{v}`` stands for the value."""

    topic: str
    lines: list[str]
    questions: list[str]
    answers: list[str]
    goal: str | None = None


FACTS = [
    Fact(
        "job",
        [
            "You are {av}.",
            "You work as {av}.",
            "You have worked as {av} for ten years.",
            "You make your living as {av}.",
        ],
        [
            "What do you do for a living?",
            "What do you do?",
            "what is your job?",
            "Do you work?",
            "What kind of work do you do?",
            "where do you work?",
            "What's your profession?",
            "So what do you do for work?",
            "do you have a job?",
        ],
        [
            "I'm {av}.",
            "I work as {av}.",
            "I am {av}. I like my work.",
            "I'm {av}, and it keeps me busy.",
            "I work as {av}. What about you?",
            "I'm {av}. What do you do?",
            "Yes, I work as {av}.",
        ],
        "talk about work",
    ),
    Fact(
        "town",
        ["You live in {v}.", "You are from {v}.", "You grew up in {v}.", "You come from {v}.", "Your home is {v}."],
        [
            "Where are you from?",
            "Where do you live?",
            "what city do you live in?",
            "where did you grow up?",
            "Where is home for you?",
            "Which town are you from?",
        ],
        [
            "I'm from {v}.",
            "I live in {v}.",
            "{v} is my home.",
            "I am from {v}. Where are you from?",
            "I come from {v}. Have you ever been there?",
            "I live in {v}, and I like it there.",
        ],
    ),
    Fact(
        "age",
        ["You are {v} years old.", "You just turned {v}."],
        ["How old are you?", "What's your age?", "may I ask how old you are?", "how old r u?", "And how old are you?"],
        [
            "I'm {v}.",
            "I am {v} years old.",
            "I'm {v} years old. And you?",
            "I just turned {v}.",
            "I'm {v}. How old are you?",
        ],
        "ask about age and gender",
    ),
    Fact(
        "pet",
        ["You have a {v}.", "You live with your {v}.", "Your best friend is your {v}.", "You own a {v}."],
        [
            "Do you have any pets?",
            "do you have pets?",
            "Do you like animals?",
            "any pets at home?",
            "Do you have a pet?",
            "Tell me about your pets.",
        ],
        [
            "Yes, I have a {v}.",
            "I have a {v}. Do you have any pets?",
            "Yes, I do. I have a {v}.",
            "I have a {v}, we are best friends.",
            "Yes! A {v}. I love animals.",
        ],
        "ask about pets",
    ),
    Fact(
        "hobby",
        [
            "You enjoy {v}.",
            "You love {v}.",
            "Your hobby is {v}.",
            "In your free time you like {v}.",
            "You spend your weekends {v}.",
        ],
        [
            "What are your hobbies?",
            "What do you like to do for fun?",
            "do you have any hobbies?",
            "What do you do in your free time?",
            "what do you enjoy doing?",
            "How do you relax?",
            "What do you do on weekends?",
        ],
        [
            "I enjoy {v}.",
            "I love {v}. It helps me relax.",
            "I like {v}. What about you?",
            "My hobby is {v}.",
            "In my free time I enjoy {v}. Do you have a hobby?",
            "{V} is what I enjoy most.",
        ],
        "ask about hobbies",
    ),
    Fact(
        "food",
        ["Your favorite food is {v}.", "You love to eat {v}.", "You could eat {v} every day."],
        [
            "What is your favorite food?",
            "what do you like to eat?",
            "What food do you like?",
            "What's your favourite meal?",
            "what did you have for dinner?",
        ],
        [
            "My favorite food is {v}.",
            "I love {v}. What is your favorite food?",
            "I could eat {v} every day.",
            "I like {v} the most.",
            "{V}! I can never get enough of it.",
        ],
        "ask about favorite food",
    ),
    Fact(
        "music",
        ["You love {v}.", "You listen to {v} all the time.", "Your favorite music is {v}.", "You are a fan of {v}."],
        [
            "What music do you like?",
            "what kind of music do you listen to?",
            "Do you like music?",
            "What's your favorite music?",
            "who is your favorite band?",
        ],
        [
            "I love {v}.",
            "I listen to {v} a lot.",
            "Mostly {v}. What music do you like?",
            "I'm a fan of {v}.",
            "Yes, I like {v} the most. Do you listen to {v} too?",
        ],
        "talk about music",
    ),
    Fact(
        "film",
        ["Your favorite movie is {v}.", "You have seen {v} many times.", "You love the movie {v}."],
        [
            "What's your favorite movie?",
            "do you like movies?",
            "What film do you like?",
            "Seen any good movies lately?",
            "what is your favourite film?",
        ],
        [
            "My favorite movie is {v}.",
            "I love {v}. I have seen it many times.",
            "{v} is my favorite. Have you seen it?",
            "Yes, I like {v} the most. What is your favorite movie?",
        ],
        "talk about movies",
    ),
    Fact(
        "children",
        ["You have {v}.", "You are the parent of {v}.", "You live with {v}."],
        [
            "Do you have children?",
            "do you have any kids?",
            "Do you have a family?",
            "Any kids?",
            "Tell me about your family.",
        ],
        [
            "Yes, I have {v}.",
            "I have {v}. Do you have children?",
            "Yes, I do. I have {v}.",
            "I have {v}, they keep me young.",
        ],
        "ask about kids",
    ),
    Fact(
        "partner",
        [
            "You are married to {v}.",
            "You have been married to {v} for years.",
            "You live with your partner {v}.",
            "Your partner is called {v}.",
        ],
        [
            "Are you married?",
            "are you single?",
            "Do you have a partner?",
            "Do you live alone?",
            "are you in a relationship?",
        ],
        [
            "Yes, I'm with {v}.",
            "I live with {v}.",
            "I have a partner, {v}. Are you married?",
            "I'm together with {v}, and we are happy.",
        ],
        "ask about marital status",
    ),
    Fact(
        "siblings",
        ["You have {v}.", "You grew up with {v}."],
        ["Do you have any siblings?", "do you have brothers or sisters?", "Did you grow up with siblings?"],
        ["Yes, I have {v}.", "I have {v}. How about you?", "I grew up with {v}.", "I have {v} and we are close."],
    ),
    Fact(
        "travel",
        [
            "You love to travel and have been to {v}.",
            "Last year you traveled to {v}.",
            "You dream of going to {v}.",
            "Your best trip was to {v}.",
        ],
        [
            "Do you like to travel?",
            "Where do you like to go on vacation?",
            "have you been anywhere nice?",
            "What is your favorite country?",
            "Do you travel a lot?",
        ],
        [
            "I love {v}.",
            "{v} is my favorite place. Do you like to travel?",
            "Yes, I love to travel, most of all to {v}.",
            "I really like {v}. Have you ever been there?",
        ],
        "talk about travel",
    ),
    Fact(
        "drink",
        ["You love {v}.", "You drink {v} every day.", "Your favorite drink is {v}."],
        [
            "What do you like to drink?",
            "coffee or tea?",
            "What is your favorite drink?",
            "Can I get you something to drink?",
        ],
        ["I like {v}.", "{V}, please. I drink it every day.", "My favorite drink is {v}.", "I love {v}. And you?"],
    ),
    Fact(
        "color",
        ["Your favorite color is {v}.", "You like to wear {v}."],
        ["What's your favorite color?", "what color do you like?", "Do you have a favourite colour?"],
        ["My favorite color is {v}.", "I like {v}.", "{V}. What is yours?", "I love {v}, I wear it a lot."],
    ),
    Fact(
        "sport",
        ["You play {v}.", "You love to watch {v}.", "Your favorite sport is {v}.", "You play {v} on Sundays."],
        ["Do you like sports?", "do you play any sports?", "What is your favorite sport?", "Are you sporty?"],
        ["Yes, I like {v}.", "I love {v}. Do you play any sports?", "My favorite sport is {v}.", "{V} is my sport."],
    ),
    Fact(
        "subject",
        ["You study {v}.", "You studied {v} at university.", "You have a degree in {v}."],
        [
            "What did you study?",
            "did you go to college?",
            "What was your major?",
            "Are you a student?",
            "what do you study?",
        ],
        [
            "I studied {v}.",
            "{V}. It was a good time.",
            "My subject was {v}.",
            "I have always liked {v}, so I studied that.",
        ],
    ),
]
NAME_QUESTIONS = [
    "What's your name?",
    "What is your name?",
    "who are you?",
    "And what's your name?",
    "May I ask your name?",
    "what should I call you?",
    "whats ur name?",
    "Who am I talking to?",
    "I'm {other}. What's your name?",
    "Hi, I'm {other}. And you are?",
]
NAME_ANSWERS = [
    "My name is {v}.",
    "I'm {v}.",
    "I'm {v}. Nice to meet you.",
    "My name is {v}. It's nice to meet you!",
    "You can call me {v}.",
    "I'm {v}. And what is your name?",
    "I am {v}, nice to meet you.",
]
NONE = {
    "pet": ["No, I don't have any pets.", "I don't have any pets right now. Do you?", "No pets at the moment."],
    "children": ["No, I don't have any children. Do you?", "I don't have kids."],
    "siblings": ["No, I don't have any brothers or sisters.", "I'm an only child."],
    "job": ["I'd rather hear about your work. What do you do?", "Nothing special. What do you do?"],
    "partner": ["No, I'm single. What about you?", "I'm not married."],
}
REACTIONS = [
    "That's nice.",
    "oh cool",
    "Interesting!",
    "I see.",
    "That sounds nice.",
    "Really? Me too.",
    "Great.",
    "ok",
    "Wow, I didn't know that.",
    "Nice.",
]
PREFIX = ["", "", "", "", "I see. ", "By the way, ", "Thanks. ", "Just curious, ", "Tell me, ", "Okay. "]
SELF = [
    "Tell me about yourself.",
    "tell me something about you",
    "Who are you?",
    "I'd like to know more about you.",
    "What should I know about you?",
    "Can you introduce yourself?",
]


def value(topic: str, rng: random.Random) -> str:
    """A random value of a topic."""
    if topic == "pet":
        animal = rng.choice(ANIMALS)
        return f"{animal} named {first_name(rng)}" if rng.random() < 0.6 else animal
    if topic == "children":
        kind = rng.random()
        if kind < 0.4:
            return f"{rng.choice(NUMBERS)} {rng.choice(['children', 'kids', 'sons', 'daughters'])}"
        if kind < 0.7:
            return f"a {rng.choice(['son', 'daughter'])} named {first_name(rng)}"
        return rng.choice(
            ["twin girls", "twin boys", "a son and a daughter", "a baby girl", "a baby boy", "a teenage son"]
        )
    if topic == "siblings":
        kind = rng.random()
        if kind < 0.5:
            return f"{rng.choice(NUMBERS)} {rng.choice(['brothers', 'sisters'])}"
        return f"{rng.choice(['an older', 'a younger', 'a twin'])} {rng.choice(['brother', 'sister'])}"
    if topic in ("town", "partner"):
        return town_name(rng) if topic == "town" else first_name(rng)
    tables = {"job": JOBS, "hobby": HOBBIES, "food": FOODS, "music": MUSIC, "film": FILMS, "travel": PLACES}
    tables |= {"drink": DRINKS, "color": COLORS, "sport": SPORTS, "subject": SUBJECTS}
    return str(rng.randint(18, 79)) if topic == "age" else rng.choice(tables[topic])


def fill(pattern: str, v: str) -> str:
    """Put a value into a pattern."""
    return pattern.replace("{av}", article(v)).replace("{v}", v).replace("{V}", v[:1].upper() + v[1:])


def quiz(rng: random.Random) -> Talk:
    """A statement with a few facts, and questions about some of them."""
    name = full_name(rng)
    facts = rng.sample(FACTS, rng.randint(2, 5) if rng.random() < 0.7 else rng.randint(6, 11))
    chosen = {fact.topic: value(fact.topic, rng) for fact in facts}
    parts = []
    rest = list(facts)
    if rng.random() < 0.3:
        name, known, parts = long_statement(rng)
        facts = [f for f in facts if f.topic not in known][:4] + [f for f in FACTS if f.topic in known]
        chosen = {f.topic: known.get(f.topic) or chosen[f.topic] for f in facts}
        rest = [f for f in facts if f.topic not in known]
    elif "job" in chosen and "age" in chosen and rng.random() < 0.7:
        town = f" from {chosen['town']}" if "town" in chosen else ""
        parts.append(f"You are {name}, {article(chosen['age'])}-year-old {chosen['job']}{town}.")
        rest = [f for f in rest if f.topic not in ("job", "age") and (f.topic != "town")]
    elif "job" in chosen and rng.random() < 0.6:
        parts.append(f"You are {name}, {article(chosen['job'])}.")
        rest = [f for f in rest if f.topic != "job"]
    elif "age" in chosen and rng.random() < 0.6:
        parts.append(f"You are {name}, {article(chosen['age'])}-year-old.")
        rest = [f for f in rest if f.topic != "age"]
    elif rng.random() < 0.9:
        parts.append(f"You are {name}.")
    lines = {fact.topic: fill(rng.choice(fact.lines), chosen[fact.topic]) for fact in rest}
    if rng.random() < 0.5:
        parts += rng.sample(TONES, rng.choice((1, 1, 2, 3)))
    hidden = {topic for topic in lines if rng.random() < 0.45}
    shown = [line for topic, line in lines.items() if topic not in hidden]
    rng.shuffle(shown)
    talk = Talk("quiz", parts + shown, spare=[lines[t] for t in hidden])
    if rng.random() < 0.5:
        lines = {t: paragraph(rng, text) if t in hidden and rng.random() < 0.7 else text for t, text in lines.items()}
    asked: list[Fact | None] = [*facts]
    if parts and name in parts[0]:
        asked += [None, None]
    rng.shuffle(asked)
    opening = rng.random()
    if opening < 0.25 and parts and name in parts[0]:
        talk.turns.append(Turn("SUPPORTER", greeting_line(name, rng), True, strategy="Greeting"))
    elif opening < 0.5:
        talk.turns += [
            Turn("SEEKER", rng.choice(["hi", "Hello!", "Hey", "hi there"])),
            Turn(
                "SUPPORTER",
                rng.choice(["Hi! How are you?", "Hello! How are you today?", "Hey, nice to meet you."]),
                True,
            ),
        ]
    for fact in asked[: rng.randint(1, 4)]:
        if fact is None:
            question = rng.choice(NAME_QUESTIONS).format(other=first_name(rng))
            first = name.split()[0] if rng.random() < 0.7 else name
            reply, memory = rng.choice(NAME_ANSWERS).format(v=first), ""
        else:
            question = rng.choice(fact.questions)
            reply = fill(rng.choice(fact.answers), chosen[fact.topic])
            memory = lines.get(fact.topic, "") if fact.topic in hidden or rng.random() < 0.4 else ""
        if talk.turns:
            lead = rng.choice(PREFIX)
            question = (rng.choice(REACTIONS) + " " if rng.random() < 0.3 else lead) + question
        talk.turns += [Turn("SEEKER", question), Turn("SUPPORTER", reply, True, memory=memory)]
        if any(t.role == "SUPPORTER" and t.text == reply for t in talk.turns[:-1]):
            talk.turns[-1].target = False
    kind = rng.random()
    absent = [t for t in NONE if t not in chosen]
    if kind < 0.12 and absent:
        topic = rng.choice(absent)
        fact = next(f for f in FACTS if f.topic == topic)
        talk.turns += [Turn("SEEKER", rng.choice(fact.questions[:4])), Turn("SUPPORTER", rng.choice(NONE[topic]), True)]
    elif kind < 0.22 and "job" in chosen:
        other = rng.choice([j for j in JOBS if j != chosen["job"]])
        right = rng.random() < 0.5
        memory = lines.get("job", "")
        asked_job = chosen["job"] if right else other
        answer = rng.choice(
            ["Yes, I'm {av}.", "That's right, I am {av}.", "Yes, I work as {av}."]
            if right
            else ["No, I'm {av}.", "No, I work as {av}.", "Actually, I'm {av}."]
        )
        talk.turns += [
            Turn(
                "SEEKER",
                rng.choice(["Are you {av}?", "So you are {av}?", "you're {av}, right?"]).replace(
                    "{av}", article(asked_job)
                ),
            ),
            Turn("SUPPORTER", fill(answer, chosen["job"]), True, memory=memory),
        ]
    elif kind < 0.34 and parts and name in parts[0]:
        answer = f"I'm {name.split()[0]}."
        if "job" in chosen and "job" not in hidden:
            answer = f"I'm {name.split()[0]}, and I work as {article(chosen['job'])}."
        extra = [f for f in facts if f.topic not in hidden and f.topic != "job"]
        if extra:
            fact = rng.choice(extra)
            answer += " " + fill(rng.choice(fact.answers[:2]), chosen[fact.topic])
        talk.turns = [Turn("SEEKER", rng.choice(SELF)), Turn("SUPPORTER", answer, True)]
    return talk


GOAL_REPLIES: dict[str, list[str]] = {
    "ask about kids": [
        "Do you have any children?",
        "Do you have kids?",
        "Do you have a big family?",
        "How many kids do you have?",
        "Are there any children in your family?",
        "Do you have brothers or sisters?",
    ],
    "ask about pets": [
        "Do you have any pets?",
        "Do you like animals?",
        "Do you have a dog or a cat?",
        "Are you a dog person or a cat person?",
        "Have you ever had a pet?",
    ],
    "talk about work": [
        "What do you do for work?",
        "How is work going?",
        "Do you like your job?",
        "What kind of job do you have?",
        "Work keeps me busy these days. What do you do for a living?",
    ],
    "ask about marital status": [
        "Are you married?",
        "Are you single or married?",
        "Do you have a girlfriend or boyfriend?",
        "Are you seeing anyone?",
        "Do you have a partner?",
    ],
    "talk about travel": [
        "Do you like to travel?",
        "Where would you like to travel one day?",
        "Have you been on vacation lately?",
        "I would love to travel more. Where have you been?",
        "What was your best trip?",
    ],
    "ask about age and gender": [
        "How old are you?",
        "May I ask your age?",
        "Are you a man or a woman?",
        "How old are you, if you don't mind me asking?",
        "Are you male or female?",
    ],
    "ask about hobbies": [
        "What are your hobbies?",
        "What do you like to do for fun?",
        "What do you do in your free time?",
        "Do you have a hobby that helps you relax?",
        "What do you enjoy doing?",
    ],
    "ask about favorite food": [
        "What is your favorite food?",
        "What do you like to eat?",
        "Do you like to cook?",
        "What did you have for dinner?",
        "Are you more for sweet or salty food?",
    ],
    "talk about movies": [
        "Do you like movies?",
        "What is your favorite movie?",
        "Have you seen any good movies lately?",
        "I like to watch a movie in the evening. Do you?",
        "What kind of films do you like?",
    ],
    "talk about music": [
        "What kind of music do you like?",
        "Do you listen to music when you feel down?",
        "What is your favorite band?",
        "Music always helps me. What do you listen to?",
        "Do you play an instrument?",
    ],
    "talk about politics": [
        "Do you follow politics?",
        "What do you think about politics?",
        "Did you vote in the last election?",
        "What do you think of the government?",
        "Are you interested in politics?",
    ],
}
LEADS = [
    "",
    "",
    "",
    "That makes sense. ",
    "I see. ",
    "Thank you for telling me. ",
    "That sounds nice. ",
    "By the way, ",
    "I understand. ",
    "Interesting. ",
]
SMALL = [
    "I'm doing fine.",
    "not much, just relaxing",
    "I'm good, thanks!",
    "I had a long day.",
    "hi",
    "Hello!",
    "Just sitting at home.",
    "I went for a walk today.",
    "I'm a bit bored.",
    "It's raining here.",
]
SMALL += [
    "I just came home from work.",
    "I'm having coffee.",
    "ok",
    "That's true.",
    "Yes, I think so.",
    "I live in a small town.",
    "I like your style.",
    "It was okay.",
    "My day was good.",
]


def goal_talk(rng: random.Random, goal: str | None = None) -> Talk:
    """Small talk in which the supporter turns to one of the eleven goals."""
    from .personas import random_statement

    _, parts = random_statement(rng)
    goal = goal or rng.choice(list(GOAL_REPLIES))
    talk = Talk("goals", parts)
    if rng.random() < 0.6:
        talk.turns += [
            Turn("SEEKER", rng.choice(["hi", "Hello", "Hey there", "Hi!"])),
            Turn(
                "SUPPORTER",
                rng.choice(["Hi, how are you?", "Hello! How is your day?", "Hey, how are you doing?"]),
                True,
            ),
        ]
    talk.turns.append(Turn("SEEKER", rng.choice(SMALL)))
    lead, question = rng.choice(LEADS), rng.choice(GOAL_REPLIES[goal])
    if lead.endswith(", "):
        question = question[0].lower() + question[1:] if not question.startswith("I ") else question
    talk.turns.append(Turn("SUPPORTER", lead + question, True, goal=goal))
    return talk
