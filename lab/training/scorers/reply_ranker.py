"""The reply head of the fine-tuned encoder as a scorer of its own: python -m scorers.reply_ranker --run RUN"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

import torch
from encoder.model import DIMENSION
from torch import Tensor, nn
from torch.nn import functional

from .export import export_graph

VERSION = "1.0.0"


class ReplyRanker(nn.Module):
    """message [1, 512] and replies [n, 512] to cosines [n] of what the line asks for and what each reply answers."""

    def __init__(self) -> None:
        super().__init__()
        self.ask = nn.Linear(DIMENSION, DIMENSION, bias=False)
        self.answer = nn.Linear(DIMENSION, DIMENSION, bias=False)

    def forward(self, message: Tensor, replies: Tensor) -> Tensor:
        """Cosines of the message with every reply."""
        asked = functional.normalize(self.ask(message), dim=-1)
        return (functional.normalize(self.answer(replies), dim=-1) @ asked.T)[:, 0]


def main() -> int:
    """Write model.onnx and model.json."""
    root = Path(__file__).parents[3]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=root / "models/support-encoder")
    parser.add_argument("--out", type=Path, default=root / "models/reply-ranker")
    args = parser.parse_args()
    heads = torch.load(args.run / "checkpoint.pt", weights_only=True)["heads"]
    ranker = ReplyRanker()
    ranker.load_state_dict({f"{name}.weight": heads[f"{name}.weight"] for name in ("ask", "answer")})
    torch.manual_seed(7)
    example = (torch.randn(1, DIMENSION), torch.randn(3, DIMENSION))
    graph = export_graph(ranker, example, ["message", "replies"], ["fit"], {"replies": {0: "n"}, "fit": {0: "n"}})
    encoder = json.loads((args.encoder / "model.json").read_text("utf-8"))
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "model.onnx").write_bytes(graph)
    manifest = {
        "name": "reply-ranker",
        "version": VERSION,
        "dimension": DIMENSION,
        "encoder": {"name": encoder["name"], "sha256": encoder["sha256"]["model.onnx"]},
        "sha256": {"model.onnx": hashlib.sha256(graph).hexdigest()},
        "training": encoder["training"],
        "figures": {"rightOneOf100First": encoder["valid"]["replyRecall1of100"], "byPlainCosine": encoder["valid"]["replyRecall1of100ZeroShot"]},
    }
    (args.out / "model.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {args.out} ({len(graph) / 1e6:.2f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
