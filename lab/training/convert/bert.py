"""A BERT of a checkpoint's own shape, without a model hub: the shape is read from the weights."""

from __future__ import annotations

import re
from pathlib import Path

import torch
from transformers import BertConfig, BertTokenizerFast

State = dict[str, torch.Tensor]

HEAD_SIZE = 64
"""Width of an attention head in every published BERT; the weights alone do not tell it."""
MAX_TOKENS = 512
OPSET = 17


class CheckpointError(ValueError):
    """The files are not the checkpoint that was named; the message says which and what was missing."""


def load_state(file: Path) -> State:
    """The tensors of a `.ckpt`, `.pt` or `.bin`, out of wrappers and without a `module.` in front of their names."""
    try:
        found = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:
        raise CheckpointError(f"{file} cannot be read as a PyTorch checkpoint: {error}") from error
    for key in ("state_dict", "model_state_dict", "model"):
        if isinstance(found, dict) and isinstance(found.get(key), dict):
            found = found[key]
    if not isinstance(found, dict) or not all(isinstance(value, torch.Tensor) for value in found.values()):
        raise CheckpointError(f"{file} holds no state dict")
    return {_current_name(name): value.float() for name, value in found.items()}


def below(state: State, prefix: str, file: Path) -> State:
    """The tensors whose names begin with `prefix`, without it."""
    found = {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
    if not found:
        raise CheckpointError(f"{file} has no weights named {prefix}*")
    return found


def config_of(state: State, file: Path, heads: int | None = None) -> BertConfig:
    """The shape of a BERT from its weights."""
    try:
        vocabulary, hidden = state["embeddings.word_embeddings.weight"].shape
        positions = len(state["embeddings.position_embeddings.weight"])
        types = len(state["embeddings.token_type_embeddings.weight"])
        intermediate = len(state["encoder.layer.0.intermediate.dense.weight"])
    except KeyError as error:
        raise CheckpointError(f"{file} is no BERT: it has no {error.args[0]}") from error
    layers = {int(found.group(1)) for name in state if (found := re.match(r"encoder\.layer\.(\d+)\.", name))}
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        num_hidden_layers=len(layers),
        num_attention_heads=heads or max(1, hidden // HEAD_SIZE),
        intermediate_size=intermediate,
        max_position_embeddings=positions,
        type_vocab_size=types,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def load_weights(model: torch.nn.Module, state: State, file: Path) -> None:
    """Copies `state` into `model`; buffers that are no weights may be missing."""
    missing, unexpected = model.load_state_dict(state, strict=False)
    missing = [name for name in missing if not name.endswith("position_ids")]
    unexpected = [name for name in unexpected if not name.endswith("position_ids")]
    if missing or unexpected:
        raise CheckpointError(f"{file}: missing {missing[:5]}, unexpected {unexpected[:5]}")


def save_tokenizer(source: Path, out: Path, vocabulary: int) -> None:
    """`tokenizer.json` and `tokenizer_config.json` from a folder of a tokenizer or a `vocab.txt`."""
    vocab = source if source.is_file() else source / "vocab.txt"
    if source.is_dir() and (source / "tokenizer.json").exists():
        tokenizer = BertTokenizerFast.from_pretrained(source)
    elif vocab.exists():
        tokenizer = BertTokenizerFast(vocab=str(vocab), do_lower_case=True)
    else:
        raise CheckpointError(f"{source} holds neither tokenizer.json nor vocab.txt")
    if len(tokenizer) != vocabulary:
        raise CheckpointError(f"{source} has {len(tokenizer)} pieces, the checkpoint {vocabulary}")
    tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
    (out / "tokenizer_config.json").write_text(
        '{"tokenizer_class": "BertTokenizer", "do_lower_case": true, "model_max_length": 512}\n', encoding="utf-8"
    )


def _current_name(name: str) -> str:
    """Names of pytorch_pretrained_bert and DataParallel as transformers writes them."""
    name = name.removeprefix("module.")
    return re.sub(r"LayerNorm\.(gamma|beta)$", lambda m: f"LayerNorm.{ {'gamma': 'weight', 'beta': 'bias'}[m[1]] }", name)
