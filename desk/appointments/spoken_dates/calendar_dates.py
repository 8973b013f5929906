"""What dates and months mean on a given day: «el 3», «3 de diciembre», «el último viernes del mes»."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from desk.appointments.spoken_dates.calendar_days import (
    business_days_later,
    is_business_day,
    last_business_day,
    monday_of,
    month_end,
    months_later,
    next_weekday,
    nth_weekday,
    valid_date,
)
from desk.appointments.spoken_dates.days import Days, between, exactly, none_for, on_day_of_month, one_of
from desk.appointments.spoken_dates.numbers import full_year
from desk.appointments.spoken_dates.understood import Reason

Meaning = Callable[[re.Match[str], date], Days | None]

WEEK = timedelta(days=7)

# What a date without a year has passed by no more than this is asked about instead of taken for next year's.
JUST_PASSED = timedelta(days=31)

_YEAR = timedelta(days=366)


def named_day(day: int, month: int) -> Meaning:
    """A day with a name: «navidad»."""
    return lambda match, today: named_date(day, month, None, today, None)


def numeric(match: re.Match[str], today: date) -> Days | None:
    """«3/12», «03-12-2026»: the day first, as in Colombia; the month first where it cannot be otherwise."""
    day, month, year = int(match["day"]), int(match["month"]), match["year"] or match["apart"]
    if month > 12 and day <= 12:
        day, month = month, day
    if "/" not in match[0] and year is None and not (_is_date(day, month) and _is_meant_as_date(match)):
        return None
    return named_date(day, month, year, today, match.groupdict().get("wd"))


def _is_meant_as_date(match: re.Match[str]) -> bool:
    """A number with a point, such as 2.5, is a date after «el» or a day of the week only."""
    before = match.string[max(0, match.start() - len("dia ")) : match.start()]
    return "." not in match[0] or match["wd"] is not None or before.endswith(("el ", "dia "))


def _is_date(day: int, month: int) -> bool:
    return valid_date(2024, month, day) is not None


def american_or_colombian(match: re.Match[str], today: date) -> Days | None:
    """ "12/3" among English words: asked, unless only one of both is a date."""
    day, month = int(match["day"]), int(match["month"])
    readings = [numeric(match, today)]
    if day <= 12 and month <= 12 and day != month:
        readings.append(named_date(month, day, match["year"] or match["apart"], today, None))
    likely = dict.fromkeys(each for reading in readings if reading and not reading.reason for each in reading.likely)
    return one_of(*sorted(likely)) if len(likely) > 1 else readings[0]


def numbered_month(match: re.Match[str], today: date) -> Days | None:
    """«el 3 del 12», «9 de 8 de 2027»."""
    day, month = match["day"] or match["day_"], match["month"] or match["month_"]
    return named_date(int(day), int(month), match["year"], today, match["wd"])


def iso(match: re.Match[str], today: date) -> Days:
    """«2026-12-03»."""
    return named_date(int(match["day"]), int(match["month"]), match["year"], today, None)


def day_and_month(match: re.Match[str], today: date) -> Days | None:
    """«3 de diciembre», «martes 3 de diciembre del 2026», "December 3rd"."""
    day = int(match["day"].removeprefix("ord"))
    return named_date(day, int(match["mo"]), _year(match), today, match["wd"] or None)


def _year(match: re.Match[str]) -> str | None:
    return match["year"] or match.groupdict().get("short_year")


def named_date(day: int, month: int, year: str | None, today: date, weekday: str | None) -> Days:
    """A date with its month; without a year the next one, unless it has just passed."""
    found = _next_date(day, month, today) if year is None else valid_date(full_year(year), month, day)
    if found is None:
        return none_for(Reason.IMPOSSIBLE)
    if weekday is not None and found.weekday() != int(weekday):
        return none_for(Reason.CONTRADICTION, *_future(today, found, next_weekday(today, int(weekday))))
    if found < today:
        next_year = None if year else valid_date(found.year + 1, month, day)
        return none_for(Reason.PAST, *((next_year,) if next_year else ()))
    return exactly(found)


def _next_date(day: int, month: int, today: date) -> date | None:
    years = (today.year + ahead for ahead in range(2))
    found = (valid_date(year, month, day) for year in years)
    within_a_year = (each for each in found if each and today - JUST_PASSED <= each < today + _YEAR)
    return next(within_a_year, None)


def _future(today: date, *days: date) -> tuple[date, ...]:
    return tuple(sorted({day for day in days if day >= today}))


def two_days_of_month(match: re.Match[str], today: date) -> Days | None:
    """«3 o 4 de diciembre»: one of two; «del 3 al 5 de diciembre»: some day from the first to the last."""
    month = match["mo"]
    ends = [
        named_date(int(match[name]), int(month), match["year"], today, None)
        if month
        else _day_of_month(int(match[name]), today)
        for name in ("first", "second")
    ]
    if any(each.reason or not each.likely for each in ends):
        return next((each for each in ends if each.reason), None)
    first, second = ends[0].likely[0], ends[1].likely[0]
    if match["or"]:
        return one_of(first, second)
    return between(first, second) if first < second else None


def two_months(match: re.Match[str], today: date) -> Days | None:
    """«21 de diciembre a 6 de enero»."""
    first = named_date(int(match["first"]), int(match["mo"]), None, today, None)
    second = named_date(int(match["second"]), int(match["month"]), match["year"], today, None)
    if first.reason or second.reason:
        return first if first.reason else second
    return between(first.likely[0], second.likely[0])


def day_of_month(match: re.Match[str], today: date) -> Days:
    """«el 3», «el día 3»: the next 3rd."""
    return _day_of_month(int(match["day"].removeprefix("ord")), today)


def _day_of_month(day: int, today: date) -> Days:
    months = (months_later(today.replace(day=1), ahead) for ahead in range(4))
    found = (valid_date(month.year, month.month, day) for month in months)
    likely = next((each for each in found if each and each >= today), None)
    return on_day_of_month(day, likely) if likely else none_for(Reason.IMPOSSIBLE)


def weekday_and_day(match: re.Match[str], today: date) -> Days:
    """«el martes 3»: the next 3rd, if it is a Tuesday."""
    found = _day_of_month(int(match["day"]), today)
    weekday = int(match["wd"])
    if found.reason or found.likely[0].weekday() == weekday:
        return found
    return none_for(Reason.CONTRADICTION, *_future(today, found.likely[0], next_weekday(today, weekday)))


def day_of_a_month(match: re.Match[str], today: date) -> Days:
    """«el 5 del mes que viene», «el 15 de este mes»."""
    month = _month(match, today)
    return named_date(int(match["day"]), month.month, str(month.year), today, match["wd"])


def _month(match: re.Match[str], today: date) -> date:
    """The first of the month that is named («diciembre», «del otro mes»), or of this one."""
    groups = match.groupdict()
    if groups.get("mo"):
        month = int(groups["mo"])
        year = full_year(groups["year"]) if groups.get("year") else (today.year + (month < today.month))
        return date(year, month, 1)
    return months_later(today.replace(day=1), 1 if groups.get("next") else 0)


def weekday_of_month(match: re.Match[str], today: date) -> Days:
    """«el primer lunes de diciembre», «el último viernes del mes»."""
    number = -1 if match["last"] else int(match["nth"])
    month = _month(match, today)
    found = nth_weekday(month, int(match["wd"]), number)
    if found is None:
        return none_for(Reason.IMPOSSIBLE)
    return exactly(found) if found >= today else none_for(Reason.PAST)


def next_ordinal_weekday(match: re.Match[str], today: date) -> Days:
    """«el segundo lunes»: of this month or, once it is past, of the next."""
    first = today.replace(day=1)
    number = -1 if match["last"] else int(match["nth"])
    found = [nth_weekday(months_later(first, ahead), int(match["wd"]), number) for ahead in (0, 1)]
    ahead = [day for day in found if day and day >= today]
    return exactly(ahead[0]) if ahead else none_for(Reason.IMPOSSIBLE)


def edge_of_month(match: re.Match[str], today: date) -> Days:
    """«el último día del mes», «el primer día hábil de diciembre»."""
    first = _month(match, today)
    last = month_end(first)
    if match["last"]:
        found = last_business_day(first, last) if match["habil"] else last
    else:
        found = first if is_business_day(first) or not match["habil"] else business_days_later(first, 1)
    return exactly(found) if found >= today else none_for(Reason.PAST)


def part_of_month(match: re.Match[str], today: date) -> Days:
    """«a finales de mes», «a mediados de diciembre», «la primera semana de enero»: thirds and weeks by the day."""
    month = _month(match, today)
    end = month_end(month)
    spans = {"start": (1, 10), "middle": (11, 20), "end": (21, end.day), "last": (end.day - 6, end.day)}
    if match["nth"]:
        week = int(match["nth"])
        span = (7 * week - 6, min(7 * week, end.day))
    else:
        span = next(spans[name] for name in spans if match[name])
    return from_today(month.replace(day=span[0]), month.replace(day=span[1]), today)


def from_today(first: date, last: date, today: date) -> Days:
    """What is left of a span."""
    return between(max(first, today), last) if last >= today else none_for(Reason.PAST)


def week_from(monday: date) -> Days:
    """Some day of a week."""
    return between(monday, monday + timedelta(days=6))


def week_of(match: re.Match[str], today: date) -> Days:
    """«la semana del 7 de diciembre»."""
    if match["mo"]:
        found = named_date(int(match["day"]), int(match["mo"]), None, today, None)
    else:
        found = _day_of_month(int(match["day"]), today)
    if found.reason:
        return found
    monday = monday_of(found.likely[0])
    return week_from(monday)


def whole_month(match: re.Match[str], today: date) -> Days:
    """«en diciembre», «el otro mes»: some day of it."""
    month = _month(match, today)
    return from_today(month, month_end(month), today)
