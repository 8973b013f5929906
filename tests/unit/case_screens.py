"""Cases at the staff's screens: made, acted on, and looked up."""

import re
from datetime import date, timedelta

from fastapi.testclient import TestClient
from sqlalchemy import select

from consultame.audit import AuditEvent
from consultame.database import now, read_session
from consultame.outbox import OutgoingMessage
from consultame.staff import Role
from desk.cases.kinds import CaseKind
from desk.cases.listing import case_by_radicado
from desk.cases.models import Case
from desk.deadlines.business_calendar import is_business_day, local_moment
from desk.radicado import radicados_in
from tests.unit.admin_site import signed_in, visible_text
from tests.unit.case_filings import filed


def handler() -> TestClient:
    return signed_in("marta", Role.CASE_HANDLER)


def today() -> date:
    return local_moment(now()).date()


def filed_days_ago(days: int, **changes: object) -> str:
    """The radicado of a case received that many calendar days ago."""
    return str(filed(received_at=now() - timedelta(days=days), now=now(), **changes).radicado)


def first_level_due_soon(**changes: object) -> str:
    """The radicado of a first-level case of the last morning on which the office was open: due in two days or less."""
    morning = local_moment(now()).replace(hour=8, minute=0)
    while morning > now() or not is_business_day(morning.date()):
        morning -= timedelta(days=1)
    return str(filed(received_at=morning, now=now(), kind=CaseKind.FIRST_LEVEL, **changes).radicado)


def stored(radicado: str) -> Case:
    with read_session() as session:
        case = case_by_radicado(session, radicados_in(radicado)[0])
        assert case is not None
        return case


def rows_of(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/personal/casos/([\d-]+)"', page)


def do(browser: TestClient, radicado: str, action: str, **fields: str) -> tuple[int, str]:
    """Press a button of the case's page as it stands; gives the status and what the next page says."""
    shown = browser.get(f"/personal/casos/{radicado}").text
    last = re.search(r'name="last_event" value="(\d+)"', shown)
    assert last
    answer = browser.post(f"/personal/casos/{radicado}/{action}", data={"last_event": last[1]} | fields)
    page = browser.get(answer.headers["location"]).text if answer.status_code == 303 else answer.text
    return answer.status_code, visible_text(page)


def mails() -> list[OutgoingMessage]:
    with read_session() as session:
        return list(session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id)))


def audited() -> list[str]:
    with read_session() as session:
        return list(session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("case_"))))
