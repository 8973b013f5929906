"""Spanish as people write it is brought together, ranked, and answered only when it is sure."""

import logging
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from ruamel.yaml import YAML
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.components import e5_weights, question_model
from bot.components import embedding as embedding_module
from bot.components.embedding import SentenceEmbedding, load_embedding
from bot.components.question_model import QuestionModel
from bot.components.spanish_text import as_it_sounds, has_words, normalised, written_out
from bot.components.text_features import TextFeatures
from bot.components.training_examples import TrainingExamples, without_answered_since
from bot.intents import OUT_OF_SCOPE
from consultame.settings import BOT_DIRECTORY

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


@pytest.mark.parametrize(
    ("typed", "same_as"),
    [
        ("veneficiario de la sedula", "beneficiario de la cédula"),
        ("kiero canbiar la sita", "quiero cambiar la cita"),
        ("kien me alluda con la gerencia, ola", "quien me ayuda con la jerencia, hola"),
        ("la enerjia electrika se exedio", "la energía eléctrica se excedió"),
        ("el chaleco", "el shaleco"),
    ],
)
def test_words_written_as_they_sound_come_out_alike(typed: str, same_as: str) -> None:
    assert as_it_sounds(normalised(typed)) == as_it_sounds(normalised(same_as))


@pytest.mark.parametrize(("one", "other"), [("casa", "caja"), ("pago", "vago"), ("luz", "lucha"), ("gas", "gasta")])
def test_words_that_sound_different_stay_apart(one: str, other: str) -> None:
    assert as_it_sounds(one) != as_it_sounds(other)


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


def likeliest(model: QuestionModel, text: str, embedding: SentenceEmbedding | None) -> str:
    return model.likeliest([text], embedding, 1)[0][0][0]


def test_the_model_ranks_what_it_was_shown_and_survives_saving(tmp_path: Path) -> None:
    embedding = load_embedding()
    assert embedding is not None
    model = QuestionModel.trained(TEXTS, LABELS, [1.0] * len(TEXTS), embedding)
    model.save(tmp_path)
    loaded = QuestionModel.load(tmp_path)
    for question, label in (
        ("me dice los requisitos pal subsidio", "glp"),
        ("what time do you open?", "hora"),
        ("quisiera apartar una cita", "cita"),
    ):
        (ranking,) = model.likeliest([question], embedding, 3)
        assert ranking[0][0] == label
        assert sum(probability for _, probability in ranking) == pytest.approx(1, abs=1e-5)
        (again,) = loaded.likeliest([question], embedding, 3)
        assert [label for label, _ in again] == [label for label, _ in ranking]
        assert [share for _, share in again] == pytest.approx([share for _, share in ranking], abs=1e-5)


def test_a_lower_temperature_makes_the_model_bolder_and_changes_no_ranking() -> None:
    model = QuestionModel.trained(TEXTS, LABELS, [1.0] * len(TEXTS), None)
    timid, bold = (model.likeliest(["horario de la cita"], None, 3, temperature=t)[0] for t in (1.0, 0.5))
    assert [label for label, _ in timid] == [label for label, _ in bold]
    assert bold[0][1] > timid[0][1]


class Counting:
    """An embedding that counts how often it is asked."""

    name = "counting"

    def __init__(self, embedding: SentenceEmbedding) -> None:
        self._embedding = embedding
        self.asked = 0

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        self.asked += 1
        return self._embedding.vectors(texts)


def test_the_embedding_is_asked_only_where_the_wording_leaves_doubt() -> None:
    embedding = load_embedding()
    assert embedding is not None
    model, counting = QuestionModel.trained(TEXTS, LABELS, [1.0] * len(TEXTS), embedding), Counting(embedding)
    known, doubtful = TEXTS[0], "what time do you open?"
    assert model.likeliest([known], counting, 3, sure_by_wording=0.5) == model.likeliest([known], None, 3)
    assert counting.asked == 0
    whole = model.likeliest([doubtful], embedding, 3)
    assert model.likeliest([doubtful], counting, 3, sure_by_wording=0.99) == whole
    assert counting.asked == 1


