"""Whatever the agenda looks like, an offered slot is one that can be kept."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from consultame.database import write_session
from desk.appointments.attendants import Hours, add_absence, add_attendant
from desk.appointments.availability import free_slots, nearest_free
from desk.appointments.models import Absence, Attendant, PeriodKind, Segment, WeeklyPeriod
from desk.appointments.timetable import BOGOTA, Slot, is_holiday

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
TIMES = st.integers(0, 23 * 4 + 3).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


@st.composite
def weekly_hours(draw: st.DrawFn) -> list[Hours]:
    hours = []
    for kind in (PeriodKind.WORK, PeriodKind.WORK, PeriodKind.BREAK):
        starts, ends = sorted(draw(st.lists(TIMES, min_size=2, max_size=2, unique=True)))
        days = draw(st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True))
        hours += [Hours(day, starts, ends, kind) for day in days]
    return hours


absences = st.lists(
    st.tuples(st.integers(0, 40 * 24 * 60), st.integers(1, 5 * 24 * 60)).map(
        lambda pair: (timedelta(minutes=pair[0]), timedelta(minutes=pair[1]))
    ),
    max_size=4,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(now=MOMENTS, hours=weekly_hours(), away=absences, wish_in=st.integers(-10, 80))
def test_every_offered_slot_is_ahead_within_hours_on_no_holiday_and_outside_absences(
    sqlite_database: None,
    now: datetime,
    hours: list[Hours],
    away: list[tuple[timedelta, timedelta]],
    wish_in: int,
) -> None:
    with write_session() as session:
        for table in (Absence, WeeklyPeriod, Attendant):
            session.execute(delete(table))
        session.expire_all()
        attendant = add_attendant(
            session, name="Ana", email="ana@minenergia.example", languages=["es"], segments=[Segment.OTHER],
            hours=hours,
        )  # fmt: skip
        stretches = [(now + start, now + start + length) for start, length in away]
        for starts_at, ends_at in stretches:
            add_absence(session, attendant, starts_at=starts_at, ends_at=ends_at, now=now)
        found = free_slots(
            session, first_day=now.date() - timedelta(days=3), last_day=now.date() + timedelta(days=400),
            segment=Segment.OTHER, language="es", now=now,
        )  # fmt: skip
        wish = now + timedelta(days=wish_in)
        nearest = nearest_free(session, wish=wish, count=5, segment=Segment.OTHER, language="es", now=now)
    for slot in found:
        _check(slot, now, hours, stretches)
    distances = sorted(abs(slot.starts_at - wish) for slot in found)
    assert [abs(slot.starts_at - wish) for slot in nearest] == distances[:5]


def _check(slot: Slot, now: datetime, hours: list[Hours], away: list[tuple[datetime, datetime]]) -> None:
    starts, ends = slot.starts_at.astimezone(BOGOTA), slot.ends_at.astimezone(BOGOTA)
    assert now + timedelta(hours=2) <= slot.starts_at
    assert (starts.date() - now.astimezone(BOGOTA).date()).days <= 60
    assert (starts.hour, starts.minute) in {(14, 5), (14, 35), (15, 5), (15, 35)}
    assert ends - starts == timedelta(minutes=30)
    assert not is_holiday(starts.date())
    today = [part for part in hours if part.weekday == starts.weekday()]
    work = [part for part in today if part.kind is PeriodKind.WORK]
    assert any(part.starts <= starts.time() and ends.time() <= part.ends for part in work)
    breaks = [part for part in today if part.kind is PeriodKind.BREAK]
    assert not any(part.starts < ends.time() and starts.time() < part.ends for part in breaks)
    assert not any(first < slot.ends_at and slot.starts_at < last for first, last in away)
