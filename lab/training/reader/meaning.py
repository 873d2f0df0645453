"""The base's own upper half as a head of the reader: ``python -m reader.meaning --out models``.

`meaning/model.onnx`: `hidden`, `mask` → `vector` [batch, 384] of length one, the mean over tokens. Nothing is taught: the
vectors are those of multilingual-e5-small, which wants "query: " or "passage: " before a text.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from torch import Tensor, nn

from .base import e5_path, read_e5
from .blocks import quantise_matmuls
from .export import trace, write
from .network import Lower, Upper
from .pieces import kept_pieces, make_tokenizer

#: The least agreement with the base's own vectors at which four bits serve.
LEAST = 0.998
VERSION = "0.1.0"
TEXTS = Path(__file__).with_name("meaning_texts.json")


class MeaningHead(nn.Module):
    """The upper half with its mean brought to length one."""

    def __init__(self, upper: Upper) -> None:
        super().__init__()
        self.upper = upper

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """hidden [batch, length, hidden] → [batch, hidden]."""
        mean = self.upper(hidden, mask)
        return mean / (mean * mean).sum(1, keepdim=True).sqrt()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder of models, with reader/ in it")
    args = parser.parse_args()
    torch.set_num_threads(1)
    file = read_e5(e5_path())
    kept = kept_pieces(file)
    lower, head = Lower(file, kept).eval(), MeaningHead(Upper(file)).eval()
    reader = json.loads((args.out / "reader" / "model.json").read_text())
    tok = make_tokenizer(file, kept)
    texts = [f"{side}: {text}" for side in ("query", "passage") for text in json.loads(TEXTS.read_text())]
    for bits in (4, 8):
        graph = trace(head, ["hidden", "mask"], ["vector"], file.hidden)
        quantise_matmuls(graph, bits)
        about = {
            "name": "meaning", "version": VERSION, "reader": reader["version"], "base": reader["base"], "licence": "MIT",
            "dimension": file.hidden, "bits": bits, "sides": {"query": "query: ", "passage": "passage: "},
        }  # fmt: skip
        write(args.out / "meaning", graph, about)
        cosines = agreement(args.out, lower, head, [tok.encode(text).ids for text in texts])
        print(json.dumps({"bits": bits, "texts": len(cosines), "least": float(cosines.min()), "mean": float(cosines.mean())}))
        if cosines.min() >= LEAST:
            break


def agreement(out: Path, lower: Lower, head: MeaningHead, ids: list[list[int]]) -> np.ndarray:
    """Cosines of the graphs' vectors, reader and head, with torch's in full precision."""
    graphs = [ort.InferenceSession(str(out / name / "model.onnx"), providers=["CPUExecutionProvider"]) for name in ("reader", "meaning")]
    cosines = []
    for row in ids:
        one = np.array([row])
        mask = np.ones_like(one)
        hidden = graphs[0].run(None, {"ids": one, "mask": mask})[0]
        vector = graphs[1].run(None, {"hidden": hidden, "mask": mask})[0][0]
        with torch.no_grad():
            want = head(lower(torch.from_numpy(one), torch.from_numpy(mask)), torch.from_numpy(mask))[0].numpy()
        cosines.append(vector @ want / np.linalg.norm(vector))
    return np.array(cosines)


if __name__ == "__main__":
    main()
