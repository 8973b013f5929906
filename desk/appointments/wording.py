"""Days, times and choices as citizens read them, in Spanish and English."""

from datetime import date, datetime

from consultame.settings import Language
from desk.appointments.models import AgeGroup, Gender, Segment
from desk.appointments.timetable import local

_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: dict[Language, tuple[str, ...]] = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
SEGMENTS: dict[Language, dict[Segment, str]] = {
    "es": {
        Segment.HYDROCARBONS: "Hidrocarburos",
        Segment.ELECTRICITY: "Energía eléctrica",
        Segment.MINING: "Minería",
        Segment.DATA_UPDATE: "Actualización de información",
        Segment.OTHER: "Otro",
    },
    "en": {
        Segment.HYDROCARBONS: "Hydrocarbons",
        Segment.ELECTRICITY: "Electricity",
        Segment.MINING: "Mining",
        Segment.DATA_UPDATE: "Updating information",
        Segment.OTHER: "Other",
    },
}
GENDERS: dict[Language, dict[Gender, str]] = {
    "es": {Gender.WOMAN: "Mujer", Gender.MAN: "Hombre", Gender.OTHER: "Otro"},
    "en": {Gender.WOMAN: "Woman", Gender.MAN: "Man", Gender.OTHER: "Other"},
}
AGE_GROUPS: dict[Language, dict[AgeGroup, str]] = {
    "es": {
        AgeGroup.UP_TO_28: "18 a 28 años",
        AgeGroup.UP_TO_40: "29 a 40 años",
        AgeGroup.UP_TO_60: "41 a 60 años",
        AgeGroup.OVER_60: "Más de 60 años",
    },
    "en": {
        AgeGroup.UP_TO_28: "18 to 28",
        AgeGroup.UP_TO_40: "29 to 40",
        AgeGroup.UP_TO_60: "41 to 60",
        AgeGroup.OVER_60: "Over 60",
    },
}


def spoken_day(day: date, language: Language) -> str:
    """«martes 1 de diciembre de 2026», "Tuesday 1 December 2026"."""
    weekday, month = _WEEKDAYS[language][day.weekday()], _MONTHS[language][day.month - 1]
    if language == "es":
        return f"{weekday} {day.day} de {month} de {day.year}"
    return f"{weekday} {day.day} {month} {day.year}"


def spoken_month(month: date, language: Language) -> str:
    """«diciembre de 2026», "December 2026"."""
    name = _MONTHS[language][month.month - 1]
    return f"{name} de {month.year}" if language == "es" else f"{name} {month.year}"


def weekdays(language: Language) -> tuple[str, ...]:
    """The names of the days of the week, Monday first."""
    return _WEEKDAYS[language]


def spoken_time(moment: datetime, language: Language) -> str:
    """«2:05 p. m.», "2:05 pm", in Bogotá."""
    here = local(moment)
    half = ("a. m.", "p. m.") if language == "es" else ("am", "pm")
    return f"{here.hour % 12 or 12}:{here.minute:02d} {half[here.hour >= 12]}"


def spoken_moment(moment: datetime, language: Language) -> str:
    """«martes 1 de diciembre de 2026 a las 2:05 p. m.», "Tuesday 1 December 2026 at 2:05 pm", in Bogotá."""
    day, time = spoken_day(local(moment).date(), language), spoken_time(moment, language)
    if language == "en":
        return f"{day} at {time}"
    return f"{day} a la{'' if local(moment).hour % 12 == 1 else 's'} {time}"
