"""The screen of the audit log, and what the other screens leave in it."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from admin import audit_log
from admin.csv_download import harmless_cell
from admin.wording import AUDIT_ACTIONS, AUDIT_SUBJECTS
from consultame.audit import Action, AuditEvent, SubjectKind, record
from consultame.database import now, read_session, write_session
from consultame.staff import Role, StaffMember
from tests.unit.admin_site import (
    PASSWORD,
    account,
    admin,
    approver,
    curator,
    entry_fields,
    question,
    visible_text,
    visitor,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")

AUDIT = "/personal/auditoria"
ANA = "ana@minenergia.example"


def _told() -> list[tuple[str, str, str, str]]:
    with read_session() as session:
        stored = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    return [(event.action, event.actor, event.subject, event.address) for event in stored]


def test_signing_in_and_out_is_recorded_with_the_address() -> None:
    browser = curator()
    browser.post("/personal/salir")
    assert _told()[-2:] == [
        ("sign_in_succeeded", ANA, ANA, "testclient"),
        ("signed_out", ANA, ANA, "testclient"),
    ]


def test_failures_are_recorded_and_a_lock_out_once() -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    for _ in range(8):
        browser.post("/personal/ingresar", data={"email": ANA, "password": "no-es-la-clave"})
    told = [(action, actor, subject) for action, actor, subject, _ in _told() if action.startswith("sign_in")]
    assert told == [("sign_in_failed", "unknown", ANA)] * 5 + [("sign_in_locked_out", "unknown", ANA)]


def test_what_was_typed_instead_of_an_address_is_not_kept() -> None:
    visitor().post("/personal/ingresar", data={"email": "mi-clave-secreta", "password": "x"})
    assert _told() == [("sign_in_failed", "unknown", "", "testclient")]


def test_what_is_done_on_the_screens_is_recorded_in_the_name_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.publishing_job.publish", lambda publication_id: None)
    ana, luis, sara = curator(), approver(), admin()
    number, user = question(), account("nora", Role.CURATOR).id
    ana.post("/personal/nueva-entrada", data=entry_fields(slug="mme_estufas"))
    ana.post(f"/personal/preguntas/{number}/descartar", data={"reason": "other_institution"})
    luis.post("/personal/revisiones/1/aprobar")
    luis.post("/personal/publicaciones")
    sara.post(f"/personal/usuarios/{user}/rol", data={"role": "approver"})
    sara.post(f"/personal/usuarios/{user}/contrasena")
    sara.post(f"/personal/usuarios/{user}/desactivar")
    sara.post(f"/personal/usuarios/{user}/reactivar")
    done = [(action, actor.partition("@")[0], subject) for action, actor, subject, _ in _told()]
    assert done[-9:] == [
        ("version_written", "ana", "mme_estufas"),
        ("version_submitted", "ana", "mme_estufas"),
        ("question_dismissed", "ana", str(number)),
        ("version_approved", "luis", "mme_estufas"),
        ("publication_requested", "luis", "1"),
        ("account_changed", "sara", "nora@minenergia.example"),
        ("password_reset", "sara", "nora@minenergia.example"),
        ("account_deactivated", "sara", "nora@minenergia.example"),
        ("account_reactivated", "sara", "nora@minenergia.example"),
    ]


def test_the_log_is_for_administrators_only() -> None:
    for path in (AUDIT, f"{AUDIT}/descarga"):
        assert curator().get(path).status_code == 403
        assert approver().get(path).status_code == 403
        assert admin().get(path).status_code == 200


def test_every_kind_of_event_has_its_spanish_name() -> None:
    assert set(AUDIT_ACTIONS) == set(Action)
    assert set(AUDIT_SUBJECTS) == set(SubjectKind)


def _record(count: int, subject: str = "mme_estufas", **detail: str | int) -> None:
    with write_session() as session:
        for _ in range(count):
            record(session, Action.VERSION_WRITTEN, SubjectKind.ENTRY, subject, **detail)


def test_the_newest_event_comes_first_fifty_a_page() -> None:
    browser = admin()
    _record(1, "mme_primera")
    _record(60, version=3)
    _record(1, "mme_ultima")
    first, last = browser.get(AUDIT).text, browser.get(f"{AUDIT}?pagina=99").text
    assert first.index("mme_ultima") < first.index("mme_estufas")
    assert "Página 1 de 2" in first
    assert "mme_primera" not in first
    assert "mme_primera" in last
    assert "versión 3" in visible_text(first)


def test_events_are_found_by_person_action_and_day() -> None:
    browser = admin()
    curator()
    _record(1)
    today = f"{(now() - timedelta(hours=5)).date()}"
    tomorrow = f"{(now() + timedelta(hours=19)).date()}"

    def count(query: str) -> str:
        page = visible_text(browser.get(f"{AUDIT}?{query}").text)
        found = re.search(r"(\d+) registros?", page)
        return found[1] if found else ""

    assert count("accion=version_written") == "1"
    assert count(f"persona={ANA}") == "2"
    assert count(f"persona={ANA}&accion=sign_in_succeeded") == "1"
    assert count("accion=version_written&persona=command+line") == "1"
    assert count(f"accion=version_written&desde={today}&hasta={today}") == "1"
    assert count(f"accion=version_written&desde={tomorrow}") == "0"
    assert browser.get(f"{AUDIT}?desde=ayer").status_code == 422


def test_the_download_holds_every_event_that_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "_EVENTS_PER_BATCH", 7)
    browser = admin()
    _record(20, version=1)
    answer = browser.get(f"{AUDIT}/descarga?accion=version_written")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="auditoria-' in answer.headers["content-disposition"]
    assert answer.text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    numbers = [int(row["número"]) for row in rows]
    assert len(set(numbers)) == 20
    assert numbers == sorted(numbers, reverse=True)
    assert {row["qué"] for row in rows} == {"Escribió una versión"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_download_is_a_formula(start: str) -> None:
    assert harmless_cell(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"
    assert harmless_cell("mme_estufas") == "mme_estufas"


def test_a_hostile_address_is_harmless_in_the_download() -> None:
    with write_session() as session:
        session.add(StaffMember(email="=cmd@minenergia.example", name="Eva", role=Role.CURATOR))
    visitor().post("/personal/ingresar", data={"email": "=cmd@minenergia.example", "password": PASSWORD})
    assert ";'=cmd@minenergia.example;" in admin().get(f"{AUDIT}/descarga").text
