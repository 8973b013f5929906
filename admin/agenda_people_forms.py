"""What is typed about who attends: the person, the week's hours, an absence."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, field_validator

from admin.entry_form import plain_text
from admin.identifiers import row_id
from consultame.settings import Language
from desk.appointments.attendants import Hours
from desk.appointments.models import Attendant, PeriodKind, Segment
from desk.appointments.timetable import BOGOTA
from desk.appointments.wording import weekdays

_PERIOD = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|–|a)\s*(\d{1,2}:\d{2})", re.ASCII)


class NotUnderstood(Exception):
    """A field cannot be read; the message says why, in Spanish."""


class PeopleForm(BaseModel):
    """What each form here carries, as it was typed, so that it can be shown and sent again."""

    # The appointments that the person who saves was shown beforehand, and whether to go back to the form instead.
    vistas: str = ""
    paso: str = ""

    @field_validator("*", mode="before")
    @classmethod
    def _without_control_characters(cls, text: object) -> object:
        return plain_text(text) if isinstance(text, str) else text

    @property
    def seen(self) -> set[int]:
        """The numbers of the appointments that were shown."""
        return {number for text in self.vistas.split(",") if (number := row_id(text))}

    @property
    def goes_back(self) -> bool:
        """Whether «Volver al formulario» was pressed: nothing is kept then."""
        return self.paso == "volver"

    def hidden_fields(self) -> Iterator[tuple[str, str]]:
        """Name and value of everything typed."""
        for name, value in self.model_dump(exclude={"vistas", "paso"}).items():
            for each in value if isinstance(value, list) else [value]:
                yield name, each


class PersonForm(PeopleForm):
    """Who attends, in which languages, for what."""

    name: str = ""
    email: str = ""
    languages: list[str] = []
    segments: list[str] = []

    def chosen_languages(self) -> list[Language]:
        """The known ones among them."""
        known: tuple[Language, ...] = ("es", "en")
        return [language for language in known if language in self.languages]

    def chosen_segments(self) -> list[Segment]:
        """The known ones among them."""
        return [segment for segment in Segment if segment in self.segments]


class HoursForm(PeopleForm):
    """Working hours and breaks of each day of the week, Monday is 0, as «14:00-16:05, 17:00-18:00»."""

    work_0: str = ""
    work_1: str = ""
    work_2: str = ""
    work_3: str = ""
    work_4: str = ""
    work_5: str = ""
    work_6: str = ""
    break_0: str = ""
    break_1: str = ""
    break_2: str = ""
    break_3: str = ""
    break_4: str = ""
    break_5: str = ""
    break_6: str = ""

    def week(self) -> list[Hours]:
        """The week's hours and breaks.

        Raises:
            NotUnderstood: a day's text is not of that form.
        """
        found = []
        for weekday, name in enumerate(weekdays("es")):
            for kind in PeriodKind:
                text: str = getattr(self, f"{kind.value}_{weekday}")
                for part in filter(None, (piece.strip() for piece in text.split(","))):
                    match = _PERIOD.fullmatch(part)
                    if not match:
                        raise NotUnderstood(f"{name.capitalize()}: escriba «{part}» como 14:00-16:05.")
                    found.append(Hours(weekday, _time(match.group(1)), _time(match.group(2)), kind))
        return found


class NewPersonForm(PersonForm, HoursForm):
    """Somebody who is to attend, with the hours."""


class StateForm(PeopleForm):
    """Whether somebody attends («si») or does no longer."""

    active: str = ""


class AbsenceForm(PeopleForm):
    """When somebody is not there, and why."""

    first_day: str = ""
    first_time: str = ""
    last_day: str = ""
    last_time: str = ""
    note: str = ""

    def bounds(self) -> tuple[datetime, datetime]:
        """From its first to its last moment; without times the last day is part of it.

        Raises:
            NotUnderstood: a day or a time is none.
        """
        first = _day(self.first_day)
        last = _day(self.last_day) if self.last_day else first
        starts = datetime.combine(first, _time(self.first_time) if self.first_time else time(), BOGOTA)
        if self.last_time:
            return starts, datetime.combine(last, _time(self.last_time), BOGOTA)
        return starts, datetime.combine(last + timedelta(days=1), time(), BOGOTA)


def kept_person(attendant: Attendant) -> PersonForm:
    """The form as it is kept."""
    return PersonForm(
        name=attendant.name, email=attendant.email, languages=attendant.languages, segments=attendant.segments
    )


def kept_hours(attendant: Attendant) -> HoursForm:
    """The form as it is kept."""
    return HoursForm.model_validate(
        {
            f"{kind.value}_{weekday}": hours_in_words(attendant, weekday, kind)
            for weekday in range(7)
            for kind in PeriodKind
        }
    )


def hours_in_words(attendant: Attendant, weekday: int, kind: str) -> str:
    """«14:00-16:05, 17:00-18:00»."""
    parts = [part for part in attendant.periods if part.weekday == weekday and part.kind == kind]
    return ", ".join(f"{part.starts:%H:%M}-{part.ends:%H:%M}" for part in parts)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotUnderstood("Escriba el primer día y, si es otro, el último.") from None
    if not 2000 <= day.year <= 2200:
        raise NotUnderstood(f"El año {day.year} no puede ser.")
    return day


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        raise NotUnderstood(f"«{text}» no es una hora: escríbala como 14:05.") from None
