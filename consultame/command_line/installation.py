"""`consultame init`: the database, the first knowledge base and, in development, staff accounts to try it with."""

from dataclasses import dataclass
from datetime import time

from rich.console import Console
from sqlalchemy.orm import Session

from consultame.database import write_session
from consultame.migration import migrate_database
from consultame.settings import SEED_DIRECTORY, Language, load_settings
from consultame.staff import Role, add_staff_member, staff_member_by_email
from desk.appointments.attendants import Hours, add_attendant, attendant_by_email
from desk.appointments.models import Segment
from kb.exchange import load_first_knowledge_base

DEMO_PASSWORD = "consultame-demo"  # noqa: S105


@dataclass(frozen=True)
class DemoAccount:
    """An account that exists in development only."""

    email: str
    name: str
    role: Role


DEMO_ACCOUNTS = (
    DemoAccount("curadora@consultame.example", "Curadora de ejemplo", Role.CURATOR),
    DemoAccount("aprobador@consultame.example", "Aprobador de ejemplo", Role.APPROVER),
    DemoAccount("casos@consultame.example", "Gestora de casos de ejemplo", Role.CASE_HANDLER),
    DemoAccount("admin@consultame.example", "Administradora de ejemplo", Role.ADMIN),
)


@dataclass(frozen=True)
class DemoAttendant:
    """Somebody who attends appointments in development only."""

    email: str
    name: str
    languages: tuple[Language, ...]
    segments: tuple[Segment, ...]


DEMO_ATTENDANTS = (
    DemoAttendant(
        "hidrocarburos@consultame.example", "Andrea (ejemplo)", ("es", "en"),
        (Segment.HYDROCARBONS, Segment.DATA_UPDATE, Segment.OTHER),
    ),
    DemoAttendant(
        "energia@consultame.example", "Camilo (ejemplo)", ("es",), (Segment.ELECTRICITY, Segment.MINING, Segment.OTHER)
    ),
    DemoAttendant("mesa@consultame.example", "Paola (ejemplo)", ("es", "en"), tuple(Segment)),
)  # fmt: skip
_DEMO_HOURS = [Hours(weekday, time(8), time(16, 5)) for weekday in range(5)]


def init() -> None:
    """Prepare the database and load the first knowledge base. Safe to run again: it adds only what is missing."""
    console = Console()
    with console.status("Preparing the database…"):
        added = install()
    console.print(f"Database ready; {added} entries added to the knowledge base.")


def install() -> int:
    """Migrate, load missing entries and, in development, who is missing of the demo; returns how many entries came."""
    migrate_database()
    with write_session() as session:
        added = load_first_knowledge_base(session, SEED_DIRECTORY)
        if load_settings().environment == "development":
            for account in DEMO_ACCOUNTS:
                if staff_member_by_email(session, account.email) is None:
                    add_staff_member(
                        session,
                        email=account.email,
                        name=account.name,
                        role=account.role,
                        password=DEMO_PASSWORD,
                        must_change_password=True,
                    )
            _add_demo_attendants(session)
    return len(added)


def _add_demo_attendants(session: Session) -> None:
    for person in DEMO_ATTENDANTS:
        if attendant_by_email(session, person.email) is None:
            add_attendant(
                session, name=person.name, email=person.email, languages=person.languages, segments=person.segments,
                hours=_DEMO_HOURS, is_demo=True,
            )  # fmt: skip
