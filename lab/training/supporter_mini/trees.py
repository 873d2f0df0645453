"""Phase 2: a dialogue as a tree, its history once and one branch for every reply in the exact inference format.

At inference the history holds no INFO blocks, and the reply follows the block of its own turn. A row for each
reply would repeat the history as many times as there are replies (3,000 tokens for a dialogue of eight); a tree holds it
once: the trunk is the statement and the plain history, and the branch of a reply (block, reply, end) sees the trunk up to the tag it
continues and itself, at the positions it would have there. The same idea verifies drafts in tree attention
(Miao et al. 2023, SpecInfer, arXiv 2305.09781).
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import torch

from .talk import OWN, Talk
from .tokens import EOS, PAD, SUPPORTER, SYSTEM
from .writer import LENGTH, LIGHT, OTHER, REPLY, Writer

# share of the replies that get a branch, and the tokens of history a later tree of a long dialogue begins with
BRANCH_SHARE = 0.95
HISTORY = 120

FIELDS = ("tree", "branch", "position", "cut")
POSITION = FIELDS.index("position")


@dataclass
class Tree:
    """Tokens with their loss weights, and where each stands: its branch (0: the trunk), position and the trunk it sees."""

    ids: list[int] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    branch: list[int] = field(default_factory=list)
    position: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)

    def grow(self, ids: list[int], weights: list[int]) -> None:
        """Lengthen the trunk."""
        at = self.trunk
        self.ids += ids
        self.weights += weights
        self.branch += [0] * len(ids)
        self.position += range(at, at + len(ids))
        self.cut += range(at, at + len(ids))

    def fork(self, number: int, ids: list[int], weights: list[int]) -> None:
        """Add a branch that continues the trunk as it is now."""
        at = self.trunk
        self.ids += ids
        self.weights += weights
        self.branch += [number] * len(ids)
        self.position += range(at, at + len(ids))
        self.cut += [at - 1] * len(ids)

    @property
    def trunk(self) -> int:
        """Length of the trunk."""
        return self.branch.count(0)


def grow_trees(writer: Writer, talk: Talk, seen: Counter[str]) -> list[Tree]:
    """A dialogue as trees of at most `LENGTH` tokens; a later tree begins with the statement and the last turns."""
    rng = writer.rng
    memories = [turn.memory for turn in talk.turns if turn.target and turn.memory]
    memory = rng.choice(memories) if memories else ""
    statement, absent = writer.statement(talk, memory)
    head = [SYSTEM, *writer.encode(statement)]
    trees: list[Tree] = []
    recent: list[list[int]] = []
    tree, forks = Tree(), 0
    tree.grow(head, [0] * len(head))

    def close() -> None:
        nonlocal tree, forks
        if forks:
            trees.append(tree)
        tree, forks = Tree(), 0
        tree.grow(head, [0] * len(head))
        room = HISTORY
        kept: list[list[int]] = []
        for piece in reversed(recent):
            room -= len(piece)
            if room < 0:
                break
            kept.insert(0, piece)
        for piece in kept:
            tree.grow(piece, [0] * len(piece))

    for turn in talk.turns:
        spoken = writer.spoken(turn)
        block: list[int] = []
        tail: list[int] = []
        if turn.target and rng.random() < BRANCH_SHARE:
            seen[turn.text.lower()] += 1
            if talk.source in OWN or seen[turn.text.lower()] <= 3:
                keep = bool(turn.memory) and (turn.memory not in talk.parts or (absent and turn.memory == memory))
                block = writer.encode(writer.info(turn, talk, keep))
                tail = [*writer.encode(turn.text), EOS]
        need = len(spoken) + len(block) + len(tail)
        if len(tree) + need > LENGTH:
            close()
        if len(tree) + need > LENGTH:
            recent.append(spoken)
            continue
        if tail:
            forks += 1
            tree.grow([SUPPORTER], [OTHER])
            weights = writer.reply_weights(tail[:-1], head + block)
            tree.fork(forks, block + tail, [0] * len(block) + weights + [REPLY])
            # what precedes the trunk's next token in the array is the branch
            tree.grow(spoken[1:], [0] + [LIGHT] * (len(spoken) - 2))
        else:
            tree.grow(spoken, [OTHER if turn.role == "SEEKER" or turn.target else LIGHT] * len(spoken))
        recent.append(spoken)
    close()
    return trees


def pack_trees(trees: list[Tree], rng: random.Random) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pack trees into bins of `LENGTH` (best fit over open bins): ids, weights and the `FIELDS` [n, 4, length]."""
    rng.shuffle(trees)
    bins: list[list[Tree]] = []
    open_bins: list[tuple[int, list[Tree]]] = []
    for tree in trees:
        fits = [(LENGTH - held - len(tree), i) for i, (held, _) in enumerate(open_bins) if held + len(tree) <= LENGTH]
        if not fits:
            open_bins.append((len(tree), [tree]))
            if len(open_bins) > 48:
                bins.append(open_bins.pop(max(range(len(open_bins)), key=lambda i: open_bins[i][0]))[1])
            continue
        left, number = min(fits)
        held, group = open_bins[number]
        group.append(tree)
        open_bins[number] = (held + len(tree), group)
        if left < 16:
            bins.append(open_bins.pop(number)[1])
    bins += [group for _, group in open_bins]
    rng.shuffle(bins)
    ids = np.full((len(bins), LENGTH), PAD, dtype=np.uint16)
    loss = np.zeros((len(bins), LENGTH), dtype=np.uint8)
    shape = np.zeros((len(bins), len(FIELDS), LENGTH), dtype=np.uint16)
    for row, group in enumerate(bins):
        at = 0
        for number, tree in enumerate(group, 1):
            end = at + len(tree)
            ids[row, at:end] = tree.ids
            loss[row, at:end] = tree.weights
            shape[row, :, at:end] = [[number] * len(tree), tree.branch, tree.position, tree.cut]
            at = end
    return ids, loss, shape


def mask_of(shape: torch.Tensor) -> torch.Tensor:
    """What each token sees [n, 1, length, length], from the `FIELDS` [n, 4, length] of packed trees."""
    tree, branch, position, cut = shape.unbind(1)
    same = tree[:, :, None] == tree[:, None, :]
    trunk = (branch[:, None, :] == 0) & (position[:, None, :] <= cut[:, :, None])
    index = torch.arange(shape.shape[-1], device=shape.device)
    own = (branch[:, :, None] == branch[:, None, :]) & (index[None, None, :] <= index[None, :, None])
    return (same & (trunk | own))[:, None]
