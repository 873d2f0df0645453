"""Export a checkpoint for transformers.js: ``python -m supporter_mini.export --run DIR --cache DIR --out DIR``.

The graph takes ``input_ids``, ``attention_mask``, ``position_ids`` and ``past_key_values.N.key|value``
[batch, heads, past, head_dim] and gives ``logits`` and ``present.N.key|value``. All weights are stored as
int8, one scale an output channel (a row of the embedding); the runtime turns them into fp32 once, when it loads. Dynamic
int8 of the activations was faster but lost five to seven in a hundred answers about the persona.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from transformers import LlamaForCausalLM

from . import VERSION
from .decoding import DECODING
from .graph import CachedLlama, tensor_names
from .model import CONTEXT, STOP, make_model
from .tokens import BOS, PAD, write_tokenizer_config

OPSET = 17
LICENCE = "research and non-commercial use only (see README.md)"


def load_checkpoint(run: Path) -> tuple[LlamaForCausalLM, dict]:
    """Load the weights of a run (or fresh weights where the run has none yet)."""
    model = make_model(7)
    path = run / "checkpoint.pt"
    state: dict = {"step": 0, "seen": 0, "elapsed": 0.0, "seed": 7}
    if path.exists():
        state = torch.load(path, weights_only=False)
        model.load_state_dict(state.pop("model"))
        state.pop("optimisers")
    return model.eval(), state


def write_graph(model: LlamaForCausalLM, path: Path, int8_embedding: bool) -> None:
    """Trace the network into an ONNX file."""
    net = CachedLlama(model, int8_embedding).eval()
    batch, length, past = 1, 5, 3
    shape = (batch, net.heads, past, net.head_dim)
    example = (
        torch.randint(0, 100, (batch, length)),
        torch.ones(batch, past + length, dtype=torch.int64),
        torch.arange(past, past + length).unsqueeze(0),
        *[torch.randn(shape) for _ in range(2 * net.layers)],
    )
    pasts, presents = tensor_names(net.layers, "past_key_values"), tensor_names(net.layers, "present")
    axes = {
        "input_ids": {0: "batch_size", 1: "sequence_length"},
        "attention_mask": {0: "batch_size", 1: "total_sequence_length"},
        "position_ids": {0: "batch_size", 1: "sequence_length"},
        "logits": {0: "batch_size", 1: "sequence_length"},
    }
    axes |= {name: {0: "batch_size", 2: "past_sequence_length"} for name in pasts}
    axes |= {name: {0: "batch_size", 2: "total_sequence_length"} for name in presents}
    torch.onnx.export(
        net,
        example,
        str(path),
        input_names=["input_ids", "attention_mask", "position_ids", *pasts],
        output_names=["logits", *presents],
        dynamic_axes=axes,
        opset_version=OPSET,
        do_constant_folding=True,
        dynamo=False,
    )
    onnx.checker.check_model(str(path))


def write_int8(source: Path, target: Path) -> None:
    """Store every MatMul weight as int8 with one scale an output channel, behind Cast and Mul on constants."""
    model = onnx.load(str(source))
    graph = model.graph
    weights = {item.name: item for item in graph.initializer}
    ahead = []
    for node in graph.node:
        if node.op_type != "MatMul" or node.input[1] not in weights:
            continue
        name = node.input[1]
        values = numpy_helper.to_array(weights[name])
        scale = (np.abs(values).max(0, keepdims=True) / 127).astype(np.float32)
        graph.initializer.remove(weights[name])
        graph.initializer.append(numpy_helper.from_array(np.round(values / scale).astype(np.int8), f"{name}_int8"))
        graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
        ahead.append(helper.make_node("Cast", [f"{name}_int8"], [f"{name}_cast"], to=TensorProto.FLOAT))
        ahead.append(helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [name]))
    nodes = [*ahead, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def run_graph(
    session: ort.InferenceSession, ids: np.ndarray, past: list[np.ndarray] | None, heads: int, dim: int
) -> list:
    """Run a graph over ``ids`` [batch, n] with an optional cache."""
    count = (len(session.get_inputs()) - 3) // 2
    if past is None:
        past = [np.zeros((ids.shape[0], heads, 0, dim), np.float32)] * (2 * count)
    start = past[0].shape[2]
    feed = {
        "input_ids": ids.astype(np.int64),
        "attention_mask": np.ones((ids.shape[0], start + ids.shape[1]), np.int64),
        "position_ids": np.tile(np.arange(start, start + ids.shape[1], dtype=np.int64), (ids.shape[0], 1)),
    }
    feed |= dict(zip(tensor_names(count, "past_key_values"), past, strict=True))
    return session.run(None, feed)


def difference(model: LlamaForCausalLM, path: Path) -> tuple[float, float]:
    """Largest and mean logit difference to torch, two sequences in two cached pieces of 40 and 9 tokens."""
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ids = np.random.default_rng(0).integers(7, model.config.vocab_size, (2, 49))
    with torch.no_grad():
        want = model(torch.from_numpy(ids)).logits.numpy()
    heads, dim = model.config.num_attention_heads, model.config.hidden_size // model.config.num_attention_heads
    first = run_graph(session, ids[:, :40], None, heads, dim)
    second = run_graph(session, ids[:, 40:], first[1:], heads, dim)
    got = np.concatenate([first[0], second[0]], axis=1)
    return float(np.abs(got - want).max()), float(np.abs(got - want).mean())


def write_configs(model: LlamaForCausalLM, out: Path) -> None:
    """Write config.json and generation_config.json."""
    config = model.config.to_dict()
    config |= {"architectures": ["LlamaForCausalLM"], "eos_token_id": STOP, "use_cache": True, "dtype": "float32"}
    config["rope_theta"] = 10000.0
    for key in (
        "_name_or_path",
        "transformers_version",
        "id2label",
        "label2id",
        "problem_type",
        "chunk_size_feed_forward",
    ):
        config.pop(key, None)
    (out / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    generation = {"bos_token_id": BOS, "eos_token_id": STOP, "pad_token_id": PAD, "do_sample": True, **DECODING}
    (out / "generation_config.json").write_text(json.dumps(generation, indent=2) + "\n")


def write_manifest(out: Path, parameters: int) -> None:
    """Write model.json with the hash of every file a runtime loads."""
    names = [
        "config.json",
        "generation_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "onnx/model_quantized.onnx",
    ]
    manifest = {
        "name": "supporter-mini",
        "version": VERSION,
        "family": "llama",
        "format": "characterchat",
        "controlTags": True,
        "contextTokens": CONTEXT,
        "decoding": DECODING,
        "parameters": parameters,
        "licence": LICENCE,
        "sha256": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names},
    }
    (out / "model.json").write_text(json.dumps(manifest, indent=2) + "\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("models/supporter-mini"))
    args = parser.parse_args()
    model, state = load_checkpoint(args.run)
    (args.out / "onnx").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        write_graph(model, full, int8_embedding=False)
        gaps = {"fp32": difference(model, full)}
        half = Path(folder) / "half.onnx"
        write_graph(model, half, int8_embedding=True)
        target = Path(folder) / "model_quantized.onnx"
        write_int8(half, target)
        gaps["int8"] = difference(model, target)
        report = {
            name: {"max": float(f"{most:.2g}"), "mean": float(f"{mean:.2g}")} for name, (most, mean) in gaps.items()
        }
        print("difference to torch:", report)
        args.run.mkdir(parents=True, exist_ok=True)
        (args.run / "export.json").write_text(json.dumps(report))
        shutil.copyfile(target, args.out / "onnx" / "model_quantized.onnx")
    shutil.copyfile(args.cache / "tokenizer.json", args.out / "tokenizer.json")
    write_tokenizer_config(args.out, CONTEXT)
    write_configs(model, args.out)
    write_manifest(args.out, sum(p.numel() for p in model.parameters()))
    sizes = {str(p.relative_to(args.out)): p.stat().st_size for p in sorted(args.out.rglob("*")) if p.is_file()}
    print(
        json.dumps(
            {"step": state["step"], "tokens": state["seen"], "sizes": sizes, "total": sum(sizes.values())}, indent=1
        )
    )


if __name__ == "__main__":
    main()
