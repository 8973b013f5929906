"""The staff's agenda: the appointments of a day or a week, who attends, and what needs attention."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from admin.access import AgendaMember
from admin.agenda_wording import STATES, UNAVAILABLE
from admin.identifiers import row_id
from admin.pages import STAFF_PATH, render
from admin.refusals import Refused
from consultame.database import now, read_session
from desk.appointments.agenda import appointments_between
from desk.appointments.attendants import attendants, conflicts
from desk.appointments.changes import unconfirmed
from desk.appointments.models import Absence, Appointment, Attendant, PeriodKind
from desk.appointments.timetable import at_midnight, is_holiday, local
from desk.appointments.wording import SEGMENTS, spoken_day, weekdays

AGENDA_PATH = f"{STAFF_PATH}/agenda"
router = APIRouter(prefix=AGENDA_PATH)

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class AgendaSearch:
    """Which part of the agenda is looked at, as it was typed."""

    vista: str = "dia"
    dia: str = ""
    atiende: str = ""

    @property
    def is_week(self) -> bool:
        """Whether a week is shown instead of a day."""
        return self.vista == "semana"

    @property
    def attendant_id(self) -> int | None:
        """Whose appointments are shown; None for everybody's."""
        return row_id(self.atiende)

    def day(self) -> date:
        """The day looked at, today when none is named.

        Raises:
            Refused: that is no date, or one too far away to be meant.
        """
        try:
            day = date.fromisoformat(self.dia) if self.dia else local(now()).date()
        except ValueError:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"«{self.dia}» no es una fecha.") from None
        if not 2000 <= day.year <= 2200:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"«{self.dia}» está demasiado lejos.")
        return day


@dataclass(frozen=True)
class DayOfAttendant:
    """When somebody is there on a day, in words, and what was booked."""

    day: date
    presence: str
    appointments: list[Appointment]


@router.get("")
def agenda_page(request: Request, member: AgendaMember, search: Annotated[AgendaSearch, Depends()]) -> Response:
    """The agenda of the day or the week."""
    day, moment = search.day(), now()
    first = day - day.weekday() * _DAY if search.is_week else day
    days = [first + number * _DAY for number in range(5 if search.is_week else 1)]
    with read_session() as session:
        everybody = attendants(session)
        shown = [each for each in everybody if search.attendant_id in (None, each.id)]
        booked = appointments_between(
            session, first_day=first, last_day=first + 6 * _DAY if search.is_week else day,
            attendant_id=search.attendant_id,
        )  # fmt: skip
        days += sorted({local(row.starts_at).date() for row in booked} - set(days))
        return render(
            request,
            "agenda/agenda.html",
            search=search,
            day=day,
            title=_title(search, first),
            previous=day - (7 if search.is_week else 1) * _DAY,
            following=day + (7 if search.is_week else 1) * _DAY,
            days=days,
            weekdays=weekdays("es"),
            holidays={each for each in days if is_holiday(each)},
            everybody=everybody,
            rows=[(each, _week_of(each, days, booked)) for each in shown if each.active or _has_any(each, booked)],
            booked=booked,
            conflicts=conflicts(session, now=moment),
            unconfirmed={row.id for row in unconfirmed(session, now=moment)},
            reasons=UNAVAILABLE,
            states=STATES,
            segments=SEGMENTS["es"],
            spoken_day=lambda day: spoken_day(day, "es"),
            local=local,
        )


def presence(attendant: Attendant, day: date) -> str:
    """«14:00 a 16:05, pausa 15:00 a 15:15», «Ausente», «No atiende»."""
    parts = [period for period in attendant.periods if period.weekday == day.weekday()]
    if is_holiday(day):
        return "Festivo"
    if not attendant.active or not any(part.kind is PeriodKind.WORK for part in parts):
        return "No atiende"
    away = [each for each in attendant.absences if _touches(each, day)]
    if any(each.starts_at <= at_midnight(day) and each.ends_at >= at_midnight(day + _DAY) for each in away):
        return "Ausente"
    words = [
        f"{'pausa ' if part.kind is PeriodKind.BREAK else ''}{part.starts:%H:%M} a {part.ends:%H:%M}" for part in parts
    ]
    return ", ".join([*words, *(f"ausente {_hours_of(each, day)}" for each in away)])


def _touches(absence: Absence, day: date) -> bool:
    return absence.starts_at < at_midnight(day + _DAY) and at_midnight(day) < absence.ends_at


def _hours_of(absence: Absence, day: date) -> str:
    starts, ends = max(absence.starts_at, at_midnight(day)), min(absence.ends_at, at_midnight(day + _DAY))
    return f"{local(starts):%H:%M} a {local(ends):%H:%M}"


def _week_of(attendant: Attendant, days: list[date], booked: list[Appointment]) -> list[DayOfAttendant]:
    of_day: defaultdict[date, list[Appointment]] = defaultdict(list)
    for row in booked:
        if row.attendant_id == attendant.id:
            of_day[local(row.starts_at).date()].append(row)
    return [DayOfAttendant(day, presence(attendant, day), of_day[day]) for day in days]


def _has_any(attendant: Attendant, booked: list[Appointment]) -> bool:
    return any(row.attendant_id == attendant.id for row in booked)


def _title(search: AgendaSearch, first: date) -> str:
    words = spoken_day(first, "es")
    return f"Semana del {words}" if search.is_week else words[:1].upper() + words[1:]
