"""A month of the citizen's calendar: on which days there is something free, which are full, and which have nothing."""

import calendar
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from consultame.settings import Language
from desk.appointments.availability import attended_days, free_slots
from desk.appointments.models import Segment
from desk.appointments.timetable import booking_window


class DayState(StrEnum):
    """What can be done with a day."""

    FREE = "free"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True)
class CalendarDay:
    """A day of the month and how many times are free on it."""

    day: date
    state: DayState
    free: int


@dataclass(frozen=True)
class CalendarMonth:
    """The weeks of a month, Monday first, None where a day belongs to another month; and the months beside it."""

    first_day: date
    weeks: list[list[CalendarDay | None]]
    previous: str
    following: str

    @property
    def has_days(self) -> bool:
        """Whether anything can be done in this month."""
        return any(day and day.state is not DayState.CLOSED for week in self.weeks for day in week)


def calendar_month(
    session: Session,
    *,
    wanted: str,
    segment: Segment,
    language: Language,
    now: datetime,
    holder: str,
    attendant_id: int | None = None,
) -> CalendarMonth:
    """The month named as in «2026-12», or the nearest one in which appointments are given.

    Without a name it is the first one in which something is free.
    """
    window = booking_window(now)
    slots = free_slots(
        session, first_day=window.first_day, last_day=window.last_day, segment=segment, language=language, now=now,
        attendant_id=attendant_id, holder=holder,
    )  # fmt: skip
    attended = attended_days(
        session, first_day=window.first_day, last_day=window.last_day, segment=segment, language=language, now=now,
        attendant_id=attendant_id,
    )  # fmt: skip
    free = Counter(slot.day for slot in slots)
    first, last = window.first_day.replace(day=1), window.last_day.replace(day=1)
    month = min(max(_month_of(wanted) or min(free, default=first).replace(day=1), first), last)
    weeks = [
        [_day(day, free[day], day in attended) if day.month == month.month else None for day in week]
        for week in calendar.Calendar().monthdatescalendar(month.year, month.month)
    ]
    return CalendarMonth(
        month,
        weeks,
        previous=_name(_beside(month, -1)) if month > first else "",
        following=_name(_beside(month, 1)) if month < last else "",
    )


def _day(day: date, free: int, is_attended: bool) -> CalendarDay:
    state = DayState.FREE if free else DayState.FULL if is_attended else DayState.CLOSED
    return CalendarDay(day, state, free)


def _month_of(text: str) -> date | None:
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text, re.ASCII):
        return None
    return date.fromisoformat(f"{text}-01")


def _beside(month: date, step: int) -> date:
    number = month.year * 12 + month.month - 1 + step
    return date(number // 12, number % 12 + 1, 1)


def _name(month: date) -> str:
    return f"{month:%Y-%m}"
