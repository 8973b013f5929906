"""The waiting list of full days: the first slot that becomes free is kept for the first in line and offered by mail."""

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultame.settings import load_settings
from desk.appointments.availability import free_slots, is_attended
from desk.appointments.booking import Booked, book
from desk.appointments.citizen import Request, checked, read_from, write_into
from desk.appointments.holding import Hold, Taken, hold_slot, release_hold
from desk.appointments.models import Appointment, AppointmentState, WaitingPlace, WaitingState
from desk.appointments.notices import tell_offered, withdraw_offer
from desk.appointments.timetable import booking_window, local, slots_of


class DayNotFull(Exception):
    """The day has free slots, or takes no appointments at all: there is nothing to wait for."""


class OfferGone(Exception):
    """The offer has lapsed, or the citizen has left the line."""


def join_waiting_list(
    session: Session, *, day: date, request: Request, now: datetime, attendant_id: int | None = None
) -> WaitingPlace:
    """Queue for a full day. Who waits for it already under the same e-mail keeps the place.

    Raises:
        RequestRefused: something the citizen told cannot be used.
        DayNotFull: there are free slots, or it is not a day on which appointments are given.
    """
    request = checked(request)
    _check_day_is_full(session, day, request, now, attendant_id)
    mine = select(WaitingPlace).where(
        WaitingPlace.day == day,
        WaitingPlace.citizen_email == request.email,
        WaitingPlace.segment == request.segment,
        WaitingPlace.state.in_((WaitingState.WAITING, WaitingState.OFFERED)),
    )
    if place := session.scalar(mine):
        return place
    place = WaitingPlace(reference=secrets.token_hex(16), day=day, attendant_id=attendant_id, created_at=now)
    write_into(place, request)
    session.add(place)
    session.flush()
    return place


def offer_freed_slots(session: Session, *, now: datetime, moment: datetime | None = None) -> int:
    """Offer what is free to those who wait, in their order; returns how many offers were made.

    Offers that have lapsed are passed on to the next. With a moment only that day's line is looked at.
    """
    _close_past_days(session, now)
    lines = select(WaitingPlace).where(WaitingPlace.state.in_((WaitingState.WAITING, WaitingState.OFFERED)))
    if moment is not None:
        lines = lines.where(WaitingPlace.day == local(moment).date())
    places = list(session.scalars(lines.order_by(WaitingPlace.day, WaitingPlace.id).with_for_update()))
    for place in places:
        if place.state is WaitingState.OFFERED and _has_lapsed(session, place, now):
            _lapse(session, place)
    session.flush()
    return sum(_offer(session, place, now) for place in places if place.state is WaitingState.WAITING)


def accept_offer(session: Session, *, place: WaitingPlace, now: datetime) -> Booked | Taken:
    """Book the slot that is kept for this place; the same again gives the same appointment.

    Raises:
        OfferGone: it has lapsed.
    """
    session.refresh(place, with_for_update=True)
    offered = session.get(Appointment, place.appointment_id) if place.appointment_id else None
    if offered is None or place.state not in (WaitingState.OFFERED, WaitingState.BOOKED):
        raise OfferGone
    answer = book(
        session, starts_at=offered.starts_at, holder=_holder(place), request=read_from(place), now=now,
        attendant_id=place.attendant_id,
    )  # fmt: skip
    if isinstance(answer, Booked):
        place.state, place.appointment_id = WaitingState.BOOKED, answer.appointment_id
        session.flush()
    return answer


def leave_waiting_list(session: Session, *, place: WaitingPlace, now: datetime) -> None:
    """Give the place up; a slot that was offered goes to the next."""
    session.refresh(place, with_for_update=True)
    if place.state not in (WaitingState.WAITING, WaitingState.OFFERED):
        return
    offered = place.state is WaitingState.OFFERED
    _lapse(session, place)
    place.state = WaitingState.LEFT
    session.flush()
    if offered:
        offer_freed_slots(session, now=now)


def place_by_reference(session: Session, reference: str) -> WaitingPlace | None:
    """The place that a signed link names."""
    return session.scalar(select(WaitingPlace).where(WaitingPlace.reference == reference))


def _check_day_is_full(session: Session, day: date, request: Request, now: datetime, attendant_id: int | None) -> None:
    window = booking_window(now)
    possible = [slot for slot in slots_of(day, load_settings()) if slot.starts_at >= window.earliest]
    if day > window.last_day or not any(
        is_attended(session, slot, segment=request.segment, language=request.language, attendant_id=attendant_id)
        for slot in possible
    ):
        raise DayNotFull
    free = free_slots(
        session, first_day=day, last_day=day, segment=request.segment, language=request.language, now=now,
        attendant_id=attendant_id,
    )  # fmt: skip
    if free:
        raise DayNotFull


def _offer(session: Session, place: WaitingPlace, now: datetime) -> bool:
    request = read_from(place)
    free = free_slots(
        session, first_day=place.day, last_day=place.day, segment=request.segment, language=request.language,
        now=now, attendant_id=place.attendant_id,
    )  # fmt: skip
    for slot in free:
        kept_until = min(now + _offer_lasts(), slot.starts_at)
        hold = hold_slot(
            session, starts_at=slot.starts_at, segment=request.segment, language=request.language,
            holder=_holder(place), now=now, attendant_id=place.attendant_id, keep_for=kept_until - now,
        )  # fmt: skip
        if isinstance(hold, Hold):
            place.state, place.appointment_id = WaitingState.OFFERED, hold.id
            place.offers += 1
            session.flush()
            tell_offered(session, place, session.get_one(Appointment, hold.id), now=now)
            return True
    return False


def _has_lapsed(session: Session, place: WaitingPlace, now: datetime) -> bool:
    held = session.get(Appointment, place.appointment_id) if place.appointment_id else None
    if held is None or held.state is not AppointmentState.HELD or held.hold_expires_at is None:
        return True
    return held.hold_expires_at <= now


def _lapse(session: Session, place: WaitingPlace) -> None:
    place.state, place.appointment_id = WaitingState.LAPSED, None
    session.flush()
    release_hold(session, holder=_holder(place))
    withdraw_offer(session, place)


def _close_past_days(session: Session, now: datetime) -> None:
    past = select(WaitingPlace).where(WaitingPlace.state == WaitingState.WAITING, WaitingPlace.day < local(now).date())
    for place in session.scalars(past):
        place.state = WaitingState.LAPSED


def _holder(place: WaitingPlace) -> str:
    return f"waiting-list:{place.id}"


def _offer_lasts() -> timedelta:
    return timedelta(minutes=load_settings().appointment_offer_minutes)
