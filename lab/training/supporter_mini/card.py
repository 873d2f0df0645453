"""Write the model card and the loss curve: ``python -m supporter_mini.card --run DIR --cache DIR --model DIR``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from .decoding import DECODING
from .train import BASE_IN_TREES, COPY_SHARE, FLOOR, HOLD, PEAK_ADAM, PEAK_MUON, PHASES, TOKENS_A_STEP, WARM

# what version 0.1.0, whose weights this run began with, had seen
FIRST_TOKENS, FIRST_MINUTES = 11_956_224, 91
LICENCES = [
    ("esconv", "CC BY-NC 4.0, academic use", "Liu et al. 2021"),
    ("empathetic_dialogues", "CC BY-NC 4.0", "Rashkin et al. 2019; intents: Welivita and Pu 2020"),
    ("escot", "not stated", "Zhang et al. 2024"),
    ("gpt4_synthetic_esc", "not stated", "anonymous submission, written by GPT-4"),
    ("characterchat", "not stated", "Tu et al. 2023"),
    ("counsel_chat", "MIT", "Bertagnolli 2020"),
    ("annomi", "not stated", "Wu et al. 2022"),
    ("persona_chat", "not stated", "Zhang et al. 2018"),
    ("synthetic_persona_chat", "CC BY 4.0", "Jandaghi et al. 2023"),
    ("convai2018", "not stated", "Logacheva et al. 2018"),
    ("daily_dialog", "CC BY-NC-SA 4.0", "Li et al. 2017"),
    ("dream", "non-commercial research", "Sun et al. 2019"),
    ("self_dialogue", "BSD-3-Clause", "Fainberg et al. 2018"),
    ("topical_chat", "CDLA-Sharing 1.0", "Gopalakrishnan et al. 2019"),
    ("cmu_dog", "not stated", "Zhou et al. 2018"),
    ("books (61 Standard Ebooks)", "CC0 1.0, public domain in the US", "Standard Ebooks"),
]


def draw_curve(log: list[dict[str, Any]], path: Path) -> None:
    """Draw the training loss over tokens, one colour a phase, and that of the copying exercises.

    Points above 1.3 times the lowest loss of their phase are left out after a phase's start: on resuming, the running
    mean begins with a single batch, which may have been a copying one.
    """
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "supporter-mini"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.6))
    for (name, _, _), colour in zip(PHASES, ("#4b6a9b", "#4e8a5b"), strict=True):
        points: list[tuple[float, float]] = []
        for entry in (e for e in log if e["phase"] == name):
            if len(points) < 5 or entry["loss"] < 1.3 * min(y for _, y in points):
                points.append((entry["tokens"] / 1e6, entry["loss"]))
        if points:
            axes.plot(*zip(*points, strict=True), label=name, color=colour)
    copies = [(e["tokens"] / 1e6, e["copy_loss"]) for e in log if e.get("copy_loss")]
    if copies:
        axes.plot(*zip(*copies, strict=True), label="copying exercises", color="#999999", linewidth=1)
    axes.set_xlabel("million tokens seen")
    axes.set_ylabel("weighted training loss (nats a token)")
    axes.set_ylim(top=5)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None, "Creator": None})


def served(path: Path) -> str:
    """What ``rapport evaluate chat-model --json`` printed."""
    figures = json.loads(path.read_text())
    rows = [[name, round(value, 3)] for name, value in figures["metrics"].items() if value is not None]
    return table([f"{figures['n']} contexts", "as served"], rows)


def table(head: list[str], rows: list[list[Any]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("models/supporter-mini"))
    args = parser.parse_args()
    log = [json.loads(line) for line in (args.run / "log.jsonl").read_text().splitlines()]
    metrics = json.loads((args.run / "metrics.json").read_text())
    manifest = json.loads((args.model / "model.json").read_text())
    chat = json.loads((args.cache / "chat.json").read_text())
    base = json.loads((args.cache / "base.json").read_text())
    draw_curve(log, args.model / "curve.svg")
    template = (Path(__file__).parent / "card.md").read_text()
    seen = {name: 0 for name, _, _ in PHASES}
    last = 0
    for entry in log:
        seen[entry["phase"]] += entry["tokens"] - last
        last = entry["tokens"]
    dialogue, reply = metrics["bitsPerByteDialogue"], metrics["bitsPerByteReply"]
    diversity = []
    for name, label in (("sampling", "one sample"), ("samplingRanked8", "best of 8")):
        m = metrics[name]
        diversity.append(
            [label, m["contexts"], m["distinct1"], m["distinct2"], m["loopFree"], m["meanWords"], m["ended"]]
        )
    persona = []
    for name, label in (("persona", "one sample"), ("personaRanked8", "best of 8")):
        m = metrics[name]
        persona.append([label, *(f"{m[place]['all']} / {m[place]['f1']}" for place in ("statement", "memory", "both"))])
    topics = [k for k in metrics["personaRanked8"]["statement"] if k not in ("all", "f1")]
    by_topic = [
        [place, *(metrics["personaRanked8"][place].get(t, "") for t in topics)]
        for place in ("statement", "memory", "both")
    ]
    control = metrics["control"]
    values = {
        "PARAMETERS": f"{manifest['parameters']:,}",
        "VERSION": manifest["version"],
        "STEPS": f"{metrics['step']:,}",
        "TOKENS": f"{metrics['tokens'] / 1e6:.1f}",
        "MINUTES": f"{metrics['minutes']:.0f}",
        "SERVED": served(args.run / "served.json"),
        "STEP_TOKENS": f"{TOKENS_A_STEP:,}",
        "PEAKS": f"Muon {PEAK_MUON}, AdamW {PEAK_ADAM}",
        "SCHEDULE": f"warm-up {WARM:.1%}, constant to {HOLD:.0%}, then linear to {FLOOR:.0%} of the peak",
        "PHASES": table(
            ["phase", "share of the time", "sequence length", "million tokens seen", "million tokens at hand"],
            [
                [name, f"{100 * (end - before):.0f} %", length, f"{seen[name] / 1e6:.1f}", f"{at_hand / 1e6:.1f}"]
                for (name, end, length), before, at_hand in zip(
                    PHASES,
                    [0.0, *(e for _, e, _ in PHASES)],
                    [base["tokens"], chat["trees"]["all"]["tokens"]],
                    strict=False,
                )
            ],
        ),
        "DATA": table(["source", "licence", "reference"], [list(row) for row in LICENCES]),
        "MIX": table(
            ["source", "dialogues", "tokens of their trees"],
            [[s, f"{counts[0]:,}", f"{counts[-1]:,}"] for s, counts in chat["trees"].items() if s != "all"],
        ),
        "BITS": table(["source", "whole dialogue", "reply in format"], [[s, dialogue[s], reply[s]] for s in dialogue]),
        "DIVERSITY": table(
            ["", "contexts", "distinct-1", "distinct-2", "without 4-gram loop", "words", "ended by itself"], diversity
        ),
        "PERSONA": table(["", "fact in the statement", "fact in the memory", "in both"], persona),
        "TOPICS": table(["fact in", *topics], by_topic),
        "GOALS": table(["goal", "followed"], [[g, v] for g, v in control["byGoal"].items()]),
        "GOAL_MEAN": control["goalFollowed"],
        "GOAL_CHANCE": control["goalWithoutTag"],
        "QUESTIONS": table(
            ["strategy tag", "replies with a question mark"], [[k, v] for k, v in control["questionMarkShare"].items()]
        ),
        "SPEED": metrics["tokensPerSecond"],
        "DECODING": json.dumps(DECODING),
        "SIZE": f"{(args.model / 'onnx' / 'model_quantized.onnx').stat().st_size / 1e6:.1f}",
        "DIFFERENCE": json.dumps(json.loads((args.run / "export.json").read_text())),
        "COPY": "share of the batches: "
        + ", ".join(f"{share:.0%} until {min(end, 1):.0%} of the time" for end, share in COPY_SHARE[1:]),
        "BASE_SHARE": f"{BASE_IN_TREES:.0%}",
        "ALL_TOKENS": f"{(metrics['tokens'] + FIRST_TOKENS) / 1e6:.1f}",
        "ALL_MINUTES": f"{metrics['minutes'] + FIRST_MINUTES:.0f}",
        "SAMPLES": (args.run / "samples.md").read_text().strip(),
    }
    for key, value in values.items():
        template = template.replace("{{" + key + "}}", str(value))
    assert "{{" not in template, template[template.index("{{") :][:40]
    (args.model / "README.md").write_text(template)


if __name__ == "__main__":
    main()
