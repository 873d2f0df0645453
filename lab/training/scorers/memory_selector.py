"""Train the memory selector: python -m scorers.memory_selector --data DATA --cache CACHE"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from encoder.choices import read_choices
from encoder.ranking import aspect_counts, bm25
from torch import Tensor
from torch.nn import functional

from .choices import ASPECTS, TELLS, ChoiceArrays, aspect_texts, choice_arrays, choice_texts, told_lines
from .command import Command, command
from .export import export_graph, write_folder
from .selector_network import LINE_WIDTH, MEMORY_WIDTH, SelectorNetwork
from .vectors import VectorStore

VERSION = "1.0.0"
FOLDS = 6
INNER_FOLDS = 5
TELL_RIDGE, NAME_RIDGE = 1e-2, 1e-3
LINE_RIDGE, SIDE_RIDGE, AFTER_RIDGE, USAGE_RIDGE, TEXT_RIDGE = 4e-2, 1e-3, 3e-3, 1e-3, 1e-3
ITERATIONS = 60
THRESHOLD = 0.2

Rows = Tensor


@dataclass
class Texts:
    """Lines and what they tell of; memories and their aspects."""

    lines: Tensor
    tells: Tensor
    dialogues: list[str]
    place: dict[tuple[str, int], int]
    memories: Tensor
    aspects: Tensor


def read_texts(data: Path, store: VectorStore) -> Texts:
    """The vectors and labels of all lines and memories."""
    lines, memories = told_lines(data), aspect_texts(data)
    return Texts(
        lines=torch.from_numpy(store.vectors([text for _, _, text, _ in lines])),
        tells=torch.tensor([label for *_, label in lines]),
        dialogues=[dialogue for dialogue, *_ in lines],
        place={(dialogue, turn): row for row, (dialogue, turn, _, _) in enumerate(lines)},
        memories=torch.from_numpy(store.vectors([text for text, _ in memories])),
        aspects=torch.tensor([label for _, label in memories]),
    )


def fit(arrays: ChoiceArrays, rows: Rows, texts: Texts, held_out: set[str]) -> SelectorNetwork:
    """A network fitted on `rows` and on the lines of all dialogues that are not held out."""
    network = SelectorNetwork(arrays.asked.shape[-1])
    training = torch.tensor([row for row, name in enumerate(texts.dialogues) if name not in held_out])
    _set_basis(network.line_mean, network.line_basis, texts.lines[training], LINE_WIDTH)
    _set_basis(network.memory_mean, network.memory_basis, texts.memories, MEMORY_WIDTH)
    lines = network.components(texts.lines)
    guesses = torch.zeros(len(lines), len(TELLS))
    folds = torch.tensor([zlib.crc32(texts.dialogues[row].encode()) % INNER_FOLDS for row in training.tolist()])
    for fold in range(INNER_FOLDS):
        # What a line tells of is guessed by a classifier that has not seen the line, as it will be when served.
        _fit_linear(network.tell, lines[training[folds != fold]], texts.tells[training[folds != fold]], TELL_RIDGE)
        inside = training[folds == fold]
        guesses[inside] = torch.softmax(network.tell(lines[inside]), -1).detach()
    _fit_linear(network.tell, lines[training], texts.tells[training], TELL_RIDGE)
    memories = (texts.memories - network.memory_mean) @ network.memory_basis
    _fit_linear(network.name, memories, texts.aspects, NAME_RIDGE)
    guessed = torch.zeros_like(arrays.told)
    for row in rows.tolist():
        for back, where in enumerate(arrays.asked_lines[row]):
            guessed[row, back] = guesses[texts.place[where]]
    _fit_scores(network, arrays, torch.cat([rows, rows]), torch.cat([arrays.told[rows], guessed[rows]]))
    return network.eval()


def _fit_scores(network: SelectorNetwork, arrays: ChoiceArrays, rows: Rows, told: Tensor) -> None:
    weights = [network.line.weight, network.side, network.after, network.before, network.usage, network.text]
    ridges = [LINE_RIDGE, SIDE_RIDGE, AFTER_RIDGE, AFTER_RIDGE, USAGE_RIDGE, TEXT_RIDGE]
    line = network.components(arrays.asked[rows, 0])
    cosine = (arrays.memories[rows] @ arrays.asked[rows, 0, :, None]).squeeze(-1)

    def loss() -> Tensor:
        scores = network.score(line, told, arrays.picks[rows], arrays.speaker[rows], arrays.aspects[rows], cosine)
        penalty = sum(ridge * weight.square().sum() for ridge, weight in zip(ridges, weights, strict=True))
        return functional.cross_entropy(scores.masked_fill(~arrays.present[rows], -1e9), arrays.chosen[rows]) + penalty

    _minimise(weights, loss)


def _fit_linear(layer: torch.nn.Linear, inputs: Tensor, labels: Tensor, ridge: float) -> None:
    weights = [layer.weight, layer.bias]
    for weight in weights:
        torch.nn.init.zeros_(weight)
    _minimise(weights, lambda: functional.cross_entropy(layer(inputs), labels) + ridge * layer.weight.square().sum())


def _minimise(weights: Sequence[Tensor], loss: Callable[[], Tensor]) -> None:
    optimiser = torch.optim.LBFGS(weights, max_iter=ITERATIONS, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        value = loss()
        value.backward()
        return value

    optimiser.step(closure)


def _set_basis(mean: Tensor, basis: Tensor, vectors: Tensor, width: int) -> None:
    mean.copy_(vectors.mean(0))
    _, scales, directions = torch.linalg.svd(vectors - mean, full_matrices=False)
    usual = scales[:width].mean() / len(vectors) ** 0.5
    basis.copy_(directions[:width].T / usual)


def cross_validate(arrays: ChoiceArrays, texts: Texts, groups: list[str], network: Callable[..., SelectorNetwork] = fit) -> dict[str, Tensor]:
    """Logits [n, k] for choices whose group the network has not seen: with the other side's picks known, and guessed."""
    names = sorted(set(groups), key=lambda name: zlib.crc32(name.encode()))
    fold_of = {name: index % min(FOLDS, len(names)) for index, name in enumerate(names)}
    known, guessed = (torch.zeros(arrays.present.shape) for _ in range(2))
    for fold in range(min(FOLDS, len(names))):
        inside = torch.tensor([fold_of[name] == fold for name in groups])
        held_out = {arrays.dialogues[row] for row in inside.nonzero().flatten().tolist()}
        fitted = network(arrays, (~inside).nonzero().flatten(), texts, held_out)
        for row in inside.nonzero().flatten().tolist():
            for told, scores in ((arrays.told, known), (torch.zeros_like(arrays.told), guessed)):
                with torch.no_grad():
                    scores[row] = served(fitted, arrays, row, told)
    return {"picks of both sides known": known, "as served: own picks known": guessed}


