"""Turning a held slot into an appointment."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from consultame.settings import load_settings
from desk.appointments.availability import serves, why_unavailable
from desk.appointments.citizen import Request, checked, write_into
from desk.appointments.codes import code_digest, code_of
from desk.appointments.holding import Taken, hold_slot, is_hold_of
from desk.appointments.links import appointment_url
from desk.appointments.models import UPCOMING, Appointment, AppointmentState
from desk.appointments.notices import tell_booked


@dataclass(frozen=True)
class Booked:
    """An appointment that was made, or that there was already when the same was asked twice."""

    appointment_id: int
    code: str
    starts_at: datetime
    ends_at: datetime
    attendant_name: str
    # The citizen's page for it: confirm, change, cancel, calendar file.
    url: str
    meeting_url: str


def book(
    session: Session,
    *,
    starts_at: datetime,
    holder: str,
    request: Request,
    now: datetime,
    attendant_id: int | None = None,
    replaces: Appointment | None = None,
) -> Booked | Taken:
    """Book the slot that the holder keeps, or any free one at that time when the hold has run out.

    Confirmation and reminders are enqueued in the same transaction. Asked again for the same slot by the same holder,
    it gives the appointment that there is. `replaces` is a missed appointment that this one makes good for.

    Raises:
        RequestRefused: something the citizen told cannot be used.
    """
    request = checked(request)
    if mine := session.scalar(_same_booking(holder, starts_at)):
        return booked(mine)
    appointment = held_slot(
        session, starts_at=starts_at, holder=holder, request=request, now=now, attendant_id=attendant_id
    )
    if isinstance(appointment, Taken):
        return appointment
    write_into(appointment, request)
    appointment.state, appointment.hold_expires_at, appointment.booked_at = AppointmentState.BOOKED, None, now
    appointment.code_digest = code_digest(code_of(appointment.reference))
    appointment.meeting_url = _meeting_url(appointment.reference)
    appointment.replaces_id = replaces.id if replaces else None
    session.flush()
    tell_booked(session, appointment, now=now)
    return booked(appointment)


def held_slot(
    session: Session,
    *,
    starts_at: datetime,
    holder: str,
    request: Request,
    now: datetime,
    attendant_id: int | None = None,
) -> Appointment | Taken:
    """The row that keeps the slot for the holder, locked; taken now when the hold has run out or does not fit."""
    mine = select(Appointment).where(is_hold_of(holder), Appointment.starts_at == starts_at)
    held = session.scalar(mine.with_for_update().execution_options(populate_existing=True))
    if held is not None and starts_at > now and _fits(held, request, attendant_id):
        return held
    hold = hold_slot(
        session, starts_at=starts_at, segment=request.segment, language=request.language, holder=holder, now=now,
        attendant_id=attendant_id,
    )  # fmt: skip
    return hold if isinstance(hold, Taken) else session.get_one(Appointment, hold.id)


def booked(appointment: Appointment) -> Booked:
    """What the citizen is told of an appointment."""
    return Booked(
        appointment_id=appointment.id,
        code=code_of(appointment.reference),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        attendant_name=appointment.attendant.name,
        url=appointment_url(appointment.reference),
        meeting_url=appointment.meeting_url,
    )


def _same_booking(holder: str, starts_at: datetime) -> Select[Appointment]:
    return select(Appointment).where(
        Appointment.holder == holder, Appointment.starts_at == starts_at, Appointment.state.in_(UPCOMING)
    )


def _fits(held: Appointment, request: Request, attendant_id: int | None) -> bool:
    """Whether the one who was to attend still can, and serves what the citizen asks for in the end."""
    attendant = held.attendant
    if attendant_id not in (None, attendant.id) or not serves(attendant, request.segment, request.language):
        return False
    return why_unavailable(attendant, attendant.absences, held.starts_at, held.ends_at) is None


def _meeting_url(reference: str) -> str:
    """Not the reference itself: the address of a meeting is passed on, and the reference opens the appointment."""
    digest = hashlib.sha256(f"meeting:{reference}".encode()).hexdigest()
    return load_settings().appointment_meeting_url.replace("{reference}", digest[:20])
