"""Which hour a text means: what its rules found, weighed together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import pairwise

from desk.appointments.spoken_dates.rules import READ, Found
from desk.appointments.spoken_dates.times import (
    HALF_OF_PART,
    Alternatives,
    Clock,
    Delay,
    Hours,
    OfficeHours,
    PartSaid,
    Window,
)
from desk.appointments.spoken_dates.understood import Reason, When

_RATHER = re.compile(r"\b(?:mejor|perdon|mas bien|sino|corrijo|digo|rather|instead|sorry|actually|i mean)\b")
_OR = re.compile(r"(?<![^ ])(?:o|or)(?![^ ])")
_NOT_BEFORE = re.compile(r"(?<!por que )(?<!why )\b(?:no|not)(?: puedo| me sirve| que sea)* $")
# «a las 3 no, a las 4»: where no other hour follows, it is the day that is refused.
_NOT_AFTER = re.compile(rf"^(?: ,)? no(?: ,| puedo| me sirve)?(?: mejor| sino)? {READ}")
_NEAR = 80
_DAY = timedelta(days=1)


_NOTHING_SAID = When()


@dataclass(frozen=True)
class HourSaid:
    """An hour in its readings since midnight (`doubt` tells what is in doubt when there are several), or else a part of
    the day or a window (`when`), or a time from now (`delay`), or why there is none (`reason`)."""

    readings: tuple[timedelta, ...] = ()
    doubt: Reason = Reason.MORNING_OR_AFTERNOON
    when: When = _NOTHING_SAID
    delay: timedelta | None = None
    reason: Reason | None = None

    def as_when(self) -> When:
        """The part of the day or window; an hour as a window of no length."""
        if len(self.readings) != 1:
            return self.when
        at = _time(self.readings[0])
        return When(earliest=at, latest=at)


def hour_said(found: Sequence[Found[Hours]], text: str, hours: OfficeHours) -> HourSaid | None:
    """The hour that a text means; None when it names none."""
    said = _last_word(found, text)
    if not said:
        return None
    parts = [each for each in said if isinstance(each, PartSaid)]
    clocks = [clock for each in said for clock in _clocks(each)]
    if any(not clock.is_possible for clock in clocks):
        return HourSaid(reason=Reason.IMPOSSIBLE)
    half = HALF_OF_PART[parts[0].part] if len({each.part for each in parts}) == 1 else None
    points = [clock.with_half(half) for each in said if not isinstance(each, Window) for clock in _clocks(each)]
    if points and parts and _OR.search(_between(found, text)):
        return HourSaid()
    if points:
        return _points(points, hours)
    windows = [each for each in said if isinstance(each, Window)]
    if windows:
        return _windows(windows, half, hours)
    if parts:
        return HourSaid(when=_part(parts))
    delays = [each for each in said if isinstance(each, Delay)]
    return HourSaid(delay=timedelta(minutes=delays[0].minutes))


def _last_word(found: Sequence[Found[Hours]], text: str) -> list[Hours]:
    """What was said, without what was ruled out or corrected: «a las 2 no, mejor a las 3»."""
    said = [
        each
        for each in found
        if not (_NOT_BEFORE.search(text[: each.start][-_NEAR:]) or _NOT_AFTER.search(text[each.end : each.end + _NEAR]))
    ]
    for number in range(len(said) - 1, 0, -1):
        corrected = _RATHER.search(text[said[number - 1].end : said[number].start])
        if corrected and not isinstance(said[number].meaning, PartSaid):
            return [each.meaning for each in said[number:]]
    return [each.meaning for each in said]


def _between(found: Sequence[Found[Hours]], text: str) -> str:
    gaps = (text[one.end : other.start] for one, other in pairwise(found))
    return " | ".join(gaps)


def _clocks(hours: Hours) -> tuple[Clock, ...]:
    if isinstance(hours, Clock):
        return (hours,)
    if isinstance(hours, Alternatives):
        return (hours.first, hours.second)
    if isinstance(hours, Window):
        return tuple(each for each in (hours.earliest, hours.latest) if each)
    return ()


def _points(points: list[Clock], hours: OfficeHours) -> HourSaid:
    readings = [point.readings(hours) for point in points]
    sure = {each[0] for each in readings if len(each) == 1}
    # «a las 8, 8 am»: the surer one tells what the other meant.
    open_ones = [each for each in readings if len(each) > 1 and not sure & set(each)]
    if len(sure) == 1 and not open_ones:
        return HourSaid(tuple(sure))
    if not sure and len(set(open_ones)) == 1:
        return HourSaid(open_ones[0])
    return HourSaid(tuple(sorted(sure.union(*open_ones))), Reason.SEVERAL)


def _windows(windows: list[Window], half: str | None, hours: OfficeHours) -> HourSaid:
    earliest = max((_bound(each.earliest, half, hours) for each in windows if each.earliest), default=None)
    latest = min((_bound(each.latest, half, hours) for each in windows if each.latest), default=None)
    if earliest is not None and latest is not None and latest <= earliest:
        later = latest + timedelta(hours=12)
        latest = later if earliest < later < _DAY else None
    return HourSaid(when=When(None, _maybe_time(earliest), _maybe_time(latest)))


def _bound(clock: Clock, half: str | None, hours: OfficeHours) -> timedelta:
    return clock.with_half(half).readings(hours)[0]


def _part(parts: list[PartSaid]) -> When:
    named = list(dict.fromkeys(each.part for each in parts))
    if len(named) > 1:
        return When()
    return When(
        named[0],
        next((each.earliest for each in parts if each.earliest), None),
        next((each.latest for each in parts if each.latest), None),
    )


def _maybe_time(since_midnight: timedelta | None) -> time | None:
    return None if since_midnight is None else _time(since_midnight)


def _time(since_midnight: timedelta) -> time:
    minutes = int(since_midnight.total_seconds()) // 60
    return time(minutes // 60 % 24, minutes % 60)
