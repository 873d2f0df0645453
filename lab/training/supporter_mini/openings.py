"""Own short dialogues for greetings and for frequent worries, written for this project."""

from __future__ import annotations

import random

from .life import greeting_line, long_statement, paragraph
from .personas import random_statement
from .talk import Talk, Turn

GREET = [
    "hi",
    "Hi!",
    "Hello",
    "hello",
    "Hey",
    "hey there",
    "Hi there!",
    "Good morning",
    "Good evening",
    "hi, how are you?",
]
GREET += [
    "Hello, how are you doing today?",
    "Hey, what's up?",
    "Hi, is anyone there?",
    "Hello there. Nice to meet you.",
]
GREET += ["Can I talk to you?", "I need someone to talk to.", "Hi, do you have time to talk?", "Good afternoon!"]
HELLO = ["Hi!", "Hello!", "Hi there.", "Hello there.", "Hey!", "Good to see you."]
INTRO = ["I'm {first}.", "My name is {first}.", "I am {first}, nice to meet you.", "This is {first}.", "", "", ""]
ASK = ["How are you today?", "How are you feeling today?", "What's on your mind?", "How has your day been?"]
ASK += [
    "What would you like to talk about?",
    "How can I help you today?",
    "What brings you here today?",
    "How is it going?",
]
WELL = ["I'm doing well, thank you.", "I'm fine, thanks for asking.", "I'm good, thank you.", "Doing well, thanks."]
HEAR = [
    "Of course, I'm here to listen.",
    "Yes, I'm here. Take your time.",
    "I'm glad you reached out.",
    "Of course, I have time for you.",
]
BYE = [
    "Thank you, I feel better now. Bye!",
    "thanks for listening",
    "I have to go now.",
    "Thanks, that helped a lot.",
    "goodbye",
    "Good night",
]
BYE_REPLY = [
    "You're welcome. Take care of yourself!",
    "I'm glad I could help a little. Take care!",
    "Any time. I'm always here if you want to talk.",
]
BYE_REPLY += [
    "Goodbye, and be kind to yourself.",
    "I'm happy we talked. Have a good rest of your day.",
    "Take care, and come back whenever you like.",
]
GENERAL = [
    "I don't know what to do.",
    "I just feel so helpless.",
    "It hurts so much.",
    "I can't stop thinking about it.",
]
GENERAL += [
    "Nobody seems to understand.",
    "I feel like giving up.",
    "It's been going on for weeks.",
    "What should I do?",
    "I'm so tired of it all.",
]
AFFIRM = [
    "You are stronger than you think.",
    "It takes courage to talk about this.",
    "You don't have to go through this alone.",
    "It makes sense that you feel this way.",
    "Anyone in your place would find this hard.",
    "I'm glad you told me.",
    "You are doing the best you can, and that counts.",
    "Be patient with yourself.",
]

