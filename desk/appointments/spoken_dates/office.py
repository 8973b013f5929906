"""Whether a wish can be met at all: offices work on business days, within their hours."""

from datetime import date, time

from desk.appointments.spoken_dates.calendar_days import SATURDAY, is_business_day, is_holiday
from desk.appointments.spoken_dates.times import OfficeHours
from desk.appointments.spoken_dates.understood import Ask, Day, Moment, Reason, Understood


def within_office(wish: Understood, hours: OfficeHours) -> Understood:
    """The wish, or why no appointment can be on that day or at that hour. Candidates of a question are sifted."""
    if isinstance(wish, Ask):
        return _sifted(wish)
    day = wish.at.date() if isinstance(wish, Moment) else wish.on
    closed = closed_because(day)
    if closed:
        return Ask(closed, (day,), when=wish.when if isinstance(wish, Day) else Ask(closed).when)
    if isinstance(wish, Moment):
        return wish if _starts_within(wish.at.time(), hours) else Ask(Reason.OUT_OF_HOURS, (wish.at,))
    return wish


def closed_because(day: date) -> Reason | None:
    """Why offices are closed on a day; None when they are open."""
    if is_holiday(day):
        return Reason.HOLIDAY
    return Reason.WEEKEND if day.weekday() >= SATURDAY else None


def _starts_within(at: time, hours: OfficeHours) -> bool:
    return hours.opening <= at < hours.closing


def _sifted(wish: Ask) -> Ask:
    open_days = tuple(day for day in wish.candidates if is_business_day(day))
    return Ask(wish.reason, open_days, wish.first, wish.last, wish.when)
