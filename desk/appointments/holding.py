"""Keeping a slot for a citizen who is about to book it. The database lets one citizen only have it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultame.settings import Language, load_settings
from desk.appointments.availability import free_slots, is_attended, nearest_free
from desk.appointments.models import Appointment, AppointmentState, Segment
from desk.appointments.timetable import Slot, booking_window, is_holiday, local, start_times

OFFERS = 3


class Refusal(StrEnum):
    """Why a slot is not given."""

    TAKEN = "taken"
    PAST = "past"
    TOO_SOON = "too soon"
    TOO_FAR = "too far"
    HOLIDAY = "holiday"
    NO_SUCH_TIME = "no such time"
    NOT_ATTENDED = "not attended"


@dataclass(frozen=True)
class Hold:
    """A slot kept for its holder until it expires."""

    id: int
    starts_at: datetime
    ends_at: datetime
    attendant_id: int
    expires_at: datetime


@dataclass(frozen=True)
class Taken:
    """The slot is not given; what is free next, the nearest first."""

    reason: Refusal
    offers: tuple[Slot, ...]


def hold_slot(
    session: Session,
    *,
    starts_at: datetime,
    segment: Segment,
    language: Language,
    holder: str,
    now: datetime,
    attendant_id: int | None = None,
    keep_for: timedelta | None = None,
) -> Hold | Taken:
    """Keep the slot for the holder (a conversation, a visitor), ten minutes by default.

    A holder keeps one slot: a former one is given back when this one is got, and only then. Without an attendant the
    one who does least is chosen. A hold that has expired is taken over.
    """
    day = local(starts_at).date()
    free = free_slots(
        session, first_day=day, last_day=day, segment=segment, language=language, now=now,
        attendant_id=attendant_id, holder=holder,
    )  # fmt: skip
    expires_at = now + (keep_for or timedelta(minutes=load_settings().appointment_hold_minutes))
    for slot in free:
        if slot.starts_at == starts_at:
            if hold := _extended(session, slot, holder, expires_at):
                return hold
            for candidate in slot.attendant_ids:
                wanted = Appointment(
                    attendant_id=candidate, starts_at=slot.starts_at, ends_at=slot.ends_at, segment=segment,
                    language=language, holder=holder, hold_expires_at=expires_at, created_at=now,
                )  # fmt: skip
                if hold := _taken_by(session, wanted, now):
                    return hold
    return refused(
        session, starts_at=starts_at, segment=segment, language=language, holder=holder, now=now,
        attendant_id=attendant_id,
    )  # fmt: skip


def refused(
    session: Session,
    *,
    starts_at: datetime,
    segment: Segment,
    language: Language,
    holder: str,
    now: datetime,
    attendant_id: int | None = None,
) -> Taken:
    """Why the slot is not given, and what is free next."""
    reason = _why_not_offered(starts_at, now)
    if reason is None:
        length = timedelta(minutes=load_settings().appointment_minutes)
        slot = Slot(starts_at, starts_at + length)
        attended = is_attended(session, slot, segment=segment, language=language, attendant_id=attendant_id)
        reason = Refusal.TAKEN if attended else Refusal.NOT_ATTENDED
    offers = nearest_free(
        session, wish=starts_at, count=OFFERS, segment=segment, language=language, now=now,
        attendant_id=attendant_id, holder=holder,
    )  # fmt: skip
    return Taken(reason, tuple(offers))


def release_hold(session: Session, *, holder: str) -> bool:
    """Give back what the holder keeps; False when that was nothing."""
    released = delete(Appointment).where(is_hold_of(holder)).returning(Appointment.id)
    return bool(session.scalars(released).all())


def hold_of(session: Session, *, holder: str, now: datetime) -> Hold | None:
    """What the holder keeps at this moment; None when that is nothing, or has run out."""
    kept = session.scalar(select(Appointment).where(is_hold_of(holder), Appointment.hold_expires_at > now))
    if kept is None or kept.hold_expires_at is None:
        return None
    return Hold(kept.id, kept.starts_at, kept.ends_at, kept.attendant_id, kept.hold_expires_at)


def _extended(session: Session, slot: Slot, holder: str, expires_at: datetime) -> Hold | None:
    """The hold that the holder has on this slot already, made to last longer."""
    mine = (
        update(Appointment)
        .where(
            is_hold_of(holder), Appointment.starts_at == slot.starts_at,
            Appointment.attendant_id.in_(slot.attendant_ids),
        )
        .values(hold_expires_at=expires_at)
        .returning(Appointment.id, Appointment.attendant_id)
    )  # fmt: skip
    row = session.execute(mine).first()
    return Hold(row.id, slot.starts_at, slot.ends_at, row.attendant_id, expires_at) if row else None


def _taken_by(session: Session, wanted: Appointment, now: datetime) -> Hold | None:
    """The slot, taken; None, with nothing changed, when somebody else was faster."""
    wanted.reference, wanted.state = secrets.token_hex(16), AppointmentState.HELD
    expired = and_(
        Appointment.attendant_id == wanted.attendant_id,
        Appointment.starts_at == wanted.starts_at,
        Appointment.state == AppointmentState.HELD,
        Appointment.hold_expires_at <= now,
    )
    try:
        with session.begin_nested():
            session.execute(delete(Appointment).where(or_(expired, is_hold_of(wanted.holder))))
            session.add(wanted)
    except IntegrityError:
        return None
    assert wanted.hold_expires_at is not None
    return Hold(wanted.id, wanted.starts_at, wanted.ends_at, wanted.attendant_id, wanted.hold_expires_at)


def _why_not_offered(starts_at: datetime, now: datetime) -> Refusal | None:
    window, moment = booking_window(now), local(starts_at)
    reasons = [
        (starts_at <= now, Refusal.PAST),
        (starts_at < window.earliest, Refusal.TOO_SOON),
        (moment.date() > window.last_day, Refusal.TOO_FAR),
        (is_holiday(moment.date()), Refusal.HOLIDAY),
        (moment.time() not in start_times(load_settings()), Refusal.NO_SUCH_TIME),
    ]
    return next((reason for applies, reason in reasons if applies), None)


def is_hold_of(holder: str) -> ColumnElement[bool]:
    """Whether a row is what this holder keeps."""
    return and_(Appointment.holder == holder, Appointment.state == AppointmentState.HELD)
