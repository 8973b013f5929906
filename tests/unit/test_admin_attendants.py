"""Who attends, kept on the staff screens: people, hours and absences, and what a change leaves without anybody."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from consultame.audit import Action, AuditEvent, SubjectKind
from consultame.database import read_session, write_session
from consultame.staff import Role
from desk.appointments.attendants import add_absence, attendants
from desk.appointments.booking import Booked
from desk.appointments.models import Appointment, Attendant, PeriodKind
from tests.unit.admin_site import admin, curator, signed_in, visible_text
from tests.unit.agenda import FIRST, NOW, TUESDAY, appointment, at, booked, person, request_of

AGENDA = "/personal/agenda"
PEOPLE = f"{AGENDA}/personas"
BEATRIZ = {
    "name": " Beatriz  Gómez ", "email": "Beatriz@Minenergia.example", "languages": ["es", "en"],
    "segments": ["mineria", "otro"], "work_0": "8:00-12:00, 14:00-16:05", "break_0": "10:00-10:15",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clock(sqlite_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("agenda", "agenda_appointment", "agenda_people", "agenda_people_changes"):
        monkeypatch.setattr(f"admin.{module}.now", lambda: NOW)


@pytest.fixture
def ana() -> Attendant:
    return person()


@pytest.fixture
def made(ana: Attendant) -> Booked:
    return booked()


def row(made: Booked) -> Appointment:
    with read_session() as session:
        return appointment(session, made)


def path(made: Booked) -> str:
    return f"{AGENDA}/citas/{made.appointment_id}"


def kept(number: int) -> Attendant:
    with read_session() as session:
        attendant = session.get_one(Attendant, number)
        assert attendant.periods is not None
        assert attendant.absences is not None
        return attendant


def notice_after(browser: TestClient, address: str, **data: str | list[str]) -> str:
    answer = browser.post(address, data=data)
    assert answer.status_code == 303, visible_text(answer.text)
    return visible_text(browser.get(answer.headers["Location"]).text)


def hidden_fields(page: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page):
        fields.setdefault(name, []).append(value)
    return fields


def agreed(browser: TestClient, address: str, **data: str | list[str]) -> str:
    """Send it, look at what it would leave without anybody, and agree."""
    answer = browser.post(address, data=data)
    assert answer.status_code == 200
    assert "Todavía no se guardó nada" in answer.text
    return notice_after(browser, address, **hidden_fields(answer.text))


def test_an_absence_shows_the_appointments_it_hits_and_can_be_taken_back(made: Booked) -> None:
    browser, whom = curator(), f"{AGENDA}/personas/{row(made).attendant_id}"
    text = agreed(browser, f"{whom}/ausencias", first_day="2026-12-01", note="Médico")
    assert "1 cita queda sin quien la atienda" in text
    assert "Citas sin quien las atienda (1)" in text
    assert "Luz Marina Pérez, con Ana; cae en una ausencia." in text
    assert "cae en una ausencia" in visible_text(browser.get(path(made)).text)
    page = browser.get(f"{AGENDA}?dia=2026-12-01").text
    assert "Ausente" in page
    assert "Citas sin quien las atienda (1)" in page
    with read_session() as session:
        absence = session.get_one(Attendant, row(made).attendant_id).absences[0]
        assert (absence.starts_at, absence.ends_at) == (at(TUESDAY, 0, 0), at(TUESDAY + timedelta(days=1), 0, 0))
    assert "sin quien" not in notice_after(browser, f"{whom}/ausencias/{absence.id}/quitar")
    assert browser.post(f"{whom}/ausencias/{absence.id}/quitar").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"first_day": ""}, {"first_day": "2026-12-01", "first_time": "16:00", "last_time": "15:00"},
     {"first_day": "2026-12-01", "first_time": "25:00"}, {"first_day": "0001-01-01"},
     {"first_day": "2026-12-02", "last_day": "2026-12-01"}, {"first_day": "9999-12-31"}],
)  # fmt: skip
def test_an_absence_that_cannot_be_is_explained_and_nothing_typed_is_lost(
    fields: dict[str, str], ana: Attendant
) -> None:
    answer = curator().post(f"{AGENDA}/personas/{ana.id}/ausencias", data=fields | {"note": "Un motivo"})
    assert answer.status_code == 422
    assert 'value="Un motivo"' in answer.text


def test_an_absence_of_some_hours_leaves_the_rest_of_the_day(ana: Attendant) -> None:
    with write_session() as session:
        somebody = session.get_one(Attendant, ana.id)
        add_absence(session, somebody, starts_at=at(TUESDAY, 14, 0), ends_at=at(TUESDAY, 15, 0), now=NOW)
    text = visible_text(curator().get(f"{AGENDA}?dia=2026-12-01").text)
    assert "14:00 a 16:05, ausente 14:00 a 15:00" in text


def test_an_administrator_changes_hours_and_sees_what_they_hit(made: Booked) -> None:
    whom = f"{AGENDA}/personas/{row(made).attendant_id}"
    assert "Guardar el horario" not in curator().get(whom).text
    assert curator().post(f"{whom}/horario", data={}).status_code == 403
    assert curator().post(f"{whom}/estado", data={"active": "no"}).status_code == 403
    browser = admin()
    page = browser.get(whom).text
    assert re.search(r'name="work_0" value="14:00-16:05"', page)
    text = agreed(browser, f"{whom}/horario", work_0="8:00-12:00, 14:00-16:05", break_0="10:00-10:15")
    assert "1 cita queda sin quien la atienda" in text
    with read_session() as session:
        assert len(session.get_one(Attendant, row(made).attendant_id).periods) == 3
    assert "ya no atiende citas" in notice_after(browser, f"{whom}/estado", active="no").lower()


@pytest.mark.parametrize("typed", ["de 2 a 4", "14:00", "16:00-14:00", "25:00-26:00"])
def test_hours_that_cannot_be_read_change_nothing(typed: str, ana: Attendant) -> None:
    answer = admin().post(f"{AGENDA}/personas/{ana.id}/horario", data={"work_1": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    with read_session() as session:
        assert len(session.get_one(Attendant, ana.id).periods) == 5


def test_an_administrator_adds_who_attends(ana: Attendant) -> None:
    browser = admin()
    page = browser.get(f"{PEOPLE}/nueva").text
    assert page.count(" checked") == 6  # every segment, and Spanish
    assert "14:05, 14:35, 15:05, 15:35" in page
    assert "Beatriz Gómez atiende citas desde ahora" in notice_after(browser, f"{PEOPLE}/nueva", **BEATRIZ)
    with read_session() as session:
        added = next(each for each in attendants(session) if each.name == "Beatriz Gómez")
    assert added.email == "beatriz@minenergia.example"
    assert (added.languages, added.segments, added.active) == (["es", "en"], ["mineria", "otro"], True)
    assert [period.kind for period in added.periods].count(PeriodKind.BREAK) == 1
    assert len(added.periods) == 3
    with read_session() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.subject == str(added.id)))
        assert (event.action, event.subject_kind) == (Action.ATTENDANT_ADDED, SubjectKind.ATTENDANT)
        assert event.actor == "sara@minenergia.example"
    assert "Beatriz Gómez" in curator().get(PEOPLE).text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "El nombre está vacío"),
        ({"name": "x" * 121}, "El nombre está vacío o es muy largo"),
        ({"email": "beatriz"}, "El correo no es válido"),
        ({"email": "ANA@minenergia.example"}, "Ya hay una persona con ese correo"),
        ({"languages": ["fr"]}, "Elija al menos un idioma"),
        ({"segments": []}, "Elija al menos un tema"),
        ({"work_0": "de 8 a 12"}, "Lunes: escriba «de 8 a 12» como 14:00-16:05"),
        ({"work_0": "12:00-8:00"}, "Cada horario debe terminar después de empezar"),
    ],
)
def test_somebody_who_cannot_be_kept_is_explained_and_nothing_typed_is_lost(
    changes: dict[str, str | list[str]], message: str, ana: Attendant
) -> None:
    answer = admin().post(f"{PEOPLE}/nueva", data=BEATRIZ | changes)
    assert answer.status_code == 422
    assert message in visible_text(answer.text)
    assert 'value="10:00-10:15"' in answer.text
    with read_session() as session:
        assert len(attendants(session)) == 1


def test_only_an_administrator_keeps_who_attends(ana: Attendant) -> None:
    whom = f"{PEOPLE}/{ana.id}"
    for browser in (curator(), signed_in("persona", Role.CASE_HANDLER)):
        assert "Agregar a alguien" not in browser.get(PEOPLE).text
        assert "Guardar los datos" not in browser.get(whom).text
        assert browser.get(f"{PEOPLE}/nueva").status_code == 403
        for address in (f"{PEOPLE}/nueva", f"{whom}/datos", f"{whom}/horario", f"{whom}/estado"):
            assert browser.post(address, data=BEATRIZ).status_code == 403
    assert kept(ana.id).name == "Ana"
    assert admin().post(f"{PEOPLE}/999/datos", data=BEATRIZ).status_code == 404


def test_name_address_languages_and_segments_are_changed(ana: Attendant) -> None:
    browser, whom = admin(), f"{PEOPLE}/{ana.id}"
    person("Berta")
    text = notice_after(
        browser, f"{whom}/datos", name="Ana María", email="ana.maria@minenergia.example", languages=["en"],
        segments=["mineria"],
    )  # fmt: skip
    assert "Los datos quedaron guardados." in text
    changed = kept(ana.id)
    assert (changed.name, changed.languages, changed.segments) == ("Ana María", ["en"], ["mineria"])
    assert len(changed.periods) == 5
    refused = browser.post(f"{whom}/datos", data=BEATRIZ | {"email": "berta@minenergia.example"})
    assert refused.status_code == 422
    assert 'value="Beatriz@Minenergia.example"' not in refused.text
    assert "Ya hay una persona con ese correo" in refused.text
    assert kept(ana.id).email == "ana.maria@minenergia.example"


@pytest.mark.parametrize(
    ("form", "data", "reason"),
    [
        ("horario", {"work_0": "14:00-16:05"}, "está fuera de su horario"),
        ("horario", {"work_1": "14:00-16:05", "break_1": "14:10-14:20"}, "cae en su pausa"),
        ("estado", {"active": "no"}, "ya no atiende citas"),
        ("ausencias", {"first_day": "2026-12-01", "note": "Médico"}, "cae en una ausencia"),
        (
            "datos",
            {"name": "Ana", "email": "ana@minenergia.example", "languages": ["es"], "segments": ["mineria", "otro"]},
            "ya no atiende ese tema",
        ),
        (
            "datos",
            {"name": "Ana", "email": "ana@minenergia.example", "languages": ["en"], "segments": ["hidrocarburos"]},
            "ya no atiende en ese idioma",
        ),
    ],
)
def test_what_a_change_leaves_without_anybody_is_shown_before_it_is_kept(
    form: str, data: dict[str, str | list[str]], reason: str, made: Booked
) -> None:
    browser, number = admin(), row(made).attendant_id
    before = kept(number)
    shown = browser.post(f"{PEOPLE}/{number}/{form}", data=data)
    assert shown.status_code == 200
    text = visible_text(shown.text)
    assert "Una cita quedaría sin quien la atienda" in text
    assert f"Luz Marina Pérez; {reason}." in text
    after = kept(number)
    assert [(p.weekday, p.starts, p.kind) for p in after.periods] == [
        (p.weekday, p.starts, p.kind) for p in before.periods
    ]
    assert (after.active, after.languages, after.segments) == (True, before.languages, before.segments)
    assert after.absences == []
    with read_session() as session:
        actions = session.scalars(select(AuditEvent.action)).all()
        assert not {Action.ATTENDANT_CHANGED, Action.ABSENCE_ADDED} & {*actions}
    text = notice_after(browser, f"{PEOPLE}/{number}/{form}", **hidden_fields(shown.text))
    assert "1 cita queda sin quien la atienda" in text
    assert "Citas sin quien las atienda (1)" in text
    assert reason in visible_text(browser.get(path(made)).text)


def test_who_goes_back_finds_what_was_typed_and_nothing_is_kept(made: Booked) -> None:
    browser, whom = admin(), f"{PEOPLE}/{row(made).attendant_id}"
    typed = {"work_0": "8:00-9:00", "break_3": "8:10-8:20"}
    fields = hidden_fields(browser.post(f"{whom}/horario", data=typed).text)
    page = browser.post(f"{whom}/horario", data=fields | {"paso": "volver"})
    assert page.status_code == 200
    assert 'name="work_0" value="8:00-9:00"' in page.text
    assert 'name="break_3" value="8:10-8:20"' in page.text
    assert len(kept(row(made).attendant_id).periods) == 5


def test_an_appointment_made_meanwhile_is_shown_too(made: Booked) -> None:
    browser, number = admin(), row(made).attendant_id
    fields = hidden_fields(browser.post(f"{PEOPLE}/{number}/estado", data={"active": "no"}).text)
    booked(at(TUESDAY, 14, 35), holder="web-2", request=request_of(2))
    again = browser.post(f"{PEOPLE}/{number}/estado", data=fields)
    assert again.status_code == 200
    assert "2 citas quedarían sin quien las atienda" in visible_text(again.text)
    assert kept(number).active
    notice_after(browser, f"{PEOPLE}/{number}/estado", **hidden_fields(again.text))
    assert not kept(number).active


def test_a_change_that_hits_nothing_new_is_kept_at_once(made: Booked) -> None:
    browser, number = admin(), row(made).attendant_id
    agreed(browser, f"{PEOPLE}/{number}/horario", work_0="14:00-16:05")
    assert "El horario quedó guardado." in notice_after(browser, f"{PEOPLE}/{number}/horario", work_0="15:00-16:05")
    assert row(made).starts_at == FIRST


@pytest.mark.parametrize("seen", ["x", "2,,", "99999999999999999999", "-1"])
def test_forged_numbers_of_appointments_agree_to_nothing(seen: str, made: Booked) -> None:
    number = row(made).attendant_id
    assert admin().post(f"{PEOPLE}/{number}/estado", data={"active": "no", "vistas": seen}).status_code == 200
    assert kept(number).active
