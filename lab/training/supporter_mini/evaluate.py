"""Measure an exported model: ``python -m supporter_mini.evaluate --data DIR --run DIR --model DIR --out FILE``.

Held-out bits per byte of whole dialogues and of replies in the inference format, distinct-n and loops of sampled
replies, persona probes, control tags, speed. Only figures are written, no text of the corpora.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

from .base import dialogue_text
from .decoding import DECODING
from .export import load_checkpoint
from .goals import GOALS, goal_label
from .personas import random_statement
from .probes import SEEKERS, persona_probes, states_value
from .quiz import SMALL
from .sampling import Generator, Prompt, has_loop
from .sources import persona_overlap, talks_of
from .talk import Talk
from .textclean import read_jsonl
from .tokens import load_tokenizer
from .writer import Writer

SOURCES = [
    "esconv",
    "empathetic_dialogues",
    "escot",
    "gpt4_synthetic_esc",
    "persona_chat",
    "synthetic_persona_chat",
    "characterchat",
    "counsel_chat",
    "daily_dialog",
]
PROMPTED = ["esconv", "empathetic_dialogues", "escot", "gpt4_synthetic_esc", "persona_chat", "synthetic_persona_chat"]
WINDOW = 384


def bits(model: LlamaForCausalLM, sequences: Iterable[tuple[list[int], list[bool]]]) -> float:
    """Summed bits of the marked tokens."""
    total = 0.0
    with torch.inference_mode():
        for ids, marked in sequences:
            tensor = torch.tensor([ids])
            logp = model(tensor).logits[0, :-1].log_softmax(-1)
            losses = -logp.gather(1, tensor[0, 1:, None])[:, 0]
            total += float((losses * torch.tensor(marked[1:], dtype=torch.float32)).sum())
    return total / math.log(2)


def plain_bits(model: LlamaForCausalLM, tok: Tokenizer, data: Path, source: str, most: int) -> float:
    """Bits per byte of whole plain dialogues (windows of `WINDOW` tokens, tags counted as text of no bytes)."""
    rng = random.Random(1)
    sequences: list[tuple[list[int], list[bool]]] = []
    size = 0
    for dialogue in read_jsonl(data / "dialogues" / f"{source}.jsonl.gz"):
        if dialogue["split"] != "valid":
            continue
        text = dialogue_text(dialogue, rng)
        if not text:
            continue
        ids = tok.encode(text, add_special_tokens=False).ids
        for start in range(0, len(ids) - 1, WINDOW - 1):
            piece = ids[start : start + WINDOW]
            if len(piece) > 1:
                sequences.append((piece, [True] * len(piece)))
        for tag in ("<SEEKER>", "<SUPPORTER>", "</s>"):
            text = text.replace(tag, "")
        size += len(text.encode())
        if size > most:
            break
    return bits(model, sequences) / size


def reply_bits(model: LlamaForCausalLM, writer: Writer, talks: list[Talk], most: int) -> float:
    """Bits per byte of held-out replies (with their end mark) in the inference format."""
    sequences: list[tuple[list[int], list[bool]]] = []
    size = 0
    for talk, index in reply_places(talks):
        row = writer.row(talk, index)
        if row is None:
            continue
        sequences.append((row[0], [w >= 100 for w in row[1]]))
        size += len(talk.turns[index].text.encode())
        if size > most:
            break
    return bits(model, sequences) / size


def reply_places(talks: list[Talk]) -> list[tuple[Talk, int]]:
    """Every reply position of some dialogues."""
    places = [(talk, i) for talk in talks for i, turn in enumerate(talk.turns) if turn.target]
    random.Random(2).shuffle(places)
    return places


def distinct(replies: list[list[str]], size: int) -> float:
    """Share of distinct n-grams over all replies (Li et al. 2016)."""
    grams = [tuple(r[i : i + size]) for r in replies for i in range(len(r) - size + 1)]
    return len(set(grams)) / max(len(grams), 1)


def held_prompts(talks: dict[str, list[Talk]], count: int) -> list[Prompt]:
    """Held-out contexts, the same number from each of the `PROMPTED` sources."""
    prompts = []
    for source in PROMPTED:
        for talk, index in reply_places(talks[source])[: math.ceil(count / len(PROMPTED))]:
            turn = talk.turns[index]
            history = [(t.role, t.text) for t in talk.turns[:index]]
            memory = turn.memory if turn.memory else ""
            prompts.append(Prompt(" ".join(talk.parts), history[-6:], memory))
    return prompts[:count]


def sampled(generator: Generator, prompts: list[Prompt], ranked: int) -> dict[str, Any]:
    """Diversity and loops of one reply per context."""
    picks = [generator.best(p, ranked) if ranked > 1 else generator.sample(p)[0] for p in prompts]
    tokenised = [pick.text.lower().split() for pick in picks]
    return {
        "contexts": len(picks),
        "candidates": ranked,
        "distinct1": round(distinct(tokenised, 1), 3),
        "distinct2": round(distinct(tokenised, 2), 3),
        "loopFree": round(1 - sum(has_loop(pick.tokens) for pick in picks) / len(picks), 3),
        "meanWords": round(float(np.mean([len(words) for words in tokenised])), 1),
        "ended": round(sum(len(p.tokens) < generator.decoding["max_new_tokens"] for p in picks) / len(picks), 3),
    }


def persona_accuracy(generator: Generator, count: int, ranked: int) -> dict[str, Any]:
    """Share of probe answers that hold the right value, by place and topic, and the F1 of the facts.

    Precision is over the answers that state a value at all, a right one or a known wrong one; recall over all probes.
    """
    result: dict[str, Any] = {}
    for place in ("statement", "memory", "both"):
        hits: dict[str, list[bool]] = {}
        stated = 0
        for prompt, topic, expect in persona_probes(count, place, 5):
            pick = generator.best(prompt, ranked) if ranked > 1 else generator.sample(prompt)[0]
            said = pick.text.lower()
            hits.setdefault(topic, []).append(expect in said)
            stated += expect in said or states_value(said, topic)
        flat = [hit for values in hits.values() for hit in values]
        result[place] = {"all": round(float(np.mean(flat)), 3), "f1": round(2 * sum(flat) / (stated + len(flat)), 3)}
        result[place] |= {topic: round(float(np.mean(values)), 2) for topic, values in hits.items()}
    return result


def control(generator: Generator, count: int) -> dict[str, Any]:
    """How often a reply realises the goal it was given, and asks a question under the strategy Question."""
    rng = random.Random(3)
    follow: dict[str, float] = {}
    without = 0
    for goal in GOALS:
        hits = 0
        for _ in range(count):
            statement = " ".join(random_statement(rng)[1])
            history = [("SEEKER", rng.choice(SEEKERS + SMALL))]
            hits += goal_label(generator.sample(Prompt(statement, history, goal=goal))[0].text) == goal
            without += goal_label(generator.sample(Prompt(statement, history))[0].text) == goal
        follow[goal] = round(hits / count, 2)
    marks: dict[str, float] = {}
    worries = [
        "I feel down today.",
        "My week was terrible.",
        "I had a fight with my friend.",
        "I worry about my mother.",
    ]
    for strategy in ("Question", "Affirmation and Reassurance", "Providing Suggestions or Information", None):
        hits = 0
        for number in range(4 * count):
            statement = " ".join(random_statement(rng)[1])
            prompt = Prompt(statement, [("SEEKER", worries[number % len(worries)])], strategy=strategy)
            hits += "?" in generator.sample(prompt)[0].text
        marks[strategy or "none"] = round(hits / (4 * count), 2)
    mean = round(float(np.mean(list(follow.values()))), 3)
    chance = round(without / (count * len(GOALS)), 3)
    return {"goalFollowed": mean, "goalWithoutTag": chance, "byGoal": follow, "questionMarkShare": marks}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("models/supporter-mini"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--bytes", type=int, default=40_000, help="held-out bytes a source")
    parser.add_argument("--contexts", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--keep-bits", action="store_true", help="take the bits per byte from an earlier output of this step"
    )
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    if args.smoke:
        args.bytes, args.contexts = 2000, 12
    torch.set_num_threads(args.threads)
    start = time.time()
    model, state = load_checkpoint(args.run)
    tok = load_tokenizer(args.model / "tokenizer.json")
    overlap = persona_overlap(args.data)
    rng = random.Random(4)
    talks = {source: list(talks_of(args.data, source, "valid", rng, overlap)) for source in SOURCES}
    result: dict[str, Any] = {
        "step": state["step"],
        "tokens": state["seen"],
        "minutes": round(state["elapsed"] / 60, 1),
    }

    def show(name: str, value: Any) -> None:
        result[name] = value
        print(f"{time.time() - start:.0f} s {name}: {json.dumps(value)}", flush=True)
        args.out.write_text(json.dumps(result, indent=2) + "\n")

    earlier = json.loads(args.out.read_text()) if args.keep_bits else {}
    if earlier.get("step") == state["step"]:
        show("bitsPerByteDialogue", earlier["bitsPerByteDialogue"])
        show("bitsPerByteReply", earlier["bitsPerByteReply"])
    else:
        show("bitsPerByteDialogue", {s: round(plain_bits(model, tok, args.data, s, args.bytes), 3) for s in SOURCES})
        writer = Writer(tok, random.Random(6))
        show("bitsPerByteReply", {s: round(reply_bits(model, writer, talks[s], args.bytes // 3), 3) for s in SOURCES})
    generator = Generator(args.model, DECODING, args.threads)
    prompts = held_prompts(talks, args.contexts)
    show("sampling", sampled(generator, prompts, 1))
    show("tokensPerSecond", round(generator.generated / generator.seconds))
    show("samplingRanked8", sampled(generator, prompts[: args.contexts // 2], 8))
    probes = 12 if args.smoke else 84
    show("persona", persona_accuracy(generator, probes, 1))
    show("personaRanked8", persona_accuracy(generator, probes // 2, 8))
    show("control", control(generator, 2 if args.smoke else 10))


if __name__ == "__main__":
    main()
