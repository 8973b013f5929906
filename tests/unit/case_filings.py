"""Cases for tests: one like another, except for what a test is about."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from consultame.database import write_session
from desk.cases.filing import CaseFiling, FiledCase, RequesterData, file_case
from desk.cases.kinds import CaseKind, Channel, RequesterKind

BOGOTA = ZoneInfo("America/Bogota")
# A Tuesday.
MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=BOGOTA)

ANA = RequesterData(
    RequesterKind.PERSON,
    name="Ana Lucía Ñáñez",
    document="1.085.245.678",
    email="Ana.Nanez@correo.co",
    telephone="3001234567",
    place_code="52001",
)
NOBODY = RequesterData(RequesterKind.ANONYMOUS)


def a_filing(**changes: Any) -> CaseFiling:
    """A petition by Ana, received on a Tuesday morning."""
    plain = CaseFiling(
        kind=CaseKind.PETITION,
        channel=Channel.CHAT,
        description="Pido revisar el subsidio de la pipeta en mi vereda.",
        requester=ANA,
        received_at=MORNING,
    )
    return replace(plain, **changes)


def filed(*, now: datetime = MORNING, attempt: str = "", **changes: Any) -> FiledCase:
    """File it in a transaction of its own."""
    with write_session() as session:
        return file_case(session, filing=a_filing(**changes), attempt=attempt, now=now)
