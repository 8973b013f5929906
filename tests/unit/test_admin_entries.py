"""Finding, reading and writing entries."""

from dataclasses import replace
from datetime import date

import pytest

from admin.entry_form import proposed_slug
from consultame.database import read_session
from consultame.staff import Role
from kb.models import Topic, VersionState
from tests.unit.admin_site import (
    ENTRY,
    approved_entry,
    curator,
    draft,
    entry_fields,
    put_into_service,
    signed_in,
    version_in_review,
    versions_of,
    visible_text,
)
from tests.unit.test_feedback import converse, rate, said

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", {"mme_estufas", "mme_telefonos"}),
        ("buscar=TELÉFONO", {"mme_telefonos"}),
        ("buscar=estufas+programa", {"mme_estufas"}),
        ("buscar=mme_tel", {"mme_telefonos"}),
        ("buscar=nada", set()),
        ("tema=ministerio", {"mme_estufas", "mme_telefonos"}),
        ("tema=glp", set()),
        ("estado=approved", {"mme_estufas"}),
        ("estado=draft", {"mme_telefonos"}),
        ("tema=inventado&estado=inventado", {"mme_estufas", "mme_telefonos"}),
        ("buscar=%00", set()),
    ],
)
def test_entries_are_found_by_words_topic_and_state(search: str, found: set[str]) -> None:
    approved_entry("mme_estufas")
    draft("mme_telefonos", replace(ENTRY, title="Teléfonos", answer_es="Llame.", questions_es=list("abcde")))
    page = curator().get(f"/personal/entradas?{search}").text
    assert {slug for slug in ("mme_estufas", "mme_telefonos") if f"/personal/entradas/{slug}" in page} == found
    assert f"{len(found)} entrada{'' if len(found) == 1 else 's'}" in visible_text(page)


def test_the_list_has_pages_of_50_that_keep_the_filters() -> None:
    for number in range(51):
        draft(f"mme_entrada_{number:02d}")
    page = curator().get("/personal/entradas?buscar=estufas&tema=ministerio").text
    assert "Página 1 de 2" in page
    assert "/personal/entradas?buscar=estufas&amp;tema=ministerio&amp;estado=&amp;vigencia=&amp;pagina=2" in page
    assert "mme_entrada_50" not in page


def test_an_entry_shows_what_citizens_read_and_its_history() -> None:
    put_into_service(approved_entry())
    version_in_review(text=replace(ENTRY, answer_es="Nuevo texto. Vea https://www.minenergia.gov.co."))
    browser = curator()
    text = visible_text(browser.get("/personal/entradas/mme_estufas").text)
    assert "Nuevo texto." in text
    assert "Versión 1 Aprobada En servicio Ana" in text
    assert "Versión 2 En revisión Ana" in text
    assert 'href="https://www.minenergia.gov.co"' in browser.get("/personal/entradas/mme_estufas").text
    first = visible_text(browser.get("/personal/entradas/mme_estufas/versiones/1").text)
    assert "Está viendo la versión 1. La más reciente es la versión 2" in first
    assert "Escriba a menergia@minenergia.gov.co ." in first
    assert browser.get("/personal/entradas/mme_estufas/versiones/3").status_code == 404


def test_an_entry_shows_how_it_fared_in_the_last_thirty_days() -> None:
    approved_entry()
    for number, helpful in enumerate((True, False, False)):
        person = said("una persona", "message-2", intent="hablar_con_asesor")
        converse(said("¿dan estufas?", "message-1", slug="mme_estufas"), person, conversation_id=f"web-{number}")
        comment = None if helpful else f"comentario {number}"
        rate("message-1", helpful=helpful, comment=comment, conversation_id=f"web-{number}")
    text = visible_text(curator().get("/personal/entradas/mme_estufas").text)
    assert "Últimos 30 días Veces que se mostró 3 Sirvió 1 No sirvió 2" in text
    assert "pidieron enseguida una persona 3" in text
    assert "«comentario 2» hace un momento «comentario 1» hace un momento" in text


def test_a_draft_is_kept_and_sent_to_review_later() -> None:
    browser = curator()
    fields = entry_fields(slug="mme_estufas", action="draft", valid_until="2027-01-31", task="agendar_cita")
    assert browser.post("/personal/nueva-entrada", data=fields).status_code == 303
    (version,) = versions_of("mme_estufas")
    assert (version.state, version.valid_until) == (VersionState.DRAFT, date(2027, 1, 31))
    page = browser.get("/personal/entradas/mme_estufas").text
    assert "La versión 1 se guardó como borrador." in page
    assert "Ofrece hacerlo ya: «Agendar una cita virtual»" in page
    assert 'value="agendar_cita" selected' in browser.get("/personal/entradas/mme_estufas/editar").text
    assert ">Enviar a revisión<" in page
    send = "/personal/entradas/mme_estufas/versiones/1/enviar"
    assert browser.post(send).status_code == 303
    assert versions_of("mme_estufas")[0].state is VersionState.IN_REVIEW
    again = browser.post(send)
    assert again.status_code == 409
    assert "Esta versión ya fue enviada a revisión." in again.text


def test_somebody_elses_draft_cannot_be_sent_to_review() -> None:
    draft()
    browser = signed_in("otra", Role.CURATOR)
    assert ">Enviar a revisión<" not in browser.get("/personal/entradas/mme_estufas").text
    answer = browser.post("/personal/entradas/mme_estufas/versiones/1/enviar")
    assert answer.status_code == 409
    assert "Solo quien escribió la versión" in answer.text


