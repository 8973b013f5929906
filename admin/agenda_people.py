"""Who attends: hours, breaks and absences, and the appointments that a change of them leaves without anybody."""

import re
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, field_validator
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Administrator, AgendaMember
from admin.agenda import AGENDA_PATH
from admin.agenda_wording import ATTENDANT_PROBLEMS, UNAVAILABLE
from admin.booking_wording import LANGUAGE_NAMES
from admin.entry_form import plain_text
from admin.identifiers import RowId
from admin.pages import leave_notice, render
from admin.refusals import Refused
from consultame.database import now, read_session, write_session
from desk.appointments.attendants import (
    AttendantRefused,
    Hours,
    add_absence,
    attendants,
    conflicts,
    remove_absence,
    set_active,
    set_hours,
)
from desk.appointments.models import Absence, Attendant, PeriodKind
from desk.appointments.timetable import BOGOTA, local
from desk.appointments.wording import SEGMENTS, weekdays

PEOPLE_PATH = f"{AGENDA_PATH}/personas"
router = APIRouter(prefix=PEOPLE_PATH)

_PERIOD = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|–|a)\s*(\d{1,2}:\d{2})", re.ASCII)


class _NotUnderstood(Exception):
    """A field cannot be read; the message says why, in Spanish."""


class HoursForm(BaseModel):
    """Working hours and breaks of each day of the week, Monday is 0, as they were typed."""

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

    @field_validator("*", mode="before")
    @classmethod
    def _without_control_characters(cls, text: object) -> str:
        return plain_text(str(text))


@router.get("")
def people_page(request: Request, member: AgendaMember) -> Response:
    """Everybody who attends or did."""
    with read_session() as session:
        return render(
            request, "agenda/people.html", people=attendants(session), segments=SEGMENTS["es"],
            languages=LANGUAGE_NAMES, hours=_hours_in_words, weekdays=weekdays("es"), moment=now(), local=local,
        )  # fmt: skip


@router.get("/{number}")
def person_page(request: Request, member: AgendaMember, number: RowId) -> Response:
    """One person: absences, hours, and the appointments in conflict with them."""
    with read_session() as session:
        return _page(request, session, _attendant(session, number))


