"""Days and hours read back to the citizen, and the questions when a phrase was not clear."""

from datetime import date, datetime, time

from consultame.settings import Language
from desk.appointments.spoken_dates.understood import Ask, Day, Moment, Part, Reason, When

_WEEKDAYS = {
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
_MONTHS = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_PARTS = {
    "es": {Part.MORNING: "por la mañana", Part.AFTERNOON: "por la tarde", Part.NIGHT: "por la noche"},
    "en": {Part.MORNING: "in the morning", Part.AFTERNOON: "in the afternoon", Part.NIGHT: "in the evening"},
}
_QUESTIONS = {
    "es": {
        Reason.NO_DATE: "¿Para qué día y a qué hora desea la cita?",
        Reason.WHICH_DAY: "¿Qué día le sirve?",
        Reason.ANY: "Estas son las próximas citas libres. ¿Cuál le sirve?",
        Reason.AMBIGUOUS: "¿Cuál de estas fechas quiso decir?",
        Reason.MORNING_OR_AFTERNOON: "¿A qué hora, exactamente?",
        Reason.SEVERAL: "Nombró varias fechas u horas. ¿Cuál prefiere?",
        Reason.CONTRADICTION: "El día de la semana y la fecha que escribió no coinciden. ¿Cuál fecha es la correcta?",
        Reason.PAST: "Esa fecha ya pasó. ¿Qué otro día le sirve?",
        Reason.IMPOSSIBLE: "Esa fecha u hora no existe. ¿Puede escribirla de nuevo?",
        Reason.HOLIDAY: "Ese día es festivo y no hay citas. ¿Qué otro día le sirve?",
        Reason.WEEKEND: "Las citas son de lunes a viernes. ¿Qué otro día le sirve?",
        Reason.OUT_OF_HOURS: "A esa hora no hay citas. ¿Qué otra hora le sirve?",
    },
    "en": {
        Reason.NO_DATE: "What day and time would you like?",
        Reason.WHICH_DAY: "Which day suits you?",
        Reason.ANY: "These are the next free appointments. Which one suits you?",
        Reason.AMBIGUOUS: "Which of these dates do you mean?",
        Reason.MORNING_OR_AFTERNOON: "At what time exactly?",
        Reason.SEVERAL: "You named several dates or times. Which one do you prefer?",
        Reason.CONTRADICTION: "The weekday and the date do not match. Which date is right?",
        Reason.PAST: "That date has passed. Which other day suits you?",
        Reason.IMPOSSIBLE: "There is no such date or time. Please write it again.",
        Reason.HOLIDAY: "That day is a public holiday, without appointments. Which other day suits you?",
        Reason.WEEKEND: "Appointments are from Monday to Friday. Which other day suits you?",
        Reason.OUT_OF_HOURS: "There are no appointments at that time. What other time suits you?",
    },
}
_NAMED_IN_THE_QUESTION = (Reason.AMBIGUOUS, Reason.MORNING_OR_AFTERNOON, Reason.SEVERAL)


def spoken(said: Moment | Day | date, language: Language = "es", *, today: date | None = None) -> str:
    """A day or moment as it is read back: «martes 1 de diciembre a las 2:30 p. m.».

    The year is said when it is not that of `today` (or, without it, never).
    """
    if isinstance(said, Moment):
        said = said.at
    if isinstance(said, Day):
        when = spoken_when(said.when, language)
        return _day(said.on, language, today) + (f" {when}" if when else "")
    if isinstance(said, datetime):
        return f"{_day(said.date(), language, today)} {_at(said.time(), language)}"
    return _day(said, language, today)


def spoken_when(when: When, language: Language = "es") -> str:
    """A part of the day or a window: «por la tarde, después de las 4:00 p. m.»; empty when nothing was said."""
    bounds = _bounds(when, language)
    part = _PARTS[language][when.part] if when.part else ""
    return ", ".join(each for each in (part, bounds) if each)


def question(ask: Ask, language: Language = "es", *, today: date | None = None) -> str:
    """What the citizen is asked: «¿El martes 1 de diciembre o el martes 8 de diciembre?»."""
    if 1 < len(ask.candidates) <= 3 and ask.reason in _NAMED_IN_THE_QUESTION:
        return _either([spoken(each, language, today=today) for each in ask.candidates], language)
    return _QUESTIONS[language][ask.reason]


def _either(named: list[str], language: Language) -> str:
    if language == "en":
        return f"Do you mean {', '.join(named[:-1])} or {named[-1]}?"
    return f"¿El {', el '.join(named[:-1])} o el {named[-1]}?"


def _day(on: date, language: Language, today: date | None) -> str:
    weekday, month = _WEEKDAYS[language][on.weekday()], _MONTHS[language][on.month - 1]
    other_year = today is not None and today.year != on.year
    if language == "en":
        return f"{weekday}, {month} {on.day}" + (f", {on.year}" if other_year else "")
    return f"{weekday} {on.day} de {month}" + (f" de {on.year}" if other_year else "")


def _hour(at: time, language: Language) -> str:
    half = ("am", "pm") if language == "en" else ("a. m.", "p. m.")
    return f"{at.hour % 12 or 12}:{at.minute:02} {half[at.hour >= 12]}"


def _at(at: time, language: Language) -> str:
    if language == "en":
        return f"at {_hour(at, language)}"
    return f"a {_article(at)} {_hour(at, language)}"


def _article(at: time) -> str:
    return "la" if at.hour % 12 == 1 else "las"


def _bounds(when: When, language: Language) -> str:
    earliest, latest = when.earliest, when.latest
    if earliest is not None and earliest == latest:
        return _at(earliest, language)
    if language == "en":
        if earliest and latest:
            return f"between {_hour(earliest, language)} and {_hour(latest, language)}"
        return (
            f"from {_hour(earliest, language)}" if earliest else f"before {_hour(latest, language)}" if latest else ""
        )
    if earliest and latest:
        return f"entre {_article(earliest)} {_hour(earliest, language)} y {_article(latest)} {_hour(latest, language)}"
    if earliest:
        return f"desde {_article(earliest)} {_hour(earliest, language)}"
    return f"antes de {_article(latest)} {_hour(latest, language)}" if latest else ""
