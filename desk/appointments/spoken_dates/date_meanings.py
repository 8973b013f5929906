"""What each rule of `date_rules.py` means on a given day."""

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
from desk.appointments.spoken_dates.days import Days, between, exactly, none_for, on_day_of_month, on_weekday, one_of
from desk.appointments.spoken_dates.numbers import full_year
from desk.appointments.spoken_dates.understood import Reason

Meaning = Callable[[re.Match[str], date], Days | None]

WEEK = timedelta(days=7)
# What a date without a year has passed by no more than this is asked about instead of taken for next year's.
JUST_PASSED = timedelta(days=31)
_YEAR = timedelta(days=366)
_LONGEST_DAYS = 3660


def past(match: re.Match[str], today: date) -> Days:
    """«ayer», «la semana pasada»."""
    return none_for(Reason.PAST)


def any_day(match: re.Match[str], today: date) -> Days:
    """«cuando sea», «lo antes posible»."""
    return none_for(Reason.ANY)


def some_day(match: re.Match[str], today: date) -> Days:
    """«otro día», «en unos días»."""
    return none_for(Reason.WHICH_DAY)


SAME_DAY = none_for(Reason.WHICH_DAY)


def same_day(match: re.Match[str], today: date) -> Days:
    """«el mismo día»: known only from what was agreed before."""
    return SAME_DAY


def shifted(days: int) -> Meaning:
    """So many days from today: «hoy», «mañana», «pasado mañana»."""
    return lambda match, today: exactly(today + timedelta(days=days))


def named_day(day: int, month: int) -> Meaning:
    """A day with a name: «navidad»."""
    return lambda match, today: named_date(day, month, None, today, None)


def base_and_weeks(match: re.Match[str], today: date) -> Days:
    """«de mañana en ocho», «el martes en quince», "two weeks from Tuesday": «ocho» is one week, «quince» two."""
    weeks = {"8": 1, "15": 2}.get(match["inclusive"] or "") or int(match["weeks"] or 1)
    if match["wd"]:
        base = next_weekday(today, int(match["wd"]))
    else:
        base = today + timedelta(days=_RELATIVE[" ".join(match["base"].replace(",", "").split())])
    return exactly(base + weeks * WEEK)


_RELATIVE = {"hoy": 0, "ahora": 0, "today": 0, "now": 0, "manana": 1, "tomorrow": 1, "pasado manana": 2}


def numeric(match: re.Match[str], today: date) -> Days | None:
    """«3/12», «03-12-2026»: the day first, as in Colombia; the month first where it cannot be otherwise."""
    day, month, year = int(match["day"]), int(match["month"]), match["year"] or match["apart"]
    if month > 12 and day <= 12:
        day, month = month, day
    if "/" not in match[0] and year is None and not _is_date(day, month):
        return None
    return named_date(day, month, year, today, match.groupdict().get("wd"))


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
    if year is not None:
        found = valid_date(full_year(year), month, day)
    else:
        found = _next_date(day, month, today)
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


def two_weekdays(match: re.Match[str], today: date) -> Days:
    """«entre martes y jueves», «de lunes a viernes»: the next such days."""
    first = next_weekday(today, int(match["first"]))
    return between(first, next_weekday(first, int(match["second"])))


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
    return _from_today(month.replace(day=span[0]), month.replace(day=span[1]), today)


def part_of_week(match: re.Match[str], today: date) -> Days:
    """«a finales de la otra semana», «a comienzos de semana»."""
    monday = monday_of(today) + (WEEK if match["next"] else timedelta())
    first, last = (0, 1) if match["start"] else (2, 2) if match["middle"] else (3, 4)
    if not match["next"] and monday + timedelta(days=last) < today:
        monday += WEEK
    return _from_today(monday + timedelta(days=first), monday + timedelta(days=last), today)


def _from_today(first: date, last: date, today: date) -> Days:
    return between(max(first, today), last) if last >= today else none_for(Reason.PAST)


