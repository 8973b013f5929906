"""Days of the calendar: weekdays, months, Colombian business days."""

import calendar
from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 5


@lru_cache(maxsize=1)
def _colombian_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("CO")


def is_holiday(day: date) -> bool:
    """Whether the day is one of the 18 Colombian holidays (Ley 51/1983)."""
    return day in _colombian_holidays()


def is_business_day(day: date) -> bool:
    """Whether offices work: no Saturday, Sunday or holiday."""
    return day.weekday() < SATURDAY and not is_holiday(day)


def business_days_later(day: date, number: int) -> date:
    """The business day that many business days after a day, which itself does not count."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_business_day(day)
    return day


def last_business_day(first: date, last: date) -> date:
    """The last business day from `first` to `last`; `last` when there is none."""
    days = (last - timedelta(days=back) for back in range((last - first).days + 1))
    return next((day for day in days if is_business_day(day)), last)


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def next_weekday(today: date, weekday: int) -> date:
    """The first such weekday after today (0 is Monday)."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_later(day: date, number: int) -> date:
    """The same day of a later month, or that month's last one where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def nth_weekday(month: date, weekday: int, number: int) -> date | None:
    """The first (1), second … or last (-1) such weekday of a month; None where there is no such one."""
    if number < 0:
        end = month_end(month)
        return end - timedelta(days=(end.weekday() - weekday) % 7)
    first = month.replace(day=1)
    found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
    return found if found.month == month.month else None


def valid_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
