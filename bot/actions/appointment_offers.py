"""Which free half-hours fit a wish, and why a wish cannot be had: between what a citizen wrote and the agenda."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from consultame.settings import Language, load_settings
from desk.appointments.availability import free_slots, is_attended, nearest_free
from desk.appointments.models import Segment
from desk.appointments.spoken_dates import Ask, OfficeHours, Part, When
from desk.appointments.timetable import BOGOTA, Slot, booking_window, local, slots_of, start_times

OFFERED = 4
_NEAR_ENOUGH = timedelta(minutes=10)
_NOON = time(12)
_EVENING = time(18)


@dataclass(frozen=True)
class Wanted:
    """For what, in which language, and for whom a half-hour is sought; `may_wait`: a waiting list will do as well."""

    segment: Segment
    language: Language
    holder: str
    may_wait: bool = True


@dataclass(frozen=True)
class DayOffers:
    """What a day has: the hours that fit what was said of it, else others of the day, else the nearest elsewhere.

    `is_full`: there are appointments on that day, and all are taken.
    """

    slots: tuple[Slot, ...]
    fits: bool
    on_the_day: bool
    is_full: bool


def office_hours() -> OfficeHours:
    """Between which hours appointments begin, from the settings; «a las 2» is within when the first is at 14:05."""
    times = start_times(load_settings())
    last = datetime.combine(date.min, times[-1]) + timedelta(minutes=1)
    return OfficeHours(times[0].replace(minute=0), last.time())


def start_near(moment: datetime) -> datetime:
    """The time at which an appointment begins within ten minutes of this one («a las 3» is 15:05); else the moment."""
    day = local(moment).date()
    starts = [datetime.combine(day, each, BOGOTA) for each in start_times(load_settings())]
    near = sorted((start for start in starts if abs(start - moment) <= _NEAR_ENOUGH), key=lambda s: abs(s - moment))
    return near[0] if near else moment


def next_free(session: Session, wanted: Wanted, now: datetime, *, wish: datetime | None = None) -> tuple[Slot, ...]:
    """The free half-hours nearest to the wish; without one the next ones."""
    found = nearest_free(
        session, wish=wish or now, count=OFFERED, segment=wanted.segment, language=wanted.language, now=now,
        holder=wanted.holder,
    )  # fmt: skip
    return tuple(sorted(found))


def offers_of_day(session: Session, day: date, when: When, wanted: Wanted, now: datetime) -> DayOffers:
    """What can be offered to who named a day, and perhaps a part of it."""
    free = _free(session, day, day, wanted, now)
    fitting = tuple(slot for slot in free if _fits(slot, when))
    if fitting:
        return DayOffers(fitting[:OFFERED], fits=True, on_the_day=True, is_full=False)
    if free:
        return DayOffers(tuple(free[:OFFERED]), fits=False, on_the_day=True, is_full=False)
    wish = datetime.combine(day, when.earliest or _NOON, BOGOTA)
    is_full = _has_appointments(session, day, wanted, now)
    return DayOffers(next_free(session, wanted, now, wish=wish), fits=False, on_the_day=False, is_full=is_full)


def offers_for_question(session: Session, ask: Ask, wanted: Wanted, now: datetime) -> tuple[Slot, ...]:
    """What may be meant by a wish that is not clear: of each candidate, of a span of days, or what is free next."""
    if ask.candidates:
        share = max(1, OFFERED // len(ask.candidates))
        return tuple(
            sorted({slot for each in ask.candidates for slot in _near(session, each, ask.when, wanted, now, share)})
        )
    if ask.first or ask.last:
        window = booking_window(now)
        free = _free(session, ask.first or window.first_day, ask.last or window.last_day, wanted, now)
        if fitting := [slot for slot in free if _fits(slot, ask.when)]:
            return tuple(_spread(fitting))
    if ask.when != When():
        window = booking_window(now)
        fitting = [
            slot for slot in _free(session, window.first_day, window.last_day, wanted, now) if _fits(slot, ask.when)
        ]
        if fitting:
            return tuple(_spread(fitting))
    return next_free(session, wanted, now)


def _near(
    session: Session, candidate: date, when: When, wanted: Wanted, now: datetime, count: int
) -> list[Slot]:  # fmt: skip
    if not isinstance(candidate, datetime):
        return list(offers_of_day(session, candidate, when, wanted, now).slots[:count])
    return nearest_free(
        session, wish=candidate, count=count, segment=wanted.segment, language=wanted.language, now=now,
        holder=wanted.holder,
    )  # fmt: skip


def _spread(slots: list[Slot]) -> list[Slot]:
    """One half-hour of each of the first days; of one day alone its first ones."""
    first_of_day = list({slot.day: slot for slot in reversed(slots)}.values())[::-1]
    return first_of_day[:OFFERED] if len(first_of_day) > 1 else slots[:OFFERED]


def _free(session: Session, first_day: date, last_day: date, wanted: Wanted, now: datetime) -> list[Slot]:
    return free_slots(
        session, first_day=first_day, last_day=last_day, segment=wanted.segment, language=wanted.language, now=now,
        holder=wanted.holder,
    )  # fmt: skip


def _fits(slot: Slot, when: When) -> bool:
    at = local(slot.starts_at).time()
    if when.earliest and when.earliest == when.latest:
        return local(start_near(datetime.combine(slot.day, when.earliest, BOGOTA))).time() == at
    in_part = {
        Part.MORNING: at < _NOON, Part.AFTERNOON: _NOON <= at < _EVENING, Part.NIGHT: at >= _EVENING, None: True,
    }[when.part]  # fmt: skip
    return in_part and (when.earliest is None or at >= when.earliest) and (when.latest is None or at <= when.latest)


def _has_appointments(session: Session, day: date, wanted: Wanted, now: datetime) -> bool:
    window = booking_window(now)
    possible = [slot for slot in slots_of(day, load_settings()) if slot.starts_at >= window.earliest]
    return day <= window.last_day and any(
        is_attended(session, slot, segment=wanted.segment, language=wanted.language) for slot in possible
    )
