"""Vectors of training questions are computed once, and a damaged file of them does no harm."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.components.remembered_vectors import RememberedVectors


class CountingEmbedding:
    """Vectors that tell texts apart, and a list of what was computed."""

    def __init__(self, name: str = "one") -> None:
        self.name = name
        self.computed: list[str] = []

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        self.computed += texts
        return np.array([[len(text), sum(text.encode())] for text in texts], dtype=np.float32)


def test_only_new_texts_are_computed_and_rows_stay_in_their_order(tmp_path: Path) -> None:
    embedding = CountingEmbedding()
    path = tmp_path / "folder" / "vectors.npz"
    first = RememberedVectors(embedding, path).vectors(["pipeta", "radicado", "pipeta"])
    assert embedding.computed == ["pipeta", "radicado"]
    second = RememberedVectors(embedding, path).vectors(["cita", "pipeta"])
    assert embedding.computed == ["pipeta", "radicado", "cita"]
    assert np.array_equal(second[1], first[0])
    assert np.array_equal(second[0], CountingEmbedding().vectors(["cita"])[0])


def test_what_is_not_asked_for_any_more_is_forgotten(tmp_path: Path) -> None:
    embedding = CountingEmbedding()
    path = tmp_path / "vectors.npz"
    for texts in (["pipeta"], ["cita"], ["pipeta"]):
        RememberedVectors(embedding, path).vectors(texts)
    assert embedding.computed == ["pipeta", "cita", "pipeta"]


def test_another_embedding_does_not_take_over_the_vectors(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    RememberedVectors(CountingEmbedding("one"), path).vectors(["pipeta"])
    other = CountingEmbedding("other")
    RememberedVectors(other, path).vectors(["pipeta"])
    assert other.computed == ["pipeta"]


def test_what_an_embedding_with_longer_vectors_left_behind_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    np.savez(path, keys=np.array(["left behind"]), vectors=np.zeros((1, 3), np.float16))
    embedding = CountingEmbedding()
    for _ in range(2):
        assert np.array_equal(RememberedVectors(embedding, path).vectors(["pipeta"])[0], [6, sum(b"pipeta")])
    assert embedding.computed == ["pipeta"]


def test_a_file_with_more_keys_than_vectors_is_written_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "vectors.npz"
    np.savez(path, keys=np.array(["one", "two"]), vectors=np.zeros((1, 2), np.float16))
    assert RememberedVectors(CountingEmbedding(), path).vectors(["pipeta"]).shape == (1, 2)
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_written_anew_with_a_warning(
    content: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(content)
    embedding = CountingEmbedding()
    RememberedVectors(embedding, path).vectors(["pipeta"])
    assert "cannot be read" in caplog.text
    RememberedVectors(embedding, path).vectors(["pipeta"])
    assert embedding.computed == ["pipeta"]
