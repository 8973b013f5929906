"""Who attends: the list, the form for somebody new, and the page of a person."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Administrator, AgendaMember
from admin.agenda import AGENDA_PATH
from admin.agenda_people_forms import (
    AbsenceForm,
    HoursForm,
    NewPersonForm,
    NotUnderstood,
    PersonForm,
    hours_in_words,
    kept_hours,
    kept_person,
)
from admin.agenda_wording import ATTENDANT_PROBLEMS, UNAVAILABLE
from admin.booking_wording import LANGUAGE_NAMES
from admin.identifiers import RowId
from admin.pages import leave_notice, render
from admin.refusals import Refused
from consultame.database import now, read_session, write_session
from consultame.settings import load_settings
from desk.appointments.attendants import AttendantRefused, add_attendant, attendants, conflicts
from desk.appointments.models import Attendant
from desk.appointments.timetable import local
from desk.appointments.wording import SEGMENTS, weekdays

PEOPLE_PATH = f"{AGENDA_PATH}/personas"
router = APIRouter(prefix=PEOPLE_PATH)


@router.get("")
def people_page(request: Request, member: AgendaMember) -> Response:
    """Everybody who attends or did."""
    with read_session() as session:
        return render(
            request, "agenda/people.html", people=attendants(session), segments=SEGMENTS["es"],
            languages=LANGUAGE_NAMES, hours=hours_in_words, weekdays=weekdays("es"), moment=now(), local=local,
        )  # fmt: skip


@router.get("/nueva")
def new_person_page(request: Request, member: Administrator) -> Response:
    """The form for somebody new."""
    return _new_person_page(request, NewPersonForm(languages=["es"], segments=list(SEGMENTS["es"])))


@router.post("/nueva")
def add_person(request: Request, member: Administrator, form: Annotated[NewPersonForm, Form()]) -> Response:
    """Enter somebody who attends from now on."""
    try:
        with write_session() as session:
            added = add_attendant(
                session, name=form.name, email=form.email, languages=form.chosen_languages(),
                segments=form.chosen_segments(), hours=form.week(),
            )  # fmt: skip
    except (NotUnderstood, AttendantRefused) as error:
        return _new_person_page(request, form, message=explained(error))
    leave_notice(request, f"{added.name} atiende citas desde ahora.")
    return RedirectResponse(f"{PEOPLE_PATH}/{added.id}", HTTPStatus.SEE_OTHER)


@router.get("/{number}")
def person_page(request: Request, member: AgendaMember, number: RowId) -> Response:
    """One person: absences, hours, and the appointments in conflict with them."""
    with read_session() as session:
        return person_form_page(request, session, attendant_of(session, number))


def attendant_of(session: Session, number: int) -> Attendant:
    """The person with this number.

    Raises:
        Refused: there is none.
    """
    attendant = session.get(Attendant, number)
    if attendant is None:
        raise Refused(HTTPStatus.NOT_FOUND, "Esta persona no está en la agenda.")
    return attendant


def explained(error: NotUnderstood | AttendantRefused) -> str:
    """Why what was typed cannot be kept."""
    return ATTENDANT_PROBLEMS[error.problem] if isinstance(error, AttendantRefused) else str(error)


def person_form_page(
    request: Request,
    session: Session,
    attendant: Attendant,
    *,
    message: str = "",
    person: PersonForm | None = None,
    hours: HoursForm | None = None,
    absence: AbsenceForm | None = None,
) -> Response:
    """The page of a person, each of its forms as it was typed or as it is kept."""
    return render(
        request,
        "agenda/person.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
        messages=[message] if message else [],
        person=attendant,
        form=person or kept_person(attendant),
        hours=hours or kept_hours(attendant),
        typed=absence or AbsenceForm(),
        weekdays=weekdays("es"),
        segments=SEGMENTS["es"],
        languages=LANGUAGE_NAMES,
        times=load_settings().appointment_times.replace(",", ", "),
        absences=[each for each in attendant.absences if each.ends_at > now()],
        conflicts=conflicts(session, now=now(), attendant=attendant),
        reasons=UNAVAILABLE,
        local=local,
    )


def _new_person_page(request: Request, form: NewPersonForm, *, message: str = "") -> Response:
    return render(
        request,
        "agenda/new_person.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
        messages=[message] if message else [],
        form=form,
        hours=form,
        weekdays=weekdays("es"),
        segments=SEGMENTS["es"],
        languages=LANGUAGE_NAMES,
        times=load_settings().appointment_times.replace(",", ", "),
    )
