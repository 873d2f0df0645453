"""Train the strategy planner: python -m scorers.strategy --data DATA --cache CACHE"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from encoder.choices import read_rows
from torch import Tensor, nn
from torch.nn import functional
from trunk.corpora import CONTEXT_WIDTH, STRATEGIES, context_numbers, label_of

from .choices import plain
from .command import Command, command
from .export import export_graph, write_folder
from .loop import Recipe, macro_f1, principal, run_epochs
from .vectors import VectorStore, store_digest

VERSION = "1.0.0"
ESCONV_STRATEGIES = (
    "Question",
    "Restatement or Paraphrasing",
    "Reflection of feelings",
    "Self-disclosure",
    "Affirmation and Reassurance",
    "Providing Suggestions",
    "Information",
    "Others",
)
LINES = 3
"""The seeker's last line, the supporter's last line, the seeker's line before."""
COMPONENTS = 128
HIDDEN = 256
MEMBERS = 5
"""Networks whose probabilities are averaged."""
REMEMBERED = 8
"""Own earlier strategies that are counted: as many as a session keeps."""
NUMBERS = len(STRATEGIES) + 1 + CONTEXT_WIDTH + 3
CLASS_POWER = 0.4
"""Weight of a class: its frequency to this negative power."""
SMOOTHING = 0.1
SHORT_LINE = 8
LONG_LINE = 300


class StrategyMember(nn.Module):
    """One hidden layer and a head for each label set."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(LINES * COMPONENTS + NUMBERS, HIDDEN), nn.ReLU(), nn.Dropout(0.5)
        )
        self.magic = nn.Linear(HIDDEN, len(STRATEGIES))
        self.esconv = nn.Linear(HIDDEN, len(ESCONV_STRATEGIES))

    def forward(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of both label sets."""
        hidden = self.body(seen)
        return self.magic(hidden), self.esconv(hidden)


