"""One action on all questions of a need."""

import re

import pytest
from starlette.testclient import TestClient

from kb.models import DismissalReason, QuestionState, VersionState
from kb.need_sorting import place_by_words
from tests.unit.admin_site import (
    approved_entry,
    approver,
    curator,
    entry_fields,
    question,
    stored_question,
    versions_of,
    visible_text,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")

STOVES = ("¿dan estufas en las veredas?", "dan estufas en mi vereda", "¿a quién le dan estufas en la vereda?")


def stoves() -> tuple[list[int], int, str]:
    """The numbers of three questions, of their need, and its address."""
    numbers = [question(text) for text in STOVES]
    place_by_words()
    need = stored_question(numbers[0]).need_id
    assert need is not None
    assert {stored_question(number).need_id for number in numbers} == {need}
    return numbers, need, f"/personal/preguntas/necesidades/{need}"


def other_need(text: str = "precio del SOAT") -> tuple[int, int]:
    number = question(text)
    place_by_words()
    need = stored_question(number).need_id
    assert need is not None
    return number, need


def act(browser: TestClient, address: str, numbers: list[int], **fields: str) -> tuple[int, str]:
    """Post to the address with these questions ticked; gives the status and what the page, or the next one, says."""
    answer = browser.post(address, data={"questions": [str(number) for number in numbers], **fields})
    page = browser.get(answer.headers["location"]) if answer.status_code == 303 else answer
    return answer.status_code, visible_text(page.text)


def states(numbers: list[int]) -> set[QuestionState]:
    return {stored_question(number).state for number in numbers}


def test_the_page_of_a_need_shows_all_its_questions_ticked_each_with_a_link_to_its_own_page() -> None:
    approved_entry()
    numbers, _, address = stoves()
    page = curator().get(address).text
    for number, text in zip(numbers, STOVES, strict=True):
        assert text in page
        assert f'href="/personal/preguntas/{number}"' in page
    assert len(re.findall(r'name="questions"[^>]* checked', page)) == 3
    assert '<option value="mme_estufas" selected>' in page
    assert "3 en los últimos 7 días, 0 en los 7 anteriores" in visible_text(page)
    assert "checked" not in re.sub(r'name="language"[^>]*', "", curator().get(f"{address}?marcadas=ninguna").text)


def test_all_questions_join_an_entry_as_one_version_in_review() -> None:
    approved_entry()
    numbers, _, address = stoves()
    status, text = act(curator(), f"{address}/sumar", numbers, slug="mme_estufas")
    assert status == 303
    assert "Se sumaron 3 preguntas a la entrada «mme_estufas», y su versión 2 quedó en revisión." in text
    assert "No hay preguntas por atender." in text
    old, new = versions_of("mme_estufas")
    assert new.state is VersionState.IN_REVIEW
    assert new.questions_es == [*old.questions_es, *STOVES]
    assert states(numbers) == {QuestionState.ANSWERED}
    assert {stored_question(number).entry_id for number in numbers} == {new.entry_id}


def test_only_the_ticked_questions_join_the_entry() -> None:
    approved_entry()
    numbers, need, address = stoves()
    act(curator(), f"{address}/sumar", numbers[:2], slug="mme_estufas")
    assert states(numbers[:2]) == {QuestionState.ANSWERED}
    left = stored_question(numbers[2])
    assert (left.state, left.need_id) == (QuestionState.NEW, need)


def test_labels_of_masked_data_are_not_taught() -> None:
    approved_entry()
    number, need = other_need("¿dan estufas? mi celular es 3101234567")
    act(curator(), f"/personal/preguntas/necesidades/{need}/sumar", [number], slug="mme_estufas")
    assert versions_of("mme_estufas")[-1].questions_es[-1] == "¿dan estufas? mi celular es"


def test_a_new_answer_starts_from_the_questions_and_settles_all_of_them() -> None:
    numbers, _, address = stoves()
    browser = curator()
    answer = browser.post(f"{address}/respuesta", data={"questions": [str(number) for number in numbers]})
    form = browser.get(answer.headers["location"]).text
    assert "Responde a 3 preguntas" in visible_text(form)
    for text in STOVES:
        assert text in form
    joined = ",".join(map(str, numbers))
    assert f'name="question_ids" value="{joined}"' in form
    saved = browser.post("/personal/nueva-entrada", data=entry_fields(question_ids=joined))
    assert saved.status_code == 303
    assert states(numbers) == {QuestionState.ANSWERED}
    assert "No hay preguntas por atender." in browser.get("/personal/preguntas").text


def test_questions_that_are_not_for_this_desk_leave_with_the_reason() -> None:
    numbers, _, address = stoves()
    fields = {"reason": "other", "note": "Le toca a la alcaldía"}
    status, text = act(curator(), f"{address}/descartar", numbers, **fields)
    assert (status, "3 preguntas salieron de la lista." in text) == (303, True)
    for number in numbers:
        stored = stored_question(number)
        assert stored.state is QuestionState.DISMISSED
        assert (stored.dismissal_reason, stored.dismissal_note) == (DismissalReason.OTHER, "Le toca a la alcaldía")
    page = visible_text(curator().get(f"/personal/preguntas/{numbers[0]}").text)
    assert "Motivo: otro motivo. Le toca a la alcaldía" in page


def test_a_need_joins_another_one() -> None:
    numbers, _, address = stoves()
    other_number, other = other_need()
    status, text = act(curator(), f"{address}/unir", numbers, target=str(other))
    assert status == 303
    assert "Se sumaron 3 preguntas a la otra necesidad." in text
    assert {stored_question(number).need_id for number in [*numbers, other_number]} == {other}
    assert "ya no tiene preguntas por atender" in visible_text(curator().get(address).text)


def test_ticked_questions_can_be_split_off() -> None:
    numbers, need, address = stoves()
    status, text = act(curator(), f"{address}/separar", numbers[2:])
    assert status == 303
    assert "Se separó una pregunta en otra necesidad." in text
    assert stored_question(numbers[2]).need_id != need
    assert {stored_question(number).need_id for number in numbers[:2]} == {need}
    assert "2 necesidades, 3 preguntas" in visible_text(curator().get("/personal/preguntas").text)


@pytest.mark.parametrize(
    ("action", "ticked", "fields", "message"),
    [
        ("sumar", 0, {"slug": "mme_estufas"}, "Marque al menos una pregunta."),
        ("sumar", 3, {}, "Elija la entrada que responde estas preguntas."),
        ("sumar", 3, {"slug": "no_existe"}, "Elija la entrada que responde estas preguntas."),
        ("respuesta", 0, {}, "Marque al menos una pregunta."),
        ("descartar", 3, {}, "Elija por qué no es para esta mesa."),
        ("descartar", 3, {"reason": "porque sí"}, "Elija por qué no es para esta mesa."),
        ("descartar", 3, {"reason": "other", "note": " "}, "Escriba el motivo por el que no es para esta mesa."),
        ("descartar", 3, {"reason": "other", "note": "x" * 501}, "El motivo tiene más de 500 caracteres."),
        ("unir", 3, {}, "Elija la necesidad con la que se unen."),
        ("unir", 3, {"target": "999"}, "Elija la necesidad con la que se unen."),
        ("separar", 3, {}, "Para separar, deje sin marcar las preguntas que se quedan en esta necesidad."),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(
    action: str, ticked: int, fields: dict[str, str], message: str
) -> None:
    approved_entry()
    numbers, need, address = stoves()
    status, text = act(curator(), f"{address}/{action}", numbers[:ticked], **fields)
    assert status == 422
    assert message in text
    assert states(numbers) == {QuestionState.NEW}
    assert {stored_question(number).need_id for number in numbers} == {need}
    assert len(versions_of("mme_estufas")) == 1


@pytest.mark.parametrize("action", ["sumar", "respuesta", "descartar", "unir", "separar"])
def test_nothing_is_done_when_somebody_dealt_with_one_of_the_questions_meanwhile(action: str) -> None:
    approved_entry()
    numbers, _, address = stoves()
    _, other = other_need()
    browser = curator()
    browser.post(f"/personal/preguntas/{numbers[0]}/descartar", data={"reason": "no_question"})
    fields = {"slug": "mme_estufas", "reason": "single_case", "target": str(other)}
    status, text = act(browser, f"{address}/{action}", numbers, **fields)
    assert status == 409
    assert "alguna de estas preguntas fue atendida o pasó a otra necesidad" in text
    assert states(numbers[1:]) == {QuestionState.NEW}
    assert len(versions_of("mme_estufas")) == 1


def test_a_new_answer_is_refused_when_one_of_its_questions_was_dealt_with_meanwhile() -> None:
    numbers, _, _ = stoves()
    browser = curator()
    browser.post(f"/personal/preguntas/{numbers[0]}/descartar", data={"reason": "no_question"})
    answer = browser.post("/personal/nueva-entrada", data=entry_fields(question_ids=",".join(map(str, numbers))))
    assert answer.status_code == 409
    assert states(numbers[1:]) == {QuestionState.NEW}
    assert versions_of("mme_programa_estufas_eficientes") == []


def test_who_may_not_write_sees_the_need_without_actions() -> None:
    numbers, _, address = stoves()
    browser = approver()
    page = browser.get(address).text
    assert STOVES[0] in page
    assert "<button" not in page.partition("<main")[2]
    for action in ("sumar", "respuesta", "descartar", "unir", "separar"):
        assert browser.post(f"{address}/{action}", data={"questions": str(numbers[0])}).status_code == 403
    assert states(numbers) == {QuestionState.NEW}


def test_a_need_that_is_not_there_is_not_found() -> None:
    assert curator().get("/personal/preguntas/necesidades/77").status_code == 404
    assert curator().post("/personal/preguntas/necesidades/77/descartar", data={}).status_code == 404


def test_the_first_page_counts_needs_and_questions() -> None:
    stoves()
    other_need()
    text = visible_text(curator().get("/personal/").text)
    assert "2 necesidades sin respuesta (4 preguntas)" in text
