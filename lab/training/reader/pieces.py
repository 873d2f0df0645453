"""The reader's tokenizer: the base's unigram pieces, pruned by script to what its languages need.

A text whose piece was dropped is cut into smaller pieces; every single character of the base stays.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from .base import E5File

#: How many of the likeliest pieces of each script stay; of scripts that are not named only the single characters.
QUOTAS = {
    "LATIN": 55_000, "CYRILLIC": 15_000, "CJK": 9_000, "HIRAGANA": 2_000, "KATAKANA": 800, "ARABIC": 6_000,
    "DEVANAGARI": 4_000, "HANGUL": 2_500, "GREEK": 2_000, "HEBREW": 2_000, "THAI": 1_500, "OTHER": 10_000,
}  # fmt: skip
SPECIALS = 4


def script_of(piece: str) -> str:
    """The first word of the Unicode name of the first letter; OTHER where there is none."""
    for char in piece:
        if char.isalpha():
            return unicodedata.name(char, "?").split()[0]
    return "OTHER"


def kept_pieces(file: E5File) -> np.ndarray:
    """Ids of the pieces that stay, ascending; the special ones first."""
    by_script: dict[str, list[int]] = defaultdict(list)
    kept = set(range(SPECIALS))
    for index, piece in enumerate(file.pieces):
        if index < SPECIALS or piece in ("<mask>", ""):
            continue
        if len(piece) == 1 or (len(piece) == 2 and piece[0] == "▁"):
            kept.add(index)
        by_script[script_of(piece)].append(index)
    for script, quota in QUOTAS.items():
        kept.update(sorted(by_script[script], key=lambda index: -file.scores[index])[:quota])
    return np.array(sorted(kept))


def make_tokenizer(file: E5File, kept: np.ndarray) -> Tokenizer:
    """Unigram over the kept pieces: NFKC, runs of blanks folded, `<s> … </s>` around."""
    vocab = [(file.pieces[index], float(file.scores[index])) for index in kept]
    tok = Tokenizer(models.Unigram(vocab, unk_id=file.unk, byte_fallback=False))
    tok.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tok.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tok.decoder = decoders.Metaspace()
    tok.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    tok.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", file.bos), ("</s>", file.eos)]
    )
    return tok
