"""The staff's screens for cases, over the real application and database."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from consultame.audit import Action
from consultame.database import now
from desk.cases.kinds import CaseKind, CaseState, Channel
from desk.deadlines.business_calendar import business_days_after, local_moment
from tests.unit.admin_site import admin, approver, curator, visible_text, visitor
from tests.unit.case_filings import ANA, NOBODY
from tests.unit.case_screens import (
    audited,
    do,
    filed_days_ago,
    first_level_due_soon,
    handler,
    mails,
    rows_of,
    stored,
    today,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")


def test_only_those_who_handle_cases_see_them() -> None:
    radicado = filed_days_ago(1)
    paths = ["", f"/{radicado}", "/radicar", "/dependencias"]
    for browser in (curator(), approver()):
        assert "/personal/casos" not in browser.get("/personal/").text
        for path in paths:
            answer = browser.get(f"/personal/casos{path}")
            assert answer.status_code == 403
            assert "Ana Luc" not in answer.text
        assert browser.post(f"/personal/casos/{radicado}/nota", data={"text": "x"}).status_code == 403
        assert browser.post("/personal/casos/vistas", data={"name": "x"}).status_code == 403
    for browser in (handler(), admin()):
        assert all(browser.get(f"/personal/casos{path}").status_code == 200 for path in paths)
    assert visitor().get(f"/personal/casos/{radicado}").status_code == 303


def test_the_list_shows_open_cases_with_what_is_due_first_in_words(marta: TestClient) -> None:
    fresh, late = filed_days_ago(0), filed_days_ago(60)
    settled = filed_days_ago(3)
    do(marta, settled, "responder", text="Sí.")
    page = marta.get("/personal/casos").text
    assert rows_of(page) == [late, fresh]
    assert "2 casos" in visible_text(page)
    assert re.search(r"Vencido hace \d+ días hábiles", visible_text(page))
    assert rows_of(marta.get("/personal/casos?estado=todos").text) == [fresh, settled, late]
    assert rows_of(marta.get("/personal/casos?semaforo=overdue").text) == [late]


@pytest.mark.parametrize(
    "search", ["1.085.245.678", "ANA.nanez@correo.co", "nanez pipeta", "rad. {radicado}", "{spaced}"]
)
def test_a_case_is_found_by_number_document_address_and_words(marta: TestClient, search: str) -> None:
    wanted = filed_days_ago(1)
    filed_days_ago(1, requester=NOBODY, description="Otra cosa muy distinta.")
    text = search.format(radicado=wanted, spaced=wanted.replace("-", " "))
    page = marta.get("/personal/casos", params={"buscar": text}).text
    assert rows_of(page) == [wanted]
    assert "1 caso" in visible_text(page)


def test_filters_narrow_the_list(marta: TestClient) -> None:
    complaint = filed_days_ago(1, kind=CaseKind.COMPLAINT, channel=Channel.TELEPHONE, dependency="Hidrocarburos")
    first_level = first_level_due_soon(priority=True)
    for query, wanted in {
        "tipo=complaint": complaint,
        "canal=telephone": complaint,
        "dependencia=Hidrocarburos": complaint,
        "tipo=first_level": first_level,
        "prioridad=si": first_level,
        "semaforo=red": first_level,
    }.items():
        assert rows_of(marta.get(f"/personal/casos?{query}").text) == [wanted], query


def test_a_long_list_goes_on_page_by_page(marta: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin.cases.CASES_PER_PAGE", 2)
    numbers = [filed_days_ago(days) for days in (9, 7, 5, 3, 1)]
    seen, address = [], "/personal/casos"
    while address:
        page = marta.get(address).text
        seen += rows_of(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == numbers


@pytest.mark.parametrize(
    "query",
    [
        "estado=x", "tipo=x", "canal=x", "semaforo=x", "sigue=x", "sigue=2026-11-24~999999999999999999999",
        "sigue=0001-01-01T00:00:00%2B14:00~1", "sigue=2026-99-99T00:00~1",
    ],
)  # fmt: skip
def test_what_no_filter_knows_is_refused_in_spanish(marta: TestClient, query: str) -> None:
    answer = marta.get(f"/personal/casos?{query}")
    assert answer.status_code == 422
    assert "No hay ningún" in answer.text or "no se encuentra" in answer.text


def test_a_view_is_kept_under_a_name_for_its_owner_only(marta: TestClient) -> None:
    fields = {"name": "Mis quejas", "query": "tipo=complaint&estado=todos&otro=1"}
    assert marta.post("/personal/casos/vistas", data=fields).status_code == 303
    page = marta.get("/personal/casos").text
    assert "Mis quejas" in page
    assert "estado=todos&amp;tipo=complaint" in page
    assert "otro=1" not in page
    assert "Mis quejas" not in admin().get("/personal/casos").text
    number = re.search(r"/personal/casos/vistas/(\d+)/borrar", page)
    assert number
    admin().post(f"/personal/casos/vistas/{number[1]}/borrar")
    assert "Mis quejas" in marta.get("/personal/casos").text
    marta.post(f"/personal/casos/vistas/{number[1]}/borrar")
    assert "Mis quejas" not in marta.get("/personal/casos").text.replace("se borró", "")
    assert marta.post("/personal/casos/vistas", data={"name": " ", "query": ""}).status_code == 422


def test_the_page_of_a_case_tells_what_was_asked_by_whom_and_what_happened(marta: TestClient) -> None:
    text = visible_text(marta.get(f"/personal/casos/{filed_days_ago(1)}").text)
    for part in (
        "Ana Lucía Ñáñez",
        "1085245678",
        "Pasto, Nariño",
        "Pido revisar el subsidio",
        "Se radicó",
        "Ciudadanía",
    ):
        assert part in text
    assert marta.get("/personal/casos/1-2026-999999").status_code == 404
    assert marta.get("/personal/casos/abc").status_code == 404
    assert marta.post("/personal/casos/1-2026-999999/nota", data={"text": "x"}).status_code == 404
    assert marta.post(f"/personal/casos/{filed_days_ago(1)}/volar", data={"text": "x"}).status_code == 404


def test_an_answer_settles_the_case_and_is_mailed_and_audited_in_one_go(marta: TestClient) -> None:
    radicado = filed_days_ago(1)
    status, text = do(marta, radicado, "responder", text="Sí {correo}.\r\nGracias.", attachments="a.pdf\r\nb.pdf")
    assert status == 303
    assert "La respuesta quedó registrada con el número 2-" in text
    case = stored(radicado)
    assert case.state is CaseState.ANSWERED
    assert case.content.answer == "Sí {correo}.\nGracias."
    answer = mails()[-1]
    assert answer.recipient == "ana.nanez@correo.co"
    assert "Sí {correo}.\nGracias." in answer.text
    assert "a.pdf, b.pdf" in answer.text
    assert ANA.document not in answer.text
    assert "1085245678" not in answer.text
    assert audited()[-1] == Action.CASE_ANSWERED
    status, text = do(marta, radicado, "nota", text="Llamó Ana, cédula 1085245678")
    assert "1085245678" not in text.partition("Historial")[2]


@pytest.mark.parametrize(
    ("action", "fields", "reason"),
    [
        ("responder", {"text": " "}, "Escriba la respuesta."),
        ("responder", {"text": "x" * 20_001}, "La respuesta tiene más de 20000 caracteres."),
        ("pasar", {"dependency": "", "text": "x"}, "Elija otra dependencia."),
        ("pasar", {"dependency": "Minas", "text": ""}, "Escriba el motivo."),
        ("trasladar", {"authority": "", "text": "x"}, "Escriba la entidad competente"),
        ("completar", {"text": ""}, "Escriba qué debe completar"),
        ("prorrogar", {"until": "", "text": "x"}, "Escriba la nueva fecha"),
        ("prorrogar", {"until": "9999-01-01", "text": "x"}, "no está en el calendario"),
        ("prorrogar", {"until": "2098-01-02", "text": "x"}, "como máximo"),
        ("completado", {"received": "ayer"}, "Escriba la fecha y la hora"),
        ("ampliar", {}, "No se espera nada del ciudadano."),
        ("nota", {"text": ""}, "Escriba la nota."),
        ("cerrar", {"reason": ""}, "Elija por qué"),
        ("cerrar", {"reason": "withdrawn", "text": "x" * 20_001}, "La nota tiene más de 20000 caracteres."),
        ("cerrar", {"reason": "answered"}, "El caso no tiene respuesta."),
    ],
)
def test_a_refusal_says_why_keeps_what_was_typed_and_changes_nothing(
    marta: TestClient, action: str, fields: dict[str, str], reason: str
) -> None:
    radicado = filed_days_ago(1)
    before, sent = stored(radicado), len(mails())
    status, text = do(marta, radicado, action, **fields)
    assert status == 422
    assert reason in text
    after = stored(radicado)
    assert (after.state, after.due_on, after.dependency) == (before.state, before.due_on, before.dependency)
    assert len(mails()) == sent
    assert audited() == []


def test_an_extension_is_told_and_refused_once_the_term_has_passed(marta: TestClient) -> None:
    radicado = filed_days_ago(1)
    until = business_days_after(stored(radicado).due_on, 15)
    beyond = business_days_after(until, 1)
    assert do(marta, radicado, "prorrogar", until=str(beyond), text="Prueba")[0] == 422
    assert do(marta, radicado, "prorrogar", until=str(until), text="Falta un concepto técnico.")[0] == 303
    assert stored(radicado).due_on == until
    assert "Falta un concepto técnico." in mails()[-1].text
    late = filed_days_ago(60)
    status, text = do(marta, late, "prorrogar", until=str(until), text="Tarde")
    assert status == 422
    assert "la prórroga se anuncia antes del vencimiento" in text


def test_a_case_waits_for_the_citizen_and_goes_on(marta: TestClient) -> None:
    radicado = filed_days_ago(1)
    assert do(marta, radicado, "completar", text="La copia del recibo.")[0] == 303
    assert stored(radicado).state is CaseState.WAITING_FOR_CITIZEN
    assert "La copia del recibo." in mails()[-1].text
    assert "En pausa" in visible_text(marta.get("/personal/casos").text)
    assert do(marta, radicado, "prorrogar", until=str(today() + timedelta(days=40)), text="x")[0] == 422
    assert do(marta, radicado, "ampliar")[0] == 303
    assert do(marta, radicado, "ampliar")[0] == 422
    status, _ = do(marta, radicado, "completado", received=f"{local_moment(now()):%Y-%m-%dT%H:%M}")
    assert status == 303
    assert stored(radicado).state is CaseState.IN_PROGRESS


def test_a_transfer_to_another_authority_is_copied_to_the_citizen_and_kept_as_late_after_five_days(
    marta: TestClient,
) -> None:
    radicado = filed_days_ago(30)
    assert "Ya venció" in marta.get(f"/personal/casos/{radicado}").text
    status, text = do(marta, radicado, "trasladar", authority="CREG", text="Las tarifas las fija la CREG.")
    assert status == 303
    assert "fuera de plazo" in text
    copy = mails()[-1]
    assert "CREG" in copy.text
    assert stored(radicado).state is CaseState.TRANSFERRED


def test_a_case_moves_to_another_dependency(marta: TestClient) -> None:
    admin().post("/personal/casos/dependencias", data={"name": "Dirección de Hidrocarburos", "email": ""})
    radicado = filed_days_ago(1)
    sent = len(mails())
    assert do(marta, radicado, "pasar", dependency="Dirección de Hidrocarburos", text="Es su tema.")[0] == 303
    assert stored(radicado).dependency == "Dirección de Hidrocarburos"
    assert len(mails()) == sent


def test_who_did_not_see_the_last_step_is_stopped_and_loses_nothing(marta: TestClient) -> None:
    radicado = filed_days_ago(1)
    page = marta.get(f"/personal/casos/{radicado}").text
    seen = re.findall(r'name="last_event" value="(\d+)"', page)[0]
    do(admin(), radicado, "nota", text="Ya estoy respondiendo este caso.")
    answer = marta.post(
        f"/personal/casos/{radicado}/responder", data={"last_event": seen, "text": "Mi respuesta larga"}
    )
    assert answer.status_code == 409
    assert "Otra persona hizo algo con este caso" in answer.text
    assert "Mi respuesta larga" in answer.text
    assert "Ya estoy respondiendo este caso." in answer.text
    assert stored(radicado).state is not CaseState.ANSWERED
    again = re.findall(r'name="last_event" value="(\d+)"', answer.text)[0]
    fields = {"last_event": again, "text": "Mi respuesta larga"}
    assert marta.post(f"/personal/casos/{radicado}/responder", data=fields).status_code == 303


def test_the_workload_and_the_start_page_tell_what_is_due(marta: TestClient) -> None:
    filed_days_ago(60, dependency="Minas")
    soon = first_level_due_soon()
    load = visible_text(marta.get("/personal/casos/dependencias").text)
    assert "Minas 1 1 0 Sin correo" in load
    assert "Relacionamiento con el Ciudadano 1 0 1 Sin correo" in load
    start = marta.get("/personal/").text
    assert "Vencen pronto" in start
    assert rows_of(start) == [soon]
    assert "1 caso vencido" in start
    assert "Vencen pronto" not in curator().get("/personal/").text


def test_only_administrators_give_dependencies_their_address(marta: TestClient) -> None:
    fields = {"name": "Minas", "email": "minas@minenergia.gov.co"}
    assert marta.post("/personal/casos/dependencias", data=fields).status_code == 403
    assert admin().post("/personal/casos/dependencias", data=fields).status_code == 303
    assert "minas@minenergia.gov.co" in marta.get("/personal/casos/dependencias").text
    refused = admin().post("/personal/casos/dependencias", data={"name": "Minas", "email": "x"})
    assert refused.status_code == 422
    assert "no es un correo" in refused.text
