"""The tokenizer as a Hugging Face `tokenizer.json` that segments as the original package does.

The original (a SentencePiece unigram model in JavaScript) has habits kept here on purpose, because
the network has seen no other segmentation through this package:

- NFKC, then "▁" in front and for each U+0020; tabs and line breaks stay and are unknown pieces;
- ids 0 to 5 are reserved and never match text, and neighbouring unknown pieces (id 0) become one;
- nine pieces with a colon have a `null` score and count as 0, ":30" has the score 30;
- a running score of exactly 0 counts as "not reached", so that the pieces "▁:", "▁:)", "▁:(" and
  "▁:-)" never open a text: "▁" stands alone there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .model import MAX_TOKENS
from .package import Vocabulary

RESERVED = 6
"""Ids below this one never match text; 0 is the unknown piece."""

UNKNOWN_ID = 0
PADDING_ID = 0
"""Any id would do, since the attention mask hides padding; the package has no padding piece."""

_SPACE = "\u2581"


def tokenizer_json(vocabulary: Vocabulary) -> dict[str, Any]:
    """Describe the tokenizer for the `tokenizers` crate and its ports."""
    # A space cannot occur after normalisation, so a reserved name with one matches no text.
    reserved = [(vocabulary[UNKNOWN_ID][0], 0.0)]
    reserved += [(f"<reserved {index}>", 0.0) for index in range(1, RESERVED)]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "NFKC"},
                {"type": "Prepend", "prepend": _SPACE},
                {"type": "Replace", "pattern": {"String": " "}, "content": _SPACE},
            ],
        },
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": rf"\A{_SPACE}(?=:)"},
            "behavior": "Isolated",
            "invert": False,
        },
        "post_processor": None,
        "decoder": {
            "type": "Metaspace",
            "replacement": _SPACE,
            "prepend_scheme": "always",
            "split": False,
        },
        "model": {
            "type": "Unigram",
            "unk_id": UNKNOWN_ID,
            "vocab": [*reserved, *vocabulary[RESERVED:]],
            "byte_fallback": False,
        },
    }


def tokenizer_config(vocabulary: Vocabulary) -> dict[str, Any]:
    """Name the class, the limits and the unknown piece."""
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": MAX_TOKENS,
        "unk_token": vocabulary[UNKNOWN_ID][0],
        "clean_up_tokenization_spaces": False,
    }


def write_tokenizer(vocabulary: Vocabulary, out_dir: Path) -> None:
    """Write `tokenizer.json` and `tokenizer_config.json` into `out_dir`."""
    _write(out_dir / "tokenizer.json", tokenizer_json(vocabulary), indent=None)
    _write(out_dir / "tokenizer_config.json", tokenizer_config(vocabulary), indent=2)


def _write(path: Path, value: dict[str, Any], indent: int | None) -> None:
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    path.write_text(text + "\n", encoding="utf-8")