# topic: (what seekers write, feelings said back, questions, suggestions)
WORRIES: dict[str, tuple[list[str], list[str], list[str], list[str]]] = {
    "lonely": (
        [
            "I feel so lonely.",
            "I've been really lonely since I moved here.",
            "I have no friends in this city.",
            "nobody ever calls me anymore",
            "I moved for work and I don't know anyone here.",
            "I feel alone all the time.",
        ],
        [
            "Feeling lonely is really hard, especially in a new place.",
            "I'm sorry you feel so alone.",
            "It hurts when there is nobody close by to talk to.",
            "Moving away from everyone you know can feel very lonely.",
        ],
        [
            "How long have you been feeling lonely?",
            "Is there anyone from home you can call?",
            "What did you enjoy doing with your friends before?",
            "Have you met anyone there yet?",
        ],
        [
            "Maybe you could join a club or a class where you meet people with the same interests.",
            "Calling an old friend once a week can make the distance feel smaller.",
            "Volunteering is a gentle way to meet new people.",
        ],
    ),
    "job": (
        [
            "I lost my job.",
            "I got fired today.",
            "They laid me off last week.",
            "I lost my job and I don't know how to tell my family.",
            "my company let me go",
            "I've been unemployed for three months.",
        ],
        [
            "I'm so sorry you lost your job.",
            "Losing a job is a real shock.",
            "That must be so stressful, with bills to pay.",
            "Being let go can really hurt your confidence.",
        ],
        [
            "What kind of work did you do?",
            "Did they tell you why?",
            "How is your family taking it?",
            "Have you been able to look for another job yet?",
        ],
        [
            "You could start by updating your resume and telling people you know that you are looking.",
            "Give yourself a day to rest, and then make a small plan for the week.",
            "Maybe an employment office near you can help while you look for work.",
        ],
    ),
    "work stress": (
        [
            "My boss yells at me every day.",
            "I hate my job.",
            "I'm completely burned out from work.",
            "work is so stressful lately",
            "My boss keeps giving me more work than I can do.",
            "I work so much that I have no life anymore.",
        ],
        [
            "That sounds exhausting.",
            "Working under that much pressure wears anyone down.",
            "It must be hard to go to work every day feeling like that.",
            "Nobody should be treated that way at work.",
        ],
        [
            "How long has work been like this?",
            "Have you talked to your boss about it?",
            "What part of the job is the hardest?",
            "Do you get any time to rest?",
        ],
        [
            "Maybe you can agree with your boss on what has to be done first.",
            "It may help to take real breaks and to leave work on time once or twice a week.",
            "You could talk to someone in human resources or look for a different job.",
        ],
    ),
    "dog": (
        [
            "My dog died yesterday.",
            "my dog died",
            "We had to put our dog to sleep.",
            "I lost my dog last week and the house is so quiet.",
            "My old dog passed away this morning.",
        ],
        [
            "I'm so sorry about your dog.",
            "Losing a dog is like losing a member of the family.",
            "I'm sorry for your loss. The house must feel so empty.",
            "Oh no, that is heartbreaking.",
        ],
        [
            "How long did you have your dog?",
            "What was your dog's name?",
            "What do you miss the most?",
            "Was your dog sick for long?",
        ],
        [
            "Maybe you could put up a photo or write down your favorite memories of your dog.",
            "Give yourself time to grieve. Your dog was part of your life.",
            "Talking about your dog with someone who knew him can help.",
        ],
    ),
    "cat": (
        [
            "My cat died.",
            "My cat ran away three days ago.",
            "My cat is very sick and I'm scared.",
            "I lost my cat and I can't stop crying.",
        ],
        [
            "I'm so sorry about your cat.",
            "You must be so worried about your cat.",
            "Cats become part of the family, so this must hurt a lot.",
        ],
        [
            "How old is your cat?",
            "What is your cat's name?",
            "What did the vet say?",
            "How long have you had your cat?",
        ],
        [
            "Maybe you could ask your neighbors and put up some posters.",
            "The vet may be able to tell you what to expect.",
            "It is okay to cry. You loved your cat.",
        ],
    ),
    "grief": (
        [
            "My grandmother passed away.",
            "My father died last month.",
            "My mom died and I miss her so much.",
            "I lost my best friend in an accident.",
            "my grandpa died today",
            "My brother passed away last year and I still can't accept it.",
        ],
        [
            "I'm so sorry for your loss.",
            "I am sorry. Losing someone you love is one of the hardest things there is.",
            "My heart goes out to you.",
            "Grief like that can feel heavier than anything.",
        ],
        [
            "Were you very close?",
            "Would you like to tell me about them?",
            "What do you miss the most?",
            "Do you have family around you right now?",
        ],
        [
            "There is no right way to grieve, so take all the time you need.",
            "Some people find comfort in a grief group or in writing a letter to the person they lost.",
            "Remembering the good times together can bring a little comfort.",
        ],
    ),
    "breakup": (
        [
            "My girlfriend broke up with me.",
            "My boyfriend left me.",
            "We broke up after five years.",
            "my ex is already seeing someone else",
            "I just went through a breakup and I feel empty.",
            "She left me last night.",
        ],
        [
            "I'm so sorry. A breakup can feel like the ground is gone.",
            "Breakups hurt so much.",
            "It must be painful to lose someone you loved.",
            "After so long together, of course you feel empty.",
        ],
        [
            "How long were you together?",
            "Did it come as a surprise?",
            "Do you have friends you can lean on right now?",
            "What happened between you two?",
        ],
        [
            "Try to spend time with friends and do something kind for yourself.",
            "It may help to not look at their pages for a while.",
            "Give yourself time. Healing from a breakup is slow.",
        ],
    ),
    "cheating": (
        [
            "My husband cheated on me.",
            "I found out my girlfriend is cheating.",
            "My wife had an affair.",
            "I think my boyfriend is seeing someone else.",
        ],
        [
            "I'm so sorry. Being betrayed by someone you trust hurts deeply.",
            "That must have been a terrible thing to find out.",
            "You must feel so hurt and angry.",
        ],
        ["How did you find out?", "Have you talked to them about it?", "Do you know what you want to do now?"],
        [
            "You don't have to decide anything today.",
            "A couples counselor could help you both talk about it.",
            "Maybe you can stay with a friend for a few days to think.",
        ],
    ),
    "divorce": (
        [
            "I'm getting divorced.",
            "My parents are getting a divorce.",
            "My husband wants a divorce.",
            "my marriage is falling apart",
        ],
        [
            "I'm sorry. A divorce turns your whole life around.",
            "That must be very painful.",
            "It's hard when a family breaks apart.",
        ],
        [
            "How long have you been married?",
            "How are the children dealing with it?",
            "Do you have someone to talk to about this?",
        ],
        [
            "A counselor can help you get through the hardest months.",
            "Try to take one step at a time and let friends help you.",
            "It may help to write down what you need right now.",
        ],
    ),
    "exam": (
        [
            "I have an exam tomorrow and I'm so nervous.",
            "I failed my exam.",
            "I'm so stressed about my exams.",
            "I can't concentrate on studying for finals.",
            "I'm afraid I will fail the test next week.",
        ],
        [
            "Exams can be so stressful.",
            "I can hear how nervous you are about it.",
            "It's a lot of pressure to do well.",
            "I'm sorry, that is really disappointing after all the work you put in.",
        ],
        [
            "What subject is the exam in?",
            "How much time do you have left to study?",
            "What worries you the most about it?",
            "Have you talked to your teacher about it?",
        ],
        [
            "Try to study in short blocks with breaks in between, and get some sleep.",
            "Make a list of the topics and start with the ones you know least.",
            "One exam does not decide your whole life. You can take it again.",
        ],
    ),
    "school": (
        [
            "I want to drop out of college.",
            "I'm falling behind in all my classes.",
            "I don't like my major anymore.",
            "school is too much for me right now",
            "I can't keep up with online classes.",
        ],
        [
            "That sounds overwhelming.",
            "Falling behind can make everything feel impossible.",
            "It's hard when you are not sure you are on the right path.",
        ],
        [
            "What made you feel this way about school?",
            "What would you like to do instead?",
            "Have you talked to an adviser?",
            "Which class is the hardest?",
        ],
        [
            "Maybe an adviser can help you change your schedule or your major.",
            "You could start with one small task today and build from there.",
            "Studying together with a classmate can make it easier.",
        ],
    ),
    "sleep": (
        [
            "I can't sleep.",
            "I haven't slept well in weeks.",
            "I lie awake every night worrying.",
            "I can't sleep because my mind won't stop.",
            "I wake up at three every night.",
        ],
        [
            "Not sleeping makes everything harder.",
            "Lying awake at night is exhausting.",
            "It must be so tiring when your mind won't stop at night.",
        ],
        [
            "What goes through your mind when you lie awake?",
            "How long have you had trouble sleeping?",
            "Is there something that worries you?",
            "What do you usually do before bed?",
        ],
        [
            "It can help to put the phone away an hour before bed and to write your worries down.",
            "Try to get up at the same time every day and have less coffee.",
            "Slow breathing or a warm bath before bed may help. If it goes on, a doctor can help too.",
        ],
    ),
    "anxiety": (
        [
            "I feel anxious all the time.",
            "I had a panic attack today.",
            "My anxiety is so bad lately.",
            "I'm scared and I don't know why.",
            "I worry about everything.",
            "my heart races and I can't breathe",
        ],
        [
            "That sounds really frightening.",
            "Anxiety can be so draining.",
            "It's hard to live with that much worry.",
            "A panic attack feels terrible, but it will pass.",
        ],
        [
            "When did the anxiety start?",
            "What was happening just before you felt that way?",
            "What helps you to calm down?",
            "Is there something that makes it worse?",
        ],
        [
            "Try to breathe in slowly for four seconds and out for six.",
            "It can help to name five things you can see around you.",
            "A therapist can teach you ways to deal with anxiety.",
        ],
    ),
    "depressed": (
        [
            "I feel so depressed.",
            "I don't enjoy anything anymore.",
            "I feel empty inside.",
            "I can't get out of bed.",
            "everything feels pointless",
            "I'm sad all the time and I don't know why.",
        ],
        [
            "I'm sorry you feel so low.",
            "It sounds like everything feels heavy right now.",
            "Feeling empty like that is very hard.",
            "That must be so hard to carry every day.",
        ],
        [
            "How long have you felt this way?",
            "Has something happened that brought this on?",
            "Do you have anyone you can talk to?",
            "What used to bring you joy?",
        ],
        [
            "Talking to a doctor or a therapist could really help you.",
            "Try one small thing today, like a short walk outside.",
            "On hard days it is enough to do one little thing.",
        ],
    ),
    "crisis": (
        [
            "I don't want to live anymore.",
            "I want to die.",
            "I think about killing myself.",
            "Everyone would be better off without me.",
            "I want to hurt myself.",
        ],
        [
            "I'm really glad you told me, and I'm so sorry you are in this much pain.",
            "That sounds unbearable, and I'm taking it seriously.",
            "You matter, and I'm worried about you.",
        ],
        [
            "Are you safe right now?",
            "Is there someone who can be with you right now?",
            "Are you thinking of hurting yourself tonight?",
        ],
        [
            "Please call your local emergency number or a crisis line right now. You deserve real help.",
            "Please tell someone near you, or call a crisis line. They are there day and night.",
            "If you are in danger, please call emergency services now.",
        ],
    ),
    "money": (
        [
            "I can't pay my rent this month.",
            "I'm drowning in debt.",
            "I have no money left.",
            "money is so tight right now",
            "I'm worried about paying my bills.",
        ],
        [
            "Money worries are so stressful.",
            "That must keep you up at night.",
            "I'm sorry things are so tight right now.",
        ],
        [
            "Have you talked to your landlord yet?",
            "What is the most urgent bill?",
            "Is there someone who could help you for a while?",
        ],
        [
            "You could ask your landlord for a little more time or a payment plan.",
            "A free debt adviser can help you make a plan.",
            "Writing down all your bills may help you see what comes first.",
        ],
    ),
    "family fight": (
        [
            "I had a big fight with my mother.",
            "My parents don't understand me.",
            "My sister isn't talking to me.",
            "My dad is disappointed in me.",
            "my family always criticizes me",
        ],
        [
            "Fights with family hurt the most.",
            "It's painful when your own family doesn't understand you.",
            "I'm sorry there is so much tension at home.",
        ],
        [
            "What was the fight about?",
            "Have you been able to talk since then?",
            "How did it make you feel?",
            "Has it always been like this?",
        ],
        [
            "Maybe you could write a letter and say how you feel without blaming anyone.",
            "When everyone has calmed down, try to talk again.",
            "It's okay to take a little distance from your family.",
        ],
    ),
    "friend fight": (
        [
            "My best friend is ignoring me.",
            "I had a fight with my best friend.",
            "My friends went out without me.",
            "my friend lied to me",
            "My best friend betrayed my trust.",
        ],
        [
            "It hurts to be left out by a friend.",
            "I'm sorry, a fight with a close friend is hard.",
            "That must have felt like a betrayal.",
        ],
        [
            "What happened between you two?",
            "Have you told your friend how you feel?",
            "How long have you been friends?",
        ],
        [
            "Maybe you can tell your friend calmly how you feel.",
            "Give it a few days and then reach out.",
            "A real friend will listen when you tell them it hurt.",
        ],
    ),
    "bullying": (
        [
            "I'm being bullied at school.",
            "People at work make fun of me.",
            "They laugh at me every day.",
            "someone posted mean things about me online",
        ],
        [
            "I'm so sorry. Nobody deserves to be treated like that.",
            "Being laughed at hurts a lot.",
            "That is cruel, and it is not your fault.",
        ],
        [
            "Does anyone else know about it?",
            "How long has this been going on?",
            "Is there a teacher or someone you trust?",
        ],
        [
            "Please tell someone you trust, so you don't have to face it alone.",
            "It can help to write down what happened and when.",
            "Stay close to people who treat you well.",
        ],
    ),
    "illness": (
        [
            "I was diagnosed with cancer.",
            "My mom is in the hospital.",
            "I have been sick for months.",
            "My dad has cancer.",
            "I'm waiting for my test results and I'm scared.",
            "my back hurts every day",
        ],
        [
            "I'm so sorry, that is frightening news.",
            "Being ill for so long must be exhausting.",
            "Waiting and not knowing is so hard.",
            "It's scary when someone you love is in the hospital.",
        ],
        [
            "What did the doctors say?",
            "How are you holding up?",
            "Do you have people who support you?",
            "When will you know more?",
        ],
        [
            "Write down your questions for the doctor, so that you don't forget any.",
            "Let friends help you with small things like cooking or driving.",
            "Try to think only about the next step, not about everything at once.",
        ],
    ),
    "confidence": (
        [
            "I'm not good enough.",
            "I feel like a failure.",
            "I hate myself.",
            "I'm so ugly.",
            "everyone is better than me",
            "I always mess everything up.",
        ],
        [
            "I'm sorry you think so badly of yourself.",
            "That is a hard voice to listen to all day.",
            "It sounds like you are very hard on yourself.",
        ],
        [
            "What makes you think that?",
            "When did you start feeling this way?",
            "What would you say to a friend who felt like that?",
        ],
        [
            "Try to write down one thing you did well each day.",
            "Talk to yourself the way you would talk to a good friend.",
            "Comparing yourself with others is rarely fair to you.",
        ],
    ),
    "shy": (
        [
            "I'm too shy to talk to people.",
            "I get so nervous around people.",
            "I have to give a speech and I'm terrified.",
            "I have social anxiety.",
            "I never know what to say to anyone.",
        ],
        [
            "Talking to people can be really scary.",
            "Many people feel nervous like that.",
            "I understand, being shy can be hard.",
        ],
        ["What are you most afraid of?", "Is there someone you feel comfortable with?", "What is the speech about?"],
        [
            "Practice with one person you trust first.",
            "You could start small, with a hello and one question.",
            "Most people notice your nerves much less than you think.",
        ],
    ),
    "baby": (
        [
            "I'm so tired, the baby never sleeps.",
            "I feel like a bad mother.",
            "My son doesn't listen to me anymore.",
            "My daughter moved out and I miss her.",
            "my kids are driving me crazy",
        ],
        [
            "Being a parent is exhausting.",
            "You must be so tired.",
            "It's hard when children grow up and change.",
            "Worrying about it shows how much you care.",
        ],
        [
            "How old is your child?",
            "Is there anyone who can help you?",
            "When did you last have some time for yourself?",
        ],
        [
            "Maybe someone could take the child for an hour so that you can rest.",
            "Pick one quiet moment in the day to talk with your child.",
            "No parent is perfect, and you don't have to be.",
        ],
    ),
    "homesick": (
        [
            "I miss home.",
            "I'm homesick.",
            "I live far away from my family and I miss them.",
            "I moved abroad and everything is strange.",
        ],
        [
            "Being homesick hurts.",
            "It's hard to be so far from your family.",
            "Everything being new at once can be overwhelming.",
        ],
        ["Where is home for you?", "How long have you been away?", "What do you miss the most about home?"],
        [
            "Maybe you can cook a meal from home or call your family tonight.",
            "Finding one place you like there can make it feel more like home.",
            "Plan your next visit home, so you have something to look forward to.",
        ],
    ),
    "angry": (
        [
            "I'm so angry.",
            "I lost my temper and yelled at my kids.",
            "My neighbor makes noise all night.",
            "someone hit my car and drove away",
        ],
        [
            "I can understand why you are angry.",
            "That would make anyone furious.",
            "It sounds like it was just too much.",
        ],
        ["What happened?", "Have you talked to them about it?", "What do you do to calm down?"],
        [
            "It may help to go for a walk before you talk about it.",
            "You could calmly tell them how it affects you.",
            "Saying sorry can repair a lot, and everybody loses their temper at times.",
        ],
    ),
    "good news": (
        [
            "I got the job!",
            "I passed my exam!",
            "I'm getting married!",
            "We are having a baby!",
            "I won a prize today!",
            "my best friend is coming to visit",
        ],
        ["That's wonderful news!", "Congratulations!", "I'm so happy for you!", "How exciting!"],
        ["How do you feel?", "How are you going to celebrate?", "When is the big day?", "Who did you tell first?"],
        ["You should celebrate that.", "Enjoy it, you deserve it.", "You can be proud of yourself."],
    ),
}


