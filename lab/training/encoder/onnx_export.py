"""From the PyTorch encoder to `model.onnx`: export at opset 17, then int8."""

from __future__ import annotations

import copy
import tempfile
import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from .model import SentenceEncoder

OPSET = 17
INT8_MAX = 127
INPUTS = ["input_ids", "attention_mask"]
OUTPUT = "embedding"


class Int8Pieces(nn.Module):
    """The piece table in int8 with one scale a row (an eighth-bit step of the row's largest value)."""

    table: Tensor
    scale: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / INT8_MAX
        self.register_buffer("table", (weight / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, input_ids: Tensor) -> Tensor:
        """Look up `input_ids` [batch, seq] as float32 [batch, seq, 256]."""
        return self.table[input_ids].to(torch.float32) * self.scale[input_ids]


def export_fp32(model: SentenceEncoder, path: Path) -> None:
    """Write the float32 graph: `input_ids`, `attention_mask` (int64) to `embedding` (float32)."""
    ids = torch.tensor([[16, 25, 7, 0], [9, 6, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])
    axes = {0: "batch", 1: "seq"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (ids, mask),
            str(path),
            input_names=INPUTS,
            output_names=[OUTPUT],
            dynamic_axes={**dict.fromkeys(INPUTS, axes), OUTPUT: {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )


def export_int8(model: SentenceEncoder, path: Path) -> None:
    """Write the int8 graph: piece table a row a scale, matrix products a column a scale.

    The weights keep seven bits (`reduce_range`), since processors without VNNI add the products of
    unsigned and signed bytes in 16 bits and would clip them; so the vectors are the same everywhere.
    """
    light = copy.deepcopy(model)
    light.pieces = Int8Pieces(model.pieces.weight.detach())
    with tempfile.TemporaryDirectory() as folder:
        plain, prepared = Path(folder, "plain.onnx"), Path(folder, "prepared.onnx")
        export_fp32(light, plain)
        quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            str(prepared),
            str(path),
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
