"""From a fitted network to a model folder: ONNX graph, manifest, curve."""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from .command import Command

matplotlib.use("svg")
from matplotlib import pyplot as plt  # noqa: E402

OPSET = 17
LARGEST_DIFFERENCE = 1e-4

Curve = tuple[str, str, list[float], dict[str, list[float]]]
"""Label of x, label of y, x, and a line a name."""


def export_graph(
    network: nn.Module,
    example: tuple[Tensor, ...],
    inputs: list[str],
    outputs: list[str],
    variable: dict[str, dict[int, str]] | None = None,
) -> bytes:
    """The float32 graph, checked against the network on the example."""
    network.eval()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder, "model.onnx")
        torch.onnx.export(
            network,
            example,
            str(path),
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=variable or {},
            opset_version=OPSET,
            dynamo=False,
        )
        graph = path.read_bytes()
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    found = session.run(outputs, {name: value.numpy() for name, value in zip(inputs, example, strict=True)})
    with torch.no_grad():
        wanted = network(*example)
    for name, one, two in zip(outputs, found, wanted if isinstance(wanted, tuple) else (wanted,), strict=True):
        difference = float(np.abs(one - two.numpy()).max())
        if difference > LARGEST_DIFFERENCE:
            raise SystemExit(f"export: {name} differs from the network's by {difference:.2g}")
    return graph


def write_folder(options: Command, graph: bytes, manifest: dict[str, Any], figures: dict[str, Any], curve: Curve) -> None:
    """Write model.onnx, model.json and curve.svg."""
    assert options.out is not None
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "model.onnx").write_bytes(graph)
    encoder = json.loads((options.encoder / "model.json").read_text("utf-8"))
    whole = {
        **manifest,
        "encoder": {"name": encoder["name"], "sha256": encoder["sha256"]["model.onnx"]},
        "sha256": {"model.onnx": hashlib.sha256(graph).hexdigest()},
        "seed": options.seed,
        "figures": figures,
    }
    (options.out / "model.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    draw(options.out / "curve.svg", curve)
    print(f"wrote {options.out} ({len(graph) / 1e6:.2f} MB)")


def draw(path: Path, curve: Curve) -> None:
    """A line chart as SVG, the same bytes for the same figures."""
    across, up, places, lines = curve
    matplotlib.rcParams["svg.hashsalt"] = "rapport"
    figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
    for name, values in lines.items():
        axes.plot(places, values, marker="o", markersize=3, label=name)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)
