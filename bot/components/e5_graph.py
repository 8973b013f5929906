"""The encoder of multilingual-e5-small written down as an ONNX graph, its matrices as 8-bit integers."""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from bot.components.e5_weights import E5Weights, Matrix

MICROSOFT = "com.microsoft"
_OPSETS = (("", 20), (MICROSOFT, 1))
_IR_VERSION = 9


def encoder_graph(weights: E5Weights, layers_given: tuple[int, ...]) -> onnx.ModelProto:
    """The encoder from embedded words (1 × words × hidden) to the means over the words after the given layers."""
    graph = _Graph(weights)
    current = graph.add("LayerNormalization", ["words", *graph.normalisation("emb.ln")], epsilon=weights.epsilon)
    for layer in range(weights.layers):
        current = graph.add_layer(current, f"l{layer}.")
        if layer in layers_given:
            axis = graph.constant(np.array([1], dtype=np.int64), f"axis{layer}")
            graph.add("ReduceMean", [current, axis], [f"mean{layer}"], keepdims=0)
    return graph.model(layers_given)


class _Graph:
    """Nodes and constants as they are added."""

    def __init__(self, weights: E5Weights) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, values: NDArray[np.generic], name: str) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(
        self, kind: str, inputs: list[str], outputs: list[str] | None = None, domain: str = "", **attributes: object
    ) -> str:
        """Add a node and give the name of its first output."""
        names = outputs or [f"t{len(self._nodes)}"]
        self._nodes.append(helper.make_node(kind, inputs, names, f"n{len(self._nodes)}", domain=domain, **attributes))
        return names[0]

    def normalisation(self, name: str) -> list[str]:
        return [self.constant(self._weights.vector(f"{name}.{part}"), f"{name}.{part}") for part in ("w", "b")]

    def add_layer(self, current: str, prefix: str) -> str:
        hidden, inner = self._weights.hidden, self._weights.feed_forward
        attended = self._product(self._attention(current, prefix), [prefix + "ao"], hidden, hidden)
        current = self._added_and_normalised(attended, current, prefix + "aln")
        widened = self.add("Gelu", [self._product(current, [prefix + "fi"], inner, hidden)], domain=MICROSOFT)
        narrowed = self._product_by_word(widened, prefix + "fo", hidden, inner)
        return self._added_and_normalised(narrowed, current, prefix + "oln")

    def _attention(self, current: str, prefix: str) -> str:
        hidden = self._weights.hidden
        together = self._product(current, [prefix + part for part in "qkv"], hidden, hidden)
        split = [f"{prefix}{part}.out" for part in "qkv"]
        self.add("Split", [together], split, axis=-1, num_outputs=3)
        return self.add("MultiHeadAttention", split, domain=MICROSOFT, num_heads=self._weights.heads)

    def _added_and_normalised(self, new: str, residual: str, name: str) -> str:
        # Two nodes: the one that ONNX Runtime has for both takes 1.1 ms more of a question.
        inputs = [self.add("Add", [new, residual]), *self.normalisation(name)]
        return self.add("LayerNormalization", inputs, epsilon=self._weights.epsilon)

    def _product(self, current: str, names: list[str], outputs: int, inputs: int) -> str:
        """Times the named matrices side by side, plus their biases."""
        matrix = np.concatenate([self._weights.matrix(f"{name}.w", outputs, inputs) for name in names]).T
        bias = np.concatenate([self._weights.vector(f"{name}.b") for name in names])
        return self._integer_product(current, "+".join(names), matrix, bias)

    def _product_by_word(self, current: str, name: str, outputs: int, inputs: int) -> str:
        """The same, each word first brought to a largest value of 1.

        One scale serves all words of a text, and here a few words reach values far above those of the others, which
        would leave these few of the 8 bits (mean cosine .969 to the exact vectors instead of .994).
        """
        axis = self.constant(np.array([-1], dtype=np.int64), f"{name}.axis")
        largest = self.add("ReduceMax", [self.add("Abs", [current]), axis], keepdims=1)
        even = self.add("Div", [current, largest])
        product = self._integer_product(even, name, self._weights.matrix(f"{name}.w", outputs, inputs).T, None)
        restored = self.add("Mul", [product, largest])
        return self.add("Add", [restored, self.constant(self._weights.vector(f"{name}.b"), f"{name}.bias")])

    def _integer_product(self, current: str, name: str, matrix: Matrix, bias: Matrix | None) -> str:
        """Times a matrix (inputs × outputs) as 8-bit integers with one scale for each output."""
        scale = np.abs(matrix).max(axis=0) / 127
        constants = [
            self.constant(np.rint(matrix / scale).astype(np.int8), name),
            self.constant(scale.astype(np.float32), f"{name}.scale"),
            self.constant(np.zeros(len(scale), dtype=np.int8), f"{name}.zero"),
        ]
        if bias is not None:
            constants.append(self.constant(bias, f"{name}.bias"))
        return self.add("DynamicQuantizeMatMul", [current, *constants], domain=MICROSOFT)

    def model(self, layers_given: tuple[int, ...]) -> onnx.ModelProto:
        hidden = self._weights.hidden
        words = helper.make_tensor_value_info("words", TensorProto.FLOAT, [1, "words", hidden])
        means = [
            helper.make_tensor_value_info(f"mean{layer}", TensorProto.FLOAT, [1, hidden]) for layer in layers_given
        ]
        graph = helper.make_graph(self._nodes, "multilingual-e5-small", [words], means, self._constants)
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid(*opset) for opset in _OPSETS], ir_version=_IR_VERSION
        )
