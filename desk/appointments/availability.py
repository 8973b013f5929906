"""Which slots are free, and who is there: working hours, breaks, absences and what is taken already."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, not_, or_, select
from sqlalchemy.orm import Session, selectinload

from consultame.settings import Language, load_settings
from desk.appointments.models import (
    OCCUPYING,
    Absence,
    Appointment,
    AppointmentState,
    Attendant,
    PeriodKind,
    Segment,
    WeeklyPeriod,
)
from desk.appointments.timetable import BOGOTA, Slot, at_midnight, booking_window, is_holiday, local, slots_of

_DAY = timedelta(days=1)
# How far around a wish is looked before everything is.
_SEARCHED_FIRST = (3, 14)


class Unavailable(StrEnum):
    """Why somebody cannot attend at a time."""

    HOLIDAY = "holiday"
    NOT_WORKING = "not working"
    BREAK = "break"
    ABSENT = "absent"
    INACTIVE = "no longer attends"
    SUBJECT = "does not attend this segment"
    LANGUAGE = "does not attend in this language"


@dataclass(frozen=True)
class _Taken:
    starts_at: datetime
    ends_at: datetime


@dataclass
class _Agenda:
    """What is known of the attendants for a stretch of days."""

    attendants: Sequence[Attendant]
    absences: dict[int, list[Absence]] = field(default_factory=lambda: defaultdict(list))
    taken: dict[int, list[_Taken]] = field(default_factory=lambda: defaultdict(list))

    def free(self, slot: Slot) -> tuple[int, ...]:
        """Those who could attend, who does least on that day and in that week first."""
        free = [attendant.id for attendant in self.attendants if self._is_free(attendant, slot)]
        return tuple(sorted(free, key=lambda attendant_id: (*self._load(attendant_id, slot), attendant_id)))

    def _is_free(self, attendant: Attendant, slot: Slot) -> bool:
        if why_unavailable(attendant, self.absences[attendant.id], slot.starts_at, slot.ends_at):
            return False
        return not any(_overlaps(taken, slot) for taken in self.taken[attendant.id])

    def _load(self, attendant_id: int, slot: Slot) -> tuple[int, int]:
        days = [local(taken.starts_at).date() for taken in self.taken[attendant_id]]
        week = slot.day.isocalendar()[:2]
        return sum(day == slot.day for day in days), sum(day.isocalendar()[:2] == week for day in days)


def why_unavailable(
    attendant: Attendant, absences: Iterable[Absence], starts_at: datetime, ends_at: datetime
) -> Unavailable | None:
    """Why this person cannot attend in this stretch of one day, other appointments aside; None when it is possible."""
    if not attendant.active:
        return Unavailable.INACTIVE
    if is_holiday(local(starts_at).date()):
        return Unavailable.HOLIDAY
    weekday = local(starts_at).weekday()
    today = [period for period in attendant.periods if period.weekday == weekday]
    if not any(_contains(period, starts_at, ends_at) for period in today if period.kind is PeriodKind.WORK):
        return Unavailable.NOT_WORKING
    if any(_touches(period, starts_at, ends_at) for period in today if period.kind is PeriodKind.BREAK):
        return Unavailable.BREAK
    if any(absence.starts_at < ends_at and starts_at < absence.ends_at for absence in absences):
        return Unavailable.ABSENT
    return None


def _bounds(period: WeeklyPeriod, moment: datetime) -> tuple[datetime, datetime]:
    day = local(moment).date()
    return datetime.combine(day, period.starts, BOGOTA), datetime.combine(day, period.ends, BOGOTA)


def _contains(period: WeeklyPeriod, starts_at: datetime, ends_at: datetime) -> bool:
    first, last = _bounds(period, starts_at)
    return first <= starts_at and ends_at <= last


def _touches(period: WeeklyPeriod, starts_at: datetime, ends_at: datetime) -> bool:
    first, last = _bounds(period, starts_at)
    return first < ends_at and starts_at < last


def _overlaps(taken: _Taken, slot: Slot) -> bool:
    return taken.starts_at < slot.ends_at and slot.starts_at < taken.ends_at


def free_slots(
    session: Session,
    *,
    first_day: date,
    last_day: date,
    segment: Segment,
    language: Language,
    now: datetime,
    attendant_id: int | None = None,
    holder: str | None = None,
) -> list[Slot]:
    """The slots that can be booked from the first to the last day, both included, earliest first.

    Only what the minimum notice and the horizon allow. Without an attendant everybody who serves the segment in the
    language counts; `Slot.attendant_ids` names them, who does least first. What the holder keeps counts as free.
    """
    serving = _serving(session, segment, language, attendant_id)
    return _slots(session, serving, first_day, last_day, now, occupies(now, holder))


def attended_days(
    session: Session,
    *,
    first_day: date,
    last_day: date,
    segment: Segment,
    language: Language,
    now: datetime,
    attendant_id: int | None = None,
) -> set[date]:
    """The days on which appointments are given, whether or not all of them are taken; within notice and horizon."""
    serving = _serving(session, segment, language, attendant_id)
    return {slot.day for slot in _slots(session, serving, first_day, last_day, now, false())}


def _slots(
    session: Session,
    serving: Sequence[Attendant],
    first_day: date,
    last_day: date,
    now: datetime,
    is_taken: ColumnElement[bool],
) -> list[Slot]:
    window = booking_window(now)
    first_day, last_day = max(first_day, window.first_day), min(last_day, window.last_day)
    if first_day > last_day:
        return []
    agenda = _agenda(session, serving, first_day, last_day, is_taken)
    settings, found = load_settings(), []
    for number in range((last_day - first_day).days + 1):
        for slot in slots_of(first_day + number * _DAY, settings):
            if slot.starts_at >= window.earliest and (free := agenda.free(slot)):
                found.append(Slot(slot.starts_at, slot.ends_at, free))
    return found


def nearest_free(
    session: Session,
    *,
    wish: datetime,
    count: int,
    segment: Segment,
    language: Language,
    now: datetime,
    attendant_id: int | None = None,
    holder: str | None = None,
) -> list[Slot]:
    """The free slots nearest to the wish within the whole horizon, the nearest first; the earlier of two as near."""
    window = booking_window(now)
    # Whatever lies before or after everything that is given has the same nearest slots as its first or last moment.
    wish = min(max(wish, now), at_midnight(window.last_day + _DAY))
    nearest: list[Slot] = []
    for days in (*_SEARCHED_FIRST, None):
        first_day, last_day = window.first_day, window.last_day
        if days is not None:
            first_day, last_day = local(wish - days * _DAY).date(), local(wish + days * _DAY).date()
        slots = free_slots(
            session,
            first_day=first_day,
            last_day=last_day,
            segment=segment,
            language=language,
            now=now,
            attendant_id=attendant_id,
            holder=holder,
        )
        nearest = sorted(slots, key=lambda slot: (abs(slot.starts_at - wish), slot.starts_at))[:count]
        # What lies outside the days that were looked at is farther away than this.
        if days is not None and len(nearest) == count and abs(nearest[-1].starts_at - wish) <= days * _DAY:
            break
    return nearest


def is_attended(
    session: Session, slot: Slot, *, segment: Segment, language: Language, attendant_id: int | None = None
) -> bool:
    """Whether somebody would be there for it, were nothing taken."""
    return any(
        not why_unavailable(attendant, attendant.absences, slot.starts_at, slot.ends_at)
        for attendant in _serving(session, segment, language, attendant_id)
    )


def serves(attendant: Attendant, segment: Segment, language: Language) -> bool:
    """Whether the person receives citizens for this, in this language."""
    return segment in attendant.segments and language in attendant.languages


def attendants_serving(session: Session, *, segment: Segment, language: Language) -> list[Attendant]:
    """The active attendants who serve the segment in the language, by name: the choice of staff for the citizen."""
    return sorted(_serving(session, segment, language, None), key=lambda attendant: (attendant.name, attendant.id))


def _serving(session: Session, segment: Segment, language: Language, attendant_id: int | None) -> list[Attendant]:
    query = select(Attendant).where(Attendant.active).options(selectinload(Attendant.periods)).order_by(Attendant.id)
    if attendant_id is not None:
        query = query.where(Attendant.id == attendant_id)
    return [attendant for attendant in session.scalars(query) if serves(attendant, segment, language)]


def _agenda(
    session: Session,
    attendants: Sequence[Attendant],
    first_day: date,
    last_day: date,
    is_taken: ColumnElement[bool],
) -> _Agenda:
    agenda = _Agenda(attendants)
    ids = [attendant.id for attendant in attendants]
    # Whole weeks, so that the load of a week is known.
    first = at_midnight(first_day - first_day.weekday() * _DAY)
    last = at_midnight(last_day + (7 - last_day.weekday()) * _DAY)
    absences = select(Absence).where(Absence.attendant_id.in_(ids), Absence.starts_at < last, Absence.ends_at > first)
    for absence in session.scalars(absences):
        agenda.absences[absence.attendant_id].append(absence)
    taken = select(Appointment.attendant_id, Appointment.starts_at, Appointment.ends_at).where(
        Appointment.attendant_id.in_(ids), Appointment.starts_at < last, Appointment.ends_at > first, is_taken
    )
    for row in session.execute(taken):
        agenda.taken[row.attendant_id].append(_Taken(row.starts_at, row.ends_at))
    return agenda


def occupies(now: datetime, holder: str | None = None) -> ColumnElement[bool]:
    """Whether an appointment keeps its slot from this holder; a hold does until it expires."""
    held = Appointment.state == AppointmentState.HELD
    free_for_holder = and_(held, or_(Appointment.hold_expires_at <= now, Appointment.holder == holder))
    return and_(Appointment.state.in_(OCCUPYING), not_(free_for_holder))
