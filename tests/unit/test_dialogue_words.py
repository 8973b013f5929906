"""What steers a dialogue is told apart from what answers it, as people write it."""

import pytest

from bot.dialogues.words import leaves_out, looks_like_a_question, wants_to_correct, wants_to_leave, yes_or_no


@pytest.mark.parametrize(
    "text",
    [
        "cancelar", "CANCELAR", "Cancelar por favor", "canselar", "kancelar", "cancelarr", "cancelalo", "Cancélelo",
        "quiero cancelar el trámite", "cancelar la peticion", "mejor cancelemos", "salir", "quiero salirme", "ya no",
        "sálgase", "quiero dejar esto", "dejemos esto así", "Salir por favor",
        "ya no quiero", "ya no quiero seguir", "no quiero seguir con esto", "no quiero continuar", "dejemos así",
        "déjelo así", "olvídelo", "me arrepentí", "terminar", "cancel", "Cancel it, please", "quit", "exit",
        "never mind", "forget it", "I don't want to continue", "stop", "no, mejor cancelar",
    ],
)  # fmt: skip
def test_wanting_to_leave_is_understood_in_any_spelling(text: str) -> None:
    assert wants_to_leave(text, ("peticion",))


@pytest.mark.parametrize(
    "text",
    [
        "", "no", "no quiero cancelar", "no cancelar", "don't cancel", "no tengo", "ya", "Éxito Gas",
        "quiero que cancelen el contrato del distribuidor", "salió mal la placa", "la sal", "Salgar, Antioquia",
        "Terminal de Transportes", "la cancelación de mi subsidio", "ya no me llega el subsidio de gas", "canela",
        "cancelar la cita",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_does_not_leave(text: str) -> None:
    assert not wants_to_leave(text, ("peticion",))


@pytest.mark.parametrize("text", ["corregir la placa", "me equivoqué en la placa", "cambiar X", "change the plate"])
def test_a_wish_to_correct_is_understood(text: str) -> None:
    assert wants_to_correct(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sí", True), ("Sí, autorizo", True), ("si señor", True), ("siiii", True), ("dale", True), ("de acuerdo", True),
        ("está bien", True), ("yes", True), ("OK", True), ("correcto, radíquelo", True),
        ("no", False), ("No autorizo", False), ("nop", False), ("no está bien", False), ("no, gracias", False),
        ("incorrecto", False), ("no acepto", False),
        ("", None), ("¿sí es gratis?", None), ("tal vez", None), ("Bogotá", None), ("sí y no", None),
        ("si me dicen para qué los necesitan entonces yo les digo que sí autorizo", None),
    ],
)  # fmt: skip
def test_a_short_yes_or_no_is_told_and_anything_else_is_neither(text: str, expected: bool | None) -> None:
    assert yes_or_no(text) is expected


@pytest.mark.parametrize("text", ["omitir", "no tengo", "ninguno", "prefiero no decirlo", "no", "skip", "n/a", "none"])
def test_leaving_out_what_is_optional_is_understood(text: str) -> None:
    assert leaves_out(text)


@pytest.mark.parametrize(
    "text", ["no tengo el recibo pero sí fotos", "tres fotos y el acta", "nada de eso me sirve a mí"]
)
def test_naming_something_leaves_nothing_out(text: str) -> None:
    assert not leaves_out(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¿y cuánto tarda?", True), ("cuanto se demora eso", True), ("where is the number", True),
        ("Pedro Páramo", False), ("Taller Gas de la 30", False), ("Calle 43 # 57-31", False),
    ],
)  # fmt: skip
def test_a_question_is_told_from_an_answer(text: str, expected: bool) -> None:
    assert looks_like_a_question(text) is expected
