"""Go on from the shipped head: ``python -m care.restore --models ../../models --run DIR`` writes DIR/care.pt for ``care.train --init``.

The published weights are steps of 8 bits: what they stand for differs from what was taught by less than a step.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from reader.base import e5_path, read_e5
from reader.blocks import BLOCK

from .network import CareNetwork


def weights_of(model: onnx.ModelProto) -> dict[str, torch.Tensor]:
    """Names of the network's parameters → their values. @raises KeyError for a product without a bias of ours"""
    known = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    found = {name.removeprefix("net."): torch.from_numpy(value.copy()) for name, value in known.items() if name.startswith("net.")}
    bias_of = {name: other for node in model.graph.node if node.op_type == "Add" for name, other in (node.input, reversed(node.input))}
    for node in model.graph.node:
        if node.op_type != "MatMulNBits":
            continue
        steps, scales = known[node.input[1]].astype(np.float32), known[node.input[2]]
        matrix = (steps - 128) * scales.reshape(steps.shape[0], -1, 1)
        bias = bias_of[node.output[0]].removeprefix("net.")
        found[bias.replace(".bias", ".weight")] = torch.from_numpy(matrix.reshape(steps.shape[0], steps.shape[1] * BLOCK))
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    args = parser.parse_args()
    net = CareNetwork(read_e5(e5_path()))
    net.load_state_dict(weights_of(onnx.load(str(args.models / "care" / "model.onnx"))))
    args.run.mkdir(parents=True, exist_ok=True)
    torch.save({"model": net.state_dict(), "epoch": 0}, args.run / "care.pt")


if __name__ == "__main__":
    main()
