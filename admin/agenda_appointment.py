"""One appointment as the staff sees it: confirm, cancel, note, and what came of it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import AgendaMember
from admin.agenda import AGENDA_PATH
from admin.agenda_wording import IMPOSSIBLE, OUTCOMES, STATES, UNAVAILABLE
from admin.booking_wording import LANGUAGE_NAMES
from admin.entry_form import plain_text
from admin.identifiers import RowId
from admin.pages import leave_notice, render
from admin.refusals import Refused
from consultame.audit import Action, SubjectKind, record
from consultame.database import now, read_session, write_session
from desk.appointments.agenda import appointment_by_number
from desk.appointments.attendants import why_not_attended
from desk.appointments.changes import ChangeRefused, cancel, confirm, keep_note, mark, unconfirmed
from desk.appointments.links import appointment_path
from desk.appointments.models import UPCOMING, Appointment, AppointmentState, Outcome
from desk.appointments.notices import stop_whatsapp
from desk.appointments.timetable import local
from desk.appointments.wording import SEGMENTS, spoken_moment

router = APIRouter(prefix=f"{AGENDA_PATH}/citas")

LONGEST_NOTE = 2000
NoteField = Annotated[str, Form()]


@router.get("/{number}")
def appointment_page(request: Request, member: AgendaMember, number: RowId) -> Response:
    """The appointment and what can be done with it."""
    with read_session() as session:
        return _page(request, session, _appointment(session, number))


@router.post("/{number}/confirmar")
def confirm_for_citizen(request: Request, member: AgendaMember, number: RowId) -> Response:
    """The citizen said on the phone that he or she will come."""
    with write_session() as session:
        appointment = _appointment(session, number)
        try:
            confirm(session, appointment=appointment, now=now())
        except ChangeRefused as refused:
            return _page(request, session, appointment, message=IMPOSSIBLE[refused.reason])
    return _done(request, number, "La cita quedó confirmada.")


@router.post("/{number}/cancelar")
def cancel_for_citizen(request: Request, member: AgendaMember, number: RowId) -> Response:
    """Cancel; the citizen is told by mail."""
    with write_session() as session:
        appointment = _appointment(session, number)
        try:
            cancel(session, appointment=appointment, now=now())
        except ChangeRefused as refused:
            return _page(request, session, appointment, message=IMPOSSIBLE[refused.reason])
        record(session, Action.APPOINTMENT_CANCELLED, SubjectKind.APPOINTMENT, number)
    return _done(request, number, "La cita quedó cancelada. Se le avisó a la persona por correo.")


@router.post("/{number}/sin-whatsapp")
def end_whatsapp(request: Request, member: AgendaMember, number: RowId) -> Response:
    """The citizen wants no more messages by WhatsApp."""
    with write_session() as session:
        stop_whatsapp(session, _appointment(session, number))
        record(session, Action.WHATSAPP_CONSENT_ENDED, SubjectKind.APPOINTMENT, number)
    return _done(request, number, "No se le escribirá más por WhatsApp sobre esta cita. Los correos siguen.")


@router.post("/{number}/nota")
def write_note(request: Request, member: AgendaMember, number: RowId, note: NoteField = "") -> Response:
    """Keep the note."""
    text = _checked_note(note)
    with write_session() as session:
        keep_note(session, appointment=_appointment(session, number), note=text)
    return _done(request, number, "La nota quedó guardada.")


@router.post("/{number}/resultado")
def mark_result(
    request: Request,
    member: AgendaMember,
    number: RowId,
    result: Annotated[str, Form()] = "",
    outcome: Annotated[str, Form()] = "",
    note: NoteField = "",
) -> Response:
    """Keep whether the citizen came, and how it ended."""
    text = _checked_note(note)
    with write_session() as session:
        appointment = _appointment(session, number)
        if result not in ("attended", "missed") or outcome not in ("", *Outcome):
            return _page(request, session, appointment, message="Elija si la persona asistió o no.", note=text)
        attended = result == "attended"
        ended = Outcome(outcome) if outcome and attended else None
        try:
            mark(session, appointment=appointment, attended=attended, outcome=ended, note=text, now=now())
        except ChangeRefused as refused:
            return _page(request, session, appointment, message=IMPOSSIBLE[refused.reason], note=text)
    said = "asistió." if attended else "no asistió. Se le escribe para preguntarle si quiere otra cita."
    return _done(request, number, f"Quedó anotado que la persona {said}")


def _checked_note(note: str) -> str:
    text = plain_text(note)
    if len(text) > LONGEST_NOTE:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"La nota puede tener hasta {LONGEST_NOTE} caracteres.")
    return text


def _appointment(session: Session, number: int) -> Appointment:
    appointment = appointment_by_number(session, number)
    if appointment is None:
        raise Refused(HTTPStatus.NOT_FOUND, "Esta cita no existe.")
    return appointment


def _done(request: Request, number: int, notice: str) -> Response:
    leave_notice(request, notice)
    return RedirectResponse(f"{AGENDA_PATH}/citas/{number}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request, session: Session, appointment: Appointment, *, message: str = "", note: str | None = None
) -> Response:
    moment = now()
    is_ahead = appointment.state in UPCOMING and moment < appointment.starts_at
    away = why_not_attended(appointment) if is_ahead else None
    return render(
        request,
        "agenda/appointment.html",
        status=HTTPStatus.CONFLICT if message else HTTPStatus.OK,
        messages=[message] if message else [],
        appointment=appointment,
        day=local(appointment.starts_at).date(),
        moment=spoken_moment(appointment.starts_at, "es"),
        segment=SEGMENTS["es"][appointment.segment],
        language_name=LANGUAGE_NAMES["en" if appointment.language == "en" else "es"],
        states=STATES,
        outcomes=OUTCOMES,
        is_ahead=is_ahead,
        can_be_marked=appointment.state is not AppointmentState.CANCELLED and moment >= appointment.starts_at,
        conflict=UNAVAILABLE[away] if away else "",
        is_unconfirmed=appointment.id in {row.id for row in unconfirmed(session, now=moment)},
        change_path=appointment_path(appointment.reference, "cambiar"),
        note=appointment.staff_note if note is None else note,
        longest_note=LONGEST_NOTE,
    )
