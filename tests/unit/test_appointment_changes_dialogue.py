"""Changing, confirming and cancelling an appointment in the chat with its code, over a real database."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.actions.appointment_changes import CancelAppointmentAction, ChangeAppointmentAction
from bot.dialogues import form_action
from consultame.database import read_session, write_session
from desk.appointments.changes import cancel, mark
from desk.appointments.models import Appointment, AppointmentState
from tests.unit.agenda import FIRST, NOW, TUESDAY, appointment, at, booked, person
from tests.unit.dialogue_citizen import DialogueCitizen

WRONG = "7KQMX-2RTNP"
THURSDAY = date(2026, 12, 3)


class Clock(datetime):
    moment = NOW

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return cls.moment.astimezone(tz)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_action, "datetime", Clock)
    monkeypatch.setattr(Clock, "moment", NOW)


def changing(opening: str = "quiero cambiar mi cita", *, language: str = "es") -> DialogueCitizen:
    return DialogueCitizen(ChangeAppointmentAction(), language=language).says(opening, "cambiar_cita", outcome="task")


def cancelling(opening: str = "quiero cancelar mi cita", *, conversation_id: str = "web-1") -> DialogueCitizen:
    citizen = DialogueCitizen(CancelAppointmentAction(), conversation_id=conversation_id)
    return citizen.says(opening, "cancelar_cita", outcome="task")


def states() -> list[tuple[AppointmentState, datetime]]:
    with read_session() as session:
        return [(row.state, row.starts_at) for row in session.query(Appointment).order_by(Appointment.id)]


def test_an_appointment_is_moved_with_its_code(any_database: str) -> None:
    person()
    made = booked()
    citizen = changing().says(made.code.lower().replace("-", " "))
    assert "Su cita es el martes 1 de diciembre a las 2:05 p. m." in citizen.text
    assert citizen.asked_for == "slot"
    citizen.says("mejor el jueves a las 3")
    assert (
        "¿Paso su cita del martes 1 de diciembre a las 2:05 p. m. para el jueves 3 de diciembre a las 3:05 p. m.?"
        in (citizen.text)
    )
    citizen.presses("Sí")
    assert made.code in citizen.text
    assert states() == [(AppointmentState.BOOKED, at(THURSDAY, 15, 5))]


def test_moving_it_to_a_taken_half_hour_gets_the_nearest_ones_and_nothing_is_lost(sqlite_database: None) -> None:
    person()
    booked(at(THURSDAY, 15, 5), holder="web-2")
    made = booked()
    citizen = changing().says(made.code).says("el jueves a las 3")
    assert "ya está ocupado" in citizen.text
    assert "Lista de espera" not in citizen.titles
    citizen.presses("jue 3 dic 3:35 p. m.").presses("No, dejarla como está")
    assert (AppointmentState.BOOKED, FIRST) in states()
    assert len(states()) == 2


def test_code_and_wish_in_the_first_message_are_not_asked_again(sqlite_database: None) -> None:
    person()
    made = booked()
    citizen = cancelling(f"cancele mi cita {made.code}")
    assert citizen.asked_for == "sure"


@pytest.mark.parametrize("words", ["sí", "sí, cancelar", "cancelar", "cancélela", "sí señor"])
def test_an_appointment_is_cancelled_with_its_code(words: str, sqlite_database: None) -> None:
    person()
    made = booked()
    citizen = cancelling().says(made.code).says(words)
    assert "quedó cancelada" in citizen.text
    assert [state for state, _ in states()] == [AppointmentState.CANCELLED]


@pytest.mark.parametrize("words", ["no", "no, no la cancele", "mejor no", "salir"])
def test_it_is_not_cancelled_by_who_says_no(words: str, sqlite_database: None) -> None:
    person()
    made = booked()
    citizen = cancelling().says(made.code).says(words)
    assert not citizen.is_open
    assert [state for state, _ in states()] == [AppointmentState.BOOKED]


def test_an_appointment_is_confirmed_with_its_code(any_database: str) -> None:
    person()
    made = booked()
    citizen = changing("quiero confirmar mi cita").says(made.code)
    assert "quedó confirmada" in citizen.text
    assert [state for state, _ in states()] == [AppointmentState.CONFIRMED]


def test_who_does_not_say_what_to_do_is_asked(sqlite_database: None) -> None:
    person()
    made = booked()
    citizen = changing("tengo una cita con ustedes").says(made.code)
    assert citizen.titles == ["Cambiar la hora", "Confirmar que asisto", "Cancelar la cita"]
    citizen.says("cancelar").presses("Sí")
    assert [state for state, _ in states()] == [AppointmentState.CANCELLED]


def test_a_wrong_code_opens_nothing_and_the_fifth_locks_the_sender_out(any_database: str) -> None:
    person()
    made = booked()
    for _ in range(2):
        citizen = cancelling()
        for _ in range(3):
            citizen.says(WRONG)
    assert "demasiados códigos equivocados" in citizen.text
    assert "demasiados códigos equivocados" in cancelling().says(made.code).text
    assert cancelling(conversation_id="web-2").says(made.code).asked_for == "sure"


def test_words_are_no_guesses(sqlite_database: None) -> None:
    person()
    made = booked()
    for _ in range(4):
        cancelling().says("no sé qué escribir").says("tampoco")
    assert cancelling().says(made.code).asked_for == "sure"


@pytest.mark.parametrize("words", ["perdí el código", "no tengo el código", "no me llegó el correo"])
def test_who_lost_the_code_is_told_of_the_link_and_the_channels(words: str, sqlite_database: None) -> None:
    person()
    citizen = cancelling().says(words)
    assert "El enlace del correo de confirmación sirve igual" in citizen.text
    assert citizen.asked_for == "code"


def test_what_is_cancelled_or_over_is_said_and_left(sqlite_database: None) -> None:
    person()
    made = booked()
    Clock.moment = FIRST + timedelta(hours=1)
    assert "ya comenzó o ya pasó" in changing().says(made.code).text
    Clock.moment = NOW
    with write_session() as session:
        cancel(session, appointment=appointment(session, made), now=NOW)
    citizen = changing().says(made.code)
    assert "ya está cancelada" in citizen.text
    assert not citizen.is_open


def test_who_missed_an_appointment_books_another_with_the_same_code(sqlite_database: None) -> None:
    person()
    made = booked()
    Clock.moment = FIRST + timedelta(hours=1)
    with write_session() as session:
        mark(session, appointment=appointment(session, made), attended=False, now=Clock.moment)
    citizen = changing().says(made.code).says("el jueves a las 3").presses("Sí")
    assert "quedó reservada otra cita" in citizen.text
    assert states() == [(AppointmentState.MISSED, FIRST), (AppointmentState.BOOKED, at(THURSDAY, 15, 5))]


def test_leaving_a_change_gives_the_half_hour_back(sqlite_database: None) -> None:
    person()
    made = booked()
    changing().says(made.code).says("el jueves a las 3").says("cancelar")
    assert states() == [(AppointmentState.BOOKED, FIRST)]


def test_all_of_it_in_english(sqlite_database: None) -> None:
    person()
    made = booked(at(TUESDAY, 14, 35))
    citizen = changing("I want to reschedule my appointment", language="en").says(made.code)
    assert "Your appointment is on Tuesday, December 1 at 2:35 pm." in citizen.text
    citizen.says("December 3 at 3 pm").presses("Yes")
    assert "your appointment is now on Thursday, December 3 at 3:05 pm" in citizen.text
