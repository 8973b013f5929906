"""The page that a message by WhatsApp opens: one question with its answer as it is live, for whoever has the link."""

from dataclasses import replace

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import text

from consultame.database import write_session
from consultame.settings import load_settings
from kb import answer_links
from kb.answer_links import answer_token
from kb.erasure import erase_kept, kept_about, subject_of_request
from tests.unit.admin_site import (
    ENTRY,
    approved_entry,
    put_into_service,
    question,
    version_in_review,
    visible_text,
    visitor,
)
from tests.unit.test_answer_requests import SLUG, ask_for_answer, check, link, notify, requests

pytestmark = pytest.mark.usefixtures("sqlite_database")

ANSWER = "El Ministerio no entrega estufas. Escriba a menergia@minenergia.gov.co"
NONE = "En este momento no hay una respuesta vigente a su pregunta. Llame gratis al 01 8000 910 180"


def answered(asked: str = "¿dan estufas? cc 1085245678", language: str = "es") -> str:
    """The token of a question whose citizen was told of its answer."""
    number = question(asked)
    ask_for_answer(number, language=language)
    put_into_service(approved_entry())
    link(number)
    check()
    assert notify() == 1
    return answer_token(requests()[-1].reference)


def opened(token: str) -> httpx.Response:
    return visitor().get(f"/respuestas/{token}")


def test_a_good_link_shows_the_question_without_personal_data_and_the_answer_with_contact_data() -> None:
    page = opened(answered())
    assert page.status_code == 200
    said = visible_text(page.text)
    assert "Usted preguntó ¿dan estufas? cc [documento]" in said
    assert ANSWER in said
    assert '<a href="mailto:menergia@minenergia.gov.co"' in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "<script" not in page.text
    assert "ana@correo.co" not in page.text
    assert "set-cookie" not in page.headers


def test_who_asked_in_english_reads_the_answer_in_english() -> None:
    page = opened(answered("do you give stoves?", language="en"))
    assert "You asked do you give stoves?" in visible_text(page.text)
    assert "The ministry does not give stoves. Write to menergia@minenergia.gov.co" in visible_text(page.text)
    assert 'class="width narrow answer-page" lang="en"' in page.text


def test_the_answer_is_the_one_that_is_live_now() -> None:
    token = answered()
    put_into_service(approved_entry(text=replace(ENTRY, answer_es="Ahora sí entrega estufas.")))
    said = visible_text(opened(token).text)
    assert "Ahora sí entrega estufas." in said
    assert ANSWER not in said
    version_in_review(text=replace(ENTRY, answer_es="Nadie lo ha aprobado."))
    assert "Nadie lo ha aprobado." not in opened(token).text


def test_what_was_asked_and_answered_is_text_and_never_markup() -> None:
    token = answered('<script>alert(1)</script> {correo} "><img src=x>')
    put_into_service(approved_entry(text=replace(ENTRY, answer_es="<b>No</b> y https://minenergia.gov.co/?a=1&b=2")))
    page = opened(token).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {correo} &#34;&gt;&lt;img src=x&gt;" in page
    assert "<script" not in page
    assert "&lt;b&gt;No&lt;/b&gt;" in page
    assert 'href="https://minenergia.gov.co/?a=1&amp;b=2"' in page


def test_a_broken_link_says_so_and_where_to_ask() -> None:
    token = answered()
    other_secret = URLSafeTimedSerializer("x" * 64, salt="answer").dumps(requests()[0].reference)
    other_purpose = URLSafeTimedSerializer(load_settings().secret("appointment-links"), salt="appointment").dumps("1:1")
    for broken in (token[:-1], f"{token}x", "1:1", "x" * 3000, str(other_secret), str(other_purpose), "%00", "ñ"):
        page = opened(broken)
        assert page.status_code == 404, broken
        said = visible_text(page.text)
        assert "El enlace está incompleto o no es válido." in said
        assert "01 8000 910 180" in said
        assert "estufas" not in said


def test_a_link_that_ran_out_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    token = answered()
    monkeypatch.setattr(answer_links, "LINK_DAYS", -1)
    page = opened(token)
    assert page.status_code == 410
    assert "El enlace venció." in visible_text(page.text)
    assert "estufas" not in page.text


def without_the_entry() -> None:
    put_into_service(approved_entry("mme_otra"))


def entry_expired() -> None:
    with write_session() as session:
        session.execute(text("UPDATE kb_entry_version SET valid_until = '2020-01-31'"))


def entry_ahead() -> None:
    with write_session() as session:
        session.execute(text("UPDATE kb_entry_version SET valid_from = '2999-01-31'"))


@pytest.mark.parametrize("change", [without_the_entry, entry_expired, entry_ahead])
@pytest.mark.parametrize(("language", "none"), [("es", NONE), ("en", "there is no current answer to your question")])
def test_an_answer_that_holds_no_more_is_not_shown_and_the_official_channel_is(
    change: "object", language: str, none: str
) -> None:
    token = answered(language=language)
    assert callable(change)
    change()
    page = opened(token)
    assert page.status_code == 404
    said = visible_text(page.text)
    assert none in said
    assert "¿dan estufas?" in said
    assert ANSWER not in said
    assert "does not give stoves" not in said


def test_what_was_erased_is_shown_to_nobody() -> None:
    token = answered()
    with write_session() as session:
        erase_kept(session, kept_about(session, subject_of_request(conversation_id="web-1")))
    page = opened(token)
    assert page.status_code == 404
    assert NONE in visible_text(page.text)
    assert "estufas" not in page.text


def test_a_link_opens_no_other_question() -> None:
    token = answered()
    other = question("¿y el SOAT?")
    ask_for_answer(other)
    link(other, SLUG)
    check()
    notify()
    assert "SOAT" not in opened(token).text
    assert "SOAT" in opened(answer_token(requests()[-1].reference)).text


def test_a_number_that_is_another_request_now_opens_nothing() -> None:
    """As after the database was made anew: numbers are given again."""
    token = answered()
    with write_session() as session:
        session.execute(text("UPDATE kb_answer_request SET consented_at = '2020-01-31 12:00:00.000000'"))
    assert opened(token).status_code == 404
