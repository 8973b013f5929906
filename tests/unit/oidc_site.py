"""Staff screens that are set up for a provider on this machine, and the way through both."""

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from consultame.audit import AuditEvent
from consultame.database import read_session
from tests.conftest import forget_settings
from tests.unit.admin_site import ORIGIN, PASSWORD, visible_text

START, RETURN = "/personal/ingresar/cuenta", "/personal/ingresar/cuenta/regreso"
ANA = "ana@minenergia.example"
RIGHT = {"email": ANA, "password": PASSWORD}


def set_settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"CONSULTAME_{name}", value)
    forget_settings()


def return_address(browser: TestClient, next: str = "") -> str:
    """Start to sign in, and at the provider agree: the address that the browser is sent back to."""
    there = browser.get(START, params={"next": next} if next else {})
    assert there.status_code == 302, visible_text(there.text)
    back = httpx.get(there.headers["location"], trust_env=False)
    assert back.status_code == 302, back.text
    return back.headers["location"].removeprefix(ORIGIN)


def come_in(browser: TestClient, next: str = "") -> httpx.Response:
    return browser.get(return_address(browser, next))


def told() -> list[tuple[str, str, str, dict[str, str | int]]]:
    with read_session() as session:
        stored = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        return [
            (event.action, event.actor, event.subject, event.detail)
            for event in stored
            if event.action.startswith("sign")
        ]


def refused(answer: httpx.Response, status: int, words: str, reason: str, subject: str = "") -> None:
    """The sign-in page says why, nobody is signed in, and the audit log has noted it."""
    assert answer.status_code == status, visible_text(answer.text)
    page = visible_text(answer.text)
    assert "Ingreso del personal" in page
    assert words in page
    assert told()[-1] == ("sign_in_failed", "unknown", subject, {"reason": reason})
