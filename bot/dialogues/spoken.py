"""Days as they are said: «martes 1 de diciembre de 2026»."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from consultame.settings import Language

_BOGOTA = ZoneInfo("America/Bogota")
_WEEKDAYS: dict[Language, list[str]] = {
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_MONTHS: dict[Language, list[str]] = {
    "es": ("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre").split(),
    "en": "January February March April May June July August September October November December".split(),
}


def local_day(moment: datetime) -> date:
    """The day it is in Colombia at this moment."""
    return moment.astimezone(_BOGOTA).date()


def spoken_day(day: date, language: Language, *, today: date | None = None) -> str:
    """The day with its weekday; the year only when it is another than today's, or when today is not given."""
    weekday, month = _WEEKDAYS[language][day.weekday()], _MONTHS[language][day.month - 1]
    year = "" if today is not None and today.year == day.year else f" {day.year}"
    if language == "es":
        return f"{weekday} {day.day} de {month}" + (f" de{year}" if year else "")
    return f"{weekday}, {day.day} {month}{year}"
