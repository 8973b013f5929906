"""What the agenda keeps about a person, shown and erased on request (Ley 1581 de 2012, article 8)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.outbox_erasure import erase_messages, messages_with_keys
from desk.appointments.models import (
    UPCOMING,
    Appointment,
    AppointmentState,
    CitizenFields,
    WaitingPlace,
    WaitingState,
)
from desk.appointments.notices import cancel_reminders, key_beginning
from desk.appointments.waiting_list import leave_waiting_list, offer_freed_slots


def appointments_about(session: Session, *, email: str) -> list[Appointment]:
    """The appointments made under this address, in whatever case it is written, the oldest first."""
    query = select(Appointment).where(func.lower(Appointment.citizen_email) == email.strip().lower())
    return list(session.scalars(query.order_by(Appointment.id)))


def waiting_places_about(session: Session, *, email: str) -> list[WaitingPlace]:
    """The places in waiting lists under this address, the oldest first."""
    query = select(WaitingPlace).where(func.lower(WaitingPlace.citizen_email) == email.strip().lower())
    return list(session.scalars(query.order_by(WaitingPlace.id)))


def count_about(session: Session, *, email: str) -> int:
    """In how many appointments and places in waiting lists the person with this address is."""
    return len(appointments_about(session, email=email)) + len(waiting_places_about(session, email=email))


def erase_by_email(session: Session, *, email: str, now: datetime) -> int:
    """Erase the person with this address, as `erase_citizen` does, and keep in the audit log that it was done."""
    count = erase_citizen(
        session,
        appointments=appointments_about(session, email=email),
        places=waiting_places_about(session, email=email),
        now=now,
    )
    if count:
        record(session, Action.PERSONAL_DATA_ERASED, SubjectKind.ERASURE, "", appointments=count)
    return count


def erase_citizen(
    session: Session, *, appointments: Sequence[Appointment], places: Sequence[WaitingPlace], now: datetime
) -> int:
    """Blank who it was and what it was about; returns in how many appointments and places there was something.

    What has no result yet is cancelled without a mail, and its slot goes to the waiting list. What the figures count
    (segment, language, channel, gender, age group, result) stays: without the rest it is nobody's.
    """
    for place in places:
        leave_waiting_list(session, place=place, now=now)
        if place.state is not WaitingState.BOOKED:
            place.state = WaitingState.LEFT
        _blank(place)
    for appointment in appointments:
        cancel_reminders(session, appointment, sequence=appointment.sequence)
        # By their keys: a message by WhatsApp names the person by a number that the request does not hold.
        erase_messages(session, messages_with_keys(session, key_beginning(appointment)))
        # One that nobody marked counts as cancelled too: whether the citizen came is not known.
        if appointment.state in UPCOMING:
            appointment.state, appointment.cancelled_at = AppointmentState.CANCELLED, now
        appointment.holder = appointment.meeting_url = appointment.staff_note = ""
        appointment.code_digest = None
        _blank(appointment)
    session.flush()
    offer_freed_slots(session, now=now)
    return len(appointments) + len(places)


def _blank(kept: CitizenFields) -> None:
    kept.citizen_name = kept.citizen_email = kept.citizen_phone = kept.description = ""
    kept.whatsapp_version, kept.whatsapp_accepted_at = "", None
