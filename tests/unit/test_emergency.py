"""Words that mean danger now are heard, and the words of ordinary questions are not mistaken for them."""

import pytest

from bot.components.emergency import sounds_like_an_emergency
from consultame.settings import SEED_DIRECTORY
from kb.exchange import read_topic_file, topic_files


@pytest.mark.parametrize(
    "text",
    [
        "hay una fuga de gas",
        "HUELE A GAS EN MI CASA!!",
        "ayuda, se está escapando el gas de la pipeta",
        "se esta saliendo el gas x favor",
        "la pipa suena y huele feo",
        "el cilindro está botando gas",
        "explotó un cilindro en la cuadra",
        "hubo una explosion en la mina",
        "se prendió la estufa y hay candela en la cocina",
        "mi vecino se electrocutó",
        "hay un cable en el piso echando chispas",
        "se cayó un poste de la luz",
        "mi mamá se desmayó por el gas",
        "there is a gas leak",
        "I smell gas",
    ],
)
def test_danger_is_heard(text: str) -> None:
    assert sounds_like_an_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "no hay gas en el pueblo",
        "se fue la luz en mi casa",
        "¿sale caro el gas?",
        "se me acabó el cilindro",
        "no me sale el subsidio del gas",
        "la factura de gas está por las nubes",
        "¿se pierde el subsidio al instalar el gas?",
        "cayó el precio de la gasolina",
        "la línea de atención está caída",
    ],
)
def test_ordinary_questions_are_not_taken_for_danger(text: str) -> None:
    assert not sounds_like_an_emergency(text)


def test_no_question_of_the_first_knowledge_base_is_taken_for_danger() -> None:
    questions = [
        question
        for path in topic_files(SEED_DIRECTORY)
        for entry in read_topic_file(path).entries
        for question in entry.questions_es + entry.questions_en
    ]
    assert [question for question in questions if sounds_like_an_emergency(question)] == []
