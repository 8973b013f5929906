"""How a phrase about day and hour is understood: a moment, a day, or a question back."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")

JsonValue = str | list[str]


class Part(StrEnum):
    """A part of the day, as people name it."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    NIGHT = "night"


class Reason(StrEnum):
    """Why the citizen has to be asked."""

    NO_DATE = "no_date"
    WHICH_DAY = "which_day"
    ANY = "any"
    AMBIGUOUS = "ambiguous"
    MORNING_OR_AFTERNOON = "morning_or_afternoon"
    SEVERAL = "several"
    CONTRADICTION = "contradiction"
    PAST = "past"
    IMPOSSIBLE = "impossible"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    OUT_OF_HOURS = "out_of_hours"


@dataclass(frozen=True)
class Moment:
    """A day and an hour, in Bogotá."""

    at: datetime

    def as_json(self) -> dict[str, JsonValue]:
        """The moment as `consultame when` prints it."""
        return {"datetime": _minutes(self.at)}


@dataclass(frozen=True)
class When:
    """What was said about the hour: a part of the day, not before, not after. An hour is a window of no length."""

    part: Part | None = None
    earliest: time | None = None
    latest: time | None = None

    def as_json(self) -> dict[str, JsonValue]:
        """What was said, under `part`, `from` and `to`, or `time` for an hour beside no day; the rest is left out."""
        said: dict[str, JsonValue] = {}
        if self.part:
            said["part"] = self.part.value
        if self.earliest and self.earliest == self.latest:
            return {"time": self.earliest.isoformat("minutes")}
        if self.earliest:
            said["from"] = self.earliest.isoformat("minutes")
        if self.latest:
            said["to"] = self.latest.isoformat("minutes")
        return said


@dataclass(frozen=True)
class Day:
    """A day without an hour."""

    on: date
    when: When = When()

    def as_json(self) -> dict[str, JsonValue]:
        """The day as `consultame when` prints it."""
        return {"date": self.on.isoformat(), **self.when.as_json()}


@dataclass(frozen=True)
class Ask:
    """What has to be asked: why, between which days or moments, or within which days (`first` to `last`)."""

    reason: Reason
    candidates: tuple[date, ...] = ()
    first: date | None = None
    last: date | None = None
    when: When = When()

    def as_json(self) -> dict[str, JsonValue]:
        """The question as `consultame when` prints it."""
        said: dict[str, JsonValue] = {"ask": self.reason.value}
        if self.candidates:
            said["candidates"] = [
                _minutes(each) if isinstance(each, datetime) else each.isoformat() for each in self.candidates
            ]
        if self.first:
            said["first"] = self.first.isoformat()
        if self.last:
            said["last"] = self.last.isoformat()
        return said | self.when.as_json()


Understood = Moment | Day | Ask


def _minutes(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="minutes")
