"""What waits is counted on every page, and kept up to date while a page is open; needs are merged from the list."""

import pytest

from consultame.database import read_session
from kb.need_sorting import place_by_words
from kb.unanswered import new_questions
from tests.unit.admin_site import approver, curator, question, stored_question, version_in_review, visible_text, visitor

pytestmark = pytest.mark.usefixtures("sqlite_database")


def test_every_page_tells_how_much_waits() -> None:
    question("¿dan estufas?")
    question("¿a qué hora abren?")
    version_in_review()
    text = visible_text(curator().get("/personal/entradas").text)
    assert "Preguntas sin respuesta 0" in text
    place_by_words()
    text = visible_text(curator().get("/personal/entradas").text)
    assert "Preguntas sin respuesta 2 Entradas Revisiones 1" in text


def test_the_counts_are_sent_again_only_when_they_changed() -> None:
    question()
    place_by_words()
    browser = curator()
    assert browser.get("/personal/contadores?visto=1-0").status_code == 204
    changed = browser.get("/personal/contadores?visto=0-0")
    assert changed.status_code == 200
    assert '<span id="count-needs" hx-swap-oob="innerHTML">1</span>' in changed.text
    assert "Ahora esperan 1 necesidad sin respuesta y 0 versiones por revisar." in changed.text
    assert "visto=1-0" in changed.text
    assert "Ahora esperan" not in browser.get("/personal/").text


def test_the_inbox_says_that_its_list_has_changed() -> None:
    question()
    place_by_words()
    browser = approver()
    assert "1 necesidad, 1 pregunta" in visible_text(browser.get("/personal/preguntas").text)
    assert browser.get("/personal/preguntas/cuenta?visto=1-1").status_code == 204
    fragment = browser.get("/personal/preguntas/cuenta?visto=0-0").text
    assert "1 necesidad, 1 pregunta. La lista cambió:" in visible_text("<body>" + fragment)


def test_nobody_is_sent_to_the_sign_in_by_a_count() -> None:
    for path in ("/personal/contadores", "/personal/preguntas/cuenta"):
        answer = visitor().get(path, headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers.get("hx-redirect")) == (204, None)


def test_ticked_needs_are_merged_into_the_first() -> None:
    numbers = [question(text) for text in ("¿dan estufas?", "¿a qué hora abren?", "precio del radicado")]
    place_by_words()
    needs = [stored_question(number).need_id for number in numbers]
    assert len(set(needs)) == 3
    browser = curator()
    ticked = {"needs": [str(needs[1]), str(needs[0])]}
    assert approver().post("/personal/preguntas/unir", data=ticked).status_code == 403
    assert browser.post("/personal/preguntas/unir", data=ticked).status_code == 303
    assert "Se unieron 2 necesidades en una." in browser.get("/personal/preguntas").text
    assert [stored_question(number).need_id for number in numbers] == [needs[1], needs[1], needs[2]]
    with read_session() as session:
        assert len(new_questions(session)) == 3


def test_fewer_than_two_needs_or_one_that_is_gone_are_refused() -> None:
    number = question()
    place_by_words()
    need = str(stored_question(number).need_id)
    browser = curator()
    for ticked, status, message in (
        ([], 422, "Marque al menos dos necesidades"),
        ([need, need], 422, "Marque al menos dos necesidades"),
        ([need, "999"], 409, "Otra persona atendió o unió alguna"),
        ([need, "x"], 422, "Marque al menos dos necesidades"),
    ):
        answer = browser.post("/personal/preguntas/unir", data={"needs": ticked})
        assert answer.status_code == status
        assert message in visible_text(answer.text)
