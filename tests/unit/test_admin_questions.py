"""From a citizen's question to an approved answer."""

from dataclasses import replace

import pytest

from consultame.database import write_session
from kb.models import QuestionReason, QuestionState, UnansweredQuestion, VersionState
from tests.unit.admin_site import (
    ENTRY,
    approved_entry,
    approver,
    curator,
    draft,
    entry_fields,
    question,
    stored_question,
    version_in_review,
    versions_of,
    visible_text,
)
from tests.unit.test_feedback import converse, rate, said

pytestmark = pytest.mark.usefixtures("sqlite_database")


def test_the_inbox_shows_masked_needs_most_frequent_first_with_what_is_near() -> None:
    approved_entry()
    question("mi celular es 3101234567, ¿cuánto vale el SOAT?")
    question("¿dan estufas?")
    question("¿dan estufas en mi vereda?")
    text = visible_text(curator().get("/personal/preguntas").text)
    assert "2 necesidades, 3 preguntas" in text
    assert text.index("¿dan estufas") < text.index("mi celular es [teléfono], ¿cuánto vale el SOAT?")
    assert "3101234567" not in text
    assert "Chat del sitio web" in text
    assert "hace un momento" in text
    assert "2 en los últimos 7 días, 0 en los 7 anteriores" in text
    assert "Programa de estufas eficientes 31 %" in text
    assert "Tarea «consultar radicado» 10 %" in text


def test_the_inbox_has_pages_of_25() -> None:
    for letter in "abcdefghijklmnopqrstuvwxyz":
        question(letter * 9)
    browser = curator()
    first, second = (visible_text(browser.get(f"/personal/preguntas?pagina={n}").text) for n in (1, 2))
    assert "26 necesidades" in first
    assert "Página 1 de 2" in first
    assert "zzzzzzzzz" in first
    assert "aaaaaaaaa" not in first
    assert "aaaaaaaaa" in second
    assert visible_text(browser.get("/personal/preguntas?pagina=9").text) == second


def test_a_question_says_why_it_is_here_when_it_got_an_answer_or_suggestions() -> None:
    plain, turned_down = question(), question(reason=QuestionReason.NONE_OF_THESE)
    converse(said("¿dan estufas aquí?", "message-1", slug="mme_estufas"))
    rate("message-1", helpful=False, comment="no dice si llegan a mi vereda")
    browser = curator()
    tags = ["La respuesta no sirvió", "Ninguna opción servía"]
    assert tags[1] in browser.get(f"/personal/preguntas/{turned_down}").text
    assert "tag reason" not in browser.get(f"/personal/preguntas/{plain}").text
    down_voted = visible_text(browser.get(f"/personal/preguntas/{turned_down + 1}").text)
    assert tags[0] in down_voted
    assert "La persona comentó: «no dice si llegan a mi vereda»" in down_voted


def test_the_inbox_can_show_one_channel() -> None:
    question("¿dan estufas?")
    question("¿cuánto vale el SOAT?", channel="whatsapp")
    text = visible_text(curator().get("/personal/preguntas?canal=whatsapp").text)
    assert "SOAT" in text
    assert "estufas?" not in text


def test_entries_that_hardly_come_near_are_not_shown() -> None:
    number = question()
    with write_session() as session:
        session.get_one(UnansweredQuestion, number).nearest = [{"slug": "retie", "confidence": 0.004}]
    assert "Nada se le parece." in visible_text(curator().get(f"/personal/preguntas/{number}").text)


def test_an_empty_inbox_says_so() -> None:
    assert "No hay preguntas por atender." in curator().get("/personal/preguntas").text


def test_from_question_to_approved_answer() -> None:
    number = question("¿dan estufas en las veredas?")
    writer = curator()
    page = writer.get(f"/personal/preguntas/{number}").text
    assert f'href="/personal/nueva-entrada?pregunta={number}"' in page
    form = writer.get(f"/personal/nueva-entrada?pregunta={number}").text
    assert "\n¿dan estufas en las veredas?</textarea>" in form

    saved = writer.post("/personal/nueva-entrada", data=entry_fields(question_ids=str(number)))
    assert saved.headers["location"] == "/personal/entradas/mme_programa_estufas_eficientes"
    assert "La versión 1 quedó en revisión." in writer.get(saved.headers["location"]).text
    assert stored_question(number).state is QuestionState.ANSWERED

    reviewer = approver()
    assert "Programa de estufas eficientes" in reviewer.get("/personal/revisiones").text
    (version,) = versions_of("mme_programa_estufas_eficientes")
    approved = reviewer.post(f"/personal/revisiones/{version.id}/aprobar")
    assert approved.headers["location"] == "/personal/revisiones"
    assert "Entrará en servicio con la próxima publicación." in reviewer.get("/personal/revisiones").text
    (version,) = versions_of("mme_programa_estufas_eficientes")
    assert version.state is VersionState.APPROVED
    assert version.answer_es == ENTRY.answer_es


