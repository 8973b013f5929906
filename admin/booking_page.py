"""The page on which citizens book: six plain forms, each of which carries what was chosen and typed before."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.appointment_wording import NOT_GIVEN
from admin.booking_form import BookingForm, Step
from admin.booking_limits import BookingLimits
from admin.booking_steps import Shown, booking_context
from admin.booking_visit import Visit, begin_visit, visit_in
from admin.booking_wording import BOOKING_TEXTS
from admin.pages import render
from consultame.database import now, read_session, write_session
from consultame.settings import Language
from desk.appointments.booking import Booked, book
from desk.appointments.holding import Taken, hold_of, hold_slot, release_hold
from desk.appointments.links import appointment_path
from desk.appointments.models import Appointment
from desk.appointments.waiting_list import DayNotFull, join_waiting_list
from desk.appointments.wording import spoken_day

router = APIRouter(prefix="/citas")

_LEAVE = "salir"


@router.get("")
def booking_page(request: Request, lang: str = "") -> Response:
    """The first page: what is asked for, and the consent."""
    return _page(request, BookingForm(lang=lang if lang in ("es", "en") else _preferred(request)), Shown(Step.CONSENT))


@router.post("")
def book_step_by_step(request: Request, form: Annotated[BookingForm, Form()]) -> Response:
    """Take in what a page sent, and show the next one, or the same with what is wrong on it."""
    if not _limits(request).may_go_on(_address(request)):
        return _page(request, form, Shown(form.step or Step.CONSENT, HTTPStatus.TOO_MANY_REQUESTS, "too_fast"))
    visit = visit_in(form.visita)
    if form.cambiar_idioma in ("es", "en"):
        return _page(request, _in_language(form), Shown(form.step if visit and form.step else Step.CONSENT))
    if visit is None:
        return _consented(request, form)
    if form.ir == _LEAVE:
        with write_session() as session:
            release_hold(session, holder=visit.holder)
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    return _next(request, form, visit)


def _in_language(form: BookingForm) -> BookingForm:
    """The page in the other language; the appointment too, until its language was chosen."""
    spoken = form.cambiar_idioma if form.step in (None, Step.CONSENT, Step.TOPIC) else form.idioma
    return form.model_copy(update={"lang": form.cambiar_idioma, "idioma": spoken})


def _consented(request: Request, form: BookingForm) -> Response:
    """Without a visit there is only the consent; what was typed before it ran out is kept."""
    if form.step is Step.CONSENT and form.autorizo == "1":
        return _page(request, form.model_copy(update={"visita": begin_visit()}), Shown(Step.TOPIC))
    if form.step is Step.CONSENT:
        wrong = {"autorizo": BOOKING_TEXTS[form.language]["consent_missing"]}
        return _page(request, form, Shown(Step.CONSENT, HTTPStatus.UNPROCESSABLE_ENTITY, errors=wrong))
    return _page(request, form, Shown(Step.CONSENT, HTTPStatus.UNPROCESSABLE_ENTITY, "consent_expired"))


def _next(request: Request, form: BookingForm, visit: Visit) -> Response:
    if form.ir in set(Step):
        return _page(request, form, Shown(Step(form.ir)))
    if wrong := form.topic_problems():
        was_sent = form.step is Step.TOPIC
        status = HTTPStatus.UNPROCESSABLE_ENTITY if was_sent else HTTPStatus.OK
        return _page(request, form, Shown(Step.TOPIC, status, errors=wrong if was_sent else {}))
    match form.step:
        case Step.MONTH if form.dia:
            return _day_chosen(request, form)
        case Step.TIME:
            return _time_chosen(request, form, visit)
        case Step.DATA:
            return _data_given(request, form, visit)
        case Step.REVIEW:
            return _confirmed(request, form, visit)
    return _page(request, form, Shown(Step.MONTH))


def _day_chosen(request: Request, form: BookingForm) -> Response:
    if form.day is None:
        return _page(request, form, Shown(Step.MONTH, HTTPStatus.UNPROCESSABLE_ENTITY, "day_missing"))
    return _page(request, form, Shown(Step.TIME))


def _time_chosen(request: Request, form: BookingForm, visit: Visit) -> Response:
    if form.waits and form.day:
        return _page(request, form.model_copy(update={"inicio": ""}), Shown(Step.DATA))
    if form.moment is None:
        wrong = {"inicio": BOOKING_TEXTS[form.language]["time_missing"]}
        return _page(request, form, Shown(Step.TIME, HTTPStatus.UNPROCESSABLE_ENTITY, errors=wrong))
    form = form.model_copy(update={"espera": "", "dia": str(form.day)})
    return _held(request, form, visit, Step.DATA)


def _data_given(request: Request, form: BookingForm, visit: Visit) -> Response:
    if wrong := form.data_problems():
        return _page(request, form, Shown(Step.DATA, HTTPStatus.UNPROCESSABLE_ENTITY, errors=wrong))
    if form.waits and form.day:
        return _page(request, form, Shown(Step.REVIEW))
    if form.moment is None:
        return _page(request, form, Shown(Step.MONTH))
    return _held(request, form, visit, Step.REVIEW)


def _held(request: Request, form: BookingForm, visit: Visit, following: Step) -> Response:
    """The following page, with the slot kept; or, when somebody else has it, the nearest free ones."""
    assert form.moment is not None
    assert form.segment is not None
    with write_session() as session:
        kept, wanted = hold_of(session, holder=visit.holder, now=now()), form.attendant_id
        if kept and kept.starts_at == form.moment and wanted in (None, kept.attendant_id):
            return _page(request, form, Shown(following), visit, session)
        if not _limits(request).may_take_slot(_address(request)):
            return _page(request, form, Shown(Step.TIME, HTTPStatus.TOO_MANY_REQUESTS, "too_fast"), visit, session)
        answer = hold_slot(
            session, starts_at=form.moment, segment=form.segment, language=form.spoken, holder=visit.holder,
            now=now(), attendant_id=wanted,
        )  # fmt: skip
        if isinstance(answer, Taken):
            return _taken(request, form, visit, session, answer)
        return _page(request, form, Shown(following), visit, session)


def _confirmed(request: Request, form: BookingForm, visit: Visit) -> Response:
    """Book, or join the waiting list; sent again, the same appointment is shown."""
    if wrong := form.data_problems():
        return _page(request, form, Shown(Step.DATA, HTTPStatus.UNPROCESSABLE_ENTITY, errors=wrong))
    if form.waits and form.day:
        return _waiting(request, form, visit, form.day)
    if form.moment is None:
        return _page(request, form, Shown(Step.MONTH))
    with write_session() as session:
        answer = book(
            session, starts_at=form.moment, holder=visit.holder, request=form.request(visit), now=now(),
            attendant_id=form.attendant_id,
        )  # fmt: skip
        if isinstance(answer, Taken):
            return _taken(request, form, visit, session, answer)
        path = _path_of(session, answer)
    return RedirectResponse(f"{path}?hecho=pedida", HTTPStatus.SEE_OTHER)


def _waiting(request: Request, form: BookingForm, visit: Visit, day: date) -> Response:
    if not _limits(request).may_take_slot(_address(request)):
        return _page(request, form, Shown(Step.REVIEW, HTTPStatus.TOO_MANY_REQUESTS, "too_fast"))
    asked = form.request(visit)
    try:
        with write_session() as session:
            join_waiting_list(session, day=day, request=asked, now=now(), attendant_id=form.attendant_id)
    except DayNotFull:
        form = form.model_copy(update={"espera": ""})
        return _page(request, form, Shown(Step.TIME, HTTPStatus.CONFLICT, "not_full"))
    texts = BOOKING_TEXTS[form.language]
    joined = texts["joined"].format(day=spoken_day(day, form.language), email=asked.email.strip())
    return render(request, "booking/joined.html", language=form.language, texts=texts, joined=joined)


def _taken(request: Request, form: BookingForm, visit: Visit, session: Session, taken: Taken) -> Response:
    message = NOT_GIVEN[form.language][taken.reason]
    shown = Shown(Step.TIME, HTTPStatus.CONFLICT, message=message, offers=taken.offers)
    return _page(request, form.model_copy(update={"inicio": ""}), shown, visit, session)


def _page(
    request: Request, form: BookingForm, shown: Shown, visit: Visit | None = None, session: Session | None = None
) -> Response:
    visit = visit or visit_in(form.visita)
    if session is not None:
        context = booking_context(session, form, shown, visit, now())
    else:
        with read_session() as reading:
            context = booking_context(reading, form, shown, visit, now())
    answer = render(request, f"booking/{shown.step}.html", status=shown.status, headers=None, **context)
    answer.headers["Vary"] = "Accept-Language"
    return answer


def _path_of(session: Session, made: Booked) -> str:
    return appointment_path(session.get_one(Appointment, made.appointment_id).reference)


def _preferred(request: Request) -> Language:
    """The one of our languages that the browser asks for first (RFC 9110, 12.5.4); Spanish in doubt."""
    best: dict[str, float] = {}
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            best.setdefault(tag[:2], float(weight or 1))
        except ValueError:
            continue
    return "en" if best.get("en", 0) > best.get("es", 0) else "es"


def _limits(request: Request) -> BookingLimits:
    limits: BookingLimits = request.app.state.booking_limits
    return limits


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
