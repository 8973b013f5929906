"""What the staff see of those who wait for an answer: how many and how it went, never their address."""

import pytest
from sqlalchemy import update

from consultame.database import now, read_session, write_session
from consultame.outbox import MessageState, OutgoingMessage
from kb.need_sorting import place_by_words
from kb.unanswered import new_questions
from tests.unit.admin_site import curator, stored_question, visible_text
from tests.unit.test_answer_requests import (
    MISSED,
    approved_entry,
    ask_for_answer,
    check,
    link,
    notify,
    put_into_service,
    question,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")

INBOX = "/personal/preguntas"


def page(address: str) -> str:
    text = curator().get(address).text
    assert "correo.co" not in text
    return visible_text(text)


def sent() -> None:
    with write_session() as session:
        session.execute(update(OutgoingMessage).values(state=MessageState.SENT, sent_at=now()))


def test_the_inbox_and_the_need_say_how_many_wait() -> None:
    number = question()
    question("¿dan estufas en las veredas de Pasto?")
    assert "Avisos" not in page(INBOX)
    ask_for_answer(number)
    place_by_words()
    shown = page(INBOX)
    assert "Avisos a quienes preguntaron: 1 persona espera la respuesta por correo." in shown
    assert "1 espera aviso" in shown
    need = f"{INBOX}/necesidades/{stored_question(number).need_id}"
    assert "Avisos 1 persona espera la respuesta por correo" in page(need)
    assert page(f"{INBOX}/{number}").count("espera la respuesta por correo") == 1


def test_once_the_answer_went_out_it_is_said_where_the_need_was() -> None:
    number = question()
    ask_for_answer(number)
    place_by_words()
    need = f"{INBOX}/necesidades/{stored_question(number).need_id}"
    put_into_service(approved_entry())
    link(number)
    check()
    notify()
    assert "1 aviso va en camino por correo" in page(need)
    assert "va en camino por correo" in page(f"{INBOX}/{number}")
    sent()
    assert "ya no tiene preguntas por atender. Avisos a quienes preguntaron: 1 ya la recibió por correo." in page(need)
    assert "Se le envió la respuesta por correo el" in page(f"{INBOX}/{number}")
    assert "Avisos a quienes preguntaron: 1 ya la recibió por correo." in page(INBOX)


def test_a_question_that_is_open_again_says_why() -> None:
    number = question()
    place_by_words()
    put_into_service(approved_entry())
    link(number)
    check(MISSED)
    with read_session() as session:
        assert [each.id for each in new_questions(session)] == [number]
    assert "Reabierta. La entrada «mme_estufas» salió en la versión 1" in page(f"{INBOX}/{number}")
    assert "Reabierta" in page(f"{INBOX}/necesidades/{stored_question(number).need_id}")
