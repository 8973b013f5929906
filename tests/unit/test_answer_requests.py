"""Whoever asked what had no answer is told once when there is one that works; a question it does not reach reopens."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from consultame.audit import Action, AuditEvent
from consultame.database import now, read_session, write_session
from consultame.outbox import BadRecipient, Channel, MessageState, OutgoingMessage
from consultame.outbox_sending import send_due
from consultame.settings import load_settings
from kb.answer_checks import Checked, Heard, check_answers
from kb.answer_consent import CONSENT_VERSIONS, answer_consent
from kb.answer_notices import notify_of_answers
from kb.answer_requests import (
    AlreadyNotified,
    AnswerRequest,
    ConsentOutdated,
    NoticeCounts,
    RequestState,
    UnknownQuestion,
    erase_requests_that_lead_nowhere,
    notice_counts,
    request_answer,
    requested_in,
)
from kb.entries import entry_by_slug
from kb.erasure import erase_kept, kept_about, subject_of_request
from kb.models import DismissalReason, EntryVersion, QuestionState, UnansweredQuestion
from kb.unanswered import dismiss, link_to_entry
from tests.mail_sink import MailSink, running_sink, text_of
from tests.unit.admin_site import ENTRY, approved_entry, put_into_service, question, stored_question, version_in_review

SLUG = "mme_estufas"
FOUND = Heard(f"answered:{SLUG}")
MISSED = Heard("unanswered")
EMAIL = "ana@correo.co"


def ask_for_answer(question_id: int, recipient: str = EMAIL, channel: Channel = Channel.EMAIL, **changes: str) -> None:
    asked = stored_question(question_id)
    wish = {
        "conversation_id": asked.conversation_id, "message_id": asked.message_id, "channel": channel,
        "recipient": recipient, "language": "es", "consent_version": CONSENT_VERSIONS[channel],
    }  # fmt: skip
    with write_session() as session:
        request_answer(session, **(wish | changes))  # type: ignore[arg-type]


def link(question_id: int, slug: str = SLUG) -> None:
    with write_session() as session:
        entry = entry_by_slug(session, slug)
        assert entry is not None
        link_to_entry(session, session.get_one(UnansweredQuestion, question_id), entry)


def check(heard: Heard = FOUND) -> Checked:
    return check_answers(lambda model, texts: [heard for _ in texts])


def notify() -> int:
    with write_session() as session:
        return notify_of_answers(session)


def messages() -> list[OutgoingMessage]:
    with read_session() as session:
        return list(session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id)))


def requests() -> list[AnswerRequest]:
    with read_session() as session:
        return list(session.scalars(select(AnswerRequest).order_by(AnswerRequest.id)))


@pytest.fixture
def waiting(any_database: str) -> int:
    """A question whose citizen waits, given to an entry that was approved and is not live yet."""
    number = question("¿dan estufas? cc 1085245678")
    ask_for_answer(number)
    approved_entry()
    link(number)
    return number


@pytest.fixture
def live(waiting: int) -> int:
    """The same, the entry being live."""
    put_into_service(*_versions())
    return waiting


def _versions() -> list[EntryVersion]:
    with read_session() as session:
        return list(session.scalars(select(EntryVersion)))


def test_the_consent_is_kept_with_its_version_and_moment(any_database: str) -> None:
    before = now()
    ask_for_answer(question(), language="en")
    (request,) = requests()
    assert (request.recipient, request.language) == (EMAIL, "en")
    assert (request.channel, request.consent_version) == (Channel.EMAIL, CONSENT_VERSIONS[Channel.EMAIL])
    assert request.consented_at >= before


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_consent_says_purpose_rights_contact_and_for_how_long(language: str, data_directory: Path) -> None:
    text = answer_consent(language).text  # type: ignore[arg-type]
    for needed in ("menergia@minenergia.gov.co", "1581", " 30 ", " 180 "):
        assert needed in text
    assert "{" not in text


def test_who_asks_again_for_the_same_question_changes_the_address(any_database: str) -> None:
    number = question()
    ask_for_answer(number)
    ask_for_answer(number, recipient="otra@correo.co")
    assert [request.recipient for request in requests()] == ["otra@correo.co"]


def test_what_cannot_be_kept_is_refused_and_nothing_is(any_database: str) -> None:
    number = question()
    for changes, refusal in (
        ({"consent_version": "aviso-0"}, ConsentOutdated),
        ({"recipient": "ana"}, BadRecipient),
        ({"message_id": "other-message"}, UnknownQuestion),
        ({"conversation_id": "web-2"}, UnknownQuestion),
    ):
        with pytest.raises(refusal):
            ask_for_answer(number, **changes)
    assert requests() == []


def test_the_conversation_knows_for_which_messages_an_answer_was_asked(any_database: str) -> None:
    first, _ = question(), question()
    ask_for_answer(first)
    with read_session() as session:
        assert requested_in(session, "web-1") == {stored_question(first).message_id}
        assert requested_in(session, "web-2") == set()


def test_nobody_is_told_before_the_answer_is_live_and_was_found_to_work(waiting: int) -> None:
    assert (check(), notify()) == (Checked(0, 0), 0)
    put_into_service(*_versions())
    assert notify() == 0
    assert (check(), notify()) == (Checked(1, 0), 1)


def test_whoever_waits_is_told_once_with_the_answer_and_the_masked_question(live: int) -> None:
    check()
    assert (notify(), notify()) == (1, 0)
    put_into_service(*_versions())
    assert (check(), notify()) == (Checked(0, 0), 0)
    (message,) = messages()
    assert (message.recipient, message.subject) == (EMAIL, "Ya hay respuesta a su pregunta")
    assert "«¿dan estufas? cc [documento]»" in message.text
    assert "El Ministerio no entrega estufas.\n\nEscriba a menergia@minenergia.gov.co." in message.text
    assert "{" not in message.text
    (request,) = requests()
    assert (request.state, request.recipient, request.message_id) == (RequestState.NOTIFIED, "", message.id)


def test_who_asked_in_english_is_told_in_english(any_database: str) -> None:
    number = question("do you give stoves?")
    ask_for_answer(number, language="en")
    put_into_service(approved_entry())
    link(number)
    check()
    notify()
    (message,) = messages()
    assert message.subject == "There is an answer to your question"
    assert "The ministry does not give stoves." in message.text


def test_the_text_is_the_one_that_is_live(live: int) -> None:
    check()
    put_into_service(approved_entry(text=replace(ENTRY, answer_es="Ahora sí entrega estufas.")))
    notify()
    assert "Ahora sí entrega estufas." in messages()[0].text


def test_who_asks_to_be_told_after_the_answer_went_live_is_told_too(any_database: str) -> None:
    number = question()
    put_into_service(approved_entry())
    link(number)
    check()
    ask_for_answer(number)
    assert notify() == 1
    with pytest.raises(AlreadyNotified):
        ask_for_answer(number, recipient="otra@correo.co")


def test_a_question_that_the_answer_does_not_reach_is_open_again_and_nothing_is_sent(live: int) -> None:
    assert check(MISSED) == Checked(0, 1)
    assert notify() == 0
    reopened = stored_question(live)
    assert (reopened.state, reopened.entry_id) == (QuestionState.NEW, None)
    assert "«mme_estufas»" in reopened.reopening_note
    assert requests()[0].state is RequestState.WAITING
    with read_session() as session:
        actions = list(session.scalars(select(AuditEvent.action)))
    assert Action.QUESTION_REOPENED in actions
    # Dealt with once more, and now it works.
    link(live)
    assert stored_question(live).reopening_note == ""
    assert (check(), notify()) == (Checked(1, 0), 1)


@pytest.mark.parametrize(
    ("heard", "answered"),
    [
        (Heard("suggested", ("otra", SLUG)), 1),
        (Heard("suggested", ("otra",)), 0),
        (Heard("answered:otra"), 0),
        (Heard("task:consultar_radicado"), 0),
    ],
)
def test_an_answer_reaches_a_question_that_gets_it_or_is_offered_it(heard: Heard, answered: int, live: int) -> None:
    assert check(heard) == Checked(answered, 1 - answered)


def test_a_release_without_the_version_that_was_to_answer_changes_nothing(any_database: str) -> None:
    put_into_service(approved_entry())
    number = question()
    version_in_review()
    link(number)
    put_into_service(*_versions()[:1])
    assert check(MISSED) == Checked(0, 0)
    assert stored_question(number).state is QuestionState.ANSWERED


def test_the_model_is_asked_what_citizens_would_ask_without_the_marks_of_masking(live: int) -> None:
    asked: list[str] = []

    def ask(model: Path, texts: Sequence[str]) -> list[Heard]:
        asked.extend(texts)
        return [FOUND for _ in texts]

    check_answers(ask)
    assert asked == ["¿dan estufas? cc"]


def test_what_another_release_says_meanwhile_is_not_taken_for_this_one(live: int) -> None:
    def ask(model: Path, texts: Sequence[str]) -> list[Heard]:
        put_into_service(*_versions())
        return [MISSED for _ in texts]

    assert check_answers(ask) == Checked(0, 0)
    assert check() == Checked(1, 0)


def test_the_job_goes_on_when_the_model_cannot_be_asked_and_does_not_try_it_each_minute(live: int) -> None:
    from kb.answers_job import AnswerFollower

    asked: list[Path] = []

    def broken(model: Path, texts: Sequence[str]) -> list[Heard]:
        asked.append(model)
        raise OSError

    follower = AnswerFollower(broken)
    for _ in range(3):
        follower.follow()
    assert len(asked) == 1
    assert stored_question(live).state is QuestionState.ANSWERED
    put_into_service(*_versions())
    follower.follow()
    assert len(asked) == 2
    AnswerFollower(lambda model, texts: [FOUND for _ in texts]).follow()
    assert len(messages()) == 1


def test_an_erasure_request_reaches_who_waits(waiting: int) -> None:
    ask_for_answer(question(), recipient="mariana@correo.co")
    with write_session() as session:
        erased = erase_kept(session, kept_about(session, subject_of_request(email=EMAIL)))
    assert (erased.requests, erased.questions) == (1, 0)
    assert [request.recipient for request in requests()] == ["mariana@correo.co"]


def test_an_erasure_request_stops_the_e_mail_that_is_on_its_way(live: int) -> None:
    check()
    notify()
    with write_session() as session:
        erased = erase_kept(session, kept_about(session, subject_of_request(email=EMAIL)))
    assert erased.messages == 1
    assert (messages()[0].state, messages()[0].recipient) == (MessageState.CANCELLED, "")


def test_erasing_a_conversation_erases_what_was_asked_and_written_because_of_it(live: int) -> None:
    check()
    notify()
    with write_session() as session:
        erased = erase_kept(session, kept_about(session, subject_of_request(conversation_id="web-1")))
    assert (erased.questions, erased.messages, erased.requests) == (1, 1, 1)
    assert requests() == []
    assert messages()[0].text == ""


def test_addresses_that_lead_nowhere_are_erased(any_database: str) -> None:
    dismissed, old, young = question(), question(), question()
    for number in (dismissed, old, young):
        ask_for_answer(number)
    with write_session() as session:
        dismiss(session, session.get_one(UnansweredQuestion, dismissed), DismissalReason.SINGLE_CASE)
        request = session.scalars(select(AnswerRequest).where(AnswerRequest.question_id == old)).one()
        request.consented_at -= timedelta(days=181)
        assert erase_requests_that_lead_nowhere(session) == 2
    assert [request.question_id for request in requests()] == [young]


def test_it_is_counted_how_many_wait_and_were_told(live: int, sink: MailSink) -> None:
    other = question()
    ask_for_answer(other)
    check()
    notify()

    def counts() -> dict[Channel, NoticeCounts]:
        with read_session() as session:
            return notice_counts(session)

    assert counts() == {Channel.EMAIL: NoticeCounts(waiting=1, under_way=1)}
    send_due()
    assert counts() == {Channel.EMAIL: NoticeCounts(waiting=1, sent=1)}
    with read_session() as session:
        assert notice_counts(session, [other]) == {Channel.EMAIL: NoticeCounts(waiting=1)}
        assert notice_counts(session, []) == {}
    assert "El Ministerio no entrega estufas." in text_of(sink.delivered[0])


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSink]:
    """A mail server that the settings name."""
    with running_sink() as sink:
        monkeypatch.setenv("CONSULTAME_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("CONSULTAME_SMTP_PORT", str(sink.port))
        monkeypatch.setenv("CONSULTAME_SMTP_STARTTLS", "false")
        load_settings.cache_clear()
        yield sink
