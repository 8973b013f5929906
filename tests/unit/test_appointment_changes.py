"""What happens after booking: reminders that move, mails, calendar files, marks, the waiting list, figures."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from consultame.database import read_session, write_session
from consultame.outbox import Attachment, MessageState, OutgoingMessage
from desk.appointments.booking import Booked
from desk.appointments.calendar_file import calendar_file
from desk.appointments.changes import (
    ChangeRefused,
    Impossible,
    cancel,
    change,
    confirm,
    mark,
    rebook,
    unconfirmed,
)
from desk.appointments.erasure import appointments_about, erase_citizen, waiting_places_about
from desk.appointments.figures import figures
from desk.appointments.holding import Taken, hold_slot
from desk.appointments.models import (
    AgeGroup,
    Appointment,
    AppointmentState,
    Gender,
    Outcome,
    WaitingPlace,
    WaitingState,
)
from desk.appointments.waiting_list import (
    DayNotFull,
    OfferGone,
    accept_offer,
    join_waiting_list,
    leave_waiting_list,
    offer_freed_slots,
)
from tests.unit.agenda import FIRST, NOW, REQUEST, TUESDAY, appointment, at, booked, person, request_of

FRIDAY = at(date(2026, 12, 4), 15, 5)
OTHER_TIMES = [at(TUESDAY, 14, 35), at(TUESDAY, 15, 5), at(TUESDAY, 15, 35)]


def messages(kind: str = "", state: MessageState = MessageState.WAITING) -> list[OutgoingMessage]:
    with read_session() as session:
        query = select(OutgoingMessage).where(OutgoingMessage.state == state).order_by(OutgoingMessage.id)
        return [message for message in session.scalars(query) if kind in message.dedupe_key]


def reminder_times(state: MessageState = MessageState.WAITING) -> list[object]:
    return [message.send_after for message in messages("reminder", state)]


def moved(made: Booked, starts_at=FRIDAY, holder: str = "web-1", now=NOW) -> Booked | Taken:  # type: ignore[no-untyped-def]
    with write_session() as session:
        return change(session, appointment=appointment(session, made), starts_at=starts_at, holder=holder, now=now)


def cancelled(made: Booked, now=NOW) -> None:  # type: ignore[no-untyped-def]
    with write_session() as session:
        cancel(session, appointment=appointment(session, made), now=now)


def attached(message: OutgoingMessage) -> Calendar:
    return Calendar.from_ical(Attachment.from_json(message.attachments[0]).content)


def test_booking_enqueues_the_confirmation_and_the_reminders_ahead(any_database: str) -> None:
    person()
    made = booked(FRIDAY)
    assert reminder_times() == [FRIDAY - timedelta(hours=24), FRIDAY - timedelta(hours=1)]
    assert [message.not_after for message in messages("reminder")] == [
        FRIDAY - timedelta(hours=1), FRIDAY - timedelta(minutes=30),
    ]  # fmt: skip
    mail = messages("booked")[0]
    assert mail.not_after is None
    assert mail.recipient == REQUEST.email
    for said in (made.code, "viernes 4 de diciembre de 2026 a las 3:05 p. m.", "/confirmar", "/cambiar", "/cancelar"):
        assert said in mail.text


def test_reminders_whose_time_has_passed_are_not_enqueued(sqlite_database: None) -> None:
    person()
    booked(FIRST, now=FIRST - timedelta(hours=3))
    assert reminder_times() == [FIRST - timedelta(hours=1)]


def test_mails_speak_the_language_of_the_appointment(sqlite_database: None) -> None:
    person()
    booked(FRIDAY, request=replace(REQUEST, language="en"))
    assert messages("booked")[0].subject == "Your appointment is booked: Friday 4 December 2026 at 3:05 pm"
    assert all("Ministry" in message.text and "{" not in message.text for message in messages())


def test_nothing_is_enqueued_when_the_booking_does_not_come_about(any_database: str) -> None:
    person()
    with pytest.raises(RuntimeError), write_session() as session:
        hold_slot(session, starts_at=FIRST, segment=REQUEST.segment, language="es", holder="web-1", now=NOW)
        booked_inside(session)
        raise RuntimeError
    assert messages() == []


def booked_inside(session) -> None:  # type: ignore[no-untyped-def]
    from desk.appointments.booking import book

    assert isinstance(book(session, starts_at=FIRST, holder="web-1", request=REQUEST, now=NOW), Booked)


def test_a_change_moves_slot_and_reminders_and_keeps_the_code(any_database: str) -> None:
    person()
    made = booked(FIRST)
    answer = moved(made)
    assert isinstance(answer, Booked)
    assert (answer.code, answer.url, answer.starts_at) == (made.code, made.url, FRIDAY)
    assert reminder_times() == [FRIDAY - timedelta(hours=24), FRIDAY - timedelta(hours=1)]
    assert len(reminder_times(MessageState.CANCELLED)) == 2
    assert isinstance(booked(FIRST, holder="web-2", request=request_of(2)), Booked)


def test_a_change_to_a_slot_that_is_taken_changes_nothing(any_database: str) -> None:
    person()
    made = booked(FIRST)
    booked(FRIDAY, holder="web-2", request=request_of(2))
    assert isinstance(moved(made), Taken)
    with read_session() as session:
        assert appointment(session, made).starts_at == FIRST
    assert len(messages("changed")) == 0


def test_a_change_to_where_it_is_already_sends_nothing(sqlite_database: None) -> None:
    person()
    made = booked(FIRST)
    assert isinstance(moved(made, FIRST), Booked)
    assert messages("changed") == []


def test_a_cancellation_cancels_reminders_and_frees_the_slot(any_database: str) -> None:
    person()
    made = booked(FRIDAY)
    cancelled(made)
    cancelled(made)
    assert reminder_times() == []
    assert len(messages("cancelled")) == 1
    assert isinstance(booked(FRIDAY, holder="web-2", request=request_of(2)), Booked)


def test_the_calendar_file_is_understood_by_a_calendar(sqlite_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    person()
    made = booked(FRIDAY)
    read = attached(messages("booked")[0])
    assert read["METHOD"] == "REQUEST"
    event = read.walk("VEVENT")[0]
    assert event.decoded("DTSTART") == FRIDAY
    assert event["DTSTART"].params["TZID"] == "America/Bogota"
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=30)
    assert event["SEQUENCE"] == 0
    assert event["ATTENDEE"] == "mailto:luz@correo.example"
    assert [zone["TZID"] for zone in read.walk("VTIMEZONE")] == ["America/Bogota"]
    assert [alarm.decoded("TRIGGER") for alarm in read.walk("VALARM")] == [-timedelta(minutes=30)]
    moved(made, at(date(2026, 12, 3), 15, 5))
    cancelled(made)
    files = [attached(message) for kind in ("changed", "cancelled") for message in messages(kind)]
    assert [file["METHOD"] for file in files] == ["REQUEST", "CANCEL"]
    events = [event, *(file.walk("VEVENT")[0] for file in files)]
    assert [int(each["SEQUENCE"]) for each in events] == [0, 1, 2]
    assert len({str(each["UID"]) for each in events}) == 1
    assert events[2]["STATUS"] == "CANCELLED"


def test_lines_of_the_calendar_file_keep_to_the_standard(sqlite_database: None) -> None:
    person()
    made = booked(FRIDAY, request=replace(REQUEST, name='Ángela, María; "Ñuñez" ' + "x" * 80))
    with read_session() as session:
        content = calendar_file(appointment(session, made), now=NOW)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in content.split(b"\r\n"))


def test_confirming_is_kept_and_unconfirmed_appointments_are_listed(any_database: str) -> None:
    person()
    first, second = booked(FIRST), booked(OTHER_TIMES[0], holder="web-2", request=request_of(2))
    day_before = FIRST - timedelta(hours=20)
    for _ in range(2):
        with write_session() as session:
            confirm(session, appointment=appointment(session, first), now=day_before)
    with read_session() as session:
        assert appointment(session, first).state is AppointmentState.CONFIRMED
        assert [a.id for a in unconfirmed(session, now=day_before)] == [second.appointment_id]


def test_what_has_begun_or_was_cancelled_cannot_be_changed(any_database: str) -> None:
    person()
    made = booked(FIRST)
    for act in (lambda: moved(made, now=FIRST), lambda: cancelled(made, now=FIRST)):
        with pytest.raises(ChangeRefused) as refused:
            act()
        assert refused.value.reason is Impossible.OVER
    cancelled(made)
    with pytest.raises(ChangeRefused) as refused:
        moved(made)
    assert refused.value.reason is Impossible.CANCELLED


def test_who_missed_the_appointment_is_asked_once_and_can_book_again_once(any_database: str) -> None:
    person()
    made = booked(FIRST)
    with pytest.raises(ChangeRefused), write_session() as session:
        mark(session, appointment=appointment(session, made), attended=False, now=FIRST - timedelta(minutes=1))
    after = FIRST + timedelta(hours=1)
    for _ in range(2):
        with write_session() as session:
            mark(session, appointment=appointment(session, made), attended=False, now=after)
    assert len(messages("missed")) == 1
    with write_session() as session:
        again = rebook(session, missed=appointment(session, made), starts_at=FRIDAY, holder="link", now=after)
    assert isinstance(again, Booked)
    assert again.code != made.code
    with pytest.raises(ChangeRefused) as refused, write_session() as session:
        rebook(session, missed=appointment(session, made), starts_at=FRIDAY, holder="other", now=after)
    assert refused.value.reason is Impossible.REBOOKED


def test_a_mark_can_be_corrected(any_database: str) -> None:
    person()
    made = booked(FIRST)
    for attended in (False, True):
        with write_session() as session:
            row = appointment(session, made)
            mark(session, appointment=row, attended=attended, outcome=Outcome.SOLVED, now=FIRST + timedelta(hours=1))
    assert messages("missed") == []
    with read_session() as session:
        assert appointment(session, made).outcome is Outcome.SOLVED


def test_who_was_erased_is_neither_asked_nor_booked_again(sqlite_database: None) -> None:
    person()
    made, after = booked(FIRST), FIRST + timedelta(hours=1)
    for attended in (True, False):
        with write_session() as session:
            row = appointment(session, made)
            mark(session, appointment=row, attended=attended, now=after)
            erase_citizen(session, appointments=[row], places=[], now=after)
    assert messages("missed") == []
    with pytest.raises(ChangeRefused), write_session() as session:
        rebook(session, missed=appointment(session, made), starts_at=FRIDAY, holder="link", now=after)


def full_day() -> list[Booked]:
    person()
    return [
        booked(moment, holder=f"web-{number}", request=request_of(number))
        for number, moment in enumerate([FIRST, *OTHER_TIMES])
    ]


def waiting(number: int) -> WaitingPlace:
    with write_session() as session:
        return join_waiting_list(session, day=TUESDAY, request=request_of(number), now=NOW)


def state_of(place: WaitingPlace) -> WaitingState:
    with read_session() as session:
        return session.get_one(WaitingPlace, place.id).state


def test_a_day_with_free_slots_or_without_attention_has_no_waiting_list(sqlite_database: None) -> None:
    person()
    for day in (TUESDAY, date(2026, 12, 8), date(2026, 12, 5)):
        with pytest.raises(DayNotFull), write_session() as session:
            join_waiting_list(session, day=day, request=REQUEST, now=NOW)


def test_the_first_freed_slot_is_kept_for_the_first_in_line(any_database: str) -> None:
    made = full_day()
    first, second = waiting(11), waiting(12)
    assert waiting(11).id == first.id
    cancelled(made[1])
    assert [state_of(first), state_of(second)] == [WaitingState.OFFERED, WaitingState.WAITING]
    assert [message.recipient for message in messages("offer")] == ["p11@correo.example"]
    with write_session() as session:
        answer = hold_slot(
            session, starts_at=OTHER_TIMES[0], segment=REQUEST.segment, language="es", holder="web-9", now=NOW
        )
        assert isinstance(answer, Taken)
    for _ in range(2):
        with write_session() as session:
            accepted = accept_offer(session, place=session.get_one(WaitingPlace, first.id), now=NOW)
            assert isinstance(accepted, Booked)
            assert accepted.starts_at == OTHER_TIMES[0]
    assert len(messages("booked")) == 5


def test_an_offer_that_lapses_or_is_declined_goes_to_the_next(any_database: str) -> None:
    made = full_day()
    places = [waiting(number) for number in (11, 12, 13)]
    cancelled(made[1])
    later = NOW + timedelta(hours=3)
    with write_session() as session:
        assert offer_freed_slots(session, now=NOW) == 0
        assert offer_freed_slots(session, now=later) == 1
    assert [state_of(place) for place in places] == [WaitingState.LAPSED, WaitingState.OFFERED, WaitingState.WAITING]
    with pytest.raises(OfferGone), write_session() as session:
        accept_offer(session, place=session.get_one(WaitingPlace, places[0].id), now=later)
    with write_session() as session:
        leave_waiting_list(session, place=session.get_one(WaitingPlace, places[1].id), now=later)
    assert [state_of(place) for place in places] == [WaitingState.LAPSED, WaitingState.LEFT, WaitingState.OFFERED]


def test_a_slot_left_by_a_change_is_offered_too(any_database: str) -> None:
    made = full_day()
    place = waiting(11)
    moved(made[0])
    assert state_of(place) is WaitingState.OFFERED


def test_erasing_a_person_frees_the_slot_and_keeps_only_what_is_counted(any_database: str) -> None:
    made = full_day()
    place, other = waiting(11), waiting(12)
    with write_session() as session:
        email = request_of(0).email.upper()
        found, places = appointments_about(session, email=email), waiting_places_about(session, email=email)
        assert [len(found), len(places)] == [1, 0]
        assert erase_citizen(session, appointments=found, places=places, now=NOW) == 1
    assert state_of(place) is WaitingState.OFFERED
    with write_session() as session:
        places = waiting_places_about(session, email=request_of(11).email)
        assert erase_citizen(session, appointments=[], places=places, now=NOW) == 1
    assert [state_of(place), state_of(other)] == [WaitingState.LEFT, WaitingState.OFFERED]
    with read_session() as session:
        row = appointment(session, made[0])
        kept = (row.citizen_name, row.citizen_email, row.citizen_phone, row.description, row.holder, row.code_digest)
        assert kept == ("", "", "", "", "", None)
        assert row.state is AppointmentState.CANCELLED
        assert figures(session, first_day=TUESDAY, last_day=TUESDAY).total.cancelled == 1
    assert not [message for message in messages("reminder") if message.recipient == request_of(0).email]


def test_figures_count_by_every_dimension(any_database: str) -> None:
    person()
    requests = [
        replace(request_of(0), gender=Gender.WOMAN, age_group=AgeGroup.OVER_60),
        replace(request_of(1), language="en", channel="whatsapp"),
        request_of(2),
        request_of(3),
    ]
    made = [
        booked(moment, holder=f"web-{number}", request=request)
        for number, (moment, request) in enumerate(zip([FIRST, *OTHER_TIMES], requests, strict=True))
    ]
    cancelled(made[3])
    for number, attended in ((0, True), (1, False), (2, True)):
        with write_session() as session:
            row = appointment(session, made[number])
            mark(session, appointment=row, attended=attended, now=FIRST + timedelta(days=1))
    with read_session() as session:
        report = figures(session, first_day=TUESDAY, last_day=TUESDAY)
        assert figures(session, first_day=date(2026, 12, 2), last_day=date(2026, 12, 9)).total.attendance is None
    total = report.total
    assert (total.booked, total.attended, total.missed, total.cancelled, total.pending) == (4, 2, 1, 1, 0)
    assert (total.attendance, total.no_show) == (0.6667, 0.3333)
    assert total.lead_days == pytest.approx(1.20, abs=0.01)
    assert report.by["gender"]["mujer"].attendance == 1.0
    assert report.by["gender"]["sin dato"].booked == 3
    assert report.by["age_group"]["mas_de_60"].booked == 1
    assert report.by["language"]["en"].no_show == 1.0
    assert report.by["channel"]["whatsapp"].missed == 1
    assert report.by["segment"]["hidrocarburos"].booked == 4


def test_an_appointment_row_of_a_hold_is_in_no_figure(sqlite_database: None) -> None:
    person()
    with write_session() as session:
        hold_slot(session, starts_at=FIRST, segment=REQUEST.segment, language="es", holder="web-1", now=NOW)
    with read_session() as session:
        assert figures(session, first_day=TUESDAY, last_day=TUESDAY).total.booked == 0
        assert len(session.scalars(select(Appointment)).all()) == 1
