"""The form of an entry helps while it is written: preview, plain language, questions that are taken already."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from consultame.database import write_session
from consultame.local_time import today
from consultame.staff import Role
from kb.entries import entry_by_slug
from kb.models import EntryVersion
from kb.retirement import retire
from tests.unit.admin_site import (
    ENTRY,
    account,
    approved_entry,
    approver,
    curator,
    draft,
    entry_fields,
    put_into_service,
    versions_of,
    visible_text,
    visitor,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")

OTHER = replace(ENTRY, title="Teléfonos", questions_es=["¿cuál es el teléfono?", "teléfono", "llamar", "línea", "pbx"])


def test_the_preview_shows_the_answer_in_both_channels_without_keeping_anything() -> None:
    fields = entry_fields(action="preview", task="agendar_cita", answer_es="*Gratis* en {correo}.\n- uno\n- dos")
    page = curator().post("/personal/nueva-entrada", data=fields)
    assert page.status_code == 200
    assert versions_of("mme_programa_estufas_eficientes") == []
    text = visible_text(page.text)
    assert "Así quedará" in text
    assert "<p>*Gratis* en <a" in page.text
    assert "<strong>Gratis</strong> en menergia@minenergia.gov.co." in page.text
    assert "Agendar una cita vi…" in text
    assert "de 1024 caracteres" in text
    assert "\n*Gratis* en {correo}." in page.text


def test_the_fragments_that_htmx_asks_for_say_the_same_as_the_page() -> None:
    draft("mme_telefonos", OTHER)
    browser = curator()
    fields = entry_fields(questions_es="cual es el telefono\n¿dan estufas?\nestufa de leña", questions_en="")
    assert "El Ministerio no entrega estufas." in visible_text(
        "<body>" + browser.post("/personal/vista-de-entrada", data=fields).text
    )
    taken = browser.post("/personal/preguntas-parecidas", data=fields).text
    assert "«cual es el telefono» se parece a «¿cuál es el teléfono?», en" in visible_text("<body>" + taken)
    assert "/personal/entradas/mme_telefonos" in taken
    assert 'id="taken-status"' in taken
    said = "1 de las preguntas ya está en otra entrada."
    again = browser.post("/personal/preguntas-parecidas", data=fields | {"taken_summary": said}).text
    assert said in again
    assert 'id="taken-status"' not in again


def test_an_entrys_own_questions_and_those_of_a_retired_one_are_not_taken() -> None:
    approved_entry()
    browser, fields = curator(), entry_fields(slug="mme_estufas")
    assert "mme_estufas" not in browser.post("/personal/preguntas-parecidas", data=fields).text
    other = fields | {"slug": ""}
    assert "mme_estufas" in browser.post("/personal/preguntas-parecidas", data=other).text
    reviewer = account("luis", Role.APPROVER)
    with write_session() as session:
        entry = entry_by_slug(session, "mme_estufas")
        assert entry is not None
        retire(session, entry, by=reviewer, reason="x")
    assert "mme_estufas" not in browser.post("/personal/preguntas-parecidas", data=other).text


def test_advice_on_plain_language_does_not_keep_anybody_from_saving() -> None:
    fields = entry_fields(slug="mme_x", answer_es="Debe diligenciar el formulario. " * 4)
    browser = curator()
    page = visible_text(browser.post("/personal/nueva-entrada", data=fields | {"action": "preview"}).text)
    assert "En vez de «diligenciar»: «llenar»." in page
    assert "Son consejos: no impiden guardar." in page
    assert browser.post("/personal/nueva-entrada", data=fields).status_code == 303


def test_what_a_page_asks_for_by_itself_never_sends_somebody_who_types_to_the_sign_in() -> None:
    for path in ("/personal/vista-de-entrada", "/personal/preguntas-parecidas"):
        answer = visitor().post(path, data=entry_fields(), headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers.get("hx-redirect")) == (204, None)
        assert visitor().post("/personal/nueva-entrada", data=entry_fields()).status_code == 303
    assert approver().post("/personal/vista-de-entrada", data=entry_fields()).status_code == 403


def test_both_days_are_kept_and_shown_again() -> None:
    browser = curator()
    fields = entry_fields(slug="mme_estufas", valid_from="2027-01-02", valid_until="2027-03-04")
    assert browser.post("/personal/nueva-entrada", data=fields).status_code == 303
    (version,) = versions_of("mme_estufas")
    assert (version.valid_from, version.valid_until) == (date(2027, 1, 2), date(2027, 3, 4))
    assert 'value="2027-01-02"' in browser.get("/personal/entradas/mme_estufas/editar").text
    wrong = browser.post("/personal/nueva-entrada", data=entry_fields(valid_from="ayer", valid_until="hoy"))
    assert "La fecha de «Válida desde» no es una fecha." in wrong.text
    assert "La fecha de «Válida hasta» no es una fecha." in wrong.text


def test_a_version_shows_what_it_changed_and_what_its_reviewer_said() -> None:
    approved_entry()
    second = draft(text=replace(ENTRY, answer_es="El Ministerio ya no entrega estufas."))
    with write_session() as session:
        session.get_one(EntryVersion, second.id).review_comment = "Falta la fuente."
    text = visible_text(curator().get("/personal/entradas/mme_estufas").text)
    assert "Qué cambió frente a la versión 1" in text
    assert "(se agrega: ya ) no entrega" in text
    assert text.count("Falta la fuente.") == 2


def test_retiring_and_bringing_back_is_offered_to_approvers() -> None:
    put_into_service(approved_entry())
    entry, browser = "/personal/entradas/mme_estufas", approver()
    assert ">Retirar<" not in curator().get(entry).text
    assert curator().post(f"{entry}/retirar", data={"reason": "x"}).status_code == 403
    refused = browser.post(f"{entry}/retirar", data={"reason": " "})
    assert refused.status_code == 422
    assert "Escriba por qué se retira." in refused.text
    assert browser.post(f"{entry}/retirar", data={"reason": "Terminó el programa."}).status_code == 303
    page = visible_text(browser.get(entry).text)
    assert "Luis retiró esta entrada" in page
    assert "Motivo: Terminó el programa." in page
    assert "Sale de servicio, versión 1" in visible_text(browser.get("/personal/publicaciones").text)
    assert "mme_estufas" in browser.get("/personal/entradas?estado=retired").text
    assert browser.post(f"{entry}/reponer").status_code == 303
    assert "Sale de servicio" not in visible_text(browser.get("/personal/publicaciones").text)
    assert browser.post(f"{entry}/reponer").status_code == 422


def test_what_runs_out_is_on_the_start_page_and_in_the_list() -> None:
    put_into_service(approved_entry("mme_estufas", replace(ENTRY, valid_until=today() - timedelta(days=1))))
    approved_entry("mme_hornos", replace(ENTRY, valid_until=today() + timedelta(days=3), title="Hornos"))
    approved_entry("mme_braseros", replace(ENTRY, valid_from=today() + timedelta(days=3), title="Braseros"))
    browser = curator()
    start = visible_text(browser.get("/personal/").text)
    assert "Entradas que le corresponde actualizar Programa de estufas eficientes Vencida" in start
    assert "Hornos Vence pronto" in start
    assert "Entradas que le corresponde actualizar" not in approver().get("/personal/").text
    found = {
        state: {slug for slug in ("estufas", "hornos", "braseros") if f"/personal/entradas/mme_{slug}" in page}
        for state in ("expired", "ends_soon", "ahead", "own")
        if (page := browser.get(f"/personal/entradas?vigencia={state}").text)
    }
    assert found == {
        "expired": {"estufas"},
        "ends_soon": {"hornos"},
        "ahead": {"braseros"},
        "own": {"estufas", "hornos"},
    }
    assert "la ciudadanía no recibe la respuesta" in browser.get("/personal/entradas/mme_estufas").text