def test_rows_of_features_are_what_scikit_learn_makes_of_a_text(tmp_path: Path) -> None:
    features, rows = TextFeatures.fitted(TEXTS)
    features.save(tmp_path)
    kinds = (
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2),
        TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), sublinear_tf=True, min_df=2),
    )
    asked = [*TEXTS, "cita cita cita con gas", "xyz", ""]
    expected = hstack([kind.fit(TEXTS).transform(asked) for kind in kinds]).toarray()
    assert TextFeatures.load(tmp_path).matrix(asked).toarray() == pytest.approx(expected, abs=1e-6)
    assert rows.toarray() == pytest.approx(expected[: len(TEXTS)], abs=1e-6)


def test_rows_of_a_training_are_known_to_the_saved_model_with_the_same_features_only(tmp_path: Path) -> None:
    trained = QuestionModel.trained(TEXTS, LABELS, [1.0] * len(TEXTS), None)
    trained.save(tmp_path)
    saved = QuestionModel.load(tmp_path)
    known = saved.known_rows(trained)
    assert known is not None
    computed = saved.likeliest(TEXTS, None, 3)
    for with_known, ranking in zip(saved.likeliest(TEXTS, None, 3, characters=known), computed, strict=True):
        assert dict(with_known) == pytest.approx(dict(ranking), abs=1e-5)
    other = QuestionModel.trained(TEXTS[:-1], LABELS[:-1], [1.0] * (len(TEXTS) - 1), None)
    assert saved.known_rows(other) is None


