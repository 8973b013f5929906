"""Slots, holds and bookings keep the rules of the agenda, on SQLite and PostgreSQL alike."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consultame.database import read_session, write_session
from consultame.outbox import OutgoingMessage
from desk.appointments.attendants import Hours, add_absence, conflicts, set_active, set_hours
from desk.appointments.availability import Unavailable, attendants_serving, free_slots, nearest_free
from desk.appointments.booking import Booked, book
from desk.appointments.citizen import Field, Request, RequestRefused
from desk.appointments.codes import CodeLocked, CodeUnknown, appointment_by_code
from desk.appointments.holding import Hold, Refusal, Taken, hold_slot, release_hold
from desk.appointments.models import Appointment, AppointmentState, PeriodKind, Segment
from desk.appointments.timetable import BOGOTA, Slot
from tests.unit.agenda import AFTERNOON, FIRST, NOW, REQUEST, TUESDAY, appointment, at, booked, person, request_of

HOLIDAY = date(2026, 12, 8)


def slots(first_day: date = TUESDAY, last_day: date | None = None, now: datetime = NOW) -> list[Slot]:
    with read_session() as session:
        return free_slots(
            session, first_day=first_day, last_day=last_day or first_day, segment=Segment.MINING, language="es",
            now=now,
        )  # fmt: skip


def times(found: list[Slot]) -> list[str]:
    return [slot.starts_at.astimezone(BOGOTA).strftime("%H:%M") for slot in found]


def hold(starts_at: datetime = FIRST, holder: str = "web-1", now: datetime = NOW) -> Hold | Taken:
    with write_session() as session:
        return hold_slot(session, starts_at=starts_at, segment=REQUEST.segment, language="es", holder=holder, now=now)


def test_a_working_day_has_the_slots_of_the_settings(sqlite_database: None) -> None:
    person()
    assert times(slots()) == ["14:05", "14:35", "15:05", "15:35"]


def test_holidays_weekends_and_days_beyond_the_horizon_have_none(sqlite_database: None) -> None:
    person()
    assert slots(HOLIDAY) == []
    assert slots(date(2026, 12, 5), date(2026, 12, 6)) == []
    assert slots(date(2027, 2, 1), date(2027, 3, 1)) == []


def test_what_begins_before_the_minimum_notice_is_not_offered(sqlite_database: None) -> None:
    person()
    assert times(slots(now=at(TUESDAY, 12, 36))) == ["15:05", "15:35"]


def test_breaks_and_absences_take_slots_away(sqlite_database: None) -> None:
    ana = person(hours=(*AFTERNOON, Hours(1, time(14, 40), time(14, 50), PeriodKind.BREAK)))
    assert times(slots()) == ["14:05", "15:05", "15:35"]
    with write_session() as session:
        add_absence(session, ana, starts_at=at(TUESDAY, 15, 30), ends_at=at(TUESDAY, 23, 0), now=NOW)
    assert times(slots()) == ["14:05"]


def test_only_who_serves_segment_and_language_counts(sqlite_database: None) -> None:
    person("Ana", languages=("es",), segments=(Segment.MINING,))
    both = person("Luis", languages=("es", "en"), segments=(Segment.MINING, Segment.OTHER))
    with read_session() as session:
        english = attendants_serving(session, segment=Segment.MINING, language="en")
        assert [attendant.id for attendant in english] == [both.id]
        assert attendants_serving(session, segment=Segment.ELECTRICITY, language="es") == []
    assert [len(slot.attendant_ids) for slot in slots()] == [2, 2, 2, 2]


def test_a_slot_can_be_held_by_one_citizen_only(any_database: str) -> None:
    person()
    assert isinstance(hold(holder="web-1"), Hold)
    answer = hold(holder="web-2")
    assert isinstance(answer, Taken)
    assert answer.reason is Refusal.TAKEN
    assert times(list(answer.offers)) == ["14:35", "15:05", "15:35"]


def test_the_database_itself_refuses_a_second_citizen_in_a_slot(any_database: str) -> None:
    person()
    first = booked()
    with pytest.raises(IntegrityError), write_session() as session:
        row = appointment(session, first)
        session.add(
            Appointment(
                reference="another", attendant_id=row.attendant_id, starts_at=row.starts_at, ends_at=row.ends_at,
                state=AppointmentState.HELD, segment=Segment.OTHER, language="es", holder="x", hold_expires_at=NOW,
            )
        )  # fmt: skip


def test_an_expired_hold_is_taken_over_and_its_former_holder_gets_the_next_offers(any_database: str) -> None:
    person()
    hold(holder="web-1")
    later = NOW + timedelta(minutes=11)
    assert isinstance(hold(holder="web-2", now=later), Hold)
    with write_session() as session:
        answer = book(session, starts_at=FIRST, holder="web-1", request=REQUEST, now=later)
    assert isinstance(answer, Taken)
    assert isinstance(booked(holder="web-2", now=later), Booked)


def test_an_expired_hold_that_nobody_took_over_can_still_be_booked(any_database: str) -> None:
    person()
    hold()
    assert booked(now=NOW + timedelta(minutes=30)).starts_at == FIRST


def test_a_citizen_holds_one_slot_and_keeps_it_until_the_next_one_is_got(any_database: str) -> None:
    person()
    hold(FIRST, "web-1")
    hold(at(TUESDAY, 14, 35), "web-2")
    assert isinstance(hold(at(TUESDAY, 14, 35), "web-1"), Taken)
    assert isinstance(hold(FIRST, "web-3"), Taken)
    assert isinstance(hold(at(TUESDAY, 15, 5), "web-1"), Hold)
    assert isinstance(hold(FIRST, "web-3"), Hold)
    with write_session() as session:
        assert release_hold(session, holder="web-3")
        assert not release_hold(session, holder="web-3")


def test_whoever_comes_is_given_to_the_one_who_does_least(any_database: str) -> None:
    for name in ("Ana", "Luis", "Sara"):
        person(name)
    for number, (hour, minute) in enumerate([(14, 5), (14, 5), (14, 35), (14, 35), (15, 5), (15, 5)]):
        booked(at(TUESDAY, hour, minute), holder=f"web-{number}", request=request_of(number))
    with read_session() as session:
        assert sorted(Counter(session.scalars(select(Appointment.attendant_id))).values()) == [2, 2, 2]


@pytest.mark.parametrize(
    ("starts_at", "reason"),
    [
        (at(date(2026, 11, 27), 14, 5), Refusal.PAST),
        (NOW + timedelta(minutes=5), Refusal.TOO_SOON),
        (at(date(2027, 3, 2), 14, 5), Refusal.TOO_FAR),
        (at(HOLIDAY, 14, 5), Refusal.HOLIDAY),
        (at(TUESDAY, 9, 0), Refusal.NO_SUCH_TIME),
        (at(date(2026, 12, 5), 14, 5), Refusal.NOT_ATTENDED),
    ],
)
def test_an_impossible_wish_gets_its_reason_and_the_nearest_slots(
    starts_at: datetime, reason: Refusal, sqlite_database: None
) -> None:
    person()
    answer = hold(starts_at)
    assert isinstance(answer, Taken)
    assert answer.reason is reason
    assert len(answer.offers) == 3


def test_the_nearest_slots_come_first_in_either_direction(sqlite_database: None) -> None:
    person()
    with read_session() as session:
        found = nearest_free(session, wish=at(HOLIDAY, 10, 0), count=2, segment=Segment.OTHER, language="es", now=NOW)
    assert [slot.day for slot in found] == [date(2026, 12, 7), date(2026, 12, 7)]
    assert times(found) == ["15:35", "15:05"]


def test_the_same_booking_asked_twice_is_one_appointment_with_one_code(any_database: str) -> None:
    person()
    assert booked() == booked()
    with read_session() as session:
        assert len(session.scalars(select(Appointment)).all()) == 1
        assert len(session.scalars(select(OutgoingMessage)).all()) == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, Field.NAME),
        ({"name": "x" * 121}, Field.NAME),
        ({"name": "123"}, Field.NAME),
        ({"email": "luz@"}, Field.EMAIL),
        ({"email": "luz@correo.example\nBcc: x@y.example"}, Field.EMAIL),
        ({"phone": "12345"}, Field.PHONE),
        ({"description": "  "}, Field.DESCRIPTION),
        ({"description": "x" * 1001}, Field.DESCRIPTION),
    ],
)
def test_data_that_cannot_be_used_is_refused_and_nothing_is_booked(
    change: dict[str, str], field: Field, sqlite_database: None
) -> None:
    person()
    request: Request = replace(REQUEST, **change)
    with pytest.raises(RequestRefused) as refused:
        booked(request=request)
    assert refused.value.field is field
    assert len(slots()) == 4


def test_a_corrected_segment_is_attended_by_somebody_who_serves_it(any_database: str) -> None:
    person("Ana", segments=(Segment.HYDROCARBONS,))
    luis = person("Luis", segments=(Segment.MINING,))
    hold()
    made = booked(request=replace(REQUEST, segment=Segment.MINING))
    assert made.attendant_name == luis.name
    with read_session() as session:
        assert len(session.scalars(select(Appointment)).all()) == 1


def test_the_consent_is_kept_with_its_version_and_moment(any_database: str) -> None:
    person()
    made = booked()
    with read_session() as session:
        row = appointment(session, made)
        assert (row.policy_version, row.policy_accepted_at) == ("2026-1", NOW)
        assert row.citizen_phone == "3001234567"


def test_changes_of_the_agenda_list_the_appointments_they_touch(any_database: str) -> None:
    ana = person()
    made = booked()
    with write_session() as session:
        ana = session.merge(ana)
        _, found = add_absence(session, ana, starts_at=at(TUESDAY, 0, 0), ends_at=at(TUESDAY, 15, 0), now=NOW)
        assert [(c.appointment.id, c.reason) for c in found] == [(made.appointment_id, Unavailable.ABSENT)]
    with write_session() as session:
        ana = session.merge(ana)
        found = set_hours(session, ana, [Hours(1, time(15), time(16, 5))], now=NOW)
        assert [c.reason for c in found] == [Unavailable.NOT_WORKING]
        assert [c.reason for c in set_active(session, ana, False, now=NOW)] == [Unavailable.INACTIVE]
    with read_session() as session:
        assert [c.appointment.id for c in conflicts(session, now=NOW)] == [made.appointment_id]
        assert conflicts(session, now=FIRST) == []


def test_an_appointment_on_what_became_a_holiday_is_a_conflict(
    sqlite_database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    person()
    booked()
    monkeypatch.setattr("desk.appointments.availability.is_holiday", lambda day: day == TUESDAY)
    with read_session() as session:
        assert [conflict.reason for conflict in conflicts(session, now=NOW)] == [Unavailable.HOLIDAY]


def test_the_code_opens_the_appointment_however_it_is_typed(any_database: str) -> None:
    person()
    made = booked()
    for typed in (made.code, made.code.lower(), made.code.replace("-", " "), f" {made.code.replace('-', '')} "):
        with write_session() as session:
            found = appointment_by_code(session, code=typed, sender="web-1", now=NOW)
            assert isinstance(found, Appointment)
            assert found.id == made.appointment_id
            assert made.code.replace("-", "") not in str(vars(found))


def guess(code: str, sender: str = "web-1", now: datetime = NOW) -> object:
    with write_session() as session:
        return appointment_by_code(session, code=code, sender=sender, now=now)


def test_who_guesses_codes_is_locked_out_even_with_the_right_one(any_database: str) -> None:
    person()
    made = booked()
    for number in range(5):
        assert guess(f"2345{number}-BCDFG") == CodeUnknown()
    assert guess(made.code) == CodeLocked(NOW + timedelta(minutes=15))
    assert isinstance(guess(made.code, sender="web-2"), Appointment)
    assert isinstance(guess(made.code, now=NOW + timedelta(minutes=15)), Appointment)


def test_guesses_at_the_same_time_count_too(any_database: str) -> None:
    person()
    answers: list[object] = []
    workers = [threading.Thread(target=lambda: answers.append(guess("22222-22222"))) for _ in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Counter(type(answer) for answer in answers) == {CodeUnknown: 5, CodeLocked: 15}
