"""Hours that words mean, before it is known what else was said."""

from dataclasses import dataclass
from datetime import time, timedelta

from desk.appointments.spoken_dates.understood import Part

NOON = 12
HOURS_OF_A_DAY = 24
# Which hours on the clock a part of the day has when it is said beside them: «las 8 de la noche».
_FIRST_NIGHT_HOUR = 5
_FIRST_MORNING_HOUR = 6


@dataclass(frozen=True)
class OfficeHours:
    """When an hour without «a. m.» or «p. m.» is likely: «a las 3» is 15:00, «a las 9» is 9:00.

    The ministry attends from 7:00 to 16:00 and gives appointments until 17:00.
    """

    opening: time = time(7, 0)
    closing: time = time(17, 0)

    def holds(self, hour: time) -> bool:
        """Whether the hour lies within, both ends included."""
        return self.opening <= hour <= self.closing


@dataclass(frozen=True)
class Clock:
    """An hour as said. `half` is `am`, `pm`, `m` (noon), a part of the day or nothing."""

    hour: int
    minute: int = 0
    half: str | None = None

    @property
    def is_possible(self) -> bool:
        """Whether clocks show it."""
        return self.hour <= HOURS_OF_A_DAY and self.minute < 60 and (self.hour < HOURS_OF_A_DAY or not self.minute)

    def with_half(self, half: str | None) -> "Clock":
        """The same hour, with what was said of the half of the day elsewhere, unless it says it itself."""
        return self if self.half or not half else Clock(self.hour, self.minute, half)

    def readings(self, hours: OfficeHours) -> tuple[timedelta, ...]:
        """The times since midnight that it may be (24 hours: the midnight that follows); several must be asked."""
        if self.half:
            return (timedelta(hours=_hour_in(self.hour, self.half), minutes=self.minute),)
        if self.hour == 0 or self.hour > NOON:
            return (timedelta(hours=self.hour, minutes=self.minute),)
        both = tuple(timedelta(hours=hour, minutes=self.minute) for hour in (self.hour % NOON, self.hour % NOON + NOON))
        likely = tuple(each for each in both if hours.holds(_time(each)))
        return likely if len(likely) == 1 else _by_day(self.hour, both)


def _time(since_midnight: timedelta) -> time:
    minutes = int(since_midnight.total_seconds()) // 60
    return time(minutes // 60 % HOURS_OF_A_DAY, minutes % 60)


def _by_day(hour: int, both: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
    """Where the hours do not tell: 9 to 11 are in the morning, 12 to 5 in the afternoon, 6 to 8 may be either."""
    if hour in (6, 7, 8):
        return both
    return both[:1] if hour in (9, 10, 11) else both[1:]


def _hour_in(hour: int, half: str) -> int:
    if hour == 0 or hour > NOON:
        return hour
    on_the_clock = hour % NOON
    if half in ("am", "madrugada"):
        return on_the_clock
    if half == "manana":
        return NOON if hour == NOON else hour
    if half == "noche":
        return on_the_clock + (NOON if on_the_clock >= _FIRST_NIGHT_HOUR else HOURS_OF_A_DAY)
    if half in ("dia", "mediodia"):
        return hour if hour >= _FIRST_MORNING_HOUR else hour + NOON
    return on_the_clock + NOON


@dataclass(frozen=True)
class Window:
    """Not before, not after: «después de las 3», «entre 2 y 4»."""

    earliest: Clock | None = None
    latest: Clock | None = None


@dataclass(frozen=True)
class PartSaid:
    """A part of the day: «por la tarde», «al final de la tarde» (with `earliest`), «antes del almuerzo»."""

    part: Part
    earliest: time | None = None
    latest: time | None = None


@dataclass(frozen=True)
class Delay:
    """So long from now: «en dos horas»."""

    minutes: int


@dataclass(frozen=True)
class Alternatives:
    """One hour or another: «a las 2 o a las 3»."""

    first: Clock
    second: Clock


Hours = Clock | Window | PartSaid | Delay | Alternatives
HALF_OF_PART = {Part.MORNING: "manana", Part.AFTERNOON: "tarde", Part.NIGHT: "noche"}
