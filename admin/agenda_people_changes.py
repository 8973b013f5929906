"""Changing who attends: data, hours, absences, and whether somebody attends at all.

What a change would leave without anybody is shown first: the change is made, looked at and taken back, and kept only
when it comes again with the appointments that were shown. So nobody agrees to less than what happens, not even when
somebody books meanwhile.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Administrator, AgendaMember
from admin.agenda_people import PEOPLE_PATH, attendant_of, explained, person_form_page
from admin.agenda_people_forms import AbsenceForm, HoursForm, NotUnderstood, PeopleForm, PersonForm, StateForm
from admin.agenda_wording import UNAVAILABLE
from admin.identifiers import RowId
from admin.pages import leave_notice, render
from admin.refusals import Refused
from consultame.database import now, write_session
from desk.appointments.attendants import (
    AttendantRefused,
    Conflict,
    add_absence,
    conflicts,
    describe_attendant,
    remove_absence,
    set_active,
    set_hours,
)
from desk.appointments.models import Absence, Attendant

router = APIRouter(prefix=PEOPLE_PATH)

_Change = Callable[[Session, Attendant], list[Conflict]]


@router.post("/{number}/datos")
def change_person(
    request: Request, member: Administrator, number: RowId, form: Annotated[PersonForm, Form()]
) -> Response:
    """Replace name, address, languages and segments."""

    def change(session: Session, attendant: Attendant) -> list[Conflict]:
        return describe_attendant(
            session, attendant, name=form.name, email=form.email, languages=form.chosen_languages(),
            segments=form.chosen_segments(), now=now(),
        )  # fmt: skip

    return _change(request, number, form, change, "Los datos quedaron guardados.")


@router.post("/{number}/horario")
def change_hours(
    request: Request, member: Administrator, number: RowId, form: Annotated[HoursForm, Form()]
) -> Response:
    """Replace the week's hours and breaks."""

    def change(session: Session, attendant: Attendant) -> list[Conflict]:
        return set_hours(session, attendant, form.week(), now=now())

    return _change(request, number, form, change, "El horario quedó guardado.")


@router.post("/{number}/estado")
def change_state(
    request: Request, member: Administrator, number: RowId, form: Annotated[StateForm, Form()]
) -> Response:
    """Have the person attend no longer, or again."""
    attends = form.active == "si"

    def change(session: Session, attendant: Attendant) -> list[Conflict]:
        return set_active(session, attendant, attends, now=now())

    return _change(request, number, form, change, "Vuelve a atender citas." if attends else "Ya no atiende citas.")


@router.post("/{number}/ausencias")
def enter_absence(
    request: Request, member: AgendaMember, number: RowId, form: Annotated[AbsenceForm, Form()]
) -> Response:
    """Enter an absence."""

    def change(session: Session, attendant: Attendant) -> list[Conflict]:
        starts_at, ends_at = form.bounds()
        _, found = add_absence(session, attendant, starts_at=starts_at, ends_at=ends_at, now=now(), note=form.note)
        return found

    return _change(request, number, form, change, "La ausencia quedó registrada.")


@router.post("/{number}/ausencias/{absence_id}/quitar")
def take_absence_back(request: Request, member: AgendaMember, number: RowId, absence_id: RowId) -> Response:
    """The person is there after all."""
    with write_session() as session:
        absence = session.get(Absence, absence_id)
        if absence is None or absence.attendant_id != number:
            raise Refused(HTTPStatus.NOT_FOUND, "Esta ausencia ya no está.")
        remove_absence(session, absence)
    leave_notice(request, "La ausencia se quitó.")
    return RedirectResponse(f"{PEOPLE_PATH}/{number}", HTTPStatus.SEE_OTHER)


def _change(request: Request, number: int, form: PeopleForm, change: _Change, notice: str) -> Response:
    with write_session() as session:
        attendant = attendant_of(session, number)
        if form.goes_back:
            return _form_again(request, session, attendant, form)
        former = {each.appointment.id for each in conflicts(session, now=now(), attendant=attendant)}
        try:
            found = change(session, attendant)
        except (NotUnderstood, AttendantRefused) as error:
            return _form_again(request, session, attendant, form, message=explained(error))
        hit = [each for each in found if each.appointment.id not in former]
        if any(each.appointment.id not in form.seen for each in hit):
            page = _shown_first(request, attendant, form, hit)
            session.rollback()
            return page
    if hit:
        several = f"{len(hit)} citas quedan sin quien las atienda: véalas abajo."
        notice += " 1 cita queda sin quien la atienda: véala abajo." if len(hit) == 1 else f" {several}"
    leave_notice(request, notice)
    return RedirectResponse(f"{PEOPLE_PATH}/{number}", HTTPStatus.SEE_OTHER)


def _shown_first(request: Request, attendant: Attendant, form: PeopleForm, hit: list[Conflict]) -> Response:
    return render(
        request,
        "agenda/person_change.html",
        person=attendant,
        action=request.url.path,
        hidden=[*form.hidden_fields(), ("vistas", ",".join(str(each.appointment.id) for each in hit))],
        hit=hit,
        reasons=UNAVAILABLE,
    )


def _form_again(
    request: Request, session: Session, attendant: Attendant, form: PeopleForm, *, message: str = ""
) -> Response:
    return person_form_page(
        request,
        session,
        attendant,
        message=message,
        person=form if isinstance(form, PersonForm) else None,
        hours=form if isinstance(form, HoursForm) else None,
        absence=form if isinstance(form, AbsenceForm) else None,
    )
