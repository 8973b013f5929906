"""Days and times of day at which appointments can begin, in Bogotá: settings, holidays, notice and horizon."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

from holidays import country_holidays

from consultame.settings import Settings, load_settings

# Colombia keeps one time all year; a fixed offset needs no time zone data on the machine.
BOGOTA = timezone(timedelta(hours=-5), "America/Bogota")


@dataclass(frozen=True, order=True)
class Slot:
    """A time at which an appointment can begin, and who could attend it."""

    starts_at: datetime
    ends_at: datetime
    attendant_ids: tuple[int, ...] = ()

    @property
    def day(self) -> date:
        """The day in Bogotá."""
        return local(self.starts_at).date()


def local(moment: datetime) -> datetime:
    """The moment in Bogotá's time."""
    return moment.astimezone(BOGOTA)


def at_midnight(day: date) -> datetime:
    """The moment at which the day begins in Bogotá."""
    return datetime.combine(day, time(), BOGOTA)


def is_holiday(day: date) -> bool:
    """Whether it is one of Colombia's holidays (Ley 51 de 1983)."""
    return day in _holidays_of(day.year)


@lru_cache(maxsize=8)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(country_holidays("CO", years=year))


def start_times(settings: Settings) -> list[time]:
    """The times of day at which appointments begin, earliest first."""
    return [time.fromisoformat(text) for text in settings.appointment_times.split(",")]


def slots_of(day: date, settings: Settings) -> Iterator[Slot]:
    """The slots of a day by the settings alone; none on a holiday."""
    if is_holiday(day):
        return
    length = timedelta(minutes=settings.appointment_minutes)
    for start in start_times(settings):
        starts_at = datetime.combine(day, start, BOGOTA)
        yield Slot(starts_at, starts_at + length)


@dataclass(frozen=True)
class BookingWindow:
    """From when until which day appointments are given."""

    earliest: datetime
    last_day: date

    @property
    def first_day(self) -> date:
        """The first day on which one may begin."""
        return local(self.earliest).date()


def booking_window(now: datetime) -> BookingWindow:
    """What may be booked at this moment: after the minimum notice, within the horizon."""
    settings = load_settings()
    earliest = now + timedelta(minutes=settings.appointment_notice_minutes)
    return BookingWindow(earliest, local(now).date() + timedelta(days=settings.appointment_horizon_days))
