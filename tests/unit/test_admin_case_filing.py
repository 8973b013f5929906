"""The staff file a case for somebody who calls or comes."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from consultame.audit import Action
from consultame.database import now, read_session
from desk.cases.models import Case
from desk.deadlines.business_calendar import local_moment
from tests.unit.case_screens import (
    audited,
    mails,
    stored,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")


def filing_fields(**changes: str) -> dict[str, str]:
    return {
        "kind": "petition",
        "channel": "telephone",
        "received": f"{local_moment(now()):%Y-%m-%dT%H:%M}",
        "requester": "person",
        "name": "Pedro Páramo",
        "email": "pedro@correo.co",
        "place": "Pasto, Nariño",
        "consent": "si",
        "description": "Pido copia de la resolución.",
        "dependency": "Relacionamiento con el Ciudadano",
    } | changes


def test_a_call_is_filed_with_consent_and_the_code_is_shown_once(marta: TestClient) -> None:
    answer = marta.post("/personal/casos/radicar", data=filing_fields())
    assert answer.status_code == 200
    found = re.search(r"1-\d{4}-\d{6}", answer.text)
    code = re.search(r"[2-9C-X]{4}-[2-9C-X]{4}", answer.text)
    assert found
    assert code
    case = stored(found[0])
    assert case.requester.consented_at is not None
    assert case.requester.place_code == "52001"
    assert code[0] in mails()[-1].text
    assert code[0] not in marta.get(f"/personal/casos/{found[0]}").text
    assert audited() == [Action.CASE_FILED]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consent": ""}, "marque que lo autorizó"),
        ({"kind": ""}, "Elija el tipo"),
        ({"description": ""}, "Falta contar"),
        ({"email": "pedro"}, "no es un correo"),
        ({"name": ""}, "Falta el nombre"),
        ({"place": "Atlantis"}, "escriba el municipio"),
        ({"received": "x"}, "fecha y la hora de recibo"),
        ({"received": "2098-01-01T10:00"}, "está en el futuro"),
        ({"received": "0001-01-01T10:00"}, "fecha y la hora de recibo"),
        ({"requester": "anonymous"}, "anónima no lleva nombre"),
        ({"name": "x" * 201}, "El nombre tiene más de 200 caracteres."),
        ({"telephone": "3" * 31}, "El teléfono tiene más de 30 caracteres."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_filed(marta: TestClient, changes: dict[str, str], reason: str) -> None:
    answer = marta.post("/personal/casos/radicar", data=filing_fields(**changes))
    assert answer.status_code == 422
    assert reason in answer.text
    assert "Pido copia" in answer.text or not changes.get("description", "x")
    with read_session() as session:
        assert session.scalars(select(Case)).all() == []
    assert mails() == []


def test_a_form_whose_answer_was_lost_shows_the_same_number_and_code_again(marta: TestClient) -> None:
    before = dict(marta.cookies)
    shown = []
    for _ in range(2):
        marta.cookies.update(before)
        page = marta.post("/personal/casos/radicar", data=filing_fields(form_key="f00d"))
        assert page.status_code == 200
        shown.append(re.findall(r"<dd><strong>([^<]+)", page.text))
    assert len(shown[0]) == 2
    assert shown[0] == shown[1]
    assert "es el mismo caso" in page.text
    assert len(mails()) == 1


def test_a_form_that_is_sent_again_files_no_second_case(marta: TestClient) -> None:
    key = re.search(r'name="form_key" value="(\w+)"', marta.get("/personal/casos/radicar").text)
    assert key
    assert marta.post("/personal/casos/radicar", data=filing_fields(form_key=key[1])).status_code == 200
    again = marta.post("/personal/casos/radicar", data=filing_fields(form_key=key[1]))
    assert again.status_code == 409
    assert "ya se envió" in again.text
    assert len(mails()) == 1
    assert marta.post("/personal/casos/radicar", data=filing_fields(form_key="otro")).status_code == 200


def test_an_anonymous_case_needs_no_consent_and_gets_no_mail(marta: TestClient) -> None:
    fields = filing_fields(requester="anonymous", name="", email="", consent="")
    assert marta.post("/personal/casos/radicar", data=fields).status_code == 200
    assert mails() == []
