"""Business days of Colombia, and the day on which what was received is filed.

A business day is neither Saturday nor Sunday nor a holiday (Ley 4 de 1913, art. 62). The holidays are those of Ley 51
de 1983, ten of the eighteen moved to Monday, and since 2026 that of Ley 2578 de 2026, moved too; `holidays` has them.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from consultame.settings import load_settings

BOGOTA = ZoneInfo("America/Bogota")
# Ley 51 de 1983 moved the holidays from 1984 on.
FIRST_YEAR = 1984
LAST_YEAR = 2099

_DAY = timedelta(days=1)


class OutsideCalendar(Exception):
    """The date lies in a year whose holidays are not known; the message says which years are."""

    def __init__(self) -> None:
        super().__init__(f"the calendar holds the years {FIRST_YEAR} to {LAST_YEAR}")


@dataclass(frozen=True)
class OfficeHours:
    """When the office is open on a business day; both ends are inside."""

    opens: time
    closes: time


@dataclass(frozen=True)
class Receipt:
    """When something was received, in Bogotá, and the business day on which it counts as filed."""

    received_on: date
    # None when only the day is known: then it was within office hours.
    received_at: time | None
    filed_on: date
    in_office_hours: bool


def office_hours() -> OfficeHours:
    """The office hours of the settings."""
    settings = load_settings()
    return OfficeHours(settings.office_opens, settings.office_closes)


def receipt_of(received: datetime | date, hours: OfficeHours) -> Receipt:
    """When it was received and is filed (CPACA art. 54: outside office hours, on the next business day).

    From the closing of one business day to the opening of the next is one night: what comes in it is filed on the day
    that begins at its end, so a message of 05:00 on a business day is filed that day. A moment without time zone is
    local.

    Raises:
        OutsideCalendar: its year is not in the calendar.
    """
    if not isinstance(received, datetime):
        check_year(received)
        is_open = is_business_day(received)
        return Receipt(received, None, received if is_open else next_business_day(received), is_open)
    local = local_moment(received)
    day, clock = local.date(), local.time()
    if clock > hours.closes or not is_business_day(day):
        return Receipt(day, clock, next_business_day(day), False)
    return Receipt(day, clock, day, clock >= hours.opens)


def local_moment(moment: datetime) -> datetime:
    """The moment in Bogotá; one without time zone is there already.

    Raises:
        OutsideCalendar: its year is not in the calendar.
    """
    try:
        local = moment.astimezone(BOGOTA) if moment.tzinfo else moment.replace(tzinfo=BOGOTA)
    except OverflowError:
        raise OutsideCalendar from None
    check_year(local.date())
    return local


def check_year(day: date) -> None:
    """Refuse a day whose year the calendar does not hold.

    Raises:
        OutsideCalendar: it does not.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OutsideCalendar


def holiday_name(day: date) -> str | None:
    """The name of the holiday, in Spanish; None when the day is none."""
    return _holidays_of(day.year).get(day)


def is_business_day(day: date) -> bool:
    """Whether the day is neither of the weekend nor a holiday."""
    return day.weekday() < 5 and day not in _holidays_of(day.year)


def next_business_day(day: date) -> date:
    """The first business day after the day."""
    return business_days_after(day, 1)


def business_day_from(day: date) -> date:
    """The day itself when it is a business day, otherwise the next one."""
    return day if is_business_day(day) else next_business_day(day)


def business_days_after(day: date, count: int) -> date:
    """The business day with that number, from 1 on, counted from the day after."""
    for _ in range(count):
        day += _DAY
        while not is_business_day(day):
            day += _DAY
    return day


def business_days_between(start: date, end: date) -> int:
    """How many business days come after `start`, up to and with `end`; negative when `end` comes first."""
    if end < start:
        return -business_days_between(end, start)
    weeks, rest = divmod((end - start).days, 7)
    last_days = (end - _DAY * index for index in range(rest))
    count = weeks * 5 + sum(day.weekday() < 5 for day in last_days)
    return count - sum(
        start < day <= end and day.weekday() < 5
        for year in range(start.year, end.year + 1)
        for day in _holidays_of(year)
    )


@lru_cache(maxsize=256)
def _holidays_of(year: int) -> dict[date, str]:
    # The library marks moved holidays «(observado)»; the day's name is enough.
    calendar = holidays.country_holidays("CO", years=year, language="es")
    return {day: name.replace(" (observado)", "") for day, name in calendar.items()}