def served(network: SelectorNetwork, arrays: ChoiceArrays, row: int, told: Tensor) -> Tensor:
    """The logits [k] of one choice."""
    one = slice(row, row + 1)
    logits, _, _ = network(
        arrays.asked[one], told[one], arrays.picks[one], arrays.speaker[one], arrays.memories[one], arrays.aspects[one]
    )
    return logits[0]


def judge(scores: Tensor, arrays: ChoiceArrays) -> dict[str, dict[str, float]]:
    """Top-1, MRR and NDCG@3 by speaker; equal scores count as the worst of their places."""
    masked = scores.masked_fill(~arrays.present, -torch.inf)
    own = masked.gather(1, arrays.chosen[:, None])
    ranks = (masked >= own).sum(1).to(torch.float64)
    sides = {"seeker": arrays.speaker > 0, "supporter": arrays.speaker == 0, "all": arrays.speaker >= 0}
    return {
        side: {
            "n": int(rows.sum()),
            "top1": round((ranks[rows] == 1).double().mean().item(), 4),
            "mrr": round((1 / ranks[rows]).mean().item(), 4),
            "ndcg3": round(((ranks[rows] <= 3) / torch.log2(ranks[rows] + 1)).mean().item(), 4),
        }
        for side, rows in sides.items()
    }


