"""Write the cards of the scorers from their manifests: python -m scorers.cards [--models ../../models] [--run RUN]"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .export import draw

LICENCE = """The weights were trained on corpora whose licences allow research use only or are not stated (below). They are given
for research and personal use; who needs weights free of that sets `{setting}: "off"` in the configuration, and the platform
falls back to {fallback}. No text of a corpus is in this folder."""


def _table(head: list[str], rows: list[list[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _three(value: float) -> str:
    return f"{value:.3f}".lstrip("0") if value < 1 else f"{value:.3f}"


def memory_selector(model: dict[str, Any]) -> str:
    """The card of the memory selector."""
    rows = [
        [name, *(" / ".join(_three(sides[side][key]) for key in ("top1", "mrr", "ndcg3")) for side in ("seeker", "supporter", "all"))]
        for name, sides in model["figures"]["methods"].items()
    ]
    return f"""# Memory selector

Which of a character's memories serves this turn (CharacterChat's `info_selecter`), in place of ten BERT passes: a log-linear
model over the vectors of `models/encoder`. A memory's score is that of its aspect, given the other side's last line, what that
line seems to tell of, and what was told before; a memory without an aspect is a mixture of the aspects its text looks like.

| | |
|---|---|
| files | `model.onnx` (0.4 MB, float32), `model.json`, `curve.svg` |
| reads | vectors of `models/encoder` (not those of the fine-tuned `models/support-encoder`, which did a little worse: below) |
| trained on | 984 choices of 78 published CharacterChat dialogues (licence not stated); memories of 182 published characters |
| recipe | 96 principal components of a line; multinomial ridge (L-BFGS), 4e-2 on the line's weights; guesses of what a line tells of come from a classifier that has not seen the line's dialogue |
| made by | `python -m scorers.memory_selector --data DATA --cache CACHE`, seed {model["seed"]}, seconds after the vectors |
| time | 1.6 ms p50 for 10 memories, the encoding of the new line included, on a busy two-core machine (`rapport bench models`) |

{LICENCE.format(setting="scorers.memorySelector", fallback="the zero-shot selection of `models/encoder`")}

## Figures

Top-1 / MRR / NDCG@3; six-fold cross-validation. "By dialogue": the dialogue was not trained on, other dialogues of its seeker
were. "By seeker": nothing of the seeker was trained on. Each seeker's first choice, which the generator forces, is left out.

{_table(["method", "seeker (437)", "supporter (547)", "all (984)"], rows)}

The same network on the vectors of `models/support-encoder`, by dialogue: .531 / .683 / .679 with the picks of both sides, .490 /
.652 / .645 as served. `rapport evaluate memory-selector --data DATA/dialogues/characterchat.jsonl.gz` measures the shipped
weights, which were fitted on all 984 choices (.644 / .777 / .787): that is no figure for unseen dialogues.

![top-1 on unseen dialogues over the share of dialogues trained on](curve.svg)

## Limits

- The choices were made by a language model that saw the last line and the names of the aspects, not the memories. The model
  therefore learned which *aspect* fits; the wording of a memory counts almost nothing.
- Ten seekers with about eight dialogues each, written by one language model, all in English.
- `threshold` ({model["threshold"]}, a probability) was set by eye: nothing is recalled where no memory is likelier. Small talk is told
  by the phrases of `models/encoder`.
- Facts a person asked to be remembered are not its business: they are compared by their words (zero-shot).
"""


def strategy(model: dict[str, Any]) -> str:
    """The card of the strategy planner."""
    figures = model["figures"]
    rows = [[name, *(_three(values[key]) for key in ("accuracy", "macroF1", "weightedF1"))] for name, values in figures["valid"].items()]
    return f"""# Strategy planner

Which support strategy fits the next reply: probabilities over MAGIC's eight labels, and over ESConv's own eight.

| | |
|---|---|
| files | `model.onnx` (2.6 MB, float32), `model.json`, `curve.svg` |
| reads | vectors of `models/encoder`: the person's last two lines, the bot's last; the bot's last eight strategies; the stage; the look of the last line |
| trained on | {figures["trainTurns"]} answered turns of ESConv's train part in the MultiESC/MAGIC split (CC-BY-NC-4.0, academic use) |
| recipe | 128 principal components a line, five networks with one hidden layer of 256 and a head a label set, averaged; AdamW 1e-3, {figures["epochs"]} epochs of 128, dropout .2/.5, label smoothing .1, class weights frequency^-0.4 |
| made by | `python -m scorers.strategy --data DATA --cache CACHE`, seed {model["seed"]}, about half a minute |
| time | 2.1 ms p50 with the encoding of the new line, on a busy two-core machine (`rapport bench models`) |

