"""Tokenizer: byte-level BPE of 8,192 pieces with the CharacterChat tags as special tokens.

Format source: Tu et al. 2023, CharacterChat (arXiv 2308.10278), training text of the supporter model.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL = ["<s>", "</s>", "<pad>", "<SYSTEM>", "<SEEKER>", "<SUPPORTER>", "[INFO-"]
BOS, EOS, PAD, SYSTEM, SEEKER, SUPPORTER, INFO = range(7)
VOCAB = 8192


def train_tokenizer(texts: Iterable[str], vocab: int = VOCAB) -> Tokenizer:
    """Train the tokenizer; numbers are split into single digits so that ages stay readable."""
    tok = Tokenizer(models.BPE())
    tok.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tok.decoder = decoders.ByteLevel()
    tok.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocab,
            special_tokens=SPECIAL,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return tok


def load_tokenizer(path: Path) -> Tokenizer:
    """Load a saved tokenizer and check the ids of the special tokens."""
    tok = Tokenizer.from_file(str(path))
    for index, name in enumerate(SPECIAL):
        assert tok.token_to_id(name) == index, name
    return tok


def write_tokenizer_config(folder: Path, context: int) -> None:
    """Write tokenizer_config.json in the form transformers.js reads."""
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "additional_special_tokens": SPECIAL[3:],
        "add_bos_token": False,
        "add_eos_token": False,
        "clean_up_tokenization_spaces": False,
        "model_max_length": context,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