@router.post("/{number}/ausencias")
def enter_absence(
    request: Request,
    member: AgendaMember,
    number: RowId,
    first_day: Annotated[str, Form()] = "",
    first_time: Annotated[str, Form()] = "",
    last_day: Annotated[str, Form()] = "",
    last_time: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Enter an absence; the page then shows the appointments that fall into it."""
    typed = {"first_day": first_day, "first_time": first_time, "last_day": last_day, "last_time": last_time}
    with write_session() as session:
        attendant = _attendant(session, number)
        try:
            starts_at, ends_at = _absence(first_day, first_time, last_day, last_time)
            _, found = add_absence(
                session, attendant, starts_at=starts_at, ends_at=ends_at, now=now(), note=plain_text(note)
            )
        except _NotUnderstood as error:
            return _page(request, session, attendant, message=str(error), typed=typed | {"note": note})
        except AttendantRefused as refused:
            message = ATTENDANT_PROBLEMS[refused.problem]
            return _page(request, session, attendant, message=message, typed=typed | {"note": note})
    return _done(request, number, "La ausencia quedó registrada.", len(found))


@router.post("/{number}/ausencias/{absence_id}/quitar")
def take_absence_back(request: Request, member: AgendaMember, number: RowId, absence_id: RowId) -> Response:
    """The person is there after all."""
    with write_session() as session:
        absence = session.get(Absence, absence_id)
        if absence is None or absence.attendant_id != number:
            raise Refused(HTTPStatus.NOT_FOUND, "Esta ausencia ya no está.")
        remove_absence(session, absence)
    return _done(request, number, "La ausencia se quitó.", 0)


@router.post("/{number}/horario")
def change_hours(
    request: Request, member: Administrator, number: RowId, form: Annotated[HoursForm, Form()]
) -> Response:
    """Replace the week's hours and breaks."""
    typed = form.model_dump()
    with write_session() as session:
        attendant = _attendant(session, number)
        try:
            found = set_hours(session, attendant, _week(typed), now=now())
        except (_NotUnderstood, AttendantRefused) as error:
            message = str(error) if isinstance(error, _NotUnderstood) else ATTENDANT_PROBLEMS[error.problem]
            return _page(request, session, attendant, message=message, hours=typed)
    return _done(request, number, "El horario quedó guardado.", len(found))


@router.post("/{number}/estado")
def change_state(
    request: Request, member: Administrator, number: RowId, active: Annotated[str, Form()] = ""
) -> Response:
    """Have the person attend no longer, or again."""
    with write_session() as session:
        found = set_active(session, _attendant(session, number), active == "si", now=now())
    return _done(request, number, "Vuelve a atender citas." if active == "si" else "Ya no atiende citas.", len(found))


def _absence(first_day: str, first_time: str, last_day: str, last_time: str) -> tuple[datetime, datetime]:
    """From its first to its last moment; without times the last day is part of it."""
    first = _day(first_day)
    last = _day(last_day) if last_day else first
    starts = datetime.combine(first, _time(first_time) if first_time else time(), BOGOTA)
    if last_time:
        return starts, datetime.combine(last, _time(last_time), BOGOTA)
    return starts, datetime.combine(last + timedelta(days=1), time(), BOGOTA)


def _week(typed: dict[str, str]) -> list[Hours]:
    found = []
    for weekday, name in enumerate(weekdays("es")):
        for field, kind in (("work", PeriodKind.WORK), ("break", PeriodKind.BREAK)):
            text = typed.get(f"{field}_{weekday}", "")
            for part in filter(None, (piece.strip() for piece in text.split(","))):
                match = _PERIOD.fullmatch(part)
                if not match:
                    raise _NotUnderstood(f"{name.capitalize()}: escriba «{part}» como 14:00-16:05.")
                found.append(Hours(weekday, _time(match.group(1)), _time(match.group(2)), kind))
    return found


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _NotUnderstood("Escriba el primer día y, si es otro, el último.") from None
    if not 2000 <= day.year <= 2200:
        raise _NotUnderstood(f"El año {day.year} no puede ser.")
    return day


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        raise _NotUnderstood(f"«{text}» no es una hora: escríbala como 14:05.") from None


def _hours_in_words(attendant: Attendant, weekday: int, kind: str) -> str:
    parts = [part for part in attendant.periods if part.weekday == weekday and part.kind == kind]
    return ", ".join(f"{part.starts:%H:%M}-{part.ends:%H:%M}" for part in parts)


def _attendant(session: Session, number: int) -> Attendant:
    attendant = session.get(Attendant, number)
    if attendant is None:
        raise Refused(HTTPStatus.NOT_FOUND, "Esta persona no está en la agenda.")
    return attendant


def _done(request: Request, number: int, notice: str, hit: int) -> Response:
    if hit:
        notice += f" {hit} {'cita queda' if hit == 1 else 'citas quedan'} sin quien la atienda: véalas abajo."
    leave_notice(request, notice)
    return RedirectResponse(f"{PEOPLE_PATH}/{number}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    session: Session,
    attendant: Attendant,
    *,
    message: str = "",
    typed: dict[str, str] | None = None,
    hours: dict[str, str] | None = None,
) -> Response:
    kept = {
        f"{kind.value}_{weekday}": _hours_in_words(attendant, weekday, kind)
        for weekday in range(7)
        for kind in PeriodKind
    }
    return render(
        request,
        "agenda/person.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
        messages=[message] if message else [],
        person=attendant,
        typed=typed or dict.fromkeys(("first_day", "first_time", "last_day", "last_time", "note"), ""),
        hours=kept | (hours or {}),
        weekdays=weekdays("es"),
        segments=SEGMENTS["es"],
        languages=LANGUAGE_NAMES,
        absences=[each for each in attendant.absences if each.ends_at > now()],
        conflicts=conflicts(session, now=now(), attendant=attendant),
        reasons=UNAVAILABLE,
        local=local,
    )