def baselines(data: Path, arrays: ChoiceArrays) -> dict[str, Tensor]:
    """Scores [n, k] of the methods to beat."""
    choices = read_choices(data)
    shape = arrays.present.shape

    def padded(rows: Sequence[np.ndarray]) -> Tensor:
        scores = torch.full(shape, -1e9)
        for row, values in enumerate(rows):
            scores[row, : len(values)] = torch.from_numpy(np.asarray(values, np.float32))
        return scores

    random = torch.rand(shape, generator=torch.Generator().manual_seed(1))
    cosine = (arrays.memories @ arrays.asked[:, 0, :, None]).squeeze(-1)
    return {
        "random": random,
        "BM25, last line": padded([bm25(c.history[-1][1], [text for _, text in c.candidates]) for c in choices]),
        "most frequent aspect, leave one dialogue out": padded(aspect_counts(choices)),
        "cosine of last line and memory": cosine,
    }


def train(options: Command) -> None:
    """Cross-validate, fit on everything, export."""
    store = VectorStore(options.encoder, options.cache)
    store.prepare(choice_texts(options.data))
    arrays, texts = choice_arrays(options.data, store), read_texts(options.data, store)
    figures = {name: judge(scores, arrays) for name, scores in baselines(options.data, arrays).items()}
    groupings = {"by dialogue": arrays.dialogues, "by seeker": arrays.seekers}
    for grouping, groups in groupings.items():
        for name, scores in cross_validate(arrays, texts, groups).items():
            figures[f"trained, {grouping}; {name}"] = judge(scores, arrays)
            print(f"{grouping}; {name}: {figures[f'trained, {grouping}; {name}']['all']}", flush=True)
        if options.smoke:
            break
    sizes = [0.25, 0.5, 0.75, 1.0] if not options.smoke else [1.0]
    curve = [_share(arrays, texts, share) for share in sizes]
    network = fit(arrays, torch.arange(len(arrays.chosen)), texts, set())
    if options.out is None:
        return
    aspects = len(ASPECTS)
    graph = export_graph(
        network,
        (arrays.asked[:1], arrays.told[:1], arrays.picks[:1], arrays.speaker[:1], arrays.memories[:1], arrays.aspects[:1]),
        inputs=["asked", "told", "picks", "speaker", "memories", "aspects"],
        outputs=["scores", "aspects_used", "tells"],
        variable={"memories": {1: "memory"}, "aspects": {1: "memory"}, "scores": {1: "memory"}, "aspects_used": {1: "memory"}},
    )
    write_folder(
        options,
        graph,
        {
            "name": "memory-selector",
            "version": VERSION,
            "aspects": list(ASPECTS),
            "tells": list(TELLS),
            "askedLines": arrays.asked.shape[1],
            "picks": arrays.picks.shape[1],
            "threshold": THRESHOLD,
            "dimension": arrays.asked.shape[2],
        },
        {"choices": len(arrays.chosen), "dialogues": len(set(arrays.dialogues)), "methods": figures, "aspects": aspects},
        curve=("share of the dialogues trained on", "top-1 on unseen dialogues", sizes, {"as served": curve}),
    )


def _share(arrays: ChoiceArrays, texts: Texts, share: float) -> float:
    """Top-1, cross-validated, with that share of the training dialogues."""

    def part(arrays: ChoiceArrays, rows: Rows, texts: Texts, held_out: set[str]) -> SelectorNetwork:
        names = sorted({arrays.dialogues[row] for row in rows.tolist()}, key=lambda name: zlib.crc32(f"{name}!".encode()))
        left = set(names[: max(1, round(share * len(names)))])
        kept = torch.tensor([row for row in rows.tolist() if arrays.dialogues[row] in left])
        return fit(arrays, kept, texts, set(texts.dialogues) - left)

    scores = cross_validate(arrays, texts, arrays.dialogues, part)
    return judge(scores["as served: own picks known"], arrays)["all"]["top1"]


if __name__ == "__main__":
    command(__doc__, "memory-selector", "encoder", train)
