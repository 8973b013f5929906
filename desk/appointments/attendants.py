"""Who attends: hours, breaks and absences; and the appointments that a change of them would leave without anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from consultame.audit import Action, SubjectKind, record
from consultame.settings import Language, is_email
from desk.appointments.availability import Unavailable, why_unavailable
from desk.appointments.models import (
    LONGEST_NAME,
    UPCOMING,
    Absence,
    Appointment,
    Attendant,
    PeriodKind,
    Segment,
    WeeklyPeriod,
)


class AttendantProblem(StrEnum):
    """Why somebody cannot be entered as asked."""

    NAME = "the name is empty or too long"
    EMAIL = "that is not an e-mail address"
    EMAIL_TAKEN = "somebody with this address attends already"
    LANGUAGES = "give at least one language"
    SEGMENTS = "give at least one segment"
    HOURS = "working hours and breaks end after they start"
    ABSENCE = "an absence ends after it starts"


class AttendantRefused(Exception):
    """What was given cannot be kept; the message says why, in English, for operators."""

    def __init__(self, problem: AttendantProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Hours:
    """A stretch of each week, in Bogotá's time; Monday is 0."""

    weekday: int
    starts: time
    ends: time
    kind: PeriodKind = PeriodKind.WORK


@dataclass(frozen=True)
class Conflict:
    """An appointment to come whose attendant will not be there."""

    appointment: Appointment
    reason: Unavailable


def add_attendant(
    session: Session,
    *,
    name: str,
    email: str,
    languages: Sequence[Language],
    segments: Sequence[Segment],
    hours: Sequence[Hours],
    account_id: int | None = None,
    is_demo: bool = False,
) -> Attendant:
    """Enter somebody who attends.

    Raises:
        AttendantRefused: something given cannot be kept, or the address is known already.
    """
    attendant = Attendant(account_id=account_id, periods=_periods(hours), is_demo=is_demo)
    _describe(session, attendant, name, email, languages, segments)
    session.add(attendant)
    session.flush()
    record(session, Action.ATTENDANT_ADDED, SubjectKind.ATTENDANT, attendant.id)
    return attendant


def describe_attendant(
    session: Session,
    attendant: Attendant,
    *,
    name: str,
    email: str,
    languages: Sequence[Language],
    segments: Sequence[Segment],
    now: datetime,
) -> list[Conflict]:
    """Replace name, address, languages and segments; returns the appointments that the person does not serve any more.

    Raises:
        AttendantRefused: something given cannot be kept, or somebody else has the address.
    """
    _describe(session, attendant, name, email, languages, segments)
    session.flush()
    record(session, Action.ATTENDANT_CHANGED, SubjectKind.ATTENDANT, attendant.id)
    return conflicts(session, now=now, attendant=attendant)


def set_hours(session: Session, attendant: Attendant, hours: Sequence[Hours], *, now: datetime) -> list[Conflict]:
    """Replace working hours and breaks; returns the appointments that now lie outside them.

    Raises:
        AttendantRefused: a stretch ends before it starts.
    """
    attendant.periods = _periods(hours)
    session.flush()
    record(session, Action.ATTENDANT_CHANGED, SubjectKind.ATTENDANT, attendant.id)
    return conflicts(session, now=now, attendant=attendant)


def set_active(session: Session, attendant: Attendant, active: bool, *, now: datetime) -> list[Conflict]:
    """Have somebody attend no longer, or again; returns the appointments that are left without anybody."""
    attendant.active = active
    session.flush()
    record(session, Action.ATTENDANT_CHANGED, SubjectKind.ATTENDANT, attendant.id)
    return conflicts(session, now=now, attendant=attendant)


def add_absence(
    session: Session, attendant: Attendant, *, starts_at: datetime, ends_at: datetime, now: datetime, note: str = ""
) -> tuple[Absence, list[Conflict]]:
    """Enter an absence; returns it and the appointments that fall into it.

    Raises:
        AttendantRefused: it ends before it starts.
    """
    if starts_at >= ends_at:
        raise AttendantRefused(AttendantProblem.ABSENCE)
    absence = Absence(attendant=attendant, starts_at=starts_at, ends_at=ends_at, note=note.strip()[:200])
    session.add(absence)
    session.flush()
    session.refresh(attendant, ["absences"])
    record(session, Action.ABSENCE_ADDED, SubjectKind.ATTENDANT, attendant.id)
    return absence, conflicts(session, now=now, attendant=attendant)


def remove_absence(session: Session, absence: Absence) -> None:
    """Take an absence back."""
    record(session, Action.ABSENCE_REMOVED, SubjectKind.ATTENDANT, absence.attendant_id)
    session.delete(absence)
    session.flush()


def conflicts(session: Session, *, now: datetime, attendant: Attendant | None = None) -> list[Conflict]:
    """The appointments to come that their attendant cannot keep, the next one first.

    For a holiday, other hours, an absence, or because the segment or the language is not served any more.
    """
    query = (
        select(Appointment)
        .where(Appointment.state.in_(UPCOMING), Appointment.starts_at > now)
        .options(
            selectinload(Appointment.attendant).selectinload(Attendant.periods),
            selectinload(Appointment.attendant).selectinload(Attendant.absences),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    if attendant is not None:
        query = query.where(Appointment.attendant_id == attendant.id)
    found = []
    for appointment in session.scalars(query):
        if reason := why_not_attended(appointment):
            found.append(Conflict(appointment, reason))
    return found


def why_not_attended(appointment: Appointment) -> Unavailable | None:
    """Why its attendant cannot keep an appointment that is booked; None when nothing is in the way."""
    attendant = appointment.attendant
    reason = why_unavailable(attendant, attendant.absences, appointment.starts_at, appointment.ends_at)
    if reason is None and appointment.segment not in attendant.segments:
        return Unavailable.SUBJECT
    if reason is None and appointment.language not in attendant.languages:
        return Unavailable.LANGUAGE
    return reason


def attendants(session: Session) -> list[Attendant]:
    """Everybody who attends or did, those who do first, by name."""
    query = select(Attendant).options(selectinload(Attendant.periods), selectinload(Attendant.absences))
    return list(session.scalars(query.order_by(Attendant.active.desc(), Attendant.name, Attendant.id)))


def attendant_by_email(session: Session, email: str) -> Attendant | None:
    """The one with this address, in any state, or None."""
    return session.scalar(select(Attendant).where(Attendant.email == email.strip().lower()))


def _describe(
    session: Session,
    attendant: Attendant,
    name: str,
    email: str,
    languages: Sequence[Language],
    segments: Sequence[Segment],
) -> None:
    name, email = " ".join(name.split()), email.strip().lower()
    problems = [
        (not 0 < len(name) <= LONGEST_NAME, AttendantProblem.NAME),
        (not is_email(email), AttendantProblem.EMAIL),
        (not languages, AttendantProblem.LANGUAGES),
        (not segments, AttendantProblem.SEGMENTS),
        (attendant_by_email(session, email) not in (None, attendant), AttendantProblem.EMAIL_TAKEN),
    ]
    for applies, problem in problems:
        if applies:
            raise AttendantRefused(problem)
    attendant.name, attendant.email = name, email
    attendant.languages = list(dict.fromkeys(languages))
    attendant.segments = [segment.value for segment in dict.fromkeys(segments)]


def _periods(hours: Sequence[Hours]) -> list[WeeklyPeriod]:
    if any(part.starts >= part.ends for part in hours):
        raise AttendantRefused(AttendantProblem.HOURS)
    return [WeeklyPeriod(kind=part.kind, weekday=part.weekday, starts=part.starts, ends=part.ends) for part in hours]
