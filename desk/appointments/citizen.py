"""What a citizen tells to get an appointment, checked, and what of it may be kept."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from consultame.phone_numbers import mobile_number
from consultame.settings import Language, is_email
from desk.appointments.models import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    AgeGroup,
    CitizenFields,
    Gender,
    Segment,
)

_PHONE = re.compile(r"(?:\+?57)?(3\d{9}|60\d{8})")
_FOREIGN_PHONE = re.compile(r"\+(?!57)\d{8,15}")


class Field(StrEnum):
    """What can be wrong in a request."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    DESCRIPTION = "description"
    CONSENT = "consent"
    WHATSAPP = "whatsapp"


class RequestRefused(Exception):
    """Something the citizen told cannot be used; the field says what."""

    def __init__(self, field: Field) -> None:
        super().__init__(f"{field} cannot be used")
        self.field = field


@dataclass(frozen=True)
class Consent:
    """That the citizen accepted the data policy: which version, and when (Ley 1581 de 2012, arts. 9 and 12)."""

    policy_version: str
    accepted_at: datetime


@dataclass(frozen=True)
class Request:
    """Who asks for an appointment, and about what. Gender and age group are optional.

    `whatsapp` is that reminders may also be sent by WhatsApp, to the telephone given.
    """

    segment: Segment
    language: Language
    channel: str
    description: str
    name: str
    email: str
    phone: str
    consent: Consent
    gender: Gender | None = None
    age_group: AgeGroup | None = None
    whatsapp: Consent | None = None


def normal_phone(text: str) -> str | None:
    """The number without spaces and signs: ten digits in Colombia, with + and country elsewhere; None if it is none."""
    plain = re.sub(r"[\s().\-–]", "", text)
    if match := _PHONE.fullmatch(plain):
        return match.group(1)
    return plain if _FOREIGN_PHONE.fullmatch(plain) else None


def checked(request: Request) -> Request:
    """The request in its normal form.

    Raises:
        RequestRefused: name, e-mail, telephone or description cannot be used, or there is no consent.
    """
    if found := problems(request):
        raise RequestRefused(found[0])
    name, description = _in_one_line(request.name), _in_one_line(request.description)
    phone = normal_phone(request.phone) or ""
    return replace(request, name=name, description=description, email=request.email.strip(), phone=phone)


def problems(request: Request) -> list[Field]:
    """Everything in the request that cannot be used."""
    name, description, email = _in_one_line(request.name), _in_one_line(request.description), request.email.strip()
    is_name = 2 <= len(name) <= LONGEST_NAME and name.isprintable() and any(map(str.isalpha, name))
    phone = normal_phone(request.phone)
    usable = [
        (is_name, Field.NAME),
        (len(email) <= 254 and is_email(email), Field.EMAIL),
        (phone is not None, Field.PHONE),
        (1 <= len(description) <= LONGEST_DESCRIPTION, Field.DESCRIPTION),
        (bool(request.consent.policy_version), Field.CONSENT),
        (request.whatsapp is None or phone is None or mobile_number(phone) is not None, Field.WHATSAPP),
    ]
    return [field for is_usable, field in usable if not is_usable]


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def write_into(fields: CitizenFields, request: Request) -> None:
    """Keep a checked request."""
    fields.segment, fields.language, fields.channel = request.segment, request.language, request.channel
    fields.description, fields.citizen_name = request.description, request.name
    fields.citizen_email, fields.citizen_phone = request.email, request.phone
    fields.gender, fields.age_group = request.gender, request.age_group
    fields.policy_version = request.consent.policy_version
    fields.policy_accepted_at = request.consent.accepted_at
    fields.whatsapp_version = request.whatsapp.policy_version if request.whatsapp else ""
    fields.whatsapp_accepted_at = request.whatsapp.accepted_at if request.whatsapp else None


def read_from(fields: CitizenFields) -> Request:
    """The request as it was kept."""
    assert fields.policy_accepted_at is not None
    return Request(
        segment=fields.segment,
        language="en" if fields.language == "en" else "es",
        channel=fields.channel,
        description=fields.description,
        name=fields.citizen_name,
        email=fields.citizen_email,
        phone=fields.citizen_phone,
        consent=Consent(fields.policy_version, fields.policy_accepted_at),
        gender=fields.gender,
        age_group=fields.age_group,
        whatsapp=_whatsapp_consent(fields),
    )


def _whatsapp_consent(fields: CitizenFields) -> Consent | None:
    if fields.whatsapp_accepted_at is None:
        return None
    return Consent(fields.whatsapp_version, fields.whatsapp_accepted_at)