# what a supporter may say of their own life, from the line of the memory
SHARED: dict[str, list[tuple[str, str]]] = {
    "hobby": [
        ("You enjoy {v}.", "When I have a bad day, {v} helps me."),
        ("You love {v}.", "For me, {v} has been a comfort in hard times."),
    ],
    "music": [
        ("You love {v}.", "I listen to {v} when I feel like that."),
        ("You listen to {v} all the time.", "Sometimes {v} gets me through the evening."),
    ],
    "pet": [
        ("You have a {v}.", "My {v} keeps me company on days like that."),
        ("You live with your {v}.", "On bad days I talk to my {v}."),
    ],
    "siblings": [
        ("You have {v}.", "I have {v}, so I know a little how that is."),
        ("You grew up with {v}.", "I grew up with {v}, and talking to them helped me."),
    ],
    "job": [
        ("You work as {av}.", "In my work as {av} I meet many people who feel like that."),
        ("You have worked as {av} for ten years.", "I work as {av}, and I have had weeks like that too."),
    ],
    "town": [
        ("You moved to {v} some years ago.", "When I moved to {v}, I felt like that too."),
        ("You live in {v}.", "Here in {v} I have had days like that as well."),
    ],
}


def statement_of(rng: random.Random) -> tuple[str, list[str]]:
    """A short statement, or a long one two times in five."""
    if rng.random() < 0.4:
        name, _, parts = long_statement(rng)
        return name, parts
    return random_statement(rng)


