"""A CRM with cases, and the settings that lead to it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.radicado import Direction, Radicado
from tests.conftest import forget_settings
from tests.dataverse_server import CLIENT, SECRET, TENANT, DataverseServer, running_dataverse

NUMBER = Radicado(Direction.RECEIVED, 2026, "004821")
ELSEWHERE = Radicado(Direction.RECEIVED, 2026, "999999")


def crm_case(**changes: Any) -> dict[str, Any]:
    """A case as the CRM holds it, of Ana."""
    plain = {
        "incidentid": "i-1",
        "ticketnumber": str(NUMBER),
        "casetypecode": 1,
        "statuscode": 1,
        "createdon": "2026-11-20T15:00:00Z",
        "resolveby": None,
        "title": "El subsidio de Ana",
        "customerid_contact": {
            "contactid": "c-1", "fullname": "Ana Ñáñez", "governmentid": "1085245678",
            "emailaddress1": "Ana.Nanez@correo.co",
        },
    }  # fmt: skip
    return plain | changes


@pytest.fixture
def crm(tmp_path: Path, data_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DataverseServer]:
    """The running CRM with one case, chosen by the settings."""
    folder = tmp_path / "crm"
    folder.mkdir()
    with running_dataverse(folder) as (server, certificate):
        server.rows.append(crm_case())
        values = {
            "CONSULTAME_CASE_DIRECTORY": "dataverse",
            "CONSULTAME_DATAVERSE_URL": server.url,
            "CONSULTAME_DATAVERSE_AUTHORITY": server.url,
            "CONSULTAME_DATAVERSE_TENANT": TENANT,
            "CONSULTAME_DATAVERSE_CLIENT_ID": CLIENT,
            "CONSULTAME_DATAVERSE_CLIENT_SECRET": SECRET,
            "CONSULTAME_DATAVERSE_TIMEOUT_SECONDS": "0.7",
            "CONSULTAME_DATAVERSE_PATIENCE_SECONDS": "5",
            "SSL_CERT_FILE": str(certificate),
            "REQUESTS_CA_BUNDLE": str(certificate),
            "NO_PROXY": "127.0.0.1",
        }
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        forget_settings()
        yield server


@pytest.fixture
def set_setting(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Change a setting of the CRM."""

    def change(name: str, value: str) -> None:
        monkeypatch.setenv(f"CONSULTAME_DATAVERSE_{name}", value)
        forget_settings()

    return change
