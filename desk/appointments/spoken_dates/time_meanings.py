"""What each rule of `time_rules.py` means."""

import re
from collections.abc import Callable
from datetime import date, time

from desk.appointments.spoken_dates.times import Alternatives, Clock, Delay, Hours, PartSaid, Window
from desk.appointments.spoken_dates.understood import Part

Meaning = Callable[[re.Match[str], date], Hours | None]

_MINUTES = {"media": 30, "cuarto": 15, "half": 30, "quarter": 15, "pico": 0}
_HALVES = {"medio dia": "mediodia", "tardes": "tarde", "morning": "manana", "afternoon": "tarde", "evening": "tarde",
           "night": "noche"}  # fmt: skip
_PARTS = {
    "manana": Part.MORNING, "mananas": Part.MORNING, "madrugada": Part.MORNING, "morning": Part.MORNING,
    "mornings": Part.MORNING, "tarde": Part.AFTERNOON, "tardes": Part.AFTERNOON, "afternoon": Part.AFTERNOON,
    "afternoons": Part.AFTERNOON, "noche": Part.NIGHT, "noches": Part.NIGHT, "evening": Part.NIGHT, "night": Part.NIGHT,
    "tonight": Part.NIGHT,
}  # fmt: skip


def _clock(match: re.Match[str], suffix: str = "") -> Clock:
    """The hour in the groups with this suffix (see `time_rules.clock`)."""
    said = match.groupdict()

    def group(name: str) -> str | None:
        return said.get(name + suffix)

    hour, minute = int(said[f"hour{suffix}"]), int(group("minute") or group("spaced") or 0)
    added, taken = group("added") or group("added_late"), group("taken") or group("taken_late")
    half = group("half")
    if added:
        minute = _MINUTES[added] if added in _MINUTES else int(added)
    if half:
        half = half.replace(" ,", "")
        last = "medio dia" if half.endswith("medio dia") else half.split()[-1]
        half = _HALVES.get(last, last)
    if taken:
        return _minutes_to(_MINUTES.get(taken) or int(taken), hour, half)
    return Clock(hour, minute, half)


def _minutes_to(minutes: int, hour: int, half: str | None) -> Clock:
    before = hour - 1 if hour > 1 else 12
    return Clock(before, 60 - minutes, half) if 0 < minutes < 60 else Clock(hour, 60)


def at(match: re.Match[str], today: date) -> Hours | None:
    """«a las 2 y media de la tarde», "at half past two"."""
    return _clock(match)


def bare(match: re.Match[str], today: date) -> Hours | None:
    """An hour without «las»: only what clocks show."""
    clock = _clock(match)
    return clock if clock.is_possible else None


def to_the_hour(match: re.Match[str], today: date) -> Hours | None:
    """«un cuarto para las 3», «10 para las 3», "quarter to three"."""
    said = match["before"]
    hour = _clock(match)
    before = (15 if said in ("cuarto", "quarter") else int(said)) - hour.minute
    return _minutes_to(before, hour.hour, hour.half) if before > 0 else Clock(hour.hour, -before, hour.half)


def past_the_hour(match: re.Match[str], today: date) -> Hours | None:
    """ "half past two", "ten past three"."""
    said = match["after"]
    hour = _clock(match)
    return Clock(hour.hour, _MINUTES.get(said) or int(said), hour.half)


def window(match: re.Match[str], today: date) -> Hours | None:
    """«entre 2 y 4 de la tarde», «de 9 a 11 am»: what is said of the half of the day holds for both."""
    first, second = _clock(match, "1"), _clock(match, "2")
    if second.half and not first.half and first.hour <= second.hour % 12 + (second.hour == 12) * 12:
        first = first.with_half(second.half)
    elif first.half == "tarde" and not second.half:
        second = second.with_half("tarde")
    return Window(first, second) if first.is_possible and second.is_possible else None


def alternatives(match: re.Match[str], today: date) -> Hours | None:
    """«a las 2 o a las 3»."""
    first, second = _clock(match, "1"), _clock(match, "2")
    return Alternatives(first.with_half(second.half), second)


def not_before(match: re.Match[str], today: date) -> Hours | None:
    """«después de las 3»."""
    return Window(earliest=_clock(match))


def not_after(match: re.Match[str], today: date) -> Hours | None:
    """«antes de las 10»."""
    return Window(latest=_clock(match))


def exactly(hour: int) -> Meaning:
    """«mediodía», «medianoche»."""
    return lambda match, today: Clock(hour, 0, "mediodia") if hour == 12 else Clock(hour)


def in_part(match: re.Match[str], today: date) -> Hours | None:
    """«por la tarde»."""
    return PartSaid(_PARTS[match["part"]])


def part(which: Part, earliest: time | None = None, latest: time | None = None) -> Meaning:
    """A part of the day, or an end of it."""
    return lambda match, today: PartSaid(which, earliest, latest)


_LATE = {Part.MORNING: time(10, 30), Part.AFTERNOON: time(16, 0), Part.NIGHT: time(20, 0)}
_EARLY = {Part.MORNING: time(9, 0), Part.AFTERNOON: time(15, 0), Part.NIGHT: time(20, 0)}


def late_in_part(match: re.Match[str], today: date) -> Hours | None:
    """«al final de la tarde»."""
    which = _PARTS[match["part"]]
    return PartSaid(which, earliest=_LATE[which])


def early_in_part(match: re.Match[str], today: date) -> Hours | None:
    """«a primera hora de la tarde», "early afternoon"."""
    which = _PARTS[match["part"]]
    return PartSaid(which, latest=_EARLY[which])


def middle_of_part(match: re.Match[str], today: date) -> Hours | None:
    """«a media mañana», «a media tarde»."""
    which = _PARTS[match["part"]]
    return PartSaid(which, time(9), time(11)) if which is Part.MORNING else PartSaid(which, time(15), time(17))


def delay(match: re.Match[str], today: date) -> Hours | None:
    """«en dos horas», «en hora y media», "in half an hour"."""
    if match["half_hour"]:
        return Delay(30)
    if match["number"] is None and match["unit"] == "minuto":
        return None
    number = int(match["number"] or 1)
    minutes = number * (60 if match["unit"].startswith("h") else 1) + (30 if match["more"] else 0)
    return Delay(minutes) if minutes <= _LONGEST_DELAY else None


_LONGEST_DELAY = 7 * 24 * 60
