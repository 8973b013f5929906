"""The model server that Rasa polls, and the health check."""

from datetime import timedelta

import pytest

from admin import health
from admin.model_server import REPLICA_HEADER
from consultame.database import now, read_session, write_session
from consultame.settings import load_settings
from kb.models import Replica
from kb.publishing import model_path
from kb.replicas import SILENT_AFTER
from tests.unit.admin_site import FINGERPRINT, approved_entry, curator, put_into_service, visible_text, visitor

pytestmark = pytest.mark.usefixtures("sqlite_database")


NOTHING_KNOWN = {"status": "error", "release": None, "model": None, "replicas": []}


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


def test_health_names_the_live_release_and_its_model() -> None:
    assert visitor().get("/salud").json() == {"status": "ok", "release": None, "model": None, "replicas": []}
    release = put_into_service(approved_entry())
    body = visitor().get("/salud").json()
    assert body == {"status": "ok", "release": release, "model": FINGERPRINT, "replicas": []}


def ask_for_the_model(server: str | None, known: str) -> None:
    headers = _bearer() | {"If-None-Match": known} | ({REPLICA_HEADER: server} if server else {})
    visitor().get("/models/active", headers=headers)


def reported() -> dict[str, str]:
    return {server["name"]: server["model"] for server in visitor().get("/salud").json()["replicas"]}


def test_health_names_the_model_that_each_rasa_server_asked_with() -> None:
    put_into_service(approved_entry())
    ask_for_the_model("one:5005", "an-older-one")
    ask_for_the_model("two:5005", f'"{FINGERPRINT}"')
    assert reported() == {"one:5005": "an-older-one", "two:5005": FINGERPRINT}
    ask_for_the_model("one:5005", FINGERPRINT)
    assert reported() == {"one:5005": FINGERPRINT, "two:5005": FINGERPRINT}
    page = visible_text(curator().get("/personal/publicaciones").text)
    assert "one:5005: responde con este modelo" in page


def test_a_server_without_a_name_goes_by_its_address_and_a_stranger_reports_nothing() -> None:
    visitor().get("/models/active", headers={"If-None-Match": "forged", REPLICA_HEADER: "forged"})
    assert reported() == {}
    ask_for_the_model(None, "a-model")
    assert reported() == {"testclient": "a-model"}


def test_a_server_that_fell_silent_is_not_counted_any_more() -> None:
    ask_for_the_model("gone:5005", "a-model")
    with write_session() as session:
        session.get_one(Replica, "gone:5005").reported_at = now() - SILENT_AFTER - timedelta(seconds=1)
    assert reported() == {}
    ask_for_the_model("here:5005", "a-model")
    with read_session() as session:
        assert session.get(Replica, "gone:5005") is None


def test_health_fails_without_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(session: object) -> None:
        raise health.SQLAlchemyError("gone")

    monkeypatch.setattr(health, "live_release_identity", fail)
    answer = visitor().get("/salud")
    assert (answer.status_code, answer.json()) == (503, NOTHING_KNOWN)
