"""Sentences of our own to compare encoders and tokenizers on; none comes from a data set."""

from __future__ import annotations

import itertools

REFERENCE = [
    "I lost my job last week and I don't know what to do.",
    "You enjoy writing poetry and playing the piano.",
    "hobby",
    "Thank you!",
    "My sister and I haven't spoken since the funeral; it hurts every single day.",
    "Caf\u00e9 na\u00efve \u2013 \u201csmart quotes\u201d and an em\u2014dash\u2026",
    "I feel so tired \U0001f614\U0001f494",
    ":) see you at 10:30",
    "\u660e\u5929\u5929\u6c14\u5f88\u597d\u3002",
    "...",
    "Can we talk about the exam on Friday, please?",
    "HE SHOUTED AT ME IN FRONT OF EVERYONE!!!",
]
"""The sentences whose ids and vectors go into `reference.json`."""

AGREEMENT = [
    *REFERENCE,
    "a",
    " ",
    "  two  spaces  and a trailing one ",
    "line one\nline two\tafter a tab",
    "\u2581already marked\u2581text",
    "<s>not a control piece</s> extra_token_id_1",
    "\ufffd\u2603\u2603 snow",
    "\uff26\uff55\uff4c\uff4c\u3000\uff57\uff49\uff44\uff54\uff48 \ufb01ligature \u2460 \u00bd \u2122",
    "e\u0301 combining, \u00e9 composed",
    "\u05e9\u05dc\u05d5\u05dd \u041f\u0440\u0438\u0432\u0435\u0442 \u0645\u0631\u062d\u0628\u0627",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 family \U0001f1eb\U0001f1f7 flag",
    "::: :( :-) http://example.org/a?b=c&d=e 12:00 07:30",
    ":(",
    ": a colon first",
    "(a):b [c]{d} <e> \\f/ |g| ~h~ `i` ^j^ @k #l $5.00 %m &n *o* _p_ =q= +r+",
    "supercalifragilisticexpialidocious pneumonoultramicroscopicsilicovolcanoconiosis",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "What helped me most was a long walk with my dog. " * 16,
    "3.14159 2,718 1e-9 0x7f 1st 2nd 100% \u20ac20 \u00a35 -40\u00b0C",
    "I can't, won't, shouldn't've; it's y'all's.",
]
"""Reference sentences plus awkward ones: blank, long, unicode, punctuation, look-alike controls."""

_WHO = ["My brother", "A friend of mine", "The new manager", "Our neighbour", "I", "Your grandmother"]
_DID = [
    "moved to another city without a word",
    "finally passed the driving test",
    "keeps forgetting the things that matter to me",
    "started painting small birds on stones",
    "was laughed at during the meeting",
    "sleeps badly before every exam",
    "grew up on a farm near the sea",
    "spent the savings on a motorcycle",
    "volunteers at the animal shelter on Sundays",
    "never learned how to say sorry",
]
_AND = [
    ".",
    ", and I am proud of it.",
    "; honestly, what should I do now?",
    " \u2013 \u201cthat is life\u201d, they say!",
    ", which costs more than \u00a340 a month :(",
]


def varied_sentences() -> list[str]:
    """Combine the parts into 300 sentences."""
    return ["".join((who, " ", did, end)) for who, did, end in itertools.product(_WHO, _DID, _AND)]