def _lower(text: str, rng: random.Random) -> str:
    return text.lower().rstrip(".") if rng.random() < 0.25 else text


def greeting(rng: random.Random) -> Talk:
    """A greeting, perhaps the worry after it, and perhaps a goodbye."""
    name, parts = statement_of(rng)
    seeker = rng.choice(GREET)
    first = rng.choice(INTRO).format(first=name.split()[0])
    pieces = [rng.choice(HELLO), first]
    if "how are you" in seeker.lower() or "what's up" in seeker.lower():
        pieces.append(rng.choice(WELL))
    if "talk" in seeker or "anyone" in seeker:
        pieces.append(rng.choice(HEAR))
    pieces.append(rng.choice(ASK))
    reply = " ".join(p for p in pieces if p)
    turns = [Turn("SEEKER", seeker), Turn("SUPPORTER", reply, True, strategy="Greeting")]
    if rng.random() < 0.6:
        turns += [t for t in worry(rng).turns if t.strategy != "Greeting"]
    if rng.random() < 0.3:
        turns += [
            Turn("SEEKER", _lower(rng.choice(BYE), rng)),
            Turn("SUPPORTER", rng.choice(BYE_REPLY), True, strategy="Greeting"),
        ]
    return Talk("openings", parts, turns)


def worry(rng: random.Random, topic: str | None = None) -> Talk:
    """A worry, an answer on its topic, and perhaps one more exchange."""
    from .quiz import fill, value

    name, parts = statement_of(rng)
    seekers, feelings, questions, ideas = WORRIES[topic or rng.choice(list(WORRIES))]
    opening = _lower(rng.choice(seekers), rng)
    if rng.random() < 0.15:
        opening = rng.choice(["Hi. ", "hello, ", "Hey, "]) + opening
    kind = rng.random()
    feeling, question = rng.choice(feelings), rng.choice(questions)
    if kind < 0.55:
        reply, strategy = f"{feeling} {question}", rng.choice(["Question", "Reflection of Feelings"])
    elif kind < 0.7:
        reply, strategy = f"{feeling} {rng.choice(AFFIRM)}", "Affirmation and Reassurance"
    elif kind < 0.8:
        reply, strategy = question, "Question"
    elif kind < 0.9:
        reply, strategy = feeling, "Reflection of Feelings"
    else:
        reply, strategy = f"{feeling} {rng.choice(ideas)}", "Providing Suggestions or Information"
    memory = ""
    if rng.random() < 0.3:
        about = rng.choice(list(SHARED))
        known, said = rng.choice(SHARED[about])
        v = value(about, rng)
        memory, said = fill(known, v), fill(said, v)
        if rng.random() < 0.6:
            memory = paragraph(rng, memory, 4)
        reply = f"{feeling} {said} {question}" if rng.random() < 0.7 else f"{feeling} {said}"
        strategy = "Self-disclosure"
    elif rng.random() < 0.3:
        memory = paragraph(rng)
    turns = [Turn("SEEKER", opening), Turn("SUPPORTER", reply, True, memory=memory, strategy=strategy)]
    if rng.random() < 0.4:
        turns.insert(0, Turn("SUPPORTER", greeting_line(name, rng), True, strategy="Greeting"))
    if rng.random() < 0.6:
        turns.append(Turn("SEEKER", _lower(rng.choice(GENERAL), rng)))
        if rng.random() < 0.6:
            idea = rng.choice(ideas)
            lead = rng.choice(["", rng.choice(AFFIRM) + " ", "I understand. "])
            turns.append(Turn("SUPPORTER", lead + idea, True, strategy="Providing Suggestions or Information"))
        else:
            turns.append(
                Turn(
                    "SUPPORTER",
                    rng.choice(AFFIRM) + " " + rng.choice([q for q in questions if q not in reply]),
                    True,
                    strategy="Affirmation and Reassurance",
                )
            )
    return Talk("openings", parts, turns)
