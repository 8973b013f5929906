"""A phrase about day and hour, and what it means at a given moment."""

import re
from datetime import date, datetime, time, timedelta

from desk.appointments.spoken_dates.calendar_days import is_business_day
from desk.appointments.spoken_dates.date_rules import DATE_RULES, DATE_RULES_IN_ENGLISH
from desk.appointments.spoken_dates.days import Days, exactly, none_for
from desk.appointments.spoken_dates.plain import plain
from desk.appointments.spoken_dates.relative_days import SAME_DAY
from desk.appointments.spoken_dates.rules import read
from desk.appointments.spoken_dates.said_days import day_said
from desk.appointments.spoken_dates.said_hours import HourSaid, hour_said
from desk.appointments.spoken_dates.time_rules import TIME_RULES
from desk.appointments.spoken_dates.times import OfficeHours
from desk.appointments.spoken_dates.understood import BOGOTA, Ask, Day, Moment, Part, Reason, Understood, When

_ENGLISH = re.compile(r"\b(?:the|on|at|next|tomorrow|please|would|appointment|my|in the|pm on|am on)\b")
# What looks like a date and was not read as one: never to be passed over in favour of today.
_LIKE_A_DATE = re.compile(r"(?<![^ ])\d{1,4}(?:/\d{1,4}){1,2}(?![^ ])|(?<![^ ])\d{1,4}-\d{1,2}-\d{2,4}(?![^ ])")
# What names a day that only a calendar of feasts, or the citizen, knows: never to be passed over in favour of today.
_LIKE_A_DAY = re.compile(
    r"(?<![^ ])(?:festivos?|feriados?|puentes?|quincenas?|semana|mes|cumpleanos?|aniversario|vacaciones|navidad|pascua"
    r"|holidays?|weekend|week|month|birthday|(?:dia|day) (?:de|del|of|after|before|despues|antes) [a-z]+)(?![^ ])"
)
_PART_ENDS = {Part.MORNING: time(12), Part.AFTERNOON: time(18)}


def understood(text: str, now: datetime, *, day: date | None = None, hours: OfficeHours | None = None) -> Understood:
    """What a citizen's text means as day and hour of an appointment.

    Args:
        text: as typed; what stands around the phrase does not matter.
        now: the moment of speaking, with its time zone.
        day: a day agreed before, for texts that name only an hour.
        hours: when an hour without «a. m.» or «p. m.» is likely (7:00 to 17:00 unless said).

    Raises:
        ValueError: `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    now = now.astimezone(BOGOTA)
    today = now.date()
    words = plain(text)
    found_hours, rest = read(TIME_RULES, words, today)
    rules = DATE_RULES_IN_ENGLISH if _ENGLISH.search(words) else DATE_RULES
    found_days, unread = read(rules, rest, today)
    hour = hour_said(found_hours, rest, hours or OfficeHours())
    days = day_said(found_days, rest, today)
    if days is None and _LIKE_A_DATE.search(unread):
        return Ask(Reason.IMPOSSIBLE)
    if hour and hour.delay is not None and days is None:
        return Moment((now + hour.delay).replace(second=0, microsecond=0))
    if day is not None and (days is None or days is SAME_DAY):
        days = exactly(day)
    if days is None and hour is not None and _LIKE_A_DAY.search(unread):
        days = none_for(Reason.WHICH_DAY)
    if days is None:
        return _without_day(hour, now)
    return _with_day(days, hour, now)


def _without_day(hour: HourSaid | None, now: datetime) -> Understood:
    if hour is None:
        return Ask(Reason.NO_DATE)
    if hour.reason:
        return Ask(hour.reason)
    if len(hour.readings) == 1:
        return Moment(_next(hour.readings[0], now))
    if hour.readings:
        candidates = tuple(_next(each, now) for each in hour.readings)
        return Ask(hour.doubt, tuple(sorted(candidates)))
    return Ask(Reason.WHICH_DAY, when=hour.when)


def _next(since_midnight: timedelta, now: datetime) -> datetime:
    """The next time that a clock shows this, on a business day."""
    on = now.date()
    while _at(on, since_midnight) <= now or not is_business_day(on):
        on += timedelta(days=1)
    return _at(on, since_midnight)


def _at(on: date, since_midnight: timedelta) -> datetime:
    return datetime.combine(on, time(), BOGOTA) + since_midnight


def _with_day(days: Days, hour: HourSaid | None, now: datetime) -> Understood:
    when = hour.as_when() if hour else When()
    if hour and hour.reason and days.reason is not Reason.PAST:
        return Ask(hour.reason)
    if days.reason or len(days.likely) > 1:
        return _between(days, hour, when)
    if not days.likely:
        return _within(days, when, now.date())
    return _on(days.likely[0], hour, when, now)


def _between(days: Days, hour: HourSaid | None, when: When) -> Ask:
    """Asks which of the likely days, at the hour that was said."""
    if hour and len(hour.readings) == 1:
        return Ask(days.reason or Reason.AMBIGUOUS, tuple(_at(day, hour.readings[0]) for day in days.likely), when=when)
    return Ask(days.reason or Reason.AMBIGUOUS, days.likely, when=when)


def _within(days: Days, when: When, today: date) -> Ask:
    """Asks which day of a span, from today on."""
    if days.last is not None and days.last < today:
        return Ask(Reason.PAST)
    first = max(days.first, today) if days.first else None
    return Ask(Reason.WHICH_DAY, first=first, last=days.last, when=when)


def _on(on: date, hour: HourSaid | None, when: When, now: datetime) -> Understood:
    if on < now.date():
        return Ask(Reason.PAST)
    if hour and hour.readings:
        moments = tuple(moment for each in hour.readings if (moment := _at(on, each)) > now)
        if not moments:
            return Ask(Reason.PAST)
        return Moment(moments[0]) if len(moments) == 1 else Ask(hour.doubt, moments)
    end = when.latest or (_PART_ENDS.get(when.part) if when.part else None)
    if on == now.date() and end is not None and datetime.combine(on, end, BOGOTA) <= now:
        return Ask(Reason.PAST)
    return Day(on, when)
