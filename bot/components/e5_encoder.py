"""multilingual-e5-small run by ONNX Runtime, with 8-bit weights.

The engine in the wheel takes 20 to 26 ms a question on two cores, ONNX Runtime 7 to 10 on one for the same weights. The
vectors of both have a cosine of .999 on average (tests/unit/test_embedding.py).
"""

import logging
import os
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import InvalidArgument, InvalidGraph, InvalidProtobuf

from bot.components.e5_weights import E5Weights, Matrix

log = logging.getLogger(__name__)

# The layers (from 0) whose mean over the words is given. The last alone is what the model was made for; the others know
# the wording better, and a classifier over all four is right 1.6 points more often in cross-validation.
LAYERS_GIVEN = (5, 8, 10, 11)
# Changes whenever the vectors of a text do.
GRAPH_VERSION = 3


class E5Encoder:
    """The running model. Its graph is written down once, in `folder`, and only read afterwards."""

    def __init__(self, weights: E5Weights, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        # A second thread makes one question faster and a busy server slower: its threads then wait for one another.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # More than the basic ones would put the slower nodes back (see encoder_graph).
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.log_severity_level = 3
        self._session = _session(weights, folder, options)

    def layer_means(self, words: Matrix) -> Matrix:
        """The means after the given layers for one text of embedded words (words × hidden), end to end."""
        means: list[Matrix] = self._session.run(None, {"words": words[np.newaxis]})
        return np.concatenate(means, axis=1)[0]


def _session(weights: E5Weights, folder: Path, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    path = _kept_graph(weights, folder)
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except (InvalidArgument, InvalidGraph, InvalidProtobuf) as error:
        log.warning("the kept graph of the embedding cannot be read (%s): writing it anew", error)
        path.unlink(missing_ok=True)
        return onnxruntime.InferenceSession(_kept_graph(weights, folder), options, providers=["CPUExecutionProvider"])


def _kept_graph(weights: E5Weights, folder: Path) -> Path:
    path = folder / f"e5_encoder_{GRAPH_VERSION}.onnx"
    if not path.exists():
        # Only who writes the graph needs the library for it, which would take 25 MB of every server.
        from bot.components.e5_graph import encoder_graph

        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        unfinished.write_bytes(encoder_graph(weights, LAYERS_GIVEN).SerializeToString())
        unfinished.replace(path)
        _remove_former_graphs(path)
    return path


def _remove_former_graphs(path: Path) -> None:
    """Those of former versions, 22 MB each. A server still running one has read it and needs the file no more."""
    for former in path.parent.glob("e5_encoder_*.onnx"):
        if former != path:
            former.unlink(missing_ok=True)
