"""CharacterChat's memory selector: a Hugging Face `BertForSequenceClassification` with one output, a pair regression.

    python -m convert.info_selecter CHECKPOINT_FOLDER --out FOLDER [--int8]

Then `models.memorySelector: {kind: characterchat-bert, path: FOLDER}`. The folder gets `model.onnx`
(`input_ids`, `attention_mask`, `token_type_ids` [batch, seq] → `score` [batch]), the tokenizer and `model.json`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from transformers import BertForSequenceClassification

from .bert import MAX_TOKENS, CheckpointError, save_tokenizer
from .folder import export, quantise, write_manifest

KIND = "characterchat-bert"
FILES = ["model.onnx", "tokenizer.json", "tokenizer_config.json"]


class PairRegression(torch.nn.Module):
    """Logit [batch] of a pair of texts."""

    def __init__(self, model: BertForSequenceClassification) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        found = self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        return found.logits[:, 0]


def convert(checkpoint: Path, out: Path, int8: bool = False) -> PairRegression:
    """Write the folder; returns the model it was made of, in evaluation mode."""
    try:
        model = BertForSequenceClassification.from_pretrained(
            checkpoint, local_files_only=True, attn_implementation="eager"
        )
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{checkpoint} is no Hugging Face BERT checkpoint: {error}") from error
    if model.config.num_labels != 1:
        raise CheckpointError(f"{checkpoint} has {model.config.num_labels} outputs, the selector has one")
    pair = PairRegression(model).eval()
    out.mkdir(parents=True, exist_ok=True)
    save_tokenizer(checkpoint, out, model.config.vocab_size)
    sample = torch.ones((1, 8), dtype=torch.int64)
    inputs = {"input_ids": sample, "attention_mask": sample, "token_type_ids": torch.zeros_like(sample)}
    export(pair, inputs, "score", out / "model.onnx")
    if int8:
        quantise(out / "model.onnx")
    write_manifest(
        out,
        "characterchat-info-selecter",
        FILES,
        {
            "kind": KIND,
            "maxTokens": min(MAX_TOKENS, model.config.max_position_embeddings),
            "threshold": 0.0,
            "source": "CharacterChat info_selecter (arXiv 2308.10278)",
        },
    )
    return pair


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, help="folder with config.json, weights and vocab.txt or tokenizer.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--int8", action="store_true", help="a quarter of the size; scores move a little")
    options = parser.parse_args()
    try:
        convert(options.checkpoint, options.out, options.int8)
    except CheckpointError as error:
        parser.exit(1, f"{error}\n")
    print(f"written to {options.out}")


if __name__ == "__main__":
    main()
