"""Words that mean danger now are heard, and the words of ordinary questions are not mistaken for them."""

import pytest
from ruamel.yaml import YAML

from bot.components.emergency import sounds_like_an_emergency, speaks_of_water_alone
from bot.components.understanding import DEFAULT_SETTINGS, UnderstandingSettings, _understood, candidate_of
from bot.intents import EMERGENCY, OUT_OF_SCOPE
from consultame.settings import BOT_DIRECTORY, SEED_DIRECTORY
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
        "el contador está botando chispas",
        "sale humo de la caja de la luz",
        "cogió candela el medidor",
        "me pasó corriente",
        "nos agarró la corriente arreglando el tejado",
        "se derrumbó la mina",
        "la manguera de la estufa está silbando",
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
        "el agua está saliendo amarilla",
        "se está saliendo el agua del tanque",
        "me robaron el contador de la luz",
        "se me quemó el contador hace un mes, ¿quién lo paga?",
        "¿dónde compro la manguera de la estufa?",
        "la factura me está saliendo muy cara",
        "huele feo el río",
    ],
)
def test_ordinary_questions_are_not_taken_for_danger(text: str) -> None:
    assert not sounds_like_an_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "el agua está saliendo amarilla",
        "se está saliendo el agua del tanque",
        "hay una fuga de agua en la calle",
        "se rompió un tubo del acueducto",
        "the water is coming out yellow",
    ],
)
def test_water_alone_is_no_danger_whatever_the_model_says(text: str) -> None:
    assert speaks_of_water_alone(text)
    ranking = [candidate_of(EMERGENCY, 0.98), candidate_of(OUT_OF_SCOPE, 0.02)]
    settings = UnderstandingSettings.of(DEFAULT_SETTINGS)
    assert _understood(text, ranking, settings).intent == OUT_OF_SCOPE
    assert _understood(text, ranking[:1], settings).intent == OUT_OF_SCOPE


@pytest.mark.parametrize(
    "text",
    [
        "hay un cable caído en el agua",
        "el agua de la mina está subiendo y hay gente adentro",
        "el agua huele a gasolina",
        "se metió el agua al transformador",
        "me pasó corriente en la ducha con el agua",
        "se está ahogando alguien en el agua",
        "el agua sale hirviendo y hay humo",
        "huele raro y estamos mareados",
    ],
)
def test_danger_in_water_is_left_to_the_model(text: str) -> None:
    assert not speaks_of_water_alone(text)


def test_no_example_of_an_emergency_speaks_of_water_alone() -> None:
    documents = YAML(typ="safe").load(BOT_DIRECTORY / "data" / "nlu" / "emergency.yml")
    examples = [line.removeprefix("- ") for line in documents["nlu"][0]["examples"].splitlines()]
    assert len(examples) > 50
    assert [text for text in examples if speaks_of_water_alone(text)] == []


def test_no_question_of_the_first_knowledge_base_is_taken_for_danger() -> None:
    questions = [
        question
        for path in topic_files(SEED_DIRECTORY)
        for entry in read_topic_file(path).entries
        for question in entry.questions_es + entry.questions_en
    ]
    assert [question for question in questions if sounds_like_an_emergency(question)] == []
