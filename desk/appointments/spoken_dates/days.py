"""Days that words may mean, before it is known what else was said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from desk.appointments.spoken_dates.understood import Reason


def _any(day: date) -> bool:
    return True


@dataclass(frozen=True)
class Days:
    """The days that words mean.

    `likely` are meant when nothing else is said (several: the words are ambiguous); `admits` tells which days they may
    mean beside other words («el martes» beside «8 de diciembre»); a span has `first` and `last` instead of likely days;
    `reason` says why they name no day.
    """

    likely: tuple[date, ...] = ()
    admits: Callable[[date], bool] = _any
    first: date | None = None
    last: date | None = None
    reason: Reason | None = None

    @property
    def spanned(self) -> tuple[date, ...]:
        """The days of the span; none when it is open or longer than about a month."""
        if self.first is None or self.last is None or (self.last - self.first).days > MONTH_DAYS:
            return ()
        return tuple(self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))


MONTH_DAYS = 31


def exactly(day: date) -> Days:
    """One day and no other."""
    return Days((day,), lambda other: other == day)


def one_of(*days: date) -> Days:
    """One of some days; which one has to be asked when nothing else tells."""
    return Days(days, lambda other: other in days)


def on_weekday(weekday: int, *likely: date) -> Days:
    """A day of the week."""
    return Days(likely, lambda other: other.weekday() == weekday)


def on_day_of_month(day: int, likely: date) -> Days:
    """A day of some month."""
    return Days((likely,), lambda other: other.day == day)


def between(first: date | None, last: date | None) -> Days:
    """Some day from the first to the last."""

    def admits(other: date) -> bool:
        return (first is None or first <= other) and (last is None or other <= last)

    return Days((), admits, first, last)


def none_for(reason: Reason, *likely: date) -> Days:
    """No day, and why; `likely` are what may have been meant."""
    return Days(likely, reason=reason)
