"""Citizens who agreed get their reminders by WhatsApp too; the mails go on as ever."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from consultame import outbox_sending, outbox_whatsapp_sending
from consultame.database import read_session, write_session
from consultame.outbox import Channel, MessageState, OutgoingMessage
from consultame.outbox_whatsapp_sending import send_due_whatsapp
from consultame.settings import load_settings
from desk.appointments.changes import cancel, change, mark, rebook
from desk.appointments.citizen import Consent, Field, RequestRefused, problems, read_from
from desk.appointments.erasure import erase_by_email
from desk.appointments.links import Purpose, reference_in
from desk.appointments.models import Appointment
from tests.unit.agenda import FIRST, NOW, REQUEST, appointment, booked, person
from tests.whatsapp_server import PUBLIC_URL, WhatsAppServer

AGREED = replace(REQUEST, whatsapp=Consent("whatsapp-citas-1", NOW))
DAY_BEFORE, HOUR_BEFORE = FIRST - timedelta(hours=24), FIRST - timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    return Clock(monkeypatch)


class Clock:
    """What time it is for the worker."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def send_at(self, moment: datetime) -> None:
        for module in (outbox_sending, outbox_whatsapp_sending):
            self._patch.setattr(module, "now", lambda: moment)
        send_due_whatsapp()


def messages() -> list[OutgoingMessage]:
    with read_session() as session:
        query = select(OutgoingMessage).where(OutgoingMessage.channel == Channel.WHATSAPP)
        return list(session.scalars(query.order_by(OutgoingMessage.id)))


def test_each_reminder_goes_out_at_its_time_with_links_that_open_the_appointment(
    any_database: str, whatsapp: WhatsAppServer, clock: Clock
) -> None:
    person()
    made = booked(request=AGREED)
    clock.send_at(DAY_BEFORE - timedelta(minutes=1))
    assert not whatsapp.arrived
    clock.send_at(DAY_BEFORE)
    (first,) = whatsapp.arrived
    assert "martes 1 de diciembre de 2026 a las 2:05 p. m. (hora de Colombia)" in first.text
    clock.send_at(HOUR_BEFORE)
    assert "comienza hoy a las 2:05 p. m." in whatsapp.arrived[1].text
    clock.send_at(FIRST)
    assert len(whatsapp.arrived) == 2
    with read_session() as session:
        reference = appointment(session, made).reference
    confirm, overview = first.addresses
    assert confirm == f"{overview}/confirmar"
    token = overview.removeprefix(f"{PUBLIC_URL}/citas/")
    assert reference_in(Purpose.APPOINTMENT, token) == reference


def test_who_speaks_english_is_reminded_in_english(
    sqlite_database: None, whatsapp: WhatsAppServer, clock: Clock
) -> None:
    person()
    booked(request=replace(AGREED, language="en"))
    clock.send_at(DAY_BEFORE)
    assert whatsapp.arrived[0].text.startswith("Hello Luz Marina Pérez. This is a reminder")


def test_without_consent_or_channel_nobody_is_written_to_by_whatsapp(
    sqlite_database: None, whatsapp: WhatsAppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    person()
    booked(request=REQUEST)
    assert not messages()
    for name in whatsapp.environment:
        monkeypatch.delenv(name)
    load_settings.cache_clear()
    booked(FIRST + timedelta(minutes=30), holder="web-2", request=AGREED)
    assert not messages()


def test_only_a_mobile_can_be_agreed_for(sqlite_database: None) -> None:
    landline = replace(AGREED, phone="601 220 0300")
    assert problems(landline) == [Field.WHATSAPP]
    person()
    with pytest.raises(RequestRefused):
        booked(request=landline)


def test_a_change_moves_the_reminders_and_keeps_the_consent(any_database: str, whatsapp: WhatsAppServer) -> None:
    person()
    made, later = booked(request=AGREED), FIRST + timedelta(days=1)
    with write_session() as session:
        change(session, appointment=appointment(session, made), starts_at=later, holder="web-1", now=NOW)
    assert [each.state for each in messages()] == [MessageState.CANCELLED] * 2 + [MessageState.WAITING] * 2
    assert [each.send_after for each in messages()[2:]] == [later - timedelta(hours=24), later - timedelta(hours=1)]
    with read_session() as session:
        assert read_from(appointment(session, made)).whatsapp == AGREED.whatsapp


def test_a_cancelled_or_attended_appointment_is_not_reminded_of(
    sqlite_database: None, whatsapp: WhatsAppServer
) -> None:
    person()
    made = booked(request=AGREED)
    with write_session() as session:
        cancel(session, appointment=appointment(session, made), now=NOW)
    assert {each.state for each in messages()} == {MessageState.CANCELLED}
    second = booked(FIRST + timedelta(minutes=30), holder="web-2", request=AGREED)
    with write_session() as session:
        mark(session, appointment=appointment(session, second), attended=True, now=FIRST + timedelta(hours=2))
    assert {each.state for each in messages()} == {MessageState.CANCELLED}


def test_who_missed_an_appointment_and_books_again_need_not_agree_again(
    sqlite_database: None, whatsapp: WhatsAppServer
) -> None:
    person()
    made, after = booked(request=AGREED), FIRST + timedelta(hours=2)
    with write_session() as session:
        mark(session, appointment=appointment(session, made), attended=False, now=after)
    with write_session() as session:
        rebook(
            session, missed=appointment(session, made), starts_at=FIRST + timedelta(days=2), holder="web-1", now=after
        )
    assert [each.state for each in messages()].count(MessageState.WAITING) == 2


def test_a_reminder_that_could_not_go_in_time_is_not_sent_later(
    sqlite_database: None, whatsapp: WhatsAppServer, clock: Clock
) -> None:
    person()
    booked(request=AGREED)
    clock.send_at(FIRST + timedelta(seconds=1))
    assert not whatsapp.arrived
    assert [each.state for each in messages()] == [MessageState.EXPIRED] * 2


def test_erasing_a_person_erases_number_and_consent_also_from_what_was_sent(
    any_database: str, whatsapp: WhatsAppServer, clock: Clock
) -> None:
    person()
    booked(request=AGREED)
    clock.send_at(DAY_BEFORE)
    with write_session() as session:
        assert erase_by_email(session, email=REQUEST.email, now=NOW) == 1
    assert [(each.recipient, each.template, each.state) for each in messages()] == [
        ("", {}, MessageState.SENT),
        ("", {}, MessageState.CANCELLED),
    ]
    with read_session() as session:
        row = session.scalars(select(Appointment)).one()
        assert (row.citizen_phone, row.whatsapp_version, row.whatsapp_accepted_at) == ("", "", None)


def test_erasing_one_person_leaves_the_messages_of_others(sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    """Also where the number of one appointment begins like that of another."""
    person()
    moments = [FIRST + timedelta(days=day) for day in range(3)]
    for number in range(11):
        starts_at = moments[number // 4] + timedelta(minutes=30 * (number % 4))
        email = f"p{number}@correo.example"
        booked(starts_at, holder=f"web-{number}", request=replace(AGREED, email=email))
    with write_session() as session:
        erase_by_email(session, email="p0@correo.example", now=NOW)
    with read_session() as session:
        erased = {
            each.dedupe_key.split(":")[1] for each in session.scalars(select(OutgoingMessage)) if not each.recipient
        }
    assert erased == {"1"}
