"""Train the emotion classifier: python -m scorers.emotion --data DATA --cache CACHE"""

from __future__ import annotations

from pathlib import Path

import torch
from encoder.choices import read_rows
from torch import Tensor, nn
from torch.nn import functional
from trunk.corpora import EMOTIONS

from .affect import AFFECT
from .choices import plain
from .command import Command, command
from .export import export_graph, write_folder
from .loop import Recipe, macro_f1, principal, run_epochs
from .vectors import VectorStore, store_digest

VERSION = "1.0.0"
COMPONENTS = 256
HIDDEN = 320
BINS = 15


class EmotionNetwork(nn.Module):
    """text [n, width] to probabilities of the 32 emotions, their valence and arousal and a mood."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("basis", torch.zeros(width, COMPONENTS))
        self.register_buffer("temperature", torch.ones(()))
        self.register_buffer("affect", torch.tensor([AFFECT[name] for name in EMOTIONS]))
        self.layers = nn.Sequential(
            nn.Dropout(0.15), nn.Linear(COMPONENTS, HIDDEN), nn.ReLU(), nn.Dropout(0.45), nn.Linear(HIDDEN, len(EMOTIONS))
        )

    def logits(self, text: Tensor) -> Tensor:
        """Before the temperature."""
        return self.layers((text - self.mean) @ self.basis)

    def forward(self, text: Tensor) -> tuple[Tensor, Tensor]:
        """Calibrated probabilities [n, 32] and expected (valence, arousal) [n, 2], each in [-1, 1]."""
        probabilities = torch.softmax(self.logits(text) / self.temperature, -1)
        return probabilities, probabilities @ self.affect


def read_texts(data: Path, split: str) -> list[tuple[str, int, bool]]:
    """(text, emotion, said in the dialogue): what happened, and how the speaker opens the dialogue."""
    found = []
    for dialogue in read_rows(data / "dialogues/empathetic_dialogues.jsonl.gz"):
        if dialogue["split"] != split:
            continue
        label = EMOTIONS.index(dialogue["emotion"])
        first = next((turn["text"] for turn in dialogue["turns"] if turn["speaker"] == "seeker"), "")
        found += [(plain(text), label, said) for text, said in ((dialogue["situation"], False), (first, True)) if text]
    return found


def train(options: Command) -> None:
    """Train, calibrate on one half of valid, measure on the other, export."""
    store = VectorStore(options.encoder, options.cache)
    limit = 800 if options.smoke else None
    sets = []
    for split in ("train", "valid"):
        rows = read_texts(options.data, split)[:limit]
        store.prepare([text for text, *_ in rows])
        vectors = torch.from_numpy(store.vectors([text for text, *_ in rows]))
        sets.append((vectors, torch.tensor([label for _, label, _ in rows]), torch.tensor([said for *_, said in rows])))
    (inputs, labels, _), (valid, expected, said) = sets
    network = EmotionNetwork(inputs.shape[1])
    network.mean, network.basis = principal(inputs, COMPONENTS)
    recipe = Recipe(epochs=2 if options.smoke else 14, rate=1.5e-3)

    def loss(rows: Tensor) -> Tensor:
        return functional.cross_entropy(network.logits(inputs[rows]), labels[rows], label_smoothing=0.05)

    def judge() -> float:
        with torch.no_grad():
            return (network.logits(valid).argmax(1) == expected).float().mean().item()

    kept = None if options.smoke or not options.resume else options.cache / f"emotion-{store_digest(options.encoder)}-{options.seed}.pt"
    curve = run_epochs(network, len(inputs), loss, judge, recipe, options.seed, kept)
    # Pairs of texts share a dialogue: the halves are cut between dialogues.
    half = (torch.arange(len(valid)) // 2) % 2 == 0
    network.temperature.copy_(fit_temperature(network, valid[half], expected[half]))
    figures = measure(network, valid[~half], expected[~half], said[~half])
    print(figures)
    if options.out is None:
        return
    graph = export_graph(network, (valid[:1],), inputs=["text"], outputs=["probabilities", "affect"])
    write_folder(
        options,
        graph,
        {
            "name": "emotion",
            "version": VERSION,
            "labels": list(EMOTIONS),
            "affect": {name: list(AFFECT[name]) for name in EMOTIONS},
            "dimension": inputs.shape[1],
            "temperature": round(network.temperature.item(), 4),
        },
        {"trainTexts": len(inputs), "validTexts": int((~half).sum()), "epochs": recipe.epochs, "valid": figures},
        curve=("epoch", "accuracy on valid", [float(epoch + 1) for epoch in range(recipe.epochs)], {"32 emotions": curve}),
    )


def fit_temperature(network: EmotionNetwork, inputs: Tensor, labels: Tensor) -> Tensor:
    """The temperature of the lowest loss (Guo et al. 2017, "On Calibration of Modern Neural Networks")."""
    with torch.no_grad():
        logits = network.logits(inputs)
    candidates = torch.linspace(0.3, 3, 271)
    losses = torch.stack([functional.cross_entropy(logits / one, labels) for one in candidates])
    return candidates[losses.argmin()]


def measure(network: EmotionNetwork, inputs: Tensor, labels: Tensor, said: Tensor) -> dict[str, float]:
    """Accuracy, macro-F1, calibration, and how well the sign of the emotion is told."""
    with torch.no_grad():
        probabilities, affect = network(inputs)
    predicted = probabilities.argmax(1)
    right = predicted == labels
    top3 = (probabilities.topk(3, dim=1).indices == labels[:, None]).any(1)
    valence = network.affect[labels, 0]
    return {
        "accuracy": round(right.float().mean().item(), 4),
        "accuracySaid": round(right[said].float().mean().item(), 4),
        "top3": round(top3.float().mean().item(), 4),
        "macroF1": round(macro_f1(predicted, labels, len(EMOTIONS))[0], 4),
        "ece": round(expected_calibration_error(probabilities, labels), 4),
        "valenceSign": round((torch.sign(affect[:, 0]) == torch.sign(valence)).float().mean().item(), 4),
        "valencePearson": round(torch.corrcoef(torch.stack([affect[:, 0], valence]))[0, 1].item(), 4),
    }


def expected_calibration_error(probabilities: Tensor, labels: Tensor) -> float:
    """The mean gap between confidence and accuracy over 15 bins of equal width."""
    confidence, predicted = probabilities.max(1)
    places = (confidence * BINS).clamp(max=BINS - 1).long()
    error = 0.0
    for place in range(BINS):
        rows = places == place
        if rows.any():
            gap = (predicted[rows] == labels[rows]).float().mean() - confidence[rows].mean()
            error += gap.abs().item() * rows.float().mean().item()
    return error


if __name__ == "__main__":
    command(__doc__, "emotion", "support-encoder", train)