def test_a_refused_form_lists_all_problems_and_keeps_what_was_typed() -> None:
    fields = {
        "topic": "",
        "title": "Título «nuevo»",
        "answer_es": "Llame al {celular} <b>ya</b>\r\n\r\nGracias.",
        "questions_es": "¿una?\r\n¿dos?",
        "valid_until": "2027-02-31",
        "slug": "mi_entrada",
    }
    answer = curator().post("/personal/nueva-entrada", data=fields)
    assert answer.status_code == 422
    text = visible_text(answer.text)
    for message in (
        "Elija un tema.",
        "La etiqueta del botón está vacía.",
        "«{celular}» no es un dato de contacto conocido",
        "Escriba al menos 5 preguntas de ciudadanos",
    ):
        assert message in text
    assert 'value="Título «nuevo»"' in answer.text
    assert "\nLlame al {celular} &lt;b&gt;ya&lt;/b&gt;\n\nGracias.</textarea>" in answer.text
    assert "\n¿una?\n¿dos?</textarea>" in answer.text
    assert 'value="mi_entrada"' in answer.text
    assert 'value="2027-02-31"' in answer.text


def test_a_task_that_does_not_exist_is_refused() -> None:
    answer = curator().post("/personal/nueva-entrada", data=entry_fields(task="borrar_todo"))
    assert answer.status_code == 422
    assert "Esa tarea no existe." in answer.text


def test_a_date_that_is_none_is_named() -> None:
    answer = curator().post("/personal/nueva-entrada", data=entry_fields(valid_until="mañana", source=""))
    assert answer.status_code == 422
    assert "La fecha de «Válida hasta» no es una fecha." in answer.text
    assert "La fuente está vacía." in answer.text


@pytest.mark.parametrize(
    ("slug", "message"), [("Mi Entrada", "El identificador lleva solo"), ("mme_estufas", "Ya existe")]
)
def test_a_slug_that_cannot_be_used_is_named(slug: str, message: str) -> None:
    approved_entry()
    answer = curator().post("/personal/nueva-entrada", data=entry_fields(slug=slug))
    assert answer.status_code == 422
    assert message in visible_text(answer.text)


def test_an_empty_form_is_refused_and_a_missing_question_too() -> None:
    assert curator().post("/personal/nueva-entrada").status_code == 422
    answer = curator().post("/personal/nueva-entrada", data=entry_fields(question_ids="abc"))
    assert answer.status_code == 422
    assert "no existe" in visible_text(answer.text)


def test_editing_starts_from_the_newest_version_and_adds_one() -> None:
    approved_entry()
    browser = curator()
    form = browser.get("/personal/entradas/mme_estufas/editar").text
    assert 'name="base_number" value="1"' in form
    assert "\nEl Ministerio no entrega estufas." in form
    fields = entry_fields(base_number="1", answer_es="Otra respuesta.", action="draft")
    assert browser.post("/personal/entradas/mme_estufas/editar", data=fields).status_code == 303
    old, new = versions_of("mme_estufas")
    assert (old.state, old.answer_es) == (VersionState.APPROVED, ENTRY.answer_es)
    assert (new.state, new.answer_es) == (VersionState.DRAFT, "Otra respuesta.")


def test_a_version_somebody_saved_meanwhile_is_not_lost_silently() -> None:
    approved_entry()
    draft(text=replace(ENTRY, answer_es="Lo de Ana."))
    browser = signed_in("otra", Role.CURATOR)
    fields = entry_fields(base_number="1", answer_es="Lo mío.")
    answer = browser.post("/personal/entradas/mme_estufas/editar", data=fields)
    assert answer.status_code == 409
    assert "Ana guardó la versión 2" in visible_text(answer.text)
    assert "\nLo mío.</textarea>" in answer.text
    assert len(versions_of("mme_estufas")) == 2
    assert 'name="base_number" value="2"' in answer.text
    assert browser.post("/personal/entradas/mme_estufas/editar", data=fields | {"base_number": "2"}).status_code == 303


def test_a_refused_edit_keeps_what_was_typed() -> None:
    approved_entry()
    fields = entry_fields(base_number="1", source="", answer_es="Lo mío.")
    answer = curator().post("/personal/entradas/mme_estufas/editar", data=fields)
    assert answer.status_code == 422
    assert "La fuente está vacía." in answer.text
    assert "\nLo mío.</textarea>" in answer.text
    assert "Editar «Programa de estufas eficientes»" in answer.text


@pytest.mark.parametrize(
    ("topic", "title", "slug"),
    [
        (Topic.GLP, "¿Qué es el subsidio de GLP?", "glp_subsidio"),
        (Topic.GLP, "GLP: año de inscripción", "glp_ano_inscripcion"),
        (Topic.MINERIA_COMBUSTIBLES, "Títulos mineros", "mineria_titulos_mineros"),
        (Topic.MINISTERIO, "Programa de estufas", "mme_programa_estufas_2"),
        (Topic.CITAS, "¿¡...!?", "cita"),
        (Topic.ENERGIA, "palabra " * 12, "energia_palabra_palabra_palabra_palabra_palabra_palabra"),
    ],
)
def test_a_slug_is_proposed_from_topic_and_title(topic: Topic, title: str, slug: str) -> None:
    draft("mme_programa_estufas")
    with read_session() as session:
        assert proposed_slug(session, topic=topic, title=title) == slug