def test_an_entry_that_answers_it_already_learns_the_question() -> None:
    approved_entry()
    number = question("¿dan estufas en las veredas?")
    browser = curator()
    page = browser.get(f"/personal/preguntas/{number}").text
    assert '<option value="mme_estufas" selected>' in page
    fields = {"slug": "mme_estufas", "text": "¿dan estufas en\r\n las veredas?"}
    assert browser.post(f"/personal/preguntas/{number}/vincular", data=fields).status_code == 303
    assert "su versión 2 quedó en revisión" in browser.get("/personal/preguntas").text
    old, new = versions_of("mme_estufas")
    assert new.questions_es == [*old.questions_es, "¿dan estufas en las veredas?"]
    assert (new.state, new.answer_es) == (VersionState.IN_REVIEW, old.answer_es)
    assert stored_question(number).entry_id == new.entry_id


def test_a_question_in_english_goes_to_the_english_ones() -> None:
    approved_entry()
    number = question("any stoves?")
    fields = {"slug": "mme_estufas", "text": "any stoves?", "language": "en"}
    curator().post(f"/personal/preguntas/{number}/vincular", data=fields)
    assert versions_of("mme_estufas")[-1].questions_en == ["do you give stoves?", "any stoves?"]


def test_a_question_the_entry_has_already_makes_no_version() -> None:
    approved_entry()
    number = question("ESTUFAS")
    browser = curator()
    browser.post(f"/personal/preguntas/{number}/vincular", data={"slug": "mme_estufas", "text": "ESTUFAS"})
    assert "ya tenía esa pregunta" in browser.get("/personal/preguntas").text
    assert len(versions_of("mme_estufas")) == 1
    assert stored_question(number).state is QuestionState.ANSWERED


def test_an_unfinished_draft_is_not_sent_to_review_with_the_question() -> None:
    approved_entry()
    version_in_review(text=replace(ENTRY, title="Título en revisión"))
    draft(text=replace(ENTRY, title="Sin terminar"))
    number = question("otra")
    curator().post(f"/personal/preguntas/{number}/vincular", data={"slug": "mme_estufas", "text": "otra"})
    assert versions_of("mme_estufas")[-1].title == "Título en revisión"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Elija la entrada que responde esta pregunta."),
        ({"slug": "no_existe", "text": "x"}, "Elija la entrada que responde esta pregunta."),
        ({"slug": "mme_estufas", "text": "  "}, "Escriba la pregunta que se suma a la entrada."),
        ({"slug": "mme_estufas", "text": "x" * 501}, "Hay una pregunta con más de 500 caracteres."),
    ],
)
def test_a_link_that_cannot_be_made_says_why_and_keeps_what_was_typed(fields: dict[str, str], message: str) -> None:
    approved_entry()
    number = question()
    answer = curator().post(f"/personal/preguntas/{number}/vincular", data=fields)
    assert answer.status_code == 422
    assert message in visible_text(answer.text)
    assert f">{fields.get('text', '')}</textarea>" in answer.text
    assert stored_question(number).state is QuestionState.NEW
    assert len(versions_of("mme_estufas")) == 1


def test_a_question_somebody_else_dealt_with_is_not_dealt_with_twice() -> None:
    approved_entry()
    number = question()
    browser = curator()
    assert browser.post(f"/personal/preguntas/{number}/descartar", data={"reason": "no_question"}).status_code == 303
    assert "La pregunta salió de la lista." in browser.get("/personal/preguntas").text
    for path, fields in (
        (f"/personal/preguntas/{number}/descartar", {"reason": "no_question"}),
        (f"/personal/preguntas/{number}/vincular", {"slug": "mme_estufas", "text": "x"}),
        ("/personal/nueva-entrada", entry_fields(question_ids=str(number), slug="mme_otra")),
    ):
        answer = browser.post(path, data=fields)
        assert answer.status_code == 409, path
        assert "Otra persona ya atendió esta pregunta." in visible_text(answer.text)
    assert browser.get(f"/personal/nueva-entrada?pregunta={number}").status_code == 409
    assert versions_of("mme_otra") == []
    assert "no era para esta mesa" in visible_text(browser.get(f"/personal/preguntas/{number}").text)


def test_what_citizens_type_is_shown_as_text() -> None:
    number = question("<script>alert(1)</script> & «hola»")
    page = curator().get(f"/personal/preguntas/{number}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
