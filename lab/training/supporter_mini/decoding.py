"""Decoding settings shipped with the model (tuned on held-out contexts by evaluate.py)."""

from __future__ import annotations

from typing import Any

DECODING: dict[str, Any] = {
    "temperature": 0.75,
    "top_p": 0.9,
    "top_k": 40,
    "repetition_penalty": 1.1,
    "no_repeat_ngram_size": 4,
    "max_new_tokens": 80,
}
