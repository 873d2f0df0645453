"""CharacterChat's matching scorer: two frozen BERTs, the cosine of their pooled outputs, and an affine head.

    python -m convert.persona_score model_persona_score_best.ckpt --tokenizer BERT_FOLDER --out FOLDER [--int8]

Then `models.personaScore: {kind: characterchat-ckpt, path: FOLDER}`. The two linear layers of the head have no activation
between them, so they are one line through the cosine: its two numbers go into `model.json`. Each tower becomes
`input_ids` [batch, seq] → `vector` [batch, hidden] of length 1, attending to padding as the original does; the towers are
one file where their weights are equal, as both were frozen.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from transformers import BertModel

from .bert import MAX_TOKENS, CheckpointError, State, below, config_of, load_state, load_weights, save_tokenizer
from .folder import export, quantise, write_manifest

KIND = "characterchat-ckpt"


class Tower(torch.nn.Module):
    """Token ids → pooled output of length 1. The original makes its mask after padding, so every position is attended to."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        pooled = self.bert(input_ids=input_ids, attention_mask=torch.ones_like(input_ids)).pooler_output
        return torch.nn.functional.normalize(pooled, dim=-1)


def head_of(state: State, file: Path) -> tuple[float, float]:
    """Slope and intercept of the rating over the cosine."""
    try:
        first, second = state["fc1.weight"], state["fc2.weight"]
        slope = second @ first
        intercept = second @ state["fc1.bias"] + state["fc2.bias"]
    except (KeyError, RuntimeError) as error:
        raise CheckpointError(f"{file} has no head fc1 (1 → n) and fc2 (n → 1): {error}") from error
    if slope.shape != (1, 1):
        raise CheckpointError(f"{file}: the head maps {tuple(slope.shape)}, not one cosine to one rating")
    return float(slope.item()), float(intercept.item())


def tower_of(state: State, prefix: str, file: Path, heads: int | None) -> Tower:
    """The BERT whose weights begin with `prefix`."""
    weights = below(state, prefix, file)
    config = config_of(weights, file, heads)
    config._attn_implementation = "eager"
    bert = BertModel(config)
    load_weights(bert, weights, file)
    return Tower(bert).eval()


def convert(
    checkpoint: Path, tokenizer: Path, out: Path, int8: bool = False, heads: int | None = None
) -> tuple[Tower, Tower, tuple[float, float]]:
    """Write the folder; returns the towers and the line it was made of."""
    state = load_state(checkpoint)
    head = head_of(state, checkpoint)
    seeker, supporter = (tower_of(state, prefix, checkpoint, heads) for prefix in ("bert1.", "bert2."))
    out.mkdir(parents=True, exist_ok=True)
    config = seeker.bert.config
    save_tokenizer(tokenizer, out, config.vocab_size)
    theirs = supporter.state_dict()
    same = all(torch.equal(value, theirs[name]) for name, value in seeker.state_dict().items())
    names = {"seeker": "tower.onnx", "supporter": "tower.onnx" if same else "supporter.onnx"}
    sample = {"input_ids": torch.ones((1, 8), dtype=torch.int64)}
    export(seeker, sample, "vector", out / names["seeker"])
    if not same:
        export(supporter, sample, "vector", out / names["supporter"])
    if int8:
        for name in set(names.values()):
            quantise(out / name)
    slope, intercept = head
    write_manifest(
        out,
        "characterchat-persona-score",
        [*sorted(set(names.values())), "tokenizer.json", "tokenizer_config.json"],
        {
            "kind": KIND,
            "maxTokens": min(MAX_TOKENS, config.max_position_embeddings),
            "dimension": config.hidden_size,
            "towers": names,
            "slope": slope,
            "intercept": intercept,
            "source": "CharacterChat persona_score (arXiv 2308.10278)",
        },
    )
    return seeker, supporter, head


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, help="the .ckpt with bert1.*, bert2.*, fc1.* and fc2.*")
    parser.add_argument("--tokenizer", type=Path, required=True, help="vocab.txt, or a folder of bert-base-uncased")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--int8", action="store_true", help="a quarter of the size; ratings move a little")
    parser.add_argument("--heads", type=int, help="attention heads, where they are not 64 wide")
    options = parser.parse_args()
    try:
        convert(options.checkpoint, options.tokenizer, options.out, options.int8, options.heads)
    except CheckpointError as error:
        parser.exit(1, f"{error}\n")
    print(f"written to {options.out}")


if __name__ == "__main__":
    main()
