"""The staff's agenda: looking at it, booking for who calls, marking, absences, hours and figures."""

import html
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from consultame.audit import Action, AuditEvent
from consultame.database import read_session, write_session
from consultame.outbox import Channel, MessageState, OutgoingMessage
from consultame.settings import load_settings
from consultame.staff import Role
from desk.appointments.attendants import set_hours
from desk.appointments.booking import Booked
from desk.appointments.changes import mark
from desk.appointments.citizen import Consent
from desk.appointments.models import Appointment, AppointmentState, Attendant, Outcome
from tests.unit.admin_site import approver, curator, signed_in, visible_text, visitor
from tests.unit.agenda import FIRST, NOW, REQUEST, TUESDAY, appointment, at, booked, person, request_of

AGENDA = "/personal/agenda"
CALL = {
    "segmento": "mineria", "idioma": "es", "inicio": "2026-12-01T14:35-05:00", "nombre": "Pedro Ruiz",
    "correo": "pedro@correo.example", "telefono": "601 220 0300", "descripcion": "Un título minero", "autorizo": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clock(sqlite_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOW)


@pytest.fixture
def ana() -> Attendant:
    return person()


@pytest.fixture
def made(ana: Attendant) -> Booked:
    return booked()


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for module in ("agenda", "agenda_appointment", "agenda_booking", "agenda_people"):
        monkeypatch.setattr(f"admin.{module}.now", lambda: moment)


def row(made: Booked) -> Appointment:
    with read_session() as session:
        return appointment(session, made)


def path(made: Booked) -> str:
    return f"{AGENDA}/citas/{made.appointment_id}"


def notice_after(browser: TestClient, address: str, **data: str) -> str:
    answer = browser.post(address, data=data)
    assert answer.status_code == 303, visible_text(answer.text)
    return visible_text(browser.get(answer.headers["Location"]).text)


def test_day_and_week_show_who_comes_and_who_attends(made: Booked) -> None:
    browser = curator()
    for search in ("dia=2026-12-01", "vista=semana&dia=2026-12-03"):
        text = visible_text(browser.get(f"{AGENDA}?{search}").text)
        assert "2:05 p. m. · Luz Marina Pérez" in text
        assert "14:00 a 16:05" in text
    assert "No hay citas este día" in browser.get(f"{AGENDA}?dia=2026-12-02").text
    assert "Festivo" in visible_text(browser.get(f"{AGENDA}?vista=semana&dia=2026-12-08").text)
    assert "Luz Marina" not in browser.get(f"{AGENDA}?dia=2026-12-01&atiende=77").text


def test_an_unconfirmed_appointment_of_the_next_day_is_flagged(made: Booked, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Sin confirmar" not in curator().get(f"{AGENDA}?dia=2026-12-01").text
    set_clock(monkeypatch, FIRST - timedelta(hours=23))
    browser = curator()
    assert "Sin confirmar" in browser.get(f"{AGENDA}?dia=2026-12-01").text
    assert "La cita quedó confirmada." in notice_after(browser, path(made) + "/confirmar")
    assert "Sin confirmar" not in browser.get(f"{AGENDA}?dia=2026-12-01").text
    assert row(made).state is AppointmentState.CONFIRMED


@pytest.mark.parametrize("search", ["dia=mañana", "dia=0001-01-01", "dia=9999-12-31&vista=semana"])
def test_a_day_that_cannot_be_is_refused(search: str) -> None:
    assert curator().get(f"{AGENDA}?{search}").status_code == 422


def test_only_who_attends_sees_citizens_and_everybody_sees_the_figures(made: Booked) -> None:
    browser = approver()
    for address in ("", "/nueva", "/personas", f"/personas/{row(made).attendant_id}", f"/citas/{made.appointment_id}"):
        assert browser.get(AGENDA + address).status_code == 403
        assert visitor().get(AGENDA + address).status_code == 303
    for action in ("confirmar", "cancelar", "nota", "resultado"):
        assert browser.post(f"{path(made)}/{action}", data={"result": "missed"}).status_code == 403
    assert browser.post(f"{AGENDA}/nueva", data=CALL).status_code == 403
    page = browser.get(f"{AGENDA}/cifras")
    assert page.status_code == 200
    assert "Quién atiende" not in page.text
    for role in Role:
        assert signed_in("persona", role).get(f"{AGENDA}/cifras").status_code == 200


def test_an_appointment_is_made_for_a_citizen_who_calls(ana: Attendant) -> None:
    browser = curator()
    page = browser.get(f"{AGENDA}/nueva").text
    assert 'value="2026-12-01T14:35-05:00"' in page
    number = re.search(r'name="numero" value="(\w+)"', page)
    assert number is not None
    call = CALL | {"numero": number.group(1)}
    assert "Código: " in notice_after(browser, f"{AGENDA}/nueva", **call)
    assert browser.post(f"{AGENDA}/nueva", data=call).status_code == 303
    with read_session() as session:
        (stored,) = session.scalars(select(Appointment))
        assert (stored.citizen_name, stored.channel, stored.policy_version) == ("Pedro Ruiz", "phone", "2026-1")
        assert stored.policy_accepted_at == NOW
        assert "appointment_booked" in session.scalars(select(AuditEvent.action)).all()


def test_without_the_consent_nothing_is_booked_and_nothing_typed_is_lost(ana: Attendant) -> None:
    answer = curator().post(f"{AGENDA}/nueva", data=CALL | {"autorizo": "", "telefono": "x", "inicio": ""})
    assert answer.status_code == 422
    for field in ("autorizo", "telefono", "inicio"):
        assert f'id="error-{field}"' in answer.text
    assert 'value="Pedro Ruiz"' in answer.text
    with read_session() as session:
        assert session.scalars(select(Appointment)).all() == []


def test_a_time_that_is_taken_offers_the_nearest_ones_to_the_staff(made: Booked) -> None:
    answer = curator().post(f"{AGENDA}/nueva", data=CALL | {"inicio": "2026-12-01T14:05-05:00"})
    assert answer.status_code == 409
    assert answer.text.count('<option value="2026-') == 3
    assert 'value="Pedro Ruiz"' in answer.text


def test_the_result_is_marked_once_the_appointment_has_begun(made: Booked, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = curator()
    assert browser.post(path(made) + "/resultado", data={"result": "attended"}).status_code == 409
    set_clock(monkeypatch, FIRST + timedelta(minutes=30))
    assert browser.post(path(made) + "/resultado", data={"result": "x"}).status_code == 409
    notice_after(browser, path(made) + "/resultado", result="attended", outcome="radicada", note="Quedó radicado.")
    kept = row(made)
    assert (kept.state, kept.outcome, kept.staff_note) == (AppointmentState.ATTENDED, Outcome.FILED, "Quedó radicado.")
    notice_after(browser, path(made) + "/resultado", result="missed", note="No entró.")
    assert (row(made).state, row(made).outcome) == (AppointmentState.MISSED, None)


def test_notes_are_kept_and_cancelling_is_recorded(made: Booked) -> None:
    browser = curator()
    notice_after(browser, path(made) + "/nota", note="Llamar antes. <b>")
    assert html.escape("Llamar antes. <b>") in browser.get(path(made)).text
    assert browser.post(path(made) + "/nota", data={"note": "x" * 2001}).status_code == 422
    notice_after(browser, path(made) + "/cancelar")
    assert row(made).state is AppointmentState.CANCELLED
    assert browser.post(path(made) + "/confirmar").status_code == 409
    with read_session() as session:
        assert "appointment_cancelled" in session.scalars(select(AuditEvent.action)).all()


def test_a_hold_and_an_unknown_number_are_no_appointments(ana: Attendant) -> None:
    assert curator().get(f"{AGENDA}/citas/999").status_code == 404
    assert curator().get(f"{AGENDA}/personas/999").status_code == 404


def test_figures_as_page_and_csv(made: Booked, ana: Attendant) -> None:
    second = booked(at(TUESDAY, 14, 35), holder="web-2", request=request_of(2))
    with write_session() as session:
        mark(session, appointment=appointment(session, made), attended=True, now=FIRST + timedelta(hours=1))
        mark(session, appointment=appointment(session, second), attended=False, now=FIRST + timedelta(hours=1))
    browser = approver()
    text = visible_text(browser.get(f"{AGENDA}/cifras?desde=2026-12-01&hasta=2026-12-01").text)
    assert "50 % asistieron, de las 2 marcadas" in text
    assert "Hidrocarburos 2 1 1 0 50 %" in text
    assert "Chat del sitio web" in text
    csv = browser.get(f"{AGENDA}/cifras/descarga?desde=2026-12-01&hasta=2026-12-01")
    assert csv.headers["Content-Type"].startswith("text/csv")
    assert "Tema;Hidrocarburos;2;1;1;0;0;0;0,5;0,5;" in csv.text
    assert "Género;Sin dato;2" in csv.text
    assert browser.get(f"{AGENDA}/cifras?desde=2026-12-02&hasta=2026-12-01").status_code == 422


def test_what_was_erased_is_said_to_be(made: Booked) -> None:
    with write_session() as session:
        kept = appointment(session, made)
        kept.state = AppointmentState.ATTENDED
        kept.citizen_name = kept.citizen_email = kept.citizen_phone = kept.description = ""
    browser = curator()
    assert "Datos borrados" in visible_text(browser.get(path(made)).text)
    assert "datos borrados" in visible_text(browser.get(f"{AGENDA}?dia=2026-12-01").text)


def test_changed_hours_flag_the_appointment(made: Booked) -> None:
    with write_session() as session:
        set_hours(session, session.get_one(Attendant, row(made).attendant_id), [], now=NOW)
    assert "está fuera de su horario" in visible_text(curator().get(path(made)).text)


def test_who_wants_no_more_whatsapp_keeps_the_mails(ana: Attendant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULTAME_WHATSAPP_PHONE_NUMBER_ID", "106540352242922")
    monkeypatch.setenv("CONSULTAME_WHATSAPP_ACCESS_TOKEN", "EAAG-token")
    load_settings.cache_clear()
    made = booked(request=replace(REQUEST, whatsapp=Consent("whatsapp-citas-1", NOW)))
    browser = curator()
    assert "Por correo y WhatsApp (autorizado 30 de noviembre de 2026" in visible_text(browser.get(path(made)).text)
    told = notice_after(browser, f"{path(made)}/sin-whatsapp")
    assert "No se le escribirá más por WhatsApp" in told
    assert "No escribirle más" not in told
    with read_session() as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        states = {(each.channel, each.state) for each in session.scalars(select(OutgoingMessage))}
    assert states == {(Channel.WHATSAPP, MessageState.CANCELLED), (Channel.EMAIL, MessageState.WAITING)}
    assert (row(made).whatsapp_version, row(made).whatsapp_accepted_at) == ("", None)
    assert last is not None
    assert (last.action, last.subject) == (Action.WHATSAPP_CONSENT_ENDED, str(row(made).id))
