"""The beginning of a slot as the value of a button, and back; the buttons of some slots."""

from dataclasses import dataclass
from datetime import datetime

from consultame.settings import Language
from desk.appointments.timetable import BOGOTA, Slot, local
from desk.appointments.wording import spoken_day, spoken_moment, spoken_time

# Moments outside these years are nobody's wish, and some cannot be put into another time zone.
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


@dataclass(frozen=True)
class SlotChoice:
    """A radio button: its value, the time of day, and the whole moment."""

    value: str
    time: str
    moment: str


@dataclass(frozen=True)
class SlotChoices:
    """The radio buttons of a day."""

    day: str
    times: list[SlotChoice]


def slot_value(moment: datetime) -> str:
    """The moment as a form field holds it, in Bogotá's time."""
    return local(moment).isoformat(timespec="minutes")


def slot_moment(text: str) -> datetime | None:
    """The moment a field stands for, None when it is none; one without an offset is taken as Bogotá's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=BOGOTA)


def slot_choices(language: Language, slots: list[Slot]) -> SlotChoices:
    """A group of radio buttons."""
    return SlotChoices(
        day=spoken_day(slots[0].day, language),
        times=[slot_choice(slot, language) for slot in slots],
    )


def slot_choice(slot: Slot, language: Language) -> SlotChoice:
    """The radio button of a slot."""
    return SlotChoice(
        value=slot_value(slot.starts_at),
        time=spoken_time(slot.starts_at, language),
        moment=spoken_moment(slot.starts_at, language),
    )