def duration(match: re.Match[str], today: date) -> Days | None:
    """«en tres días hábiles», «dentro de 2 semanas», «en ocho días» (a week), "in 3 days"."""
    number, unit = int(match["number"] or 1), match["unit"]
    if match["habil"]:
        return exactly(business_days_later(today, min(number, _LONGEST_DAYS)))
    if unit == "dia":
        number = {8: 7, 15: 14}.get(number, number)
    days = number * (7 if unit.startswith(("semana", "week")) else 1)
    if unit.startswith(("mes", "month", "ano", "year")):
        months = number * (12 if unit.startswith(("ano", "year")) else 1)
        return exactly(months_later(today, months)) if months <= _LONGEST_DAYS // 30 else none_for(Reason.WHICH_DAY)
    return exactly(today + timedelta(days=days)) if days <= _LONGEST_DAYS else none_for(Reason.WHICH_DAY)


def days_after(match: re.Match[str], today: date) -> Days:
    """«dos días después de hoy», «tres semanas a partir de mañana», "3 days after Tuesday"."""
    base = match["base"]
    start = next_weekday(today, int(match["wd"])) if match["wd"] else today + timedelta(days=_RELATIVE[base])
    return exactly(
        start + int(match["number"]) * (WEEK if match["unit"].startswith(("semana", "week")) else timedelta(1))
    )


def weeks_later(match: re.Match[str], today: date) -> Days:
    """«en dos semanas el martes»: that weekday in the week two weeks on."""
    monday = monday_of(today) + int(match["number"] or match["weeks"]) * WEEK
    return exactly(monday + timedelta(days=_weekday_in(match)))


def this_week(match: re.Match[str], today: date) -> Days:
    """«esta semana»."""
    return _week(monday_of(today))


def next_week(match: re.Match[str], today: date) -> Days:
    """«la otra semana», «la semana entrante»."""
    return _week(monday_of(today) + WEEK)


def week_after_next(match: re.Match[str], today: date) -> Days:
    """«en dos semanas no, la subsiguiente», "the week after next"."""
    return _week(monday_of(today) + 2 * WEEK)


def _week(monday: date) -> Days:
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
    return _week(monday)


def weekend(match: re.Match[str], today: date) -> Days:
    """«el fin de semana», «el próximo fin de semana»."""
    saturday = monday_of(today) + timedelta(days=5)
    if match["next"] and today.weekday() >= 5:
        saturday += WEEK
    return between(max(saturday, today), saturday + timedelta(days=1))


def whole_month(match: re.Match[str], today: date) -> Days:
    """«en diciembre», «el otro mes»: some day of it."""
    month = _month(match, today)
    return _from_today(month, month_end(month), today)


def _weekday_in(match: re.Match[str]) -> int:
    return int(match[0][match[0].index("wd") + 2])


def weekday(match: re.Match[str], today: date) -> Days:
    """«el martes»: the next one; said on a Tuesday, in a week."""
    number = _weekday_in(match)
    return on_weekday(number, next_weekday(today, number))


def this_weekday(match: re.Match[str], today: date) -> Days:
    """«este martes»: the next one; said on a Tuesday it may be today."""
    number = _weekday_in(match)
    if today.weekday() == number:
        return on_weekday(number, today, today + WEEK)
    return weekday(match, today)


def next_weekday_said(match: re.Match[str], today: date) -> Days:
    """«el próximo martes», "next Tuesday": where one lies ahead in this week, some mean that and some the next."""
    number = _weekday_in(match)
    nearest = next_weekday(today, number)
    if monday_of(nearest) == monday_of(today):
        return on_weekday(number, nearest, nearest + WEEK)
    return on_weekday(number, nearest)


def other_weekday(match: re.Match[str], today: date) -> Days:
    """«el otro martes»: for some the nearest, for others the one after it; said on a Tuesday, in a week."""
    number = _weekday_in(match)
    nearest = next_weekday(today, number)
    if today.weekday() == number:
        return on_weekday(number, nearest)
    return on_weekday(number, nearest, nearest + WEEK)


def not_this_but_the_other(match: re.Match[str], today: date) -> Days:
    """«no este martes sino el otro»."""
    return exactly(next_weekday(today, int(match["wd"])) + WEEK)


def some_weekday(match: re.Match[str], today: date) -> Days:
    """«cualquier martes», «los martes»: the next two are offered."""
    number = _weekday_in(match)
    nearest = next_weekday(today, number)
    return on_weekday(number, nearest, nearest + WEEK)


def next_business_day(match: re.Match[str], today: date) -> Days:
    """«el próximo día hábil»."""
    return exactly(business_days_later(today, 1))
