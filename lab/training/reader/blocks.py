"""Weights in blocks of 32 with one scale, as ``MatMulNBits`` and ``GatherBlockQuantized`` of onnxruntime read them.

The value of largest magnitude of a block is its lowest step, as in GGUF's Q4_0: what came from there comes back unchanged.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

BLOCK = 32


def quantise(rows: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows [n, k] → steps [n, k] from 0 to 2^bits − 1 around the middle, and scales [n, k / 32]."""
    low = 2 ** (bits - 1)
    blocks = rows.reshape(rows.shape[0], -1, BLOCK).astype(np.float32)
    peak = np.take_along_axis(blocks, np.abs(blocks).argmax(2)[:, :, None], 2)
    scale = peak / -low
    steps = np.round(np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale != 0)) + low
    return steps.clip(0, 2 * low - 1).astype(np.uint8).reshape(rows.shape), scale[:, :, 0]


def packed(steps: np.ndarray, bits: int) -> np.ndarray:
    """Steps [n, k] → bytes [n, k / 32, 32 · bits / 8]; two 4-bit steps a byte, the first in its lower half."""
    blocks = steps.reshape(steps.shape[0], -1, BLOCK)
    return blocks if bits == 8 else blocks[:, :, 0::2] | (blocks[:, :, 1::2] << 4)


def quantise_matmuls(model: onnx.ModelProto, bits: int, accuracy: int = 4) -> None:
    """Replaces every product with a constant matrix by ``MatMulNBits``, in place."""
    graph = model.graph
    weights = {item.name: item for item in graph.initializer}
    for node in graph.node:
        if node.op_type != "MatMul" or node.input[1] not in weights:
            continue
        name = node.input[1]
        matrix = numpy_helper.to_array(weights[name])
        if matrix.ndim != 2 or matrix.shape[0] % BLOCK or matrix.shape[1] < 64:
            continue
        steps, scale = quantise(matrix.T, bits)
        graph.initializer.remove(weights.pop(name))
        graph.initializer.append(numpy_helper.from_array(packed(steps, bits), f"{name}_steps"))
        graph.initializer.append(numpy_helper.from_array(scale.reshape(-1), f"{name}_scales"))
        new = helper.make_node(
            "MatMulNBits", [node.input[0], f"{name}_steps", f"{name}_scales"], list(node.output), domain="com.microsoft",
            K=matrix.shape[0], N=matrix.shape[1], bits=bits, block_size=BLOCK, accuracy_level=accuracy,
        )  # fmt: skip
        node.CopyFrom(new)
    use_contrib(model)


def embed_blocks(model: onnx.ModelProto, table: np.ndarray, ids: str, output: str) -> None:
    """Puts a look-up in a 4-bit table [pieces, hidden] in front: `ids` [batch, length] → `output` [batch, length, hidden]."""
    steps, scale = quantise(table, 4)
    signed = (steps.astype(np.int8) - 8) & 15
    raw = (signed[:, 0::2] | (signed[:, 1::2] << 4)).astype(np.uint8)
    data = TensorProto(name="table", data_type=TensorProto.INT4, dims=table.shape, raw_data=raw.tobytes())
    model.graph.initializer.append(data)
    model.graph.initializer.append(numpy_helper.from_array(scale, "table_scales"))
    model.graph.node.insert(
        0,
        helper.make_node(
            "GatherBlockQuantized", ["table", ids, "table_scales"], [output], domain="com.microsoft",
            block_size=BLOCK, gather_axis=0, quantize_axis=1,
        ),
    )  # fmt: skip
    use_contrib(model)


def use_contrib(model: onnx.ModelProto) -> None:
    """Declares onnxruntime's own operators."""
    if all(item.domain != "com.microsoft" for item in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