def test_grouped_answers_too_are_taken_by_wording_where_it_is_sure_and_by_both_where_it_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(question_model, "MAXIMUM_LABELS", 10)
    monkeypatch.setattr(question_model, "LABELS_IN_A_GROUP", 5)
    things = (
        "cilindro medidor poste contador estufa tanque chip taller mina recibo pozo panel cable planta tubo".split()
    )
    texts = [text for thing in things for text in (f"dónde pago el {thing}", f"pago de {thing}", f"pagar mi {thing}")]
    embedding = load_embedding()
    model = QuestionModel.trained(texts, [thing for thing in things for _ in range(3)], [1.0] * len(texts), embedding)
    asked = [*texts, "where do I pay for the stove?", "pagar"]
    by_wording, by_both = model.likeliest(asked, None, 3), model.likeliest(asked, embedding, 3)
    certainties = sorted(ranking[0][1] for ranking in by_wording)
    sure = certainties[len(certainties) // 2]
    expected = [word if word[0][1] > sure else both for word, both in zip(by_wording, by_both, strict=True)]
    found = model.likeliest(asked, embedding, 3, sure_by_wording=sure)
    for ranking, own in zip(found, expected, strict=True):
        assert [label for label, _ in ranking] == [label for label, _ in own]
        assert [share for _, share in ranking] == pytest.approx([share for _, share in own], abs=1e-5)


def test_beyond_what_one_model_holds_answers_are_grouped_and_still_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(question_model, "MAXIMUM_LABELS", 10)
    monkeypatch.setattr(question_model, "LABELS_IN_A_GROUP", 5)
    things = (
        "cilindro medidor poste contador estufa tanque chip taller mina recibo pozo panel cable planta tubo".split()
    )
    labels = {f"pagar {thing}": [f"dónde pago el {thing}", f"pago de {thing}", f"pagar mi {thing}"] for thing in things}
    texts = [text for examples in labels.values() for text in examples] + ["hola", "buenas", "hola qué tal"]
    names = [label for label, examples in labels.items() for _ in examples] + ["saludar"] * 3
    QuestionModel.trained(texts, names, [1.0] * len(texts), None, never_grouped=["saludar"]).save(tmp_path)
    model = QuestionModel.load(tmp_path)
    assert len(list(tmp_path.glob("group_*.npz"))) == 3
    assert [likeliest(model, f"¿en dónde puedo pagar el {thing}?", None) for thing in things] == list(labels)
    assert likeliest(model, "hola buenas", None) == "saludar"
    asked = [f"pago {thing}" for thing in things] + ["hola", "¿qué tal?"]
    together = model.likeliest(asked, None, 4)
    assert together == [model.likeliest([text], None, 4)[0] for text in asked]


def test_a_model_trained_once_more_without_some_questions_has_forgotten_them() -> None:
    embedding = load_embedding()
    texts, labels = [*TEXTS, "mi trámite rosado", "el trámite rosado"], [*LABELS, "glp", "glp"]
    whole = QuestionModel.trained(texts, labels, [1.0] * len(texts), embedding)
    left_out = np.array([number >= len(TEXTS) for number in range(len(texts))])
    never_saw_them = QuestionModel.trained(TEXTS, LABELS, [1.0] * len(TEXTS), embedding)

    def certainty(model: QuestionModel) -> float:
        (ranking,) = model.likeliest(["mi trámite rosado"], embedding, 3)
        return dict(ranking)["glp"]

    without = certainty(whole.trained_without(left_out))
    assert certainty(whole) > 0.6
    assert without < 0.5
    assert without == pytest.approx(certainty(never_saw_them), abs=0.2)


def test_an_answer_of_few_questions_is_heard_beside_many_examples_of_what_nobody_answers() -> None:
    embedding = load_embedding()
    documents = YAML(typ="safe").load(BOT_DIRECTORY / "data" / "nlu" / "out_of_scope.yml")
    foreign = [line.removeprefix("- ") for line in documents["nlu"][0]["examples"].splitlines()[:120]]
    texts = [*foreign, "precio del soat", "cuanto vale el soat de un carro", "valor del SOAT este año"]
    labels = [*[OUT_OF_SCOPE] * len(foreign), *["soat"] * 3]
    model = QuestionModel.trained(texts, labels, [1.0] * len(texts), embedding, never_grouped=[OUT_OF_SCOPE])
    assert likeliest(model, "soat moto valor", embedding) == "soat"


def test_what_the_staff_has_answered_is_no_longer_out_of_scope() -> None:
    embedding = load_embedding()
    assert embedding is not None
    examples = TrainingExamples([], [], [])
    for text in ("¿Cuánto cuesta el SOAT de una moto?", "precio del soat", "valor del soat este año"):
        examples.add(text, "faq/soat", 1.0)
    for text in ("¿Cuánto cuesta el SOAT de un carro?", "receta de ajiaco", "¿quién ganó el partido de ayer?"):
        examples.add(text, "fuera_de_alcance", 1.0)
    for text in TEXTS:
        examples.add(text, "faq/otra", 1.0)
    kept = without_answered_since(examples, embedding)
    assert set(examples.texts) - set(kept.texts) == {"¿Cuánto cuesta el SOAT de un carro?"}


def test_a_saved_model_holds_nothing_that_runs_when_it_is_read(tmp_path: Path) -> None:
    QuestionModel.trained(TEXTS, LABELS, [1.0] * len(TEXTS), None).save(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npy", ".npz"}


def test_without_the_embedding_understanding_goes_on_with_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    QuestionModel.trained(TEXTS, LABELS, [1.0] * len(TEXTS), load_embedding()).save(tmp_path)
    monkeypatch.setattr(e5_weights, "find_spec", lambda name: None)
    embedding_module.load_embedding.cache_clear()
    with caplog.at_level(logging.WARNING):
        absent = load_embedding()
    embedding_module.load_embedding.cache_clear()
    assert absent is None
    assert "the sentence embedding is absent" in caplog.text
    assert likeliest(QuestionModel.load(tmp_path), "requisitos del subsidio", None) == "glp"