class StrategyNetwork(nn.Module):
    """lines [n, 3, width] (zeros where there is none) and numbers [n, 51] to probabilities of both label sets."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("basis", torch.zeros(width, COMPONENTS))
        self.members = nn.ModuleList(StrategyMember() for _ in range(MEMBERS))

    def seen(self, lines: Tensor, numbers: Tensor) -> Tensor:
        """What the members read."""
        there = (lines.square().sum(-1, keepdim=True) > 0).to(lines.dtype)
        return torch.cat([(((lines - self.mean) @ self.basis) * there).flatten(1), numbers], 1)

    def forward(self, lines: Tensor, numbers: Tensor) -> tuple[Tensor, Tensor]:
        """Probabilities [n, 8] of MAGIC's and of ESConv's labels."""
        pairs = [member(self.seen(lines, numbers)) for member in self.members]
        magic = torch.stack([torch.softmax(one, -1) for one, _ in pairs]).mean(0)
        return magic, torch.stack([torch.softmax(two, -1) for _, two in pairs]).mean(0)


@dataclass
class Turns:
    """Supporter turns that answer a seeker: rows of `vectors` for the lines, numbers, both labels (-1: none)."""

    vectors: Tensor
    rows: Tensor
    numbers: Tensor
    magic: Tensor
    esconv: Tensor

    def lines(self, rows: Tensor) -> Tensor:
        """[n, 3, width] of some turns."""
        return self.vectors[self.rows[rows]]


def turn_numbers(past: list[int], supporter_turns: int, text: str) -> list[float]:
    """The last eight strategies counted, the last four in order, the stage, what the last line looks like."""
    last = past[-REMEMBERED:]
    counts = [last.count(label) / 4 for label in range(len(STRATEGIES))]
    looks = [float(len(text.split()) < SHORT_LINE), min(len(text), LONG_LINE) / LONG_LINE, float("?" in text)]
    return [*counts, len(last) / REMEMBERED, *context_numbers(past, supporter_turns), *looks]


def read_turns(data: Path, split: str) -> list[tuple[tuple[str, str, str], list[float], int, int]]:
    """(three lines, numbers, MAGIC label, ESConv label) of every answered turn; neighbouring lines of a side are one."""
    found = []
    for dialogue in read_rows(data / "dialogues/esconv.jsonl.gz"):
        if dialogue["split"] == split:
            found += _turns(dialogue)
    return found


def _turns(dialogue: dict[str, Any]) -> list[tuple[tuple[str, str, str], list[float], int, int]]:
    found = []
    past: list[int] = []
    lines: list[list[str]] = []
    for turn in dialogue["turns"]:
        if turn["speaker"] == "supporter" and lines and lines[-1][0] == "seeker" and turn.get("strategy_magic"):
            seeker = [plain(text) for who, text in lines if who == "seeker"]
            supporter = [plain(text) for who, text in lines if who == "supporter"]
            texts = (seeker[-1], supporter[-1] if supporter else "", seeker[-2] if len(seeker) > 1 else "")
            label, name = label_of(turn["strategy_magic"]), turn.get("strategy")
            other = ESCONV_STRATEGIES.index(name) if name in ESCONV_STRATEGIES else -1
            found.append((texts, turn_numbers(past, len(supporter), seeker[-1]), label, other))
        if turn["speaker"] == "supporter" and turn.get("strategy_magic"):
            past.append(label_of(turn["strategy_magic"]))
        if lines and lines[-1][0] == turn["speaker"]:
            lines[-1][1] += f"\n{turn['text']}"
        else:
            lines.append([turn["speaker"], turn["text"]])
    return found


def turn_arrays(data: Path, split: str, store: VectorStore, limit: int | None) -> Turns:
    """The turns of a split as tensors."""
    found = read_turns(data, split)[:limit]
    texts = sorted({text for lines, *_ in found for text in lines})
    store.prepare(texts)
    row = {text: place for place, text in enumerate(texts)}
    return Turns(
        torch.from_numpy(store.vectors(texts)),
        torch.tensor([[row[text] for text in lines] for lines, *_ in found]),
        torch.tensor([numbers for _, numbers, _, _ in found]),
        torch.tensor([magic for _, _, magic, _ in found]),
        torch.tensor([esconv for *_, esconv in found]),
    )


def train(options: Command) -> None:
    """Train the members one after the other, export, measure on valid."""
    limit = 600 if options.smoke else None
    store = VectorStore(options.encoder, options.cache)
    training, valid = (turn_arrays(options.data, split, store, limit) for split in ("train", "valid"))
    network = StrategyNetwork(training.vectors.shape[1])
    network.mean, network.basis = principal(training.vectors[training.rows[:, 0]], COMPONENTS)
    seen = torch.cat([network.seen(training.lines(rows), training.numbers[rows]) for rows in torch.arange(len(training.magic)).split(1024)])
    valid_lines = valid.lines(torch.arange(len(valid.magic)))
    checked = network.seen(valid_lines, valid.numbers)
    weights = [class_weights(labels, 8) for labels in (training.magic, training.esconv)]
    recipe = Recipe(epochs=2 if options.smoke else 10)
    curves: dict[str, list[float]] = {}
    for number, member in enumerate(network.members):

        def loss(rows: Tensor, member: nn.Module = member) -> Tensor:
            magic, esconv = member(seen[rows])
            return functional.cross_entropy(magic, training.magic[rows], weights[0], label_smoothing=SMOOTHING) + 0.5 * (
                functional.cross_entropy(
                    esconv, training.esconv[rows], weights[1], ignore_index=-1, label_smoothing=SMOOTHING
                )
            )

        def judge(member: nn.Module = member) -> float:
            with torch.no_grad():
                return macro_f1(member(checked)[0].argmax(1), valid.magic, 8)[0]

        torch.manual_seed(options.seed + number)
        for layer in member.modules():
            if isinstance(layer, nn.Linear):
                layer.reset_parameters()
        curves[f"member {number + 1}"] = run_epochs(
            member, len(seen), loss, judge, recipe, options.seed + number, checkpoint(options, number)
        )
    network.eval()
    figures = measure(network, valid_lines, valid)
    print(figures)
    if options.out is None:
        return
    graph = export_graph(
        network,
        (valid_lines[:1], valid.numbers[:1]),
        inputs=["lines", "numbers"],
        outputs=["magic", "esconv"],
    )
    manifest = {
        "name": "strategy-planner",
        "version": VERSION,
        "labels": list(STRATEGIES),
        "esconvLabels": list(ESCONV_STRATEGIES),
        "dimension": training.vectors.shape[1],
        "numbers": NUMBERS,
    }
    epochs = [float(epoch + 1) for epoch in range(recipe.epochs)]
    write_folder(
        options,
        graph,
        manifest,
        {"trainTurns": len(training.magic), "validTurns": len(valid.magic), "epochs": recipe.epochs, "valid": figures},
        curve=("epoch", "macro-F1 on valid", epochs, curves),
    )


def class_weights(labels: Tensor, classes: int) -> Tensor:
    """Inverse frequency to the power, with a mean of one."""
    counts = torch.bincount(labels[labels >= 0], minlength=classes).clamp(min=1).float()
    weights = counts.pow(-CLASS_POWER)
    return weights / weights.mean()


def checkpoint(options: Command, number: int) -> Path | None:
    """Where a member's training is kept; None where it shall not be taken up."""
    if not options.resume or options.smoke:
        return None
    return options.cache / f"strategy-{store_digest(options.encoder)}-{options.seed}-{number}.pt"


def measure(network: StrategyNetwork, lines: Tensor, valid: Turns) -> dict[str, dict[str, float]]:
    """Accuracy and F1 of both label sets, and of always answering the most frequent label."""
    with torch.no_grad():
        magic, esconv = network(lines, valid.numbers)
    kept = valid.esconv >= 0
    return {
        "magic": _figures(magic.argmax(1), valid.magic),
        "esconv": _figures(esconv[kept].argmax(1), valid.esconv[kept]),
        "majority, magic": _figures(torch.full_like(valid.magic, valid.magic.mode().values.item()), valid.magic),
    }


def _figures(predicted: Tensor, expected: Tensor) -> dict[str, float]:
    macro, weighted = macro_f1(predicted, expected, 8)
    accuracy = (predicted == expected).float().mean().item()
    return {"accuracy": round(accuracy, 4), "macroF1": round(macro, 4), "weightedF1": round(weighted, 4)}


if __name__ == "__main__":
    command(__doc__, "strategy-planner", "encoder", train)
