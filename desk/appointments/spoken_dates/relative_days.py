"""What words that count from today mean: «mañana», «el otro martes», «la semana entrante», «en ocho días»."""

import re
from datetime import date, timedelta

from desk.appointments.spoken_dates.calendar_dates import WEEK, Meaning, from_today, week_from
from desk.appointments.spoken_dates.calendar_days import business_days_later, monday_of, months_later, next_weekday
from desk.appointments.spoken_dates.days import Days, between, exactly, none_for, on_weekday
from desk.appointments.spoken_dates.understood import Reason

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


def base_and_weeks(match: re.Match[str], today: date) -> Days:
    """«de mañana en ocho», «el martes en quince», "two weeks from Tuesday": «ocho» is one week, «quince» two."""
    weeks = {"8": 1, "15": 2}.get(match["inclusive"] or "") or int(match["weeks"] or 1)
    if match["wd"]:
        base = next_weekday(today, int(match["wd"]))
    else:
        base = today + timedelta(days=_RELATIVE[" ".join(match["base"].replace(",", "").split())])
    return exactly(base + weeks * WEEK)


_RELATIVE = {"hoy": 0, "ahora": 0, "today": 0, "now": 0, "manana": 1, "tomorrow": 1, "pasado manana": 2}


def two_weekdays(match: re.Match[str], today: date) -> Days:
    """«entre martes y jueves», «de lunes a viernes»: the next such days."""
    first = next_weekday(today, int(match["first"]))
    return between(first, next_weekday(first, int(match["second"])))


def part_of_week(match: re.Match[str], today: date) -> Days:
    """«a finales de la otra semana», «a comienzos de semana»."""
    monday = monday_of(today) + (WEEK if match["next"] else timedelta())
    first, last = (0, 1) if match["start"] else (2, 2) if match["middle"] else (3, 4)
    if not match["next"] and monday + timedelta(days=last) < today:
        monday += WEEK
    return from_today(monday + timedelta(days=first), monday + timedelta(days=last), today)


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
    return week_from(monday_of(today))


def next_week(match: re.Match[str], today: date) -> Days:
    """«la otra semana», «la semana entrante»."""
    return week_from(monday_of(today) + WEEK)


def week_after_next(match: re.Match[str], today: date) -> Days:
    """«en dos semanas no, la subsiguiente», "the week after next"."""
    return week_from(monday_of(today) + 2 * WEEK)


def weekend(match: re.Match[str], today: date) -> Days:
    """«el fin de semana», «el próximo fin de semana»."""
    saturday = monday_of(today) + timedelta(days=5)
    if match["next"] and today.weekday() >= 5:
        saturday += WEEK
    return between(max(saturday, today), saturday + timedelta(days=1))


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
    return exactly(next_weekday(today, _weekday_in(match)) + WEEK)


def some_weekday(match: re.Match[str], today: date) -> Days:
    """«cualquier martes», «los martes»: the next two are offered."""
    number = _weekday_in(match)
    nearest = next_weekday(today, number)
    return on_weekday(number, nearest, nearest + WEEK)


def next_business_day(match: re.Match[str], today: date) -> Days:
    """«el próximo día hábil»."""
    return exactly(business_days_later(today, 1))
