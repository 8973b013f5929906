"""The beginning of a slot as the value of a button, and back."""

from datetime import datetime

from desk.appointments.timetable import BOGOTA, local

# Moments outside these years are nobody's wish, and some cannot be put into another time zone.
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


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