{LICENCE.format(setting="scorers.strategyPlanner", fallback="the stage priors of config/strategies.yaml")}

## Figures

On {figures["validTurns"]} turns of ESConv valid; earlier strategies are the right ones. `rapport evaluate strategy --data
DATA/dialogues/esconv.jsonl.gz --split valid` gives the same from the bot's own code, with a preference bias of 0.49.

{_table(["labels", "accuracy", "macro-F1", "weighted F1"], rows)}

Other seeds and class weights of the same network gave .331 to .348 accuracy and .281 to .286 macro-F1; the recipe was chosen on
these very turns, so expect a little less elsewhere. On the vectors of `models/support-encoder` it reached .324 / .277: the
encoder had seen the strategies of the training turns, and what it remembered of them did not carry over.

![macro-F1 on valid by epoch](curve.svg)

## Limits

- Humans choose among several fitting strategies: published single models reach about .28 macro-F1 as well. The aim of .30 is not
  reached. The strategies it seldom finds are Reflection of Feelings, Others, Affirmation and Self-disclosure.
- English, text chats of crowd workers; suggestions come more often than a trained counsellor would give them.
"""


def emotion(model: dict[str, Any]) -> str:
    """The card of the emotion classifier."""
    figures = model["figures"]
    valid = figures["valid"]
    rows = [
        ["accuracy (32 classes)", _three(valid["accuracy"]), ".458"],
        ["accuracy, lines of the dialogue alone", _three(valid["accuracySaid"]), ".425"],
        ["right one among the first three", _three(valid["top3"]), ".723"],
        ["macro-F1", _three(valid["macroF1"]), ".444"],
        ["expected calibration error, 15 bins", _three(valid["ece"]), ".026"],
        ["sign of the valence", _three(valid["valenceSign"]), ".848"],
        ["valence, Pearson", _three(valid["valencePearson"]), ".761"],
    ]
    return f"""# Emotion

The feeling a message shows: the 32 emotions of EmpatheticDialogues (Rashkin et al. 2019), from them valence and arousal
(Russell 1980; our own table, in `model.json`) and a mood from 0 to 5, the scale on which CharacterChat ends a talk.

| | |
|---|---|
| files | `model.onnx` (0.9 MB, float32), `model.json`, `curve.svg` |
| reads | vectors of `models/support-encoder` |
| trained on | {figures["trainTexts"]} texts of EmpatheticDialogues' train part: what happened, and the speaker's first line (CC-BY-NC-4.0) |
| recipe | 256 principal components, one hidden layer of 320, dropout .15/.45, label smoothing .05, AdamW 1.5e-3, {figures["epochs"]} epochs of 128; one temperature ({model["temperature"]}) fitted on half of the valid dialogues |
| made by | `python -m scorers.emotion --data DATA --cache CACHE`, seed {model["seed"]}, about a minute |
| time | 1.6 ms p50 with the encoding of the line, on a busy two-core machine (`rapport bench models`) |

{LICENCE.format(setting="scorers.emotion", fallback="no reading at all")}

## Figures

On the {figures["validTexts"]} texts of the valid dialogues that the temperature was not fitted on; last column: the same network on the
vectors of `models/encoder`. Over all valid texts `rapport evaluate emotion --data DATA/dialogues/empathetic_dialogues.jsonl.gz
--split valid` gives .487 accuracy, .475 macro-F1 and an ECE of .019.

{_table(["", "shipped", "without fine-tuning"], rows)}

![accuracy on valid by epoch](curve.svg)

## Limits

- The labels are the emotion that a writer was asked to write about; neighbours such as *afraid* and *terrified* cannot be told apart
  reliably. There is no neutral class: where nothing is felt, the probabilities are low and spread.
- Valence and mood are expectations over all emotions and therefore tend to the middle. They are shown in the trace; nothing is
  decided by them. The mood scale was not compared with CharacterChat's scores, which are not published.
