"""Advice on plain language: how easily a text reads and what might be put more plainly."""

import pytest

from admin.clear_language import count_syllables, readability

PLAIN = "Llame gratis a la línea {telefono}. Diga su nombre y su ciudad. Le damos una cita el mismo día."
HARD = (
    "De conformidad con lo establecido en la normatividad vigente, el peticionario deberá diligenciar debidamente el "
    "formulario correspondiente, el cual será remitido por la dependencia competente a la autoridad jurisdiccional "
    "que, previa verificación de los requisitos reglamentarios, procederá a efectuar el reconocimiento."
)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("caos", 2), ("país", 2), ("ciudad", 2), ("cigüeña", 3), ("aéreo", 4), ("guerra", 2), ("pingüino", 3),
        ("que", 1), ("guía", 2), ("rey", 1), ("leyes", 2), ("averiguáis", 4), ("energía", 4), ("subsidio", 3),
        ("resolución", 4), ("oído", 3), ("ahora", 3), ("estratificación", 6), ("construir", 2), ("YO", 1), ("S", 1),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_spanish_divides_them(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_the_index_is_szigriszts_formula() -> None:
    text = "Pida la cita por teléfono y diga su nombre. Le damos una hora para ese día."
    # 16 words, 2 sentences, 29 syllables.
    reading = readability(text)
    assert (reading.words, reading.sentences) == (16, 2)
    assert reading.index == round(206.835 - 62.3 * 29 / 16 - 16 / 2)


def test_plain_text_reads_easily_and_bureaucratic_text_does_not() -> None:
    plain, hard = readability(PLAIN), readability(HARD)
    assert plain.index is not None
    assert hard.index is not None
    assert plain.index >= 80
    assert plain.level == "muy fácil de leer"
    assert plain.advice == []
    assert hard.index < 40
    assert hard.level == "muy difícil de leer"
    advice = " ".join(each.text for each in hard.advice)
    for hint in (
        "tiene 41 palabras",
        "«será remitido» está en voz pasiva",
        "«diligenciar»: «llenar»",
        "«de conformidad con»: «según»",
    ):
        assert hint in advice


def test_of_a_few_words_nothing_is_said() -> None:
    assert readability("").index is None
    assert readability("Llame al {telefono}.").index is None


def test_items_of_a_list_and_abbreviations_in_contact_data_are_no_long_sentences() -> None:
    items = "\n".join(f"{number}. Lleve el papel número {number}" for number in range(1, 12))
    reading = readability(f"Lleve estos papeles, de {{horario}}:\n{items}")
    assert reading.sentences == 12
    assert reading.advice == []


def test_an_expression_within_a_longer_one_is_told_once() -> None:
    advice = [each.text for each in readability("No obstante lo anterior, puede llamar.").advice]
    assert advice == ["En vez de «no obstante lo anterior»: «pero»."]
