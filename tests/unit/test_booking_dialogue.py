"""Booking an appointment in the chat: understood, offered, held, corrected, left and booked, over a real database."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions.booking import BookingAction
from bot.dialogues import form_action
from consultame.database import read_session, write_session
from consultame.settings import load_settings
from desk.appointments.holding import hold_slot
from desk.appointments.models import (
    AgeGroup,
    Appointment,
    AppointmentState,
    Gender,
    Segment,
    WaitingPlace,
)
from desk.appointments.timetable import local
from tests.unit.agenda import NOW, TUESDAY, at, booked, person
from tests.unit.dialogue_citizen import DialogueCitizen

WEDNESDAY = date(2026, 12, 2)
ABOUT = "Necesito saber qué permisos pide una mina de carbón"


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return NOW.astimezone(tz)

    monkeypatch.setattr(form_action, "datetime", Clock)


def begun(opening: str = "quiero una cita", *, language: str = "es", conversation_id: str = "web-1") -> DialogueCitizen:
    citizen = DialogueCitizen(BookingAction(), language=language, conversation_id=conversation_id)
    return citizen.says(opening, "agendar_cita", outcome="task")


def asked_when(language: str = "es", conversation_id: str = "web-1") -> DialogueCitizen:
    yes, mining = ("Sí, autorizo", "Minería") if language == "es" else ("Yes, I agree", "Mining")
    citizen = begun("quiero una cita" if language == "es" else "book me an appointment", language=language,
                    conversation_id=conversation_id)  # fmt: skip
    return citizen.presses(yes).presses(mining).says(ABOUT)


def told_all(citizen: DialogueCitizen) -> DialogueCitizen:
    """The rest of the questions, once the half-hour is held."""
    citizen.says("Susana San Juan").says("susana@correo.example").says("300 123 45 67")
    return citizen.says("prefiero no decir").says("omitir").says("español")


def rows(state: AppointmentState | None = None) -> list[Appointment]:
    with read_session() as session:
        query = select(Appointment).order_by(Appointment.id)
        return list(session.scalars(query.where(Appointment.state == state) if state else query))


def test_an_appointment_is_booked_whole(any_database: str) -> None:
    person()
    citizen = begun().presses("Sí, autorizo").says("es sobre minería").says(ABOUT).says("mañana a las 2 y media")
    assert "martes 1 de diciembre a las 2:35 p. m." in citizen.text
    [held] = rows(AppointmentState.HELD)
    assert (held.starts_at, held.hold_expires_at) == (at(TUESDAY, 14, 35), NOW + timedelta(minutes=10))
    citizen.says("Susana San Juan").says("mi correo es susana@correo.example").says("mi celular es 300 123 45 67")
    citizen.presses("Mujer").says("tengo 34 años").presses("Español")
    for line in ("Tema: Minería", "martes 1 de diciembre de 2026 a las 2:35 p. m.", "Susana San Juan", "29 a 40 años"):
        assert line in citizen.text
    citizen.presses("Sí, reservar")
    [made] = rows()
    assert (made.state, made.segment, made.channel) == (AppointmentState.BOOKED, Segment.MINING, "web")
    assert (made.citizen_name, made.citizen_email, made.citizen_phone) == (
        "Susana San Juan", "susana@correo.example", "3001234567",
    )  # fmt: skip
    assert (made.gender, made.age_group, made.description) == (Gender.WOMAN, AgeGroup.UP_TO_40, ABOUT)
    assert (made.policy_version, made.policy_accepted_at) == ("2026-1", NOW)
    assert "martes 1 de diciembre a las 2:35 p. m. (hora de Colombia)" in citizen.text
    assert "/cita.ics" in citizen.text
    assert not citizen.is_open


def test_what_the_first_message_holds_is_not_asked_again(sqlite_database: None) -> None:
    person()
    citizen = begun("quiero una cita el jueves a las 3 sobre minería").presses("Sí, autorizo")
    assert citizen.asked_for == "description"
    citizen.says(ABOUT)
    assert citizen.asked_for == "name"
    assert "jueves 3 de diciembre a las 3:05 p. m." in citizen.text
    assert [held.starts_at for held in rows(AppointmentState.HELD)] == [at(date(2026, 12, 3), 15, 5)]


def test_without_consent_nothing_is_asked_or_kept(sqlite_database: None) -> None:
    person()
    citizen = begun("quiero una cita mañana a las 3").presses("No autorizo")
    assert not citizen.is_open
    assert rows() == []


@pytest.mark.parametrize(
    ("wish", "said", "offered"),
    [
        ("el jueves", "jueves 3 de diciembre", "jue 3 dic 2:05 p. m."),
        ("el martes 8", "martes 8 de diciembre", "lun 7 dic 3:35 p. m."),
        ("el sábado", "sábado 5 de diciembre", "vie 4 dic 3:35 p. m."),
        ("mañana a las 9 de la mañana", "martes 1 de diciembre a las 9:00 a. m.", "mar 1 dic 2:05 p. m."),
        ("ayer", "ya pasó", "lun 30 nov 2:05 p. m."),
        ("cualquier día", "próximas citas libres", "lun 30 nov 2:05 p. m."),
        ("el otro martes por la tarde", "martes", "mar 1 dic 2:05 p. m."),
        ("mañana por la tarde", "martes 1 de diciembre por la tarde", "mar 1 dic 2:05 p. m."),
        ("mañana por la mañana", "mañana no hay horas libres", "mar 1 dic 2:05 p. m."),
        ("esta semana", "¿Qué día le sirve?", "mié 2 dic 2:05 p. m."),
        ("por la tarde", "¿Qué día le sirve?", "mié 2 dic 2:05 p. m."),
        ("en seis meses", "", "vie 29 ene 3:35 p. m."),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_had_or_is_unclear_gets_offers(
    wish: str, said: str, offered: str, sqlite_database: None
) -> None:
    person()
    citizen = asked_when().says(wish)
    assert citizen.asked_for == "slot"
    assert said in citizen.text
    assert offered in citizen.titles
    citizen.presses(offered)
    assert citizen.asked_for == "name"
    assert len(rows(AppointmentState.HELD)) == 1


def test_after_a_day_an_hour_is_enough(sqlite_database: None) -> None:
    person()
    citizen = asked_when().says("el jueves").says("a las 3 y media")
    assert citizen.asked_for == "name"
    assert "jueves 3 de diciembre a las 3:35 p. m." in citizen.text


@pytest.mark.parametrize(
    ("typed", "hour"), [("la segunda", (14, 35)), ("la última", (15, 35)), ("la de las 3:05", (15, 5))]
)
def test_an_offer_can_be_taken_in_writing(typed: str, hour: tuple[int, int], sqlite_database: None) -> None:
    person()
    asked_when().says("el jueves").says(typed)
    assert [held.starts_at for held in rows(AppointmentState.HELD)] == [at(date(2026, 12, 3), *hour)]


def test_a_taken_half_hour_gets_the_nearest_free_ones(sqlite_database: None) -> None:
    person()
    booked(at(TUESDAY, 14, 35))
    citizen = asked_when().says("mañana a las 2 y media")
    assert "El martes 1 de diciembre a las 2:35 p. m. ya está ocupado." in citizen.text
    assert citizen.titles == ["mar 1 dic 2:05 p. m.", "mar 1 dic 3:05 p. m.", "mar 1 dic 3:35 p. m."]


def test_a_half_hour_taken_meanwhile_gets_the_next_offers_and_keeps_the_answers(any_database: str) -> None:
    person()
    citizen = told_all(asked_when().says("mañana a las 2 y media"))
    with write_session() as session:
        later = NOW + timedelta(minutes=11)
        hold_slot(session, starts_at=at(TUESDAY, 14, 35), segment=Segment.MINING, language="es", holder="another",
                  now=later)  # fmt: skip
    citizen.presses("Sí, reservar")
    assert citizen.asked_for == "slot"
    assert "ya está ocupado" in citizen.text
    citizen.presses("mar 1 dic 3:05 p. m.").presses("Sí, reservar")
    [made] = rows(AppointmentState.BOOKED)
    assert (made.starts_at, made.citizen_name) == (at(TUESDAY, 15, 5), "Susana San Juan")


@pytest.mark.parametrize("wish", ["mañana", "mañana a las 3"])
def test_a_full_day_offers_its_waiting_list(wish: str, any_database: str) -> None:
    person()
    for number, (hour, minute) in enumerate([(14, 5), (14, 35), (15, 5), (15, 35)]):
        booked(at(TUESDAY, hour, minute), holder=f"web-{number + 10}")
    citizen = told_all(asked_when().says(wish).presses("Lista de espera"))
    assert "lista de espera del martes 1 de diciembre de 2026" in citizen.text
    citizen.presses("Sí, reservar")
    assert "Todavía no tiene una cita." in citizen.text
    with read_session() as session:
        [place] = session.scalars(select(WaitingPlace))
        assert (place.day, place.citizen_email) == (TUESDAY, "susana@correo.example")


@pytest.mark.parametrize(
    ("typed", "then", "field", "value"),
    [
        ("cambiar el tema", "energía eléctrica", "segment", Segment.ELECTRICITY),
        ("quiero corregir la descripción", "Otra cosa muy distinta", "description", "Otra cosa muy distinta"),
        ("me equivoqué en el nombre", "Ana María Ruiz", "name", "Ana María Ruiz"),
        ("me equivoqué en el correo", "otra@correo.example", "email", "otra@correo.example"),
        ("el correo está mal, es otra@correo.example", "", "email", "otra@correo.example"),
        ("cambiar el teléfono", "+34 600 123 456", "phone", "+34600123456"),
        ("cambiar el idioma", "inglés", "language", "en"),
        ("cambiar la hora", "a las 3 y media", "slot", {"at": at(TUESDAY, 15, 35).isoformat()}),
        ("cambiar la fecha al jueves a las 3", "", "slot", {"at": at(date(2026, 12, 3), 15, 5).isoformat()}),
    ],
)  # fmt: skip
def test_each_answer_can_be_corrected(typed: str, then: str, field: str, value: Any, sqlite_database: None) -> None:
    person()
    citizen = told_all(asked_when().says("mañana a las 2 y media")).says(typed)
    if then:
        assert citizen.asked_for == field
        citizen.says(then)
    assert (citizen.asked_for, citizen.answers[field]) == ("confirmation", value)
    assert len(rows(AppointmentState.HELD)) == 1


def test_an_answer_is_corrected_in_the_middle_and_the_dialogue_goes_on(sqlite_database: None) -> None:
    person()
    citizen = asked_when().says("mañana a las 2 y media").says("Susana San Juan").says("cambiar la hora para las 3")
    assert citizen.asked_for == "email"
    assert [held.starts_at for held in rows(AppointmentState.HELD)] == [at(TUESDAY, 15, 5)]


@pytest.mark.parametrize("words", ["cancelar", "ya no quiero", "cancelar la cita", "salir"])
def test_leaving_gives_the_half_hour_back(words: str, sqlite_database: None) -> None:
    person()
    citizen = asked_when().says("mañana a las 2 y media")
    assert len(rows()) == 1
    citizen.says(words)
    assert not citizen.is_open
    assert rows() == []


def test_a_question_in_between_is_answered_and_the_offers_are_made_again(sqlite_database: None) -> None:
    person()
    citizen = asked_when().says("el jueves")
    offers = citizen.titles
    citizen.says("¿cuánto dura la cita?", "faq", outcome="answered")
    assert citizen.aside
    assert citizen.text.startswith("Sigamos con la reserva de su cita.")
    assert citizen.titles == offers


def test_all_of_it_in_english(sqlite_database: None) -> None:
    person()
    citizen = asked_when("en").says("next Thursday at 3")
    assert citizen.asked_for in ("slot", "name")
    if citizen.asked_for == "slot":
        citizen.presses(citizen.titles[0])
    citizen.says("Susana San Juan").says("susana@correo.example").says("+1 202 555 0143")
    citizen.presses("Woman").presses("Skip").presses("English").presses("Yes, book it")
    assert "Done, your virtual appointment is booked." in citizen.text
    [made] = rows()
    assert (made.language, made.citizen_phone, made.age_group) == ("en", "+12025550143", None)
    assert local(made.starts_at).weekday() == 3


def test_who_wants_a_language_that_nobody_attends_in_is_asked_for_the_other(sqlite_database: None) -> None:
    person(languages=("es",))
    citizen = told_all(asked_when().says("mañana a las 3")).says("cambiar el idioma").says("inglés")
    citizen.presses("Sí, reservar")
    assert citizen.asked_for == "language"
    citizen.presses("Español").presses("Sí, reservar")
    assert len(rows(AppointmentState.BOOKED)) == 1


def test_the_same_confirmation_twice_books_once(sqlite_database: None) -> None:
    person()
    citizen = told_all(asked_when().says("mañana a las 3"))
    slots = dict(citizen.slots)
    citizen.presses("Sí, reservar")
    first = citizen.text
    citizen.slots = slots
    citizen.presses_button({"title": "Sí", "payload": '/agendar_cita{"field": "confirmation", "value": "yes"}'})
    assert citizen.text == first
    assert len(rows()) == 1


def test_two_citizens_never_hold_the_same_half_hour(any_database: str) -> None:
    person()
    asked_when().says("mañana a las 3")
    other = asked_when(conversation_id="web-2").says("mañana a las 3")
    assert other.asked_for == "slot"
    assert "ya está ocupado" in other.text
    assert len(rows(AppointmentState.HELD)) == 1


@pytest.mark.parametrize(("age", "group"), [("34", "29_a_40"), ("tengo 61", "mas_de_60"), ("18 a 28 años", "18_a_28")])
def test_an_age_is_taken_as_its_group(age: str, group: str, sqlite_database: None) -> None:
    person()
    citizen = asked_when().says("mañana a las 3").says("Susana San Juan").says("s@correo.example").says("3001234567")
    citizen.says("omitir").says(age)
    assert citizen.answers["age_group"] == group


def test_no_data_of_minors_are_taken(sqlite_database: None) -> None:
    person()
    citizen = asked_when().says("mañana a las 3").says("Susana San Juan").says("s@correo.example").says("3001234567")
    citizen.says("omitir").says("15")
    assert citizen.asked_for == "age_group"
    assert "menores de edad" in citizen.text


def test_where_nobody_attends_the_official_channels_are_given(sqlite_database: None) -> None:
    citizen = asked_when().says("mañana a las 3")
    assert not citizen.is_open
    assert "No hay horas libres" in citizen.text


@pytest.fixture
def whatsapp(sqlite_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULTAME_WHATSAPP_PHONE_NUMBER_ID", "106540352242922")
    monkeypatch.setenv("CONSULTAME_WHATSAPP_ACCESS_TOKEN", "EAAG-token")
    load_settings.cache_clear()


def asked_about_whatsapp(phone: str = "300 123 45 67", language: str = "es") -> DialogueCitizen:
    person()
    wish = "mañana a las 2 y media" if language == "es" else "tomorrow at 2:35 pm"
    citizen = asked_when(language).says(wish)
    return citizen.says("Susana San Juan").says("susana@correo.example").says(phone)


@pytest.mark.parametrize(
    ("typed", "version"),
    [("sí", "whatsapp-citas-1"), ("claro que sí", "whatsapp-citas-1"), ("no", ""), ("no, gracias", "")],
)
def test_who_gave_a_mobile_is_asked_about_whatsapp(typed: str, version: str, whatsapp: None) -> None:
    citizen = asked_about_whatsapp()
    assert citizen.asked_for == "whatsapp"
    assert "fuera de Colombia" in citizen.text
    assert citizen.titles[:2] == ["Sí, por WhatsApp", "Solo por correo"]
    citizen.says(typed).says("prefiero no decir").says("omitir").says("español")
    assert f"Recordatorios por WhatsApp: {'Sí' if version else 'No'}" in citizen.text
    citizen.presses("Sí, reservar")
    [made] = rows()
    assert (made.whatsapp_version, made.whatsapp_accepted_at) == (version, NOW if version else None)


def test_whatsapp_is_asked_about_again_when_the_answer_is_unclear_and_in_english(whatsapp: None) -> None:
    citizen = asked_about_whatsapp(language="en")
    assert citizen.titles[:2] == ["Yes, by WhatsApp", "Only by e-mail"]
    citizen.says("maybe later perhaps")
    assert citizen.asked_for == "whatsapp"
    citizen.presses("Only by e-mail")
    assert citizen.asked_for == "gender"


def test_a_landline_is_not_asked_about_and_ends_what_was_agreed_for_a_mobile(whatsapp: None) -> None:
    citizen = asked_about_whatsapp("601 220 0300")
    assert citizen.asked_for == "gender"
    citizen.says("corregir el teléfono").says("300 123 45 67")
    assert citizen.asked_for == "whatsapp"
    citizen.presses("Sí, por WhatsApp").says("corregir el teléfono").says("601 220 0300")
    citizen.says("prefiero no decir").says("omitir").says("español").presses("Sí, reservar")
    [made] = rows()
    assert (made.citizen_phone, made.whatsapp_version) == ("6012200300", "")


def test_without_the_channel_nobody_is_asked_about_whatsapp(sqlite_database: None) -> None:
    assert asked_about_whatsapp().asked_for == "gender"
