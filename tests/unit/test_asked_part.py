"""What a question says that it does not ask is set aside; what it asks is not."""

import pytest

from bot.components.asked_part import asked_part, with_asked_parts
from bot.components.question_model import QuestionModel


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Ya sé cuánto rebajan, lo que no sé es dónde me inscribo.", "lo que no sé es dónde me inscribo."),
        ("ya c dnd queda, dígame a q hora abren", None),
        ("ya se dnd queda, ahora dígame a q hora abren", "ahora dígame a que hora abren"),
        ("No pregunto por la luz, pregunto por el gas del contador", "pregunto por el gas del contador"),
        ("quiero la dirección del edificio, no la del correo", "quiero la dirección del edificio"),
        ("El recibo ya lo tengo; ¿en qué banco lo puedo pagar?", "¿en qué banco lo puedo pagar?"),
        ("I know the address, but when does the office open?", "but when does the office open?"),
        ("I need the street address, not the e-mail one", "I need the street address"),
    ],
)
def test_what_is_known_or_not_meant_is_set_aside(text: str, asked: str | None) -> None:
    assert asked_part(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "¿Cuánto rebajan en el cilindro?",
        "no me dan el subsidio, ¿qué hago?",
        "no quiero dar mi nombre en la queja",
        "ya no aparezco en la lista",
        "No es justo, me cobraron doble",
        "ya sé",
        "",
    ],
)
def test_a_question_without_such_a_clause_has_no_part(text: str) -> None:
    assert asked_part(text) is None


def test_parts_stand_beside_the_texts() -> None:
    texts = ["hola", "No pregunto por la luz, pregunto por el gas del contador"]
    assert with_asked_parts(texts) == [*texts, "pregunto por el gas del contador"]


def test_what_is_asked_outweighs_what_is_not() -> None:
    entries = {
        "horario": ["a qué hora abren la oficina", "horario de atención de la oficina", "qué días abren la oficina"],
        "direccion": ["dónde queda la oficina", "dirección del edificio", "en qué calle queda el edificio"],
    }
    texts = [text for questions in entries.values() for text in questions]
    labels = [label for label, questions in entries.items() for _ in questions]
    model = QuestionModel.trained(texts, labels, [1.0] * len(texts), None)
    question = "ya sé en qué calle queda el edificio y la dirección de la oficina, quiero saber a qué hora abren"
    (ranking,) = model.likeliest([question], None, 1)
    assert ranking[0][0] == "horario"
    assert model.likeliest([question, texts[0]], None, 1)[0] == ranking
