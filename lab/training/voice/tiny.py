"""A random decoder in the voice's layout, small enough for a test: ``python -m voice.tiny --out DIR``."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def tiny_tokenizer() -> Tokenizer:
    """Bytes, no merges."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tok = Tokenizer(models.BPE(vocab={piece: i for i, piece in enumerate([*SPECIALS, *alphabet])}, merges=[]))
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tok.decoder = decoders.ByteLevel()
    tok.add_special_tokens(SPECIALS)
    return tok


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_base(Path(folder))
        subprocess.run([sys.executable, "-m", "voice.export", "--base", folder, "--out", str(args.out)], check=True)


def write_base(folder: Path) -> None:
    """A random base, as `voice.make_base` leaves one."""
    torch.manual_seed(3)
    tok = tiny_tokenizer()
    config = LlamaConfig(
        vocab_size=tok.get_vocab_size(), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=512, tie_word_embeddings=True, initializer_range=0.6,
    )  # fmt: skip
    torch.save({"model": LlamaForCausalLM(config).state_dict(), "config": config.to_dict()}, folder / "base.pt")
    tok.save(str(folder / "tokenizer.json"))
    (folder / "base.json").write_text(json.dumps({"base": "random"}))


if __name__ == "__main__":
    main()
