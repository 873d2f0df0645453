"""The voice as a graph in shards: ``python -m voice.export --base DIR --run DIR --out models/voice``.

onnxruntime-genai's builder writes the graph: 4-bit blocks of 32, attention that keeps its cache in place, embeddings shared with
the head.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import onnx
import torch
from onnx.external_data_helper import load_external_data_for_model, set_external_data
from tokenizers import Tokenizer
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from . import VERSION

LARGEST = 44_000_000
CONTEXT = 2_048
SPECIALS = {"pad_token": "<|endoftext|>", "bos_token": "<|im_start|>", "eos_token": "<|im_end|>"}
DECODING = {"temperature": 0.7, "top_p": 0.9, "top_k": 50, "repetition_penalty": 1.08, "no_repeat_ngram_size": 4, "max_new_tokens": 110}


def taught(base: Path, run: Path | None) -> LlamaForCausalLM:
    """The base with the weights of a run (or untaught)."""
    saved = torch.load(base / "base.pt", weights_only=False)
    weights = torch.load(run / "checkpoint.pt", weights_only=False)["model"] if run else saved["model"]
    model = LlamaForCausalLM(LlamaConfig(**saved["config"]))
    model.load_state_dict(weights, strict=False)
    model.tie_weights()
    return model.float().eval()


def write_folder(model: LlamaForCausalLM, tok: Tokenizer, folder: Path) -> None:
    """A Hugging Face folder."""
    ids = {name: tok.token_to_id(piece) for name, piece in SPECIALS.items()}
    for config in (model.config, model.generation_config):
        config.bos_token_id, config.eos_token_id, config.pad_token_id = (ids[f"{n}_token"] for n in ("bos", "eos", "pad"))
    model.config.max_position_embeddings = CONTEXT
    model.save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=tok, **SPECIALS).save_pretrained(folder)


def write_shards(source: Path, target: Path, head_size: int) -> list[str]:
    """The graph, its head size said, with its weights in files of at most `LARGEST` bytes. @returns the files' names"""
    model = onnx.load(str(source), load_external_data=False)
    load_external_data_for_model(model, str(source.parent))
    for value in [*model.graph.input, *model.graph.output]:
        if value.name.startswith(("past_key_values.", "present.")):
            value.type.tensor_type.shape.dim[3].dim_value = head_size
    names, room = ["model.onnx"], 0
    for tensor in model.graph.initializer:
        size = len(tensor.raw_data)
        if size < 1_024:
            continue
        if size > room:
            names.append(f"model.onnx.data-{len(names)}")
            room = LARGEST
        room -= size
        set_external_data(tensor, names[-1])
    for name in names:
        (target / name).unlink(missing_ok=True)
    onnx.save(model, str(target / "model.onnx"))
    return names


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    tok = Tokenizer.from_file(str(args.base / "tokenizer.json"))
    model = taught(args.base, args.run)
    with tempfile.TemporaryDirectory() as folder:
        hub, graph = Path(folder) / "hub", Path(folder) / "graph"
        write_folder(model, tok, hub)
        builder = [sys.executable, "-m", "onnxruntime_genai.models.builder", "-m", str(hub), "-o", str(graph)]
        options = ["-p", "int4", "-e", "cpu", "--extra_options", "int4_accuracy_level=4", "int4_block_size=32"]
        subprocess.run([*builder, *options], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        names = write_shards(graph / "model.onnx", args.out, model.config.head_dim)
    tok.save(str(args.out / "tokenizer.json"), pretty=False)
    (args.out / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", **SPECIALS}, indent=2) + "\n")
    ends = [tok.token_to_id("<|im_end|>"), tok.token_to_id("<|endoftext|>")]
    (args.out / "generation_config.json").write_text(json.dumps({"eos_token_id": ends, "pad_token_id": tok.token_to_id("<|endoftext|>"), **DECODING}, indent=2) + "\n")
    files = [*names, "generation_config.json", "tokenizer.json", "tokenizer_config.json"]
    about = {
        "name": "voice", "version": VERSION, "family": "llama", "format": "voice", "contextTokens": CONTEXT, "graph": "model.onnx",
        "decoding": DECODING, "parameters": sum(p.numel() for p in model.parameters()),
        "licence": "Apache-2.0 (base); taught by CC-BY-4.0 texts of our own",
        "base": json.loads((args.base / "base.json").read_text()),
        "sha256": {name: hashlib.sha256((args.out / name).read_bytes()).hexdigest() for name in files},
    }  # fmt: skip
    (args.out / "model.json").write_text(json.dumps(about, indent=2) + "\n")
    print({name: (args.out / name).stat().st_size for name in files})


if __name__ == "__main__":
    main()
