"""The pages behind the signed links of mails about an appointment: confirm, change, cancel, and accept a freed slot.

Opening a link changes nothing, because mail scanners open links before people do; a button does.
"""

from datetime import date, datetime
from http import HTTPStatus
from itertools import groupby
from typing import Annotated, Protocol

from fastapi import APIRouter, Form, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.appointment_wording import IMPOSSIBLE, NOT_GIVEN, PAGE_TEXTS, STATES
from admin.pages import render
from admin.refusals import Refused
from admin.slot_values import slot_choices, slot_moment
from consultame.database import now, read_session, write_session
from desk.appointments.availability import free_slots
from desk.appointments.booking import Booked
from desk.appointments.calendar_file import calendar_file
from desk.appointments.changes import (
    ChangeRefused,
    appointment_by_reference,
    cancel,
    change,
    check_rebooking,
    check_upcoming,
    confirm,
    rebook,
)
from desk.appointments.codes import code_of
from desk.appointments.holding import Taken
from desk.appointments.links import Purpose, appointment_path, reference_in
from desk.appointments.mail_texts import language_of
from desk.appointments.models import Appointment, AppointmentState
from desk.appointments.timetable import booking_window
from desk.appointments.wording import SEGMENTS, spoken_moment

router = APIRouter(prefix="/citas")

_DAYS_SHOWN = 8
_BROKEN_LINK = (
    "El enlace está incompleto o no es válido. Ábralo de nuevo desde el correo. "
    "(This link is incomplete or not valid: please open it from the mail again.)"
)
_DONE = {
    "confirmada": "confirmed",
    "cambiada": "changed",
    "cancelada": "cancelled",
    "reservada": "rebooked",
    "pedida": "requested",
}


class _Decision(Protocol):
    """Confirming or cancelling."""

    def __call__(self, session: Session, *, appointment: Appointment, now: datetime) -> None: ...


DoneQuery = Annotated[str, Query(alias="hecho")]
SinceQuery = Annotated[date | None, Query(alias="desde")]
StartField = Annotated[str, Form(alias="inicio", max_length=40)]


@router.get("/{token}")
def overview(request: Request, token: str, done: DoneQuery = "") -> Response:
    """The appointment, and what can be done with it."""
    with read_session() as session:
        appointment = _appointment(session, token)
        actions = _actions(session, appointment)
        return _page(
            request, appointment, "overview", actions=actions, done=_DONE.get(done, ""),
            code=code_of(appointment.reference),
        )  # fmt: skip


@router.get("/{token}/cita.ics")
def download(token: str) -> Response:
    """The calendar file."""
    with read_session() as session:
        content = calendar_file(_appointment(session, token), now=now())
    headers = {"Content-Disposition": 'attachment; filename="cita.ics"'}
    return Response(content, media_type="text/calendar", headers=headers)


@router.get("/{token}/confirmar")
def confirm_page(request: Request, token: str) -> Response:
    """The button that confirms."""
    return _question(request, token, "confirm")


@router.post("/{token}/confirmar")
def confirm_appointment(request: Request, token: str) -> Response:
    """Confirm."""
    return _decided(request, token, confirm, "confirmada")


@router.get("/{token}/cancelar")
def cancel_page(request: Request, token: str) -> Response:
    """The button that cancels."""
    return _question(request, token, "cancel")


@router.post("/{token}/cancelar")
def cancel_appointment(request: Request, token: str) -> Response:
    """Cancel."""
    return _decided(request, token, cancel, "cancelada")


@router.get("/{token}/cambiar")
def change_page(request: Request, token: str, since: SinceQuery = None) -> Response:
    """The free slots to choose from; for a missed appointment, to make another one."""
    with read_session() as session:
        appointment = _appointment(session, token)
        try:
            _check_movable(session, appointment)
        except ChangeRefused as refused:
            return _gone(request, appointment, refused)
        return _slots_page(request, session, appointment, since=since)


@router.post("/{token}/cambiar")
def change_appointment(request: Request, token: str, start: StartField = "") -> Response:
    """Move the appointment, or make another one for who missed it."""
    moment = slot_moment(start)
    with write_session() as session:
        appointment = _appointment(session, token)
        try:
            _check_movable(session, appointment)
            if moment is None:
                return _slots_page(request, session, appointment, message="choose")
            answer = _move(session, appointment, moment)
        except ChangeRefused as refused:
            return _gone(request, appointment, refused)
        if isinstance(answer, Taken):
            return _slots_page(request, session, appointment, taken=answer)
        if appointment.state is not AppointmentState.MISSED:
            return _to_overview(appointment, "cambiada")
        return _to_overview(session.get_one(Appointment, answer.appointment_id), "reservada")


