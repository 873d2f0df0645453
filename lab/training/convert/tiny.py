"""Tiny random checkpoints in the form of CharacterChat's, converted and scored: the converters' own test.

    python -m convert.tiny --out FOLDER

Makes both checkpoints (one or two layers, 16 wide, a vocabulary of its own words), converts them, compares the ONNX graphs with
PyTorch, and writes the folders `memory-selector` and `persona-score` with `expected.json`: texts, token ids and scores, for
the server's tests, which then need no PyTorch.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime
import torch
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

from . import info_selecter, persona_score

SEED = 11
HEADS = 2
MAX_TOKENS = 48
AGREEMENT = 1e-4

WORDS = """i you we my your the a and of to in is was not with for at on when hello mother father sister dog night sleep
exam work job city sea garden boat bread music chess river rain friend alone tired afraid glad old young new good bad
supporter seeker name live love miss lost found said say like play cook walk swim fish read write lake house school train
: . , ! ? ' - un ##able ##ing ##ed ##s ##er ##ly""".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

HISTORY = "supporter: hello, are you tired? seeker: I am not sleeping. My dog was lost at the lake! "
LONG = HISTORY + "supporter: was he old? seeker: He was old and good. I walked and walked in the rain at night. " * 3
MEMORIES = [
    "You fish at the lake when you are not working.",
    "Your sister plays chess, and you like the rain.",
    "You cooked bread in the old house with your father.",
    "Unspeakable Zebra!",
]
SEEKER = "You are young and afraid. You lost your dog at the lake, and you are not sleeping."
SUPPORTERS = [
    "You are an old friend. You live at the sea and you love the rain.",
    "You teach music at a school in the city. " * 9,
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    with TemporaryDirectory() as name:
        scratch = Path(name)
        vocab = scratch / "vocab.txt"
        vocab.write_text("\n".join(SPECIAL + WORDS) + "\n", encoding="utf-8")
        make_selector(scratch, vocab, options.out / "memory-selector")
        make_persona_score(scratch, vocab, options.out / "persona-score")
    print(f"both converted; ONNX and PyTorch agree to {AGREEMENT}")


def config(layers: int, labels: int | None = None) -> BertConfig:
    extra = {} if labels is None else {"num_labels": labels}
    return BertConfig(
        vocab_size=len(SPECIAL) + len(WORDS),
        hidden_size=16,
        num_hidden_layers=layers,
        num_attention_heads=HEADS,
        intermediate_size=16,
        max_position_embeddings=MAX_TOKENS,
        initializer_range=0.5,
        **extra,
    )


def make_selector(scratch: Path, vocab: Path, out: Path) -> None:
    checkpoint = scratch / "info_selecter"
    BertForSequenceClassification(config(layers=2, labels=1)).save_pretrained(checkpoint)
    tokenizer = BertTokenizerFast(vocab=str(vocab), do_lower_case=True)
    tokenizer.save_pretrained(checkpoint)
    model = info_selecter.convert(checkpoint, out)
    session = onnxruntime.InferenceSession(str(out / "model.onnx"), providers=["CPUExecutionProvider"])
    pairs = []
    for history in (HISTORY, LONG, ""):
        for memory in MEMORIES:
            ids, types = pair_ids(tokenizer, history, memory)
            feeds = {"input_ids": [ids], "attention_mask": [[1] * len(ids)], "token_type_ids": [types]}
            pairs.append({"history": history, "info": memory, "ids": ids, "score": agreed(model, session, feeds)[0]})
    write(out, {"pairs": pairs})


def pair_ids(tokenizer: BertTokenizerFast, history: str, info: str) -> tuple[list[int], list[int]]:
    """`[CLS] history [SEP] info [SEP]` as CharacterChat's code cuts it: the first tokens of the history are kept."""
    first, second = (tokenizer.encode(text, add_special_tokens=False) for text in (history, info))
    second = second[: MAX_TOKENS - 3]
    first = first[: MAX_TOKENS - 3 - len(second)]
    cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
    return [cls, *first, sep, *second, sep], [0] * (len(first) + 2) + [1] * (len(second) + 1)


def make_persona_score(scratch: Path, vocab: Path, out: Path) -> None:
    """The state dict of the training script, its layer norms named as pytorch_pretrained_bert first named them."""
    state = {}
    for tower in ("bert1", "bert2"):
        for name, value in BertModel(config(layers=1)).state_dict().items():
            old = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
            state[f"{tower}.{old}"] = value
    for name, layer in (("fc1", torch.nn.Linear(1, 1024)), ("fc2", torch.nn.Linear(1024, 1))):
        state |= {f"{name}.{key}": value for key, value in layer.state_dict().items()}
    checkpoint = scratch / "model_persona_score_best.ckpt"
    torch.save(state, checkpoint)
    seeker, supporter, (slope, intercept) = persona_score.convert(checkpoint, vocab, out, heads=HEADS)
    tokenizer = BertTokenizerFast(vocab=str(vocab), do_lower_case=True)
    sessions = [
        onnxruntime.InferenceSession(str(out / name), providers=["CPUExecutionProvider"])
        for name in ("tower.onnx", "supporter.onnx")
    ]
    left = np.array(agreed(seeker, sessions[0], {"input_ids": [padded_ids(tokenizer, SEEKER)]}))
    pairs = []
    for text in SUPPORTERS:
        ids = padded_ids(tokenizer, text)
        right = np.array(agreed(supporter, sessions[1], {"input_ids": [ids]}))
        rating = slope * float(left @ right) + intercept
        pairs.append({"seeker": SEEKER, "supporter": text, "ids": ids, "rating": rating})
    write(out, {"pairs": pairs})


def padded_ids(tokenizer: BertTokenizerFast, text: str) -> list[int]:
    """`[CLS] text [SEP]`, padded or cut to the whole window; a cut text loses its `[SEP]`."""
    pieces = tokenizer.encode(text, add_special_tokens=False)
    ids = [tokenizer.cls_token_id, *pieces, tokenizer.sep_token_id][:MAX_TOKENS]
    return ids + [tokenizer.pad_token_id] * (MAX_TOKENS - len(ids))


def agreed(model: torch.nn.Module, session: onnxruntime.InferenceSession, feeds: dict[str, list]) -> list[float]:
    """The first row of the graph's output, after a comparison with PyTorch."""
    arrays = {name: np.array(value, dtype=np.int64) for name, value in feeds.items()}
    (found,) = session.run(None, arrays)
    with torch.no_grad():
        expected = model(*(torch.from_numpy(value) for value in arrays.values())).numpy()
    difference = float(np.abs(found - expected).max())
    if difference > AGREEMENT:
        raise SystemExit(f"ONNX and PyTorch differ by {difference}")
    return [float(value) for value in np.ravel(found[0])]


def write(out: Path, expected: dict) -> None:
    (out / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
