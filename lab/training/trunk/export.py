"""From the checkpoint to a model folder: python -m trunk.export --run RUN --out models/support-encoder"""

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
from encoder.model import DIMENSION, MAX_TOKENS
from encoder.onnx_export import INPUTS, OUTPUT, export_fp32, export_int8
from encoder.sentences import REFERENCE, varied_sentences
from encoder.session import EncoderSession
from torch import Tensor

from .network import Trunk

VERSION = "1.0.0"
REFERENCE_NUMBERS = 16
BENCH_TOKENS = 16


class FeaturesOnly(Trunk):
    """The trunk as it is served: one output, the features."""

    def __init__(self, trunk: Trunk) -> None:
        super().__init__()
        self.load_state_dict(trunk.state_dict())
        self.eval()

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:  # type: ignore[override]
        """Encode `input_ids` [batch, seq], padded on the right."""
        return super().forward(input_ids, attention_mask).features


def export(run: Path, tokenizer: Path, out: Path) -> dict[str, Any]:
    """Write all files of the folder but the card; returns the manifest."""
    trunk = Trunk()
    trunk.load_state_dict(torch.load(run / "checkpoint.pt", weights_only=True)["trunk"])
    trunk.eval()
    out.mkdir(parents=True, exist_ok=True)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(tokenizer / name, out / name)
    shipped = FeaturesOnly(trunk)
    export_int8(shipped, out / "model.onnx")
    light = EncoderSession(out / "model.onnx", out / "tokenizer.json")
    with tempfile.TemporaryDirectory() as folder:
        export_fp32(shipped, Path(folder, "trunk.onnx"))
        int8 = cosines(EncoderSession(Path(folder, "trunk.onnx"), out / "tokenizer.json"), light, varied_sentences())
    rows = [
        {
            "text": text,
            "ids": light.ids(text),
            "vector": [round(float(value), 6) for value in light.vector(text)[:REFERENCE_NUMBERS]],
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
        "maxTokens": MAX_TOKENS,
        "inputs": INPUTS,
        "output": OUTPUT,
        "paddingId": 0,
        "source": "models/encoder, fine-tuned by lab/training/trunk",
        "cosineInt8ToFp32": int8,
        "milliseconds": {"tokens": BENCH_TOKENS, "median": milliseconds(light, BENCH_TOKENS)},
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
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, default=root / "models/encoder")
    parser.add_argument("--out", type=Path, default=root / "models/support-encoder")
    args = parser.parse_args()
    json.dump(export(args.run, args.tokenizer, args.out), sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
