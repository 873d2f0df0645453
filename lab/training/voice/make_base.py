"""Write the pruned base for training: ``python -m voice.make_base --count FILE … --out DIR``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from .base import base_model, base_tokenizer, gguf_path, provenance
from .vocabulary import count_pieces, prune, prune_model, texts_of


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=Path, nargs="+", required=True, help="files whose pieces are counted")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    path = gguf_path()
    tok = base_tokenizer(path)
    small, old = prune(tok, count_pieces(tok, texts_of(args.count)))
    model = prune_model(base_model(path), old)
    small.save(str(args.out / "tokenizer.json"))
    torch.save({"model": model.state_dict(), "config": model.config.to_dict()}, args.out / "base.pt")
    about = provenance(path) | {"pieces": len(old), "parameters": sum(p.numel() for p in model.parameters())}
    (args.out / "base.json").write_text(json.dumps(about, indent=1) + "\n")
    print(about)


if __name__ == "__main__":
    main()
