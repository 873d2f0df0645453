"""From the checkpoint to a model folder: python -m trunk.export --package FOLDER --run RUN --out models/support-encoder"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from encoder.agreement import cosines, milliseconds
from encoder.model import DIMENSION, MAX_TOKENS, build_encoder
from encoder.onnx_export import INPUTS, OUTPUT, export_fp32, export_int8
from encoder.package import read_package
from encoder.sentences import REFERENCE, varied_sentences
from encoder.session import EncoderSession

from .network import Trunk

VERSION = "1.0.0"
FEATURES = "features"
OUTPUTS = (OUTPUT, FEATURES)
REFERENCE_NUMBERS = 16
BENCH_TOKENS = 16


def export(package: Path, run: Path, tokenizer: Path, out: Path) -> dict[str, Any]:
    """Write all files of the folder but the card; returns the manifest."""
    trunk = Trunk()
    trunk.load_state_dict(torch.load(run / "checkpoint.pt", weights_only=True)["trunk"])
    trunk.eval()
    out.mkdir(parents=True, exist_ok=True)
    for name in ("tokenizer.json", "tokenizer_config.json", "aspects.json"):
        shutil.copyfile(tokenizer / name, out / name)
    export_int8(trunk, out / "model.onnx", OUTPUTS)
    light = {name: EncoderSession(out / "model.onnx", out / "tokenizer.json", name) for name in OUTPUTS}
    sentences = varied_sentences()
    with tempfile.TemporaryDirectory() as folder:
        export_fp32(trunk, Path(folder, "trunk.onnx"), OUTPUTS)
        export_fp32(build_encoder(read_package(package).weights), Path(folder, "original.onnx"))
        exact = {name: EncoderSession(Path(folder, "trunk.onnx"), out / "tokenizer.json", name) for name in OUTPUTS}
        original = EncoderSession(Path(folder, "original.onnx"), out / "tokenizer.json")
        int8 = {name: cosines(exact[name], light[name], sentences) for name in OUTPUTS}
        kept = cosines(original, light[OUTPUT], sentences)
    rows = [
        {
            "text": text,
            "ids": light[OUTPUT].ids(text),
            "vector": [round(float(value), 6) for value in light[OUTPUT].vector(text)[:REFERENCE_NUMBERS]],
            "features": [round(float(value), 6) for value in light[FEATURES].vector(text)[:REFERENCE_NUMBERS]],
        }
        for text in REFERENCE
    ]
    (out / "reference.json").write_text(
        "[\n  " + ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n", encoding="utf-8"
    )
    figures = json.loads((run / "figures.json").read_text("utf-8"))
    manifest = {
        "name": "support-encoder",
        "version": VERSION,
        "dimension": DIMENSION,
        "features": DIMENSION,
        "maxTokens": MAX_TOKENS,
        "inputs": INPUTS,
        "outputs": list(OUTPUTS),
        "paddingId": 0,
        "source": "models/encoder, fine-tuned by lab/training/trunk",
        "cosineInt8ToFp32": int8,
        "cosineEmbeddingToOriginal": kept,
        "milliseconds": {"tokens": BENCH_TOKENS, "median": milliseconds(light[OUTPUT], BENCH_TOKENS)},
        "training": {key: figures[key] for key in ("seed", "steps")},
        "valid": figures["valid"],
        "sha256": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in ("model.onnx", "tokenizer.json")},
    }
    (out / "model.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def main() -> int:
    """Export and print the manifest."""
    root = Path(__file__).parents[3]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path, required=True, help="folder with the node_modules of the original")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, default=root / "models/encoder")
    parser.add_argument("--out", type=Path, default=root / "models/support-encoder")
    args = parser.parse_args()
    json.dump(export(args.package, args.run, args.tokenizer, args.out), sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
