"""Fixtures of several unit tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from consultame.settings import load_settings
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, running_provider
from tests.unit.admin_site import ORIGIN
from tests.unit.case_screens import handler
from tests.unit.oidc_site import RETURN, set_settings
from tests.whatsapp_server import WhatsAppServer, running_whatsapp


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


@pytest.fixture
def whatsapp(data_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WhatsAppServer]:
    """An API of WhatsApp that the settings name."""
    with running_whatsapp() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        load_settings.cache_clear()
        yield server
