"""What the tests of appointments share: an agenda with people who attend, and a citizen who asks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from consultame.database import write_session
from consultame.settings import Language
from desk.appointments.attendants import Hours, add_attendant
from desk.appointments.booking import Booked, book
from desk.appointments.citizen import Consent, Request
from desk.appointments.models import Appointment, Attendant, Segment
from desk.appointments.timetable import BOGOTA

# A Monday; Tuesday the 8th is the Immaculate Conception, a holiday.
NOW = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
TUESDAY = date(2026, 12, 1)
AFTERNOON = tuple(Hours(weekday, time(14), time(16, 5)) for weekday in range(5))
REQUEST = Request(
    segment=Segment.HYDROCARBONS,
    language="es",
    channel="web",
    description="Permiso para una estación de servicio",
    name="Luz Marina Pérez",
    email="luz@correo.example",
    phone="300 123 4567",
    consent=Consent("2026-1", NOW),
)


def at(day: date, hour: int, minute: int) -> datetime:
    """That time of day in Bogotá."""
    return datetime.combine(day, time(hour, minute), BOGOTA)


FIRST = at(TUESDAY, 14, 5)


def person(
    name: str = "Ana",
    *,
    languages: tuple[Language, ...] = ("es", "en"),
    segments: tuple[Segment, ...] = tuple(Segment),
    hours: tuple[Hours, ...] = AFTERNOON,
) -> Attendant:
    """Somebody who attends."""
    with write_session() as session:
        return add_attendant(
            session, name=name, email=f"{name.lower()}@minenergia.example", languages=languages, segments=segments,
            hours=hours,
        )  # fmt: skip


def request_of(number: int) -> Request:
    """Another citizen's request."""
    return replace(REQUEST, name=f"Persona de prueba {'abcdefghij'[number % 10]}", email=f"p{number}@correo.example")


def booked(
    starts_at: datetime = FIRST, *, holder: str = "web-1", request: Request = REQUEST, now: datetime = NOW
) -> Booked:
    """An appointment, in a transaction of its own."""
    with write_session() as session:
        answer = book(session, starts_at=starts_at, holder=holder, request=request, now=now)
    assert isinstance(answer, Booked), answer
    return answer


def appointment(session: Session, made: Booked) -> Appointment:
    """The row behind it."""
    return session.get_one(Appointment, made.appointment_id)
