"""Fixtures of several unit tests."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.oidc_provider import CLIENT, SECRET, OidcProvider, running_provider
from tests.unit.admin_site import ORIGIN
from tests.unit.case_screens import handler
from tests.unit.oidc_site import RETURN, set_settings


@pytest.fixture
def provider(sqlite_database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[OidcProvider]:
    """A provider that the staff screens are set up for."""
    with running_provider(f"{ORIGIN}{RETURN}") as running:
        set_settings(
            monkeypatch,
            PUBLIC_URL=ORIGIN,
            OIDC_ISSUER=running.issuer,
            OIDC_CLIENT_ID=CLIENT,
            OIDC_CLIENT_SECRET=SECRET,
            OIDC_BUTTON_LABEL="Ingresar con la cuenta del Ministerio",
        )
        yield running


@pytest.fixture
def marta() -> TestClient:
    """Somebody who handles cases."""
    return handler()
