"""The page behind the mail that offers a freed slot to the first of the waiting list."""

from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.appointment_wording import PAGE_TEXTS
from admin.pages import render
from admin.refusals import Refused
from consultame.database import now, read_session, write_session
from desk.appointments.booking import Booked
from desk.appointments.links import Purpose, appointment_path, reference_in
from desk.appointments.mail_texts import language_of
from desk.appointments.models import Appointment, AppointmentState, WaitingPlace, WaitingState
from desk.appointments.waiting_list import OfferGone, accept_offer, leave_waiting_list, place_by_reference
from desk.appointments.wording import SEGMENTS, spoken_moment, spoken_time

router = APIRouter(prefix="/citas/espera")

_BROKEN_LINK = "El enlace está incompleto o no es válido. Ábralo de nuevo desde el correo."


@router.get("/{token}")
def offer(request: Request, token: str) -> Response:
    """The slot that is kept, with a button to accept it."""
    with read_session() as session:
        place = _place(session, token)
        held = session.get(Appointment, place.appointment_id) if place.appointment_id else None
        if held is None or place.state is not WaitingState.OFFERED or held.state is not AppointmentState.HELD:
            return _notice(request, place, "offer_gone", HTTPStatus.GONE)
        language = language_of(place)
        assert held.hold_expires_at is not None
        return render(
            request,
            "appointments/offer.html",
            language=language,
            texts=PAGE_TEXTS[language],
            path=request.url.path,
            moment=spoken_moment(held.starts_at, language),
            segment=SEGMENTS[language][place.segment],
            attendant=held.attendant.name,
            question=PAGE_TEXTS[language]["offer_question"].format(until=spoken_time(held.hold_expires_at, language)),
        )


@router.post("/{token}")
def accept(request: Request, token: str) -> Response:
    """Book it."""
    with write_session() as session:
        place = _place(session, token)
        try:
            answer = accept_offer(session, place=place, now=now())
        except OfferGone:
            return _notice(request, place, "offer_gone", HTTPStatus.GONE)
        if not isinstance(answer, Booked):
            return _notice(request, place, "offer_gone", HTTPStatus.GONE)
        reference = session.get_one(Appointment, answer.appointment_id).reference
    return RedirectResponse(f"{appointment_path(reference)}?hecho=reservada", HTTPStatus.SEE_OTHER)


@router.post("/{token}/salir")
def leave(request: Request, token: str) -> Response:
    """Give the place up, so that the next one gets the slot."""
    with write_session() as session:
        place = _place(session, token)
        leave_waiting_list(session, place=place, now=now())
    return _notice(request, place, "offer_left", HTTPStatus.OK)


def _place(session: Session, token: str) -> WaitingPlace:
    reference = reference_in(Purpose.WAITING_PLACE, token)
    place = place_by_reference(session, reference) if reference else None
    if place is None:
        raise Refused(HTTPStatus.NOT_FOUND, _BROKEN_LINK)
    return place


def _notice(request: Request, place: WaitingPlace, text: str, status: HTTPStatus) -> Response:
    language = language_of(place)
    texts = PAGE_TEXTS[language]
    return render(request, "appointments/notice.html", status=status, language=language, texts=texts, text=texts[text])
