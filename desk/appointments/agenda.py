"""The appointments of a stretch of days, as the staff sees them."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from desk.appointments.models import Appointment, AppointmentState
from desk.appointments.timetable import at_midnight


def appointments_between(
    session: Session, *, first_day: date, last_day: date, attendant_id: int | None = None
) -> list[Appointment]:
    """What was booked from the first to the last day, both included, cancelled ones too, earliest first."""
    query = (
        select(Appointment)
        .where(
            Appointment.starts_at >= at_midnight(first_day),
            Appointment.starts_at < at_midnight(last_day + timedelta(days=1)),
            Appointment.state != AppointmentState.HELD,
        )
        .options(joinedload(Appointment.attendant))
        .order_by(Appointment.starts_at, Appointment.id)
    )
    if attendant_id is not None:
        query = query.where(Appointment.attendant_id == attendant_id)
    return list(session.scalars(query))


def appointment_by_number(session: Session, number: int) -> Appointment | None:
    """The appointment with this number; a hold is none."""
    return session.scalar(
        select(Appointment).where(Appointment.id == number, Appointment.state != AppointmentState.HELD)
    )
