"""Administrators find what is kept about a person, see how much it is, and erase it once they confirm."""

import logging

import pytest

from consultame.database import now, read_session
from consultame.staff import Role
from desk.appointments.availability import nearest_free
from desk.appointments.models import AppointmentState, Segment
from desk.appointments.timetable import Slot
from tests.unit.admin_site import admin, signed_in, visible_text
from tests.unit.agenda import REQUEST as REQUEST_OF_LUZ
from tests.unit.agenda import appointment, booked, person
from tests.unit.test_erasure import left, said

pytestmark = pytest.mark.usefixtures("sqlite_database")

PATH = "/personal/datos-personales"
REQUEST = {"tipo": "document", "valor": "1.085.245.678"}


def test_searching_shows_how_much_is_kept_and_erases_nothing() -> None:
    said("web-1", "cc 1085245678")
    said("web-2", "hola")
    page = admin().post(PATH, data=REQUEST)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "Se encontraron 1 conversación y 1 pregunta sin respuesta." in visible_text(page.text)
    assert left() == ["web-1", "web-2"]


def test_confirming_erases_it_and_leaves_a_notice_without_personal_data(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    said("web-1", "cc 1085245678")
    said("web-2", "hola")
    browser = admin()
    answer = browser.post(f"{PATH}/borrar", data=REQUEST)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    assert "Se borró todo: 1 conversación y 1 pregunta sin respuesta." in visible_text(browser.get(PATH).text)
    assert left() == ["web-2"]
    assert "245" not in caplog.text


def test_nothing_found_offers_nothing_to_erase() -> None:
    page = admin().post(PATH, data={"tipo": "email", "valor": "ana@correo.co"}).text
    assert "No se guarda nada con este dato." in page
    assert "/borrar" not in page


def test_appointments_are_found_by_email_cancelled_and_lose_their_person() -> None:
    person()
    start = next(slot.starts_at for slot in _free())
    made = booked(start, now=now())
    about = {"tipo": "email", "valor": REQUEST_OF_LUZ.email.upper()}
    assert "y 1 cita o espera de cita" in visible_text(admin().post(PATH, data=about).text)
    browser = admin()
    assert browser.post(f"{PATH}/borrar", data=about).status_code == 303
    assert "y 1 cita o espera de cita." in visible_text(browser.get(PATH).text)
    with read_session() as session:
        row = appointment(session, made)
        assert (row.state, row.citizen_name, row.citizen_email) == (AppointmentState.CANCELLED, "", "")


def _free() -> list[Slot]:
    with read_session() as session:
        return nearest_free(session, wish=now(), count=1, segment=Segment.MINING, language="es", now=now())


@pytest.mark.parametrize("path", [PATH, f"{PATH}/borrar"])
@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("document", "12", "de 5 a 20 cifras"),
        ("email", "ana", "correo electrónico completo"),
        ("conversation", " ", "código"),
    ],
)
def test_a_malformed_value_gets_one_message(path: str, kind: str, value: str, message: str) -> None:
    page = admin().post(path, data={"tipo": kind, "valor": value})
    assert page.status_code == 422
    assert message in visible_text(page.text)


@pytest.mark.parametrize("role", [Role.CURATOR, Role.APPROVER])
def test_only_administrators_may_search_erase_and_see_the_screen(role: Role) -> None:
    said("web-1", "cc 1085245678")
    browser = signed_in("otra", role)
    assert PATH not in browser.get("/personal/").text
    for method, path in (("GET", PATH), ("POST", PATH), ("POST", f"{PATH}/borrar")):
        assert browser.request(method, path, data=REQUEST).status_code == 403
    assert left() == ["web-1"]
    assert PATH in admin().get("/personal/").text
