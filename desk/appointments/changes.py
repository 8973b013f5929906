"""What happens to an appointment after it was booked: moved, cancelled, confirmed, attended or missed."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from desk.appointments.booking import Booked, book, booked, held_slot
from desk.appointments.citizen import read_from
from desk.appointments.holding import Taken
from desk.appointments.models import UPCOMING, Appointment, AppointmentState, Outcome
from desk.appointments.notices import (
    cancel_reminders,
    tell_cancelled,
    tell_changed,
    tell_missed,
    untell_missed,
)
from desk.appointments.waiting_list import offer_freed_slots

REBOOKING_LASTS = timedelta(days=14)


class Impossible(StrEnum):
    """Why something cannot be done with an appointment any more, or not yet."""

    CANCELLED = "it was cancelled"
    OVER = "it has begun or is over"
    NOT_YET = "it has not begun yet"
    REBOOKED = "another one was booked instead"


class ChangeRefused(Exception):
    """The appointment does not allow this; the message says why, in English, for operators."""

    def __init__(self, reason: Impossible) -> None:
        super().__init__(reason.value)
        self.reason = reason


def change(
    session: Session,
    *,
    appointment: Appointment,
    starts_at: datetime,
    holder: str,
    now: datetime,
    attendant_id: int | None = None,
) -> Booked | Taken:
    """Move the appointment to the slot that the holder keeps, or to any free one at that time.

    Its code and links stay the same; the calendar file and the reminders move. The former slot goes to the waiting
    list. Moved to where it is already, nothing happens.

    Raises:
        ChangeRefused: it was cancelled, or has begun.
    """
    _lock(session, appointment)
    check_upcoming(appointment, now)
    if starts_at == appointment.starts_at and attendant_id in (None, appointment.attendant_id):
        return booked(appointment)
    request = read_from(appointment)
    held = held_slot(session, starts_at=starts_at, holder=holder, request=request, now=now, attendant_id=attendant_id)
    if isinstance(held, Taken):
        return held
    former_day, former_sequence = appointment.starts_at, appointment.sequence
    attendant, ends_at = held.attendant, held.ends_at
    session.delete(held)
    session.flush()
    appointment.attendant, appointment.starts_at, appointment.ends_at = attendant, starts_at, ends_at
    appointment.state, appointment.confirmed_at = AppointmentState.BOOKED, None
    appointment.sequence += 1
    session.flush()
    tell_changed(session, appointment, former_sequence=former_sequence, now=now)
    offer_freed_slots(session, now=now, moment=former_day)
    return booked(appointment)


def cancel(session: Session, *, appointment: Appointment, now: datetime) -> None:
    """Cancel the appointment; its slot goes to the waiting list. Cancelled already, nothing happens.

    Raises:
        ChangeRefused: it has begun.
    """
    _lock(session, appointment)
    if appointment.state is AppointmentState.CANCELLED:
        return
    check_upcoming(appointment, now)
    former_sequence = appointment.sequence
    appointment.state, appointment.cancelled_at = AppointmentState.CANCELLED, now
    appointment.sequence += 1
    session.flush()
    tell_cancelled(session, appointment, former_sequence=former_sequence, now=now)
    offer_freed_slots(session, now=now, moment=appointment.starts_at)


def confirm(session: Session, *, appointment: Appointment, now: datetime) -> None:
    """Keep that the citizen says he or she will come.

    Raises:
        ChangeRefused: it was cancelled, or has begun.
    """
    _lock(session, appointment)
    check_upcoming(appointment, now)
    if appointment.state is AppointmentState.BOOKED:
        appointment.state, appointment.confirmed_at = AppointmentState.CONFIRMED, now
        session.flush()


def mark(
    session: Session,
    *,
    appointment: Appointment,
    attended: bool,
    now: datetime,
    outcome: Outcome | None = None,
    note: str | None = None,
) -> None:
    """Keep whether the citizen came and how it ended; who did not is asked whether to make another appointment.

    A mark can be corrected.

    Raises:
        ChangeRefused: it was cancelled, or has not begun.
    """
    _lock(session, appointment)
    if appointment.state is AppointmentState.CANCELLED:
        raise ChangeRefused(Impossible.CANCELLED)
    if now < appointment.starts_at:
        raise ChangeRefused(Impossible.NOT_YET)
    former = appointment.state
    appointment.state = AppointmentState.ATTENDED if attended else AppointmentState.MISSED
    appointment.outcome, appointment.marked_at = outcome if attended else None, now
    appointment.staff_note = appointment.staff_note if note is None else note.strip()
    session.flush()
    cancel_reminders(session, appointment, sequence=appointment.sequence)
    if not attended and appointment.citizen_email:
        tell_missed(session, appointment, now=now)
    if attended and former is AppointmentState.MISSED:
        untell_missed(session, appointment)
    record(session, Action.APPOINTMENT_MARKED, SubjectKind.APPOINTMENT, appointment.id, state=appointment.state.value)


def keep_note(session: Session, *, appointment: Appointment, note: str) -> None:
    """Replace the staff's note on an appointment; erasing the citizen's data erases it too."""
    _lock(session, appointment)
    appointment.staff_note = note.strip()
    session.flush()


def rebook(
    session: Session,
    *,
    missed: Appointment,
    starts_at: datetime,
    holder: str,
    now: datetime,
    attendant_id: int | None = None,
) -> Booked | Taken:
    """Make a new appointment for who missed one, with what was told then; possible once, for fourteen days.

    Raises:
        ChangeRefused: that was not missed, is too long ago, or was made good for already.
    """
    _lock(session, missed)
    check_rebooking(session, missed, now=now)
    return book(
        session, starts_at=starts_at, holder=holder, request=read_from(missed), now=now, attendant_id=attendant_id,
        replaces=missed,
    )  # fmt: skip


def check_rebooking(session: Session, missed: Appointment, *, now: datetime) -> None:
    """Whether `rebook` is possible.

    Raises:
        ChangeRefused: it is not.
    """
    was_erased = not missed.citizen_email
    if was_erased or missed.state is not AppointmentState.MISSED or now > missed.ends_at + REBOOKING_LASTS:
        raise ChangeRefused(Impossible.OVER)
    if session.scalar(select(Appointment.id).where(Appointment.replaces_id == missed.id)):
        raise ChangeRefused(Impossible.REBOOKED)


def appointment_by_reference(session: Session, reference: str) -> Appointment | None:
    """The appointment that a signed link names; a hold is none."""
    return session.scalar(
        select(Appointment).where(Appointment.reference == reference, Appointment.state != AppointmentState.HELD)
    )


def unconfirmed(session: Session, *, now: datetime, within: timedelta = timedelta(hours=24)) -> list[Appointment]:
    """The appointments that begin within this time and were not confirmed by the citizen, the next one first."""
    query = select(Appointment).where(
        Appointment.state == AppointmentState.BOOKED, Appointment.starts_at > now, Appointment.starts_at <= now + within
    )
    return list(session.scalars(query.order_by(Appointment.starts_at, Appointment.id)))


def check_upcoming(appointment: Appointment, now: datetime) -> None:
    """Whether it can still be confirmed, changed or cancelled.

    Raises:
        ChangeRefused: it cannot.
    """
    if appointment.state is AppointmentState.CANCELLED:
        raise ChangeRefused(Impossible.CANCELLED)
    if appointment.state not in UPCOMING or now >= appointment.starts_at:
        raise ChangeRefused(Impossible.OVER)


def _lock(session: Session, appointment: Appointment) -> None:
    """Read the appointment anew, and keep others from changing it until the transaction ends."""
    session.refresh(appointment, with_for_update=True)