def _decided(request: Request, token: str, decide: _Decision, done: str) -> Response:
    with write_session() as session:
        appointment = _appointment(session, token)
        try:
            decide(session, appointment=appointment, now=now())
        except ChangeRefused as refused:
            return _gone(request, appointment, refused)
    return _to_overview(appointment, done)


def _move(session: Session, appointment: Appointment, moment: datetime) -> Booked | Taken:
    holder = f"link:{appointment.reference}"
    if appointment.state is AppointmentState.MISSED:
        return rebook(session, missed=appointment, starts_at=moment, holder=holder, now=now())
    return change(session, appointment=appointment, starts_at=moment, holder=holder, now=now())


def _check_movable(session: Session, appointment: Appointment) -> None:
    if appointment.state is AppointmentState.MISSED:
        check_rebooking(session, appointment, now=now())
    else:
        check_upcoming(appointment, now())


def _appointment(session: Session, token: str) -> Appointment:
    reference = reference_in(Purpose.APPOINTMENT, token)
    appointment = appointment_by_reference(session, reference) if reference else None
    if appointment is None:
        raise Refused(HTTPStatus.NOT_FOUND, _BROKEN_LINK)
    return appointment


def _actions(session: Session, appointment: Appointment) -> list[str]:
    """What the overview offers: the last part of each address."""
    try:
        _check_movable(session, appointment)
    except ChangeRefused:
        return []
    if appointment.state is AppointmentState.MISSED:
        return ["cambiar"]
    return ["cambiar", "cancelar"] if appointment.confirmed_at else ["confirmar", "cambiar", "cancelar"]


def _question(request: Request, token: str, action: str) -> Response:
    with read_session() as session:
        appointment = _appointment(session, token)
        try:
            check_upcoming(appointment, now())
        except ChangeRefused as refused:
            return _gone(request, appointment, refused)
        return _page(request, appointment, "question", action=action)


def _slots_page(
    request: Request,
    session: Session,
    appointment: Appointment,
    *,
    since: date | None = None,
    message: str = "",
    taken: Taken | None = None,
) -> Response:
    language, moment = language_of(appointment), now()
    window = booking_window(moment)
    slots = free_slots(
        session, first_day=since or window.first_day, last_day=window.last_day, segment=appointment.segment,
        language=language, now=moment,
    )  # fmt: skip
    days = [(day, list(of_day)) for day, of_day in groupby(slots, key=lambda slot: slot.day)]
    offers = list(taken.offers) if taken else []
    groups = [offers] if offers else [of_day for _, of_day in days[:_DAYS_SHOWN]]
    problem = NOT_GIVEN[language][taken.reason] if taken else PAGE_TEXTS[language][message] if message else ""
    return _page(
        request, appointment, "slots",
        status=HTTPStatus.CONFLICT if taken else HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
        problem=problem,
        choices=[slot_choices(language, group) for group in groups],
        with_days=bool(offers),
        next_day=days[_DAYS_SHOWN][0].isoformat() if len(days) > _DAYS_SHOWN and not offers else "",
        rebooking=appointment.state is AppointmentState.MISSED,
    )  # fmt: skip


def _page(
    request: Request,
    appointment: Appointment,
    template: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    **context: object,
) -> Response:
    language = language_of(appointment)
    return render(
        request,
        f"appointments/{template}.html",
        status=status,
        headers=None,
        appointment=appointment,
        language=language,
        texts=PAGE_TEXTS[language],
        path=appointment_path(appointment.reference),
        moment=spoken_moment(appointment.starts_at, language),
        minutes=int((appointment.ends_at - appointment.starts_at).total_seconds() // 60),
        segment=SEGMENTS[language][appointment.segment],
        state=STATES[language][appointment.state],
        **context,
    )


def _gone(request: Request, appointment: Appointment, refused: ChangeRefused) -> Response:
    language = language_of(appointment)
    return _page(request, appointment, "gone", status=HTTPStatus.GONE, reason=IMPOSSIBLE[language][refused.reason])


def _to_overview(appointment: Appointment, done: str) -> Response:
    return RedirectResponse(f"{appointment_path(appointment.reference)}?hecho={done}", HTTPStatus.SEE_OTHER)
