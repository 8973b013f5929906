"""What each kind of field takes from a message, and what it refuses."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.components.entities import entities_in
from bot.dialogues.fields import Accepted, Context, Entity, Option, Reader, Refused, Said
from bot.dialogues.readers import (
    MAXIMUM_FREE_TEXT,
    description,
    identity_document,
    municipality,
    one_of,
    past_date,
    person_name,
    plate,
    serial,
    short_text,
)

# A Saturday evening in Bogotá, Sunday already in UTC.
CONTEXT = Context("web-1", "m-1", "web", "es", datetime(2026, 11, 29, 2, 0, tzinfo=UTC))
NO = {"es": "no", "en": "no"}
SEVERAL = {"es": "varios: {places}", "en": "several"}


def reading(reader: Reader, text: str, **more: Any) -> Any:
    entities = tuple(Entity(each["entity"], str(each["value"])) for each in entities_in(text))
    found = reader(Said(text, "fuera_de_alcance", entities=entities, **more), {}, CONTEXT)
    return found.value if isinstance(found, Accepted) else found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("abc123", "ABC123"), ("ABC 123", "ABC123"), ("a.b.c-1 2 3", "ABC123"), ("la placa es xyz-987", "XYZ987"),
        ("por 123", "POR123"), ("ABC12D", "ABC12D"), ("la moto es bcd 34e", "BCD34E"), ("WA1234", "WA1234"),
    ],
)  # fmt: skip
def test_a_plate_is_read_in_any_spelling(text: str, value: str) -> None:
    assert reading(plate(NO, NO), text) == value


@pytest.mark.parametrize("text", ["no sé", "12345", "ABC123 o ABC124", "la del carro"])
def test_no_plate_and_two_plates_are_refused(text: str) -> None:
    assert isinstance(reading(plate(NO, NO), text), Refused)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1085245678", "1085245678"), ("cc 1.085.245.678", "1085245678"), ("mi cédula es 27 123 456", "27123456"),
        ("3101234567", "3101234567"), ("pasaporte AV123456", "AV123456"), ("NIT 900.123.456-7", "9001234567"),
    ],
)  # fmt: skip
def test_a_document_number_is_read_even_when_it_looks_like_a_telephone(text: str, value: str) -> None:
    assert reading(identity_document(NO), text) == value


@pytest.mark.parametrize(
    "text", ["no tengo", "123", "¿para qué necesitan mi cédula 1085245678?", "1085245678 y 27123456"]
)
def test_what_is_not_one_document_number_is_refused(text: str) -> None:
    assert isinstance(reading(identity_document(NO), text), Refused)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Pedro Páramo", "Pedro Páramo"), ("me llamo María José Ñáñez de la Cruz", "María José Ñáñez de la Cruz"),
        ("my name is John O'Neill", "John O'Neill"),
    ],
)  # fmt: skip
def test_a_name_is_kept_as_written_without_what_leads_to_it(text: str, value: str) -> None:
    assert reading(person_name(NO), text) == value


@pytest.mark.parametrize("text", ["Pedro", "1085245678", "<b>Pedro Páramo</b>", "x" * 300, "Pedro 2 Páramo"])
def test_what_is_no_name_and_surname_is_refused(text: str) -> None:
    assert isinstance(reading(person_name(NO), text), Refused)


@pytest.mark.parametrize(
    ("text", "value"),
    [("LM-445566", "LM-445566"), ("el serial es 12345678", "12345678"), ("LM445566 y la placa ABC123", "LM445566")],
)
def test_a_serial_is_read_and_a_plate_beside_it_is_not_taken_for_one(text: str, value: str) -> None:
    assert reading(serial(NO), text) == value


def test_a_municipality_is_its_code_and_a_name_that_several_have_asks_for_the_department() -> None:
    reader = municipality(NO, SEVERAL)
    assert reading(reader, "vivo en Mocoa, Putumayo") == "86001"
    assert reading(reader, "San Pedro, Sucre") == "70717"
    assert reading(reader, "San Pedro").reason == "varios: San Pedro, Sucre, San Pedro, Valle del Cauca"
    assert isinstance(reading(reader, "en mi casa"), Refused)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("hoy", "2026-11-28"), ("fue ayer", "2026-11-27"), ("antier", "2026-11-26"), ("25/11/2026", "2026-11-25"),
        ("el 3 de noviembre", "2026-11-03"), ("el 24 de diciembre", "2025-12-24"), ("29 de febrero", "2024-02-29"),
    ],
)  # fmt: skip
def test_a_past_day_is_read_by_the_clock_of_bogota_and_without_a_year_is_the_last_one(text: str, value: str) -> None:
    assert reading(past_date(NO, NO), text) == value


@pytest.mark.parametrize("text", ["mañana", "el 24 de diciembre de 2026", "no me acuerdo", "31/02/2026"])
def test_a_day_to_come_and_no_day_are_refused(text: str) -> None:
    assert isinstance(reading(past_date(NO, NO), text), Refused)


def test_an_option_is_chosen_by_button_title_number_or_word_and_never_by_a_question() -> None:
    options = (
        Option("a", {"es": "Queja", "en": "Complaint"}, ("quejas",)),
        Option("b", {"es": "Reclamo", "en": "Claim"}),
    )
    reader = one_of(*options)
    assert reading(reader, "x", pressed=True, chosen=("kind", "b")) == "b"
    assert reading(reader, "QUEJA.") == "a"
    assert reading(reader, "son quejas") == "a"
    assert reading(reader, "claim") == "b"
    for refused in ("¿qué es una queja?", "otra cosa", "x" * 500):
        assert isinstance(reading(reader, refused), Refused)
    assert isinstance(reading(reader, "x", pressed=True, chosen=("kind", "forged")), Refused)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script> me cobraron de más", "intent{x} me cobraron", "😀 no llegó el gas"]
)
def test_a_description_is_kept_as_it_was_written(text: str) -> None:
    assert reading(description(NO, NO), text) == text


@pytest.mark.parametrize("text", ["", "no", "1234567890 123", "😀😀😀😀😀😀😀😀😀😀", "a" * (MAXIMUM_FREE_TEXT + 1)])
def test_a_description_without_words_or_beyond_bounds_is_refused(text: str) -> None:
    assert isinstance(reading(description(NO, NO), text), Refused)


def test_a_short_text_has_an_end() -> None:
    assert reading(short_text(NO), "Taller Gas de la 30.") == "Taller Gas de la 30"
    assert isinstance(reading(short_text(NO), "a" * 201), Refused)
    assert isinstance(reading(short_text(NO), "?!"), Refused)
