"""An appointment that the staff makes for a citizen who calls."""

import re
import secrets
from http import HTTPStatus
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, field_validator
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import AgendaMember
from admin.agenda import AGENDA_PATH
from admin.appointment_wording import NOT_GIVEN
from admin.booking_wording import FIELD_PROBLEMS, LANGUAGE_NAMES
from admin.entry_form import plain_text
from admin.identifiers import row_id
from admin.pages import leave_notice, render
from admin.slot_values import slot_choices, slot_moment
from consultame.audit import Action, SubjectKind, record
from consultame.data_policy import policy_version
from consultame.database import now, read_session, write_session
from consultame.settings import Language
from desk.appointments.availability import attendants_serving, free_slots
from desk.appointments.booking import book
from desk.appointments.citizen import Consent, Field, problems
from desk.appointments.citizen import Request as CitizenRequest
from desk.appointments.consent_texts import appointment_consent
from desk.appointments.holding import Taken
from desk.appointments.models import AgeGroup, Gender, Segment
from desk.appointments.timetable import Slot, booking_window
from desk.appointments.wording import AGE_GROUPS, GENDERS, SEGMENTS

router = APIRouter(prefix=f"{AGENDA_PATH}/nueva")

CHANNEL = "phone"
_NUMBER = re.compile(r"[0-9a-f]{32}")
_NAMES = {
    Field.NAME: "nombre",
    Field.EMAIL: "correo",
    Field.PHONE: "telefono",
    Field.DESCRIPTION: "descripcion",
    Field.CONSENT: "autorizo",
}


class CallForm(BaseModel):
    """What the staff types while the citizen is on the phone."""

    numero: str = ""
    segmento: str = Segment.HYDROCARBONS.value
    idioma: str = "es"
    atiende: str = ""
    inicio: str = ""
    descripcion: str = ""
    nombre: str = ""
    correo: str = ""
    telefono: str = ""
    genero: str = ""
    edad: str = ""
    autorizo: str = ""
    accion: str = ""

    @field_validator("*", mode="before")
    @classmethod
    def _without_control_characters(cls, text: object) -> str:
        return plain_text(str(text))

    @property
    def segment(self) -> Segment:
        """The subject; the first one until another is chosen."""
        return Segment(self.segmento) if self.segmento in set(Segment) else Segment.HYDROCARBONS

    @property
    def language(self) -> Language:
        """The language of the appointment."""
        return "en" if self.idioma == "en" else "es"

    def request(self) -> CitizenRequest:
        """What the services are asked with; the consent was given on the phone, now."""
        version = policy_version() if self.autorizo == "1" else ""
        return CitizenRequest(
            segment=self.segment,
            language=self.language,
            channel=CHANNEL,
            description=self.descripcion,
            name=self.nombre,
            email=self.correo,
            phone=self.telefono,
            consent=Consent(version, now()),
            gender=Gender(self.genero) if self.genero in set(Gender) else None,
            age_group=AgeGroup(self.edad) if self.edad in set(AgeGroup) else None,
        )

    def errors(self) -> dict[str, str]:
        """What is wrong, by field."""
        found = {_NAMES[field]: FIELD_PROBLEMS["es"][field] for field in problems(self.request())}
        if "autorizo" in found:
            found["autorizo"] = "Pida la autorización y márquela: sin ella no se puede agendar."
        if slot_moment(self.inicio) is None:
            found = {"inicio": "Elija una de las horas."} | found
        return found


@router.get("")
def call_page(request: Request, member: AgendaMember) -> Response:
    """The empty form."""
    return _page(request, CallForm())


@router.post("")
def book_for_citizen(request: Request, member: AgendaMember, form: Annotated[CallForm, Form()]) -> Response:
    """Book, or show the times for another subject, language or person."""
    if form.accion == "horas":
        return _page(request, form)
    if wrong := form.errors():
        return _page(request, form, errors=wrong)
    moment = slot_moment(form.inicio)
    assert moment is not None
    number = form.numero if _NUMBER.fullmatch(form.numero) else secrets.token_hex(16)
    with write_session() as session:
        answer = book(
            session, starts_at=moment, holder=f"staff:{member.id}:{number}", request=form.request(), now=now(),
            attendant_id=row_id(form.atiende),
        )  # fmt: skip
        if not isinstance(answer, Taken):
            record(session, Action.APPOINTMENT_BOOKED, SubjectKind.APPOINTMENT, answer.appointment_id)
    if isinstance(answer, Taken):
        return _page(request, form, taken=answer)
    leave_notice(request, f"La cita quedó reservada. Código: {answer.code}. Se envió el correo con los datos.")
    return RedirectResponse(f"{AGENDA_PATH}/citas/{answer.appointment_id}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request, form: CallForm, *, errors: dict[str, str] | None = None, taken: Taken | None = None
) -> Response:
    with read_session() as session:
        staff = attendants_serving(session, segment=form.segment, language=form.language)
        slots = list(taken.offers) if taken else _free(session, form, {each.id for each in staff})
    status = HTTPStatus.CONFLICT if taken else HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    days = [slot_choices("es", list(of_day)) for _, of_day in groupby(slots, key=lambda slot: slot.day)]
    return render(
        request,
        "agenda/booking.html",
        status=status,
        form=form,
        number=form.numero if _NUMBER.fullmatch(form.numero) else secrets.token_hex(16),
        errors=errors or {},
        messages=[NOT_GIVEN["es"][taken.reason]] if taken else [],
        days=days,
        staff=staff,
        segments=SEGMENTS["es"],
        languages=LANGUAGE_NAMES,
        genders=GENDERS["es"],
        age_groups=AGE_GROUPS["es"],
        consent_text=appointment_consent("es"),
    )


def _free(session: Session, form: CallForm, staff: set[int]) -> list[Slot]:
    moment, wanted = now(), row_id(form.atiende)
    window = booking_window(moment)
    return free_slots(
        session, first_day=window.first_day, last_day=window.last_day, segment=form.segment, language=form.language,
        now=moment, attendant_id=wanted if wanted in staff else None,
    )  # fmt: skip
