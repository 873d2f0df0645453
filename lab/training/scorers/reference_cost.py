"""Write the graph whose cost the bench compares with: BERT-base pair regression (CharacterChat's info_selecter).

python -m scorers.reference_cost --out ../../bench/bert-base-cost.onnx

The weights are ConstantOfShape nodes, which the runtime folds when it loads the graph: the file stays small and the cost is
that of 110 M float32 weights. What it answers means nothing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTH, HEADS, LAYERS, FFN, VOCABULARY, OPSET = 768, 12, 12, 3072, 30522, 17
VALUE = 0.01


class Graph:
    """Nodes that are collected one after the other."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initialisers: list[onnx.TensorProto] = []

    def add(self, kind: str, inputs: list[str], **attributes: object) -> str:
        """Append a node and name its output."""
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def weight(self, *shape: int) -> str:
        """A dense weight."""
        value = helper.make_tensor("value", TensorProto.FLOAT, [1], [VALUE])
        return self.add("ConstantOfShape", [self.numbers(list(shape))], value=value)

    def numbers(self, values: list[int]) -> str:
        """A list of integers."""
        name = f"numbers_{len(self.initialisers)}"
        self.initialisers.append(numpy_helper.from_array(np.array(values, np.int64), name))
        return name

    def scalar(self, value: float) -> str:
        """One number."""
        name = f"scalar_{len(self.initialisers)}"
        self.initialisers.append(numpy_helper.from_array(np.array(value, np.float32), name))
        return name

    def dense(self, inputs: str, width_in: int, width_out: int) -> str:
        """Product and bias."""
        return self.add("Add", [self.add("MatMul", [inputs, self.weight(width_in, width_out)]), self.weight(width_out)])

    def norm(self, inputs: str) -> str:
        """Layer normalisation."""
        return self.add("LayerNormalization", [inputs, self.weight(WIDTH), self.weight(WIDTH)], axis=-1)

    def layer(self, hidden: str) -> str:
        """Self-attention and feed-forward, post-norm as in BERT."""
        split = self.numbers([0, 0, HEADS, WIDTH // HEADS])
        query, key, value = (
            self.add("Transpose", [self.add("Reshape", [self.dense(hidden, WIDTH, WIDTH), split])], perm=order)
            for order in ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3])
        )
        scores = self.add("Mul", [self.add("MatMul", [query, key]), self.scalar((WIDTH // HEADS) ** -0.5)])
        mixed = self.add("MatMul", [self.add("Softmax", [scores], axis=-1), value])
        joined = self.add("Reshape", [self.add("Transpose", [mixed], perm=[0, 2, 1, 3]), self.numbers([0, 0, WIDTH])])
        hidden = self.norm(self.add("Add", [hidden, self.dense(joined, WIDTH, WIDTH)]))
        inner = self.dense(hidden, WIDTH, FFN)
        erf = self.add("Add", [self.add("Erf", [self.add("Mul", [inner, self.scalar(2**-0.5)])]), self.scalar(1)])
        gelu = self.add("Mul", [self.add("Mul", [inner, erf]), self.scalar(0.5)])
        return self.norm(self.add("Add", [hidden, self.dense(gelu, FFN, WIDTH)]))


def build() -> onnx.ModelProto:
    """`input_ids` [batch, seq] to `score` [batch, 1]."""
    graph = Graph()
    hidden = graph.norm(graph.add("Gather", [graph.weight(VOCABULARY, WIDTH), "input_ids"]))
    for _ in range(LAYERS):
        hidden = graph.layer(hidden)
    first = graph.add("Gather", [hidden, graph.numbers([0])], axis=1)
    pooled = graph.add("Tanh", [graph.dense(graph.add("Reshape", [first, graph.numbers([0, WIDTH])]), WIDTH, WIDTH)])
    graph.nodes.append(helper.make_node("Identity", [graph.dense(pooled, WIDTH, 1)], ["score"]))
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "bert-base-cost",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "seq"])],
            [helper.make_tensor_value_info("score", TensorProto.FLOAT, ["batch", 1])],
            graph.initialisers,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    return model


def main() -> int:
    """Write the graph."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[3] / "bench/bert-base-cost.onnx")
    onnx.save(build(), str(parser.parse_args().out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
