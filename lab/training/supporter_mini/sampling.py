"""Sampling from the exported graph, with candidates ranked as a chat runtime would do it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from .goals import goal_label, info_block
from .model import CONTEXT, STOP
from .personas import words
from .tokens import PAD, SEEKER, SUPPORTER, SYSTEM


@dataclass
class Prompt:
    """What a reply is conditioned on."""

    statement: str
    history: list[tuple[str, str]] = field(default_factory=list)
    memory: str = ""
    goal: str | None = None
    strategy: str | None = None


@dataclass
class Candidate:
    """A sampled reply with its mean log-probability under the plain model."""

    text: str
    logprob: float
    tokens: list[int]


def encode_prompt(tok: Tokenizer, prompt: Prompt, room: int) -> list[int]:
    """Prompt ids in the CharacterChat format; the oldest turns are dropped to leave ``room`` tokens."""

    def ids(text: str) -> list[int]:
        return tok.encode(text, add_special_tokens=False).ids

    head = [SYSTEM, *ids(prompt.statement)]
    tail = [SUPPORTER, *ids(info_block(prompt.memory, prompt.goal, prompt.strategy))]
    history: list[int] = []
    for role, text in reversed(prompt.history):
        piece = [SEEKER if role == "SEEKER" else SUPPORTER, *ids(text)]
        if len(head) + len(piece) + len(history) + len(tail) + room > CONTEXT:
            break
        history = piece + history
    return head + history + tail


def has_loop(tokens: list[int], size: int = 4) -> bool:
    """Whether an n-gram of tokens occurs twice."""
    grams = [tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)]
    return len(grams) != len(set(grams))


class Generator:
    """The int8 graph with its tokenizer and decoding settings."""

    def __init__(self, folder: Path, decoding: dict[str, Any], threads: int = 2, seed: int = 7) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        graph = str(folder / "onnx" / "model_quantized.onnx")
        self.session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self.tok = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.decoding = decoding
        self.rng = np.random.default_rng(seed)
        pasts = [i for i in self.session.get_inputs() if i.name.startswith("past")]
        self.names = [i.name for i in pasts]
        self.shape = (pasts[0].shape[1], pasts[0].shape[3])
        self.generated, self.seconds = 0, 0.0

    def forward(self, ids: np.ndarray, past: list[np.ndarray] | None) -> tuple[np.ndarray, list[np.ndarray]]:
        """Logits and cache of ``ids`` [batch, n]."""
        batch, count = ids.shape
        if past is None:
            past = [np.zeros((batch, self.shape[0], 0, self.shape[1]), np.float32)] * len(self.names)
        start = past[0].shape[2]
        feed = {
            "input_ids": ids.astype(np.int64),
            "attention_mask": np.ones((batch, start + count), np.int64),
            "position_ids": np.tile(np.arange(start, start + count, dtype=np.int64), (batch, 1)),
        }
        out = self.session.run(None, feed | dict(zip(self.names, past, strict=True)))
        return out[0], out[1:]

    def choose(self, logits: np.ndarray, prompt: list[int], reply: list[int]) -> tuple[int, float]:
        """Sample one token; penalties look at the reply alone unless ``penalty_scope`` is "all"."""
        settings = self.decoding
        plain = logits - logits.max()
        plain = plain - np.log(np.exp(plain).sum())
        scores = logits.astype(np.float64).copy()
        seen = prompt + reply if settings.get("penalty_scope") == "all" else reply
        used = np.array(sorted(set(seen)), dtype=np.int64)
        if len(used):
            penalty = settings["repetition_penalty"]
            scores[used] = np.where(scores[used] > 0, scores[used] / penalty, scores[used] * penalty)
        size = settings["no_repeat_ngram_size"]
        if size and len(seen) >= size:
            end = tuple(seen[len(seen) - size + 1 :])
            for i in range(len(seen) - size + 1):
                if tuple(seen[i : i + size - 1]) == end:
                    scores[seen[i + size - 1]] = -np.inf
        if not reply:
            scores[STOP] = -np.inf
        scores[PAD] = -np.inf
        scores /= settings["temperature"]
        order = np.argsort(-scores)[: settings["top_k"]]
        chance = np.exp(scores[order] - scores[order[0]])
        chance /= chance.sum()
        keep = np.cumsum(chance) - chance < settings["top_p"]
        order, chance = order[keep], chance[keep] / chance[keep].sum()
        token = int(self.rng.choice(order, p=chance))
        return token, float(plain[token])

    def sample(self, prompt: Prompt, count: int = 1) -> list[Candidate]:
        """Sample ``count`` replies at once."""
        most = self.decoding["max_new_tokens"]
        context = encode_prompt(self.tok, prompt, most)
        logits, past = self.forward(np.array([context]), None)
        rows = np.repeat(logits[:, -1], count, axis=0)
        past = [np.repeat(p, count, axis=0) for p in past]
        replies: list[list[int]] = [[] for _ in range(count)]
        sums, ended = [0.0] * count, [False] * count
        start = time.perf_counter()
        for _ in range(most):
            step = []
            for i in range(count):
                if ended[i]:
                    step.append(PAD)
                    continue
                token, logprob = self.choose(rows[i], context, replies[i])
                sums[i] += logprob
                self.generated += 1
                if token in STOP:
                    ended[i] = True
                else:
                    replies[i].append(token)
                step.append(token)
            if all(ended):
                break
            logits, past = self.forward(np.array(step)[:, None], past)
            rows = logits[:, -1]
        self.seconds += time.perf_counter() - start
        return [
            Candidate(self.tok.decode(r, skip_special_tokens=True).strip(), s / (len(r) + 1), r)
            for r, s in zip(replies, sums, strict=True)
        ]

    def best(self, prompt: Prompt, count: int = 8) -> Candidate:
        """The best of ``count`` candidates by `score`."""
        return max(self.sample(prompt, count), key=lambda c: score(c, prompt))


def score(candidate: Candidate, prompt: Prompt) -> float:
    """Mean log-probability, agreement with memory and last turn, minus repetition of own turns."""
    found = words(candidate.text)
    said = [words(text) for role, text in prompt.history if role == "SUPPORTER"]
    last = next((text for role, text in reversed(prompt.history) if role == "SEEKER"), "")
    value = 0.4 * candidate.logprob
    value += 0.25 * min(len(found & words(prompt.memory)), 2)
    value += 0.2 * min(len(found & words(last)), 2)
    value += 0.1 * min(len(found & words(prompt.statement)), 2)
    if found and any(len(found & other) / len(found | other) > 0.5 for other in said):
        value -= 2.0
    if has_loop(candidate.tokens) or not found:
        value -= 2.0
    if len(candidate.text.split()) < 4:
        value -= 0.4
    if prompt.goal and goal_label(candidate.text) == prompt.goal:
        value += 1.0
    return value