- It reads a text and knows nothing of a person; it is no instrument for judging risk.
"""


def support_encoder(model: dict[str, Any]) -> str:
    """The card of the fine-tuned encoder."""
    valid = model["valid"]
    rows = [
        ["reply: right one of 100 first", _three(valid["replyRecall1of100ZeroShot"]), _three(valid["replyRecall1of100"])],
        [
            "memory: the persona line the next reply will use, top-1 / MRR",
            f'{_three(valid["memoryZeroShotTop1"])} / {_three(valid["memoryZeroShotMrr"])}',
            f'{_three(valid["memoryTop1"])} / {_three(valid["memoryMrr"])}',
        ],
        [
            "persona: the line a given reply uses, top-1 / MRR",
            f'{_three(valid["personaZeroShotTop1"])} / {_three(valid["personaZeroShotMrr"])}',
            f'{_three(valid["personaTop1"])} / {_three(valid["personaMrr"])}',
        ],
        ["emotion, refitted network (32 classes), accuracy / macro-F1", ".458 / .444", ".493 / .481"],
        ["strategy, refitted network, accuracy / macro-F1", ".336 / .284", ".324 / .277"],
        ["CharacterChat choices, refitted selector, top-1 / MRR", ".543 / .689", ".531 / .683"],
    ]
    return f"""# Support encoder

`models/encoder` (Universal Sentence Encoder Lite), fine-tuned on several tasks of supportive talk at once. It has an output of its
own and is not used for matching, whose cosines keep the original's vectors.

| | |
|---|---|
| files | `model.onnx` (7.3 MB, int8, opset 17), `tokenizer.json`, `tokenizer_config.json`, `reference.json`, `model.json`, `curve.svg` |
| inputs, output | as `models/encoder`: `input_ids`, `attention_mask` [batch, seq] int64 → `embedding` [batch, 512], of length 1 |
| time | {model["milliseconds"]["median"]} ms for 16 tokens on one thread |
| int8 against float32 | cosine {model["cosineInt8ToFp32"]["mean"]} on average, {model["cosineInt8ToFp32"]["min"]} at least, 300 sentences |
| made by | `python -m trunk.train` and `python -m trunk.export` in `lab/training`; seed {model["training"]["seed"]}, {model["training"]["steps"]} steps, about 17 processor minutes |

## Recipe

A step holds 44 pairs of line and reply (softmax within the batch, both ways), 20 lines with the persona lines of who answers (which
one does the reply use? found by shared rare words), 44 texts with an emotion and 22 turns with a strategy. A second tanh output of the
pooled state carries these tasks; the original output is held near the original (cosine {valid["embeddingCosineToOriginal"]} on valid) and dropped at export. AdamW,
3e-4 on the network and 1.5e-3 on the heads, 6 % of the pieces hidden, bfloat16 products. The machine was shared, so the run was taken
up with another length three times (`--steps 480` to step 120, `260` to 260, `900` to 320, `560` to 560): one run of 560 gives a like model,
not the same bytes.

Data, train parts only: ESConv (MultiESC/MAGIC split), EmpatheticDialogues and DailyDialog (CC-BY-NC), Synthetic-Persona-Chat (CC-BY-4.0),
counsel_chat (MIT), Topical-Chat (CDLA-Sharing), self_dialogue (BSD), Persona-Chat and a GPT-4-written set (not stated). No text of them is
here. **Because of the non-commercial corpora the weights are for research and personal use**; `models/encoder` is Apache-2.0, and
with `scorers.emotion` and `scorers.replyRanker` set to `off` this folder is not read at all. The original weights are Apache-2.0 (see `models/encoder/LICENSE`).

## Before and after

On valid parts. First three rows: cosine of the original vectors against the trained heads; the others: small networks trained anew on
the vectors of either encoder.

{_table(["task", "models/encoder", "fine-tuned"], rows)}

So it is served where it helps: for emotion, and for the reply ranker, which is its reply head. Strategy and memory selection read `models/encoder`, since there the fine-tuned vectors,
which have seen those very training turns, did a little worse.

![training losses](curve.svg)

## Limits

English; topics rather than attitudes; the biases of web text and of crowd workers. Do not judge risk or people with it.
"""


CARDS = {
    "memory-selector": memory_selector,
    "strategy-planner": strategy,
    "emotion": emotion,
    "support-encoder": support_encoder,
}


def main() -> int:
    """Write the cards, and the encoder's curve where its run is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=Path(__file__).parents[3] / "models")
    parser.add_argument("--run", type=Path, help="run of trunk.train, for the curve of the support encoder")
    args = parser.parse_args()
    for name, card in CARDS.items():
        model = json.loads((args.models / name / "model.json").read_text("utf-8"))
        (args.models / name / "README.md").write_text(card(model), encoding="utf-8")
    if args.run:
        log = json.loads((args.run / "figures.json").read_text("utf-8"))["log"]
        names = [name for name in log[0] if name not in ("step", "keep")]
        lines = {name: [row[name] for row in log] for name in names}
        draw(args.models / "support-encoder/curve.svg", ("step", "loss", [row["step"] for row in log], lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
