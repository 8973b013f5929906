"""What the booking page's form holds: everything a citizen chose and typed so far, carried from step to step."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum

from pydantic import BaseModel, field_validator

from admin.booking_visit import Visit
from admin.booking_wording import BOOKING_TEXTS, FIELD_PROBLEMS
from admin.entry_form import plain_text
from admin.identifiers import row_id
from admin.slot_values import slot_moment
from consultame.database import now
from consultame.settings import Language, load_settings
from desk.appointments.citizen import Consent, Field, Request, problems
from desk.appointments.models import AgeGroup, Gender, Segment
from desk.appointments.timetable import local
from desk.appointments.whatsapp_reminders import WHATSAPP_CONSENT_VERSION

CHANNEL = "calendar"
_DATA_FIELDS = {Field.NAME: "nombre", Field.EMAIL: "correo", Field.PHONE: "telefono", Field.WHATSAPP: "whatsapp"}
_NOBODY = Consent("", datetime.min.replace(tzinfo=UTC))


class Step(StrEnum):
    """The pages of the way, by their names in the form."""

    CONSENT = "autorizacion"
    TOPIC = "asunto"
    MONTH = "dia"
    TIME = "hora"
    DATA = "datos"
    REVIEW = "revision"


class BookingForm(BaseModel):
    """The fields as they were sent; what is not there yet is empty."""

    visita: str = ""
    lang: str = "es"
    paso: str = ""
    ir: str = ""
    cambiar_idioma: str = ""
    autorizo: str = ""
    segmento: str = ""
    descripcion: str = ""
    idioma: str = ""
    mes: str = ""
    dia: str = ""
    atiende: str = ""
    inicio: str = ""
    espera: str = ""
    nombre: str = ""
    correo: str = ""
    telefono: str = ""
    whatsapp: str = ""
    genero: str = ""
    edad: str = ""

    @field_validator("*", mode="before")
    @classmethod
    def _without_control_characters(cls, text: object) -> str:
        return plain_text(str(text))

    @property
    def language(self) -> Language:
        """The language of the page."""
        return "en" if self.lang == "en" else "es"

    @property
    def spoken(self) -> Language:
        """The language of the appointment; the page's where none was chosen."""
        return "en" if (self.idioma or self.lang) == "en" else "es"

    @property
    def step(self) -> Step | None:
        """The page that was sent."""
        return Step(self.paso) if self.paso in set(Step) else None

    @property
    def segment(self) -> Segment | None:
        """The subject, if one was chosen."""
        return Segment(self.segmento) if self.segmento in set(Segment) else None

    @property
    def attendant_id(self) -> int | None:
        """Whom the citizen wants to be attended by; None for anyone."""
        return row_id(self.atiende)

    @property
    def day(self) -> date | None:
        """The chosen day: that of the chosen time, where there is one."""
        if self.moment:
            return local(self.moment).date()
        return _day(self.dia)

    @property
    def moment(self) -> datetime | None:
        """The chosen time."""
        return slot_moment(self.inicio)

    @property
    def waits(self) -> bool:
        """Whether the citizen asks for a place in the waiting list instead of a slot."""
        return self.espera == "1"

    def request(self, visit: Visit | None) -> Request:
        """What the services are asked with."""
        return Request(
            segment=self.segment or Segment.OTHER,
            language=self.spoken,
            channel=CHANNEL,
            description=self.descripcion,
            name=self.nombre,
            email=self.correo,
            phone=self.telefono,
            consent=visit.consent if visit else _NOBODY,
            gender=Gender(self.genero) if self.genero in set(Gender) else None,
            age_group=AgeGroup(self.edad) if self.edad in set(AgeGroup) else None,
            whatsapp=Consent(WHATSAPP_CONSENT_VERSION, now()) if self.agrees_to_whatsapp else None,
        )

    @property
    def agrees_to_whatsapp(self) -> bool:
        """Whether the citizen wants reminders by WhatsApp too; never where they are not offered."""
        return self.whatsapp == "1" and load_settings().sends_whatsapp

    def topic_problems(self) -> dict[str, str]:
        """What is wrong on the page of the subject, by field."""
        found = {}
        if self.segment is None:
            found["segmento"] = BOOKING_TEXTS[self.language]["segment_missing"]
        if Field.DESCRIPTION in problems(self.request(None)):
            found["descripcion"] = FIELD_PROBLEMS[self.language][Field.DESCRIPTION]
        return found

    def data_problems(self) -> dict[str, str]:
        """What is wrong on the page of the citizen's data, by field."""
        wrong = problems(self.request(None))
        return {name: FIELD_PROBLEMS[self.language][field] for field, name in _DATA_FIELDS.items() if field in wrong}


def _day(text: str) -> date | None:
    if not re.fullmatch(r"20\d\d-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
