"""The model server that Rasa polls, and the health check."""

import pytest

from admin import health
from consultame.settings import load_settings
from kb.publishing import model_path
from tests.unit.admin_site import FINGERPRINT, approved_entry, put_into_service, visitor

pytestmark = pytest.mark.usefixtures("sqlite_database")


def _bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {load_settings().secret('model-server')}"}


def _live_model() -> None:
    put_into_service(approved_entry())
    model_path(FINGERPRINT).parent.mkdir(parents=True)
    model_path(FINGERPRINT).write_bytes(b"a model" * 100_000)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic é"}])
def test_without_the_credential_there_is_no_model(headers: dict[str, str]) -> None:
    _live_model()
    answer = visitor().get("/models/active", headers={name: value.encode() for name, value in headers.items()})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorized"


def test_without_a_release_or_without_its_file_there_is_nothing_to_send() -> None:
    assert visitor().get("/models/active", headers=_bearer()).status_code == 204
    put_into_service(approved_entry())
    assert visitor().get("/models/active", headers=_bearer()).status_code == 204


def test_the_live_model_is_sent_once() -> None:
    _live_model()
    answer = visitor().get("/models/active", headers=_bearer() | {"If-None-Match": "another"})
    assert answer.status_code == 200
    assert answer.content == b"a model" * 100_000
    assert answer.headers["content-type"] == "application/gzip"
    assert answer.headers["etag"] == FINGERPRINT
    assert answer.headers["filename"] == f"{FINGERPRINT}.tar.gz"
    for known in (answer.headers["etag"], f'"{FINGERPRINT}"'):
        again = visitor().get("/models/active", headers=_bearer() | {"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")


def test_health_names_the_live_release() -> None:
    assert visitor().get("/salud").json() == {"status": "ok", "release": None}
    release = put_into_service(approved_entry())
    assert visitor().get("/salud").json() == {"status": "ok", "release": release}


def test_health_fails_without_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(session: object) -> None:
        raise health.SQLAlchemyError("gone")

    monkeypatch.setattr(health, "live_release_identity", fail)
    answer = visitor().get("/salud")
    assert (answer.status_code, answer.json()) == (503, {"status": "error", "release": None})
