"""The memory selector's graph: log-linear in what it reads, so that 984 choices are enough to fit it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .choices import ASPECTS, ASKED_LINES, TELLS

LINE_WIDTH = 96
"""Principal components of a line that are read."""
MEMORY_WIDTH = 96
USAGE = 8


class SelectorNetwork(nn.Module):
    """Scores the memories of one or of many choices.

    A memory's score is that of its aspect, which depends on the other side's last line, on what that line tells of and on
    what was told before, plus its own usage. A memory without a known aspect is a mixture of the aspects its text looks
    like. The network names what the other side's lines tell of by itself where nobody says it.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        aspects, tells = len(ASPECTS), len(TELLS)
        self.register_buffer("line_mean", torch.zeros(width))
        self.register_buffer("line_basis", torch.zeros(width, LINE_WIDTH))
        self.register_buffer("memory_mean", torch.zeros(width))
        self.register_buffer("memory_basis", torch.zeros(width, MEMORY_WIDTH))
        self.tell = nn.Linear(LINE_WIDTH, tells)
        self.name = nn.Linear(MEMORY_WIDTH, aspects)
        self.line = nn.Linear(LINE_WIDTH, aspects, bias=False)
        self.side = nn.Parameter(torch.zeros(2, aspects))
        self.after = nn.Parameter(torch.zeros(tells, aspects))
        self.before = nn.Parameter(torch.zeros(aspects, aspects))
        self.usage = nn.Parameter(torch.zeros(USAGE, 2))
        self.text = nn.Parameter(torch.zeros(()))
        for layer in (self.tell, self.name, self.line):
            nn.init.zeros_(layer.weight)

    def components(self, lines: Tensor) -> Tensor:
        """Lines [..., width] as components [..., 96]; zeros stay zeros."""
        there = (lines.square().sum(-1, keepdim=True) > 0).to(lines.dtype)
        return ((lines - self.line_mean) @ self.line_basis) * there

    def tells(self, lines: Tensor) -> Tensor:
        """What lines [..., width] tell of, as probabilities [..., 11]; nothing where there is no line."""
        there = (lines.square().sum(-1, keepdim=True) > 0).to(lines.dtype)
        return torch.softmax(self.tell(self.components(lines)), -1) * there

    def names(self, memories: Tensor) -> Tensor:
        """Which aspect memories [..., width] belong to, as probabilities [..., 9]."""
        return torch.softmax(self.name((memories - self.memory_mean) @ self.memory_basis), -1)

    def score(self, line: Tensor, told: Tensor, picks: Tensor, speaker: Tensor, aspects: Tensor, cosine: Tensor) -> Tensor:
        """Logits [n, k] from components [n, 96], told [n, 2, 11], picks, speaker [n], aspects [n, k, 9], cosine [n, k]."""
        side = torch.stack([1 - speaker, speaker], -1)
        mine = picks[:, 0] @ self.before
        prior = self.line(line) + side @ self.side + told[:, 0] @ self.after + mine
        heard = told[:, :, : len(ASPECTS)]
        both = heard.sum(1) + picks[:, : 5 - ASKED_LINES].sum(1)
        usage = torch.stack(
            [
                picks[:, 0],
                picks[:, 1],
                picks.amax(1),
                picks.sum(1) / 4,
                heard[:, 0],
                heard[:, 1],
                both / 3,
                torch.relu(both - 2),
            ],
            -1,
        )
        weights = side @ self.usage.T
        known = prior + (usage * weights[:, None, :]).sum(-1)
        return (aspects @ known[:, :, None]).squeeze(-1) + self.text * cosine

    def forward(
        self, asked: Tensor, told: Tensor, picks: Tensor, speaker: Tensor, memories: Tensor, aspects: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """As served: asked [1, 2, width], told, picks, speaker [1], memories [1, k, width], aspects [1, k, 9].

        Returns logits [1, k], the aspects as used [1, k, 9] and what the lines tell of [1, 2, 11].
        """
        known = told.sum(-1, keepdim=True)
        told = told + (1 - known) * self.tells(asked)
        named = aspects.sum(-1, keepdim=True)
        aspects = aspects + (1 - named) * self.names(memories)
        cosine = (memories @ asked[:, 0, :, None]).squeeze(-1)
        return self.score(self.components(asked[:, 0]), told, picks, speaker, aspects, cosine), aspects, told
