"""Messages are written down once for each key, sent when due, tried again when refused for now, and then forgotten."""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from consultame.database import now, read_session, write_session
from consultame.outbox import (
    Attachment,
    BadRecipient,
    MessageState,
    OutgoingMessage,
    cancel_message,
    enqueue_email,
    message_counts,
    retry_failed_messages,
)
from consultame.outbox_erasure import erase_messages_older_than
from consultame.outbox_sending import MAXIMUM_ATTEMPTS, Sending, claim, send_due
from consultame.settings import load_settings
from kb.erasure import erase_kept, kept_about, subject_of_request
from tests.mail_sink import MailSink, running_sink, text_of
from tests.running_system import free_ports, run_command


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSink]:
    """A mail server that the settings name."""
    with running_sink() as sink:
        monkeypatch.setenv("CONSULTAME_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("CONSULTAME_SMTP_PORT", str(sink.port))
        monkeypatch.setenv("CONSULTAME_SMTP_STARTTLS", "false")
        load_settings.cache_clear()
        yield sink


def enqueue(key: str = "answer:1:1", to: str = "ana@correo.co", **more: object) -> OutgoingMessage:
    with write_session() as session:
        return enqueue_email(
            session, dedupe_key=key, to=to, subject="Su respuesta", text="Sí, señora.\n¿Algo más?", **more
        )  # type: ignore[arg-type]


def kept(key: str = "answer:1:1") -> OutgoingMessage:
    with read_session() as session:
        return session.scalars(select(OutgoingMessage).where(OutgoingMessage.dedupe_key == key)).one()


def let_time_pass(**time: int) -> None:
    with write_session() as session:
        for message in session.scalars(select(OutgoingMessage)):
            message.next_attempt_at -= timedelta(**time)


def test_a_message_arrives_whole(any_database: str, sink: MailSink) -> None:
    calendar = Attachment("cita.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    enqueue(attachments=[calendar, Attachment("añadido.pdf", "application/pdf", b"%PDF\x00\xff")])
    assert send_due() == Sending(sent=1)
    (message,) = sink.delivered
    assert message["Subject"] == "Su respuesta"
    assert message["From"] == "ConsúltaME <menergia@minenergia.gov.co>"
    assert message["To"] == "ana@correo.co"
    assert message["Auto-Submitted"] == "auto-generated"
    assert text_of(message) == "Sí, señora.\n¿Algo más?\n"
    files = [(part.get_filename(), part.get_content_type()) for part in message.iter_attachments()]
    assert files == [("cita.ics", "text/calendar"), ("añadido.pdf", "application/pdf")]
    assert next(part for part in message.iter_attachments() if part.get_filename() == "añadido.pdf").get_content() == (
        b"%PDF\x00\xff"
    )
    sent = kept()
    assert (sent.state, sent.attempts, sent.message_id) == (MessageState.SENT, 1, message["Message-ID"])
    assert sent.sent_at is not None


def test_the_same_key_is_the_same_message(any_database: str, sink: MailSink) -> None:
    first = enqueue()
    assert enqueue(to="otra@correo.co").id == first.id
    assert send_due() == Sending(sent=1)
    assert enqueue().id == first.id
    assert send_due() == Sending()
    assert [message["To"] for message in sink.arrived] == ["ana@correo.co"]


def test_a_key_used_twice_does_not_undo_what_else_the_transaction_does(any_database: str) -> None:
    enqueue()
    with write_session() as session:
        enqueue_email(session, dedupe_key="other", to="ana@correo.co", subject="", text="")
        enqueue_email(session, dedupe_key="answer:1:1", to="ana@correo.co", subject="", text="")
    assert kept("other").state is MessageState.WAITING


@pytest.mark.parametrize("address", ["", "ana", "ana@", "ana@correo.co\nBcc: otra@correo.co", "a b@correo.co"])
def test_what_is_no_address_is_refused_without_naming_it(address: str, sqlite_database: None) -> None:
    with pytest.raises(BadRecipient) as refusal:
        enqueue(to=address)
    assert str(refusal.value) == "not an e-mail address"


def test_a_message_for_later_waits(any_database: str, sink: MailSink) -> None:
    enqueue(send_after=now() + timedelta(hours=1))
    assert send_due() == Sending()
    let_time_pass(minutes=61)
    assert send_due() == Sending(sent=1)


def test_a_waiting_message_can_be_cancelled_and_a_sent_one_not(any_database: str, sink: MailSink) -> None:
    enqueue("a")
    enqueue("b", send_after=now() + timedelta(hours=1))
    send_due()
    with write_session() as session:
        assert [cancel_message(session, dedupe_key=key) for key in ("a", "b", "c")] == [False, True, False]
    let_time_pass(hours=2)
    assert send_due() == Sending()
    assert (kept("a").state, kept("b").state) == (MessageState.SENT, MessageState.CANCELLED)


def test_what_is_refused_for_now_is_tried_again_after_longer_and_longer_pauses(
    any_database: str, sink: MailSink
) -> None:
    enqueue()
    sink.refused = {"ana": "451 greylisted, ana@correo.co"}
    pauses = []
    for _ in range(MAXIMUM_ATTEMPTS):
        send_due()
        pauses.append(round((kept().next_attempt_at - now()).total_seconds() / 60))
        let_time_pass(hours=7)
    assert pauses[:5] == [1, 2, 4, 8, 16]
    assert max(pauses) == 360
    assert (kept().state, kept().last_error) == (MessageState.FAILED, "recipient refused (451)")
    assert send_due() == Sending()


def test_a_message_refused_for_now_arrives_once_when_it_is_taken(sqlite_database: None, sink: MailSink) -> None:
    enqueue()
    sink.refused = {"ana": "451 greylisted"}
    assert send_due() == Sending(put_off=1)
    assert send_due() == Sending()
    sink.refused = {}
    let_time_pass(minutes=2)
    assert send_due() == Sending(sent=1)
    assert len(sink.arrived) == 1


def test_one_refused_for_good_fails_and_does_not_hold_up_the_others(any_database: str, sink: MailSink) -> None:
    enqueue("a", to="nadie@correo.co")
    enqueue("b")
    sink.refused = {"nadie": "550 no such user nadie@correo.co"}
    assert send_due() == Sending(sent=1, failed=1)
    assert (kept("a").state, kept("a").last_error) == (MessageState.FAILED, "recipient refused (550)")
    sink.refused = {}
    with write_session() as session:
        assert retry_failed_messages(session) == 1
    assert send_due() == Sending(sent=1)


def test_a_text_that_is_no_e_mail_fails_alone(sqlite_database: None, sink: MailSink) -> None:
    enqueue("a", attachments=[Attachment("a\nb", "nothing", b"")])
    enqueue("b")
    with write_session() as session:
        session.execute(update(OutgoingMessage).where(OutgoingMessage.dedupe_key == "a").values(subject="a\nb"))
    assert send_due() == Sending(sent=1, failed=1)
    assert kept("a").state is MessageState.FAILED


def test_without_a_mail_server_messages_wait_and_it_is_said(
    sqlite_database: None, caplog: pytest.LogCaptureFixture
) -> None:
    from consultame.outbox_job import send_messages

    enqueue()
    caplog.set_level(logging.INFO)
    send_messages.call_local()
    assert "no mail server is set (CONSULTAME_SMTP_HOST)" in caplog.text
    assert (kept().state, kept().attempts) == (MessageState.WAITING, 0)


def test_an_outage_of_the_mail_server_costs_no_attempt(
    any_database: str, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue()
    monkeypatch.setenv("CONSULTAME_SMTP_PORT", str(free_ports(1)[0]))
    load_settings.cache_clear()
    for _ in range(MAXIMUM_ATTEMPTS + 1):
        assert send_due() == Sending(trouble="ConnectionRefusedError")
    waiting = kept()
    assert (waiting.state, waiting.attempts, waiting.last_error) == (
        MessageState.WAITING, 0, "ConnectionRefusedError",
    )  # fmt: skip
    monkeypatch.setenv("CONSULTAME_SMTP_PORT", str(sink.port))
    load_settings.cache_clear()
    assert send_due() == Sending(sent=1)
    assert kept().last_error == ""


def test_nothing_is_sent_in_clear_where_encryption_is_asked_for(
    sqlite_database: None, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue()
    monkeypatch.setenv("CONSULTAME_SMTP_STARTTLS", "true")
    load_settings.cache_clear()
    assert send_due().trouble == "SMTPNotSupportedError"
    assert (sink.arrived, kept().state) == ([], MessageState.WAITING)


def test_two_workers_at_once_send_each_message_once(any_database: str, sink: MailSink) -> None:
    for number in range(20):
        enqueue(f"m{number}")
    done: list[Sending] = []
    workers = [threading.Thread(target=lambda: done.append(send_due())) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(each.sent for each in done) == 20
    assert len(sink.arrived) == len(sink.delivered) == 20


def test_a_claimed_message_is_left_alone_until_the_claim_has_run_out(any_database: str, sink: MailSink) -> None:
    number = enqueue().id
    assert claim(number) is not None
    assert claim(number) is None
    let_time_pass(minutes=14)
    assert send_due() == Sending()
    let_time_pass(minutes=2)
    assert send_due() == Sending(sent=1)


def test_recipient_and_text_are_erased_after_the_days_and_nothing_is_said_twice(
    any_database: str, sink: MailSink
) -> None:
    enqueue("sent")
    enqueue("waiting", send_after=now() + timedelta(days=40))
    send_due()
    let_time_pass(days=31)
    enqueue("recent")
    send_due()
    with write_session() as session:
        assert erase_messages_older_than(session, days=30) == 1
        assert erase_messages_older_than(session, days=30) == 0
    gone = kept("sent")
    assert (gone.recipient, gone.subject, gone.text, gone.attachments) == ("", "", "", [])
    assert kept("waiting").recipient == kept("recent").recipient == "ana@correo.co"
    enqueue("sent")
    assert (send_due(), len(sink.arrived)) == (Sending(), 2)


def test_an_erasure_request_reaches_messages_and_stops_those_that_wait(any_database: str, sink: MailSink) -> None:
    enqueue("sent", to="Ana@correo.co")
    send_due()
    enqueue("waiting", to="ana@correo.co")
    enqueue("other", to="mariana@correo.co")
    with write_session() as session:
        found = kept_about(session, subject_of_request(email="ana@correo.co"))
        assert erase_kept(session, found).messages == 2
    assert kept("sent").recipient == kept("waiting").recipient == ""
    assert send_due() == Sending(sent=1)
    assert kept("waiting").state is MessageState.CANCELLED
    assert [message["To"] for message in sink.arrived] == ["Ana@correo.co", "mariana@correo.co"]


@pytest.mark.parametrize("is_reachable", [True, False])
def test_a_message_that_could_not_be_sent_in_time_is_marked_and_never_sent(
    is_reachable: bool, any_database: str, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue("late", not_after=now() - timedelta(seconds=1))
    enqueue("early", send_after=now() + timedelta(hours=3), not_after=now() - timedelta(hours=1))
    enqueue("in time", not_after=now() + timedelta(hours=1))
    enqueue("at any time")
    if not is_reachable:
        monkeypatch.setenv("CONSULTAME_SMTP_HOST", "")
        load_settings.cache_clear()
    done = send_due()
    assert (done.expired, done.sent) == (2, 2 if is_reachable else 0)
    assert (kept("late").state, kept("early").state) == (MessageState.EXPIRED, MessageState.EXPIRED)
    assert send_due().expired == 0
    assert len(sink.arrived) == done.sent
    with write_session() as session:
        assert retry_failed_messages(session) == 0
        assert erase_messages_older_than(session, days=-1) == 2 + done.sent


def test_a_message_that_is_being_sent_does_not_expire_before_its_claim_has_run_out(
    any_database: str, sink: MailSink
) -> None:
    number = enqueue(not_after=now() + timedelta(hours=1)).id
    assert claim(number) is not None
    with write_session() as session:
        session.execute(update(OutgoingMessage).values(not_after=now() - timedelta(minutes=1)))
    assert send_due() == Sending()
    let_time_pass(minutes=16)
    assert claim(number) is None
    assert send_due() == Sending(expired=1)
    assert sink.arrived == []


def test_the_counts_hold_every_state(sqlite_database: None) -> None:
    enqueue()
    with read_session() as session:
        assert message_counts(session) == dict.fromkeys(MessageState, 0) | {MessageState.WAITING: 1}


def test_the_command_tells_how_many_and_why_but_not_whom(
    data_directory: Path, sqlite_database: None, sink: MailSink
) -> None:
    enqueue("answer:1:1", to="nadie@correo.co")
    enqueue("answer:1:2")
    enqueue("appointment:1:0:reminder-1h", not_after=now() - timedelta(minutes=1))
    sink.refused = {"nadie": "550 no such user nadie@correo.co"}
    send_due()
    shown = run_command(data_directory, "outbox")
    assert shown.returncode == 0
    assert "none is set (CONSULTAME_SMTP_HOST)" in shown.stdout
    assert "0 waiting, 0 sending, 1 sent, 1 failed, 0 cancelled, 1 expired, 0 unknown" in shown.stdout
    assert "recipient refused (550)" in shown.stdout
    as_json = run_command(data_directory, "outbox", "--json")
    told = json.loads(as_json.stdout)
    assert told["messages"] == {
        "waiting": 0,
        "sending": 0,
        "sent": 1,
        "failed": 1,
        "cancelled": 0,
        "expired": 1,
        "unknown": 0,
    }
    assert [(each["key"], each["state"]) for each in told["troubled"]] == [
        ("appointment:1:0:reminder-1h", "expired"), ("answer:1:1", "failed"),
    ]  # fmt: skip
    assert told["troubled"][0]["not_after"] is not None
    assert "appointment:1:0:reminder-1h" in shown.stdout
    assert "correo.co" not in shown.stdout + as_json.stdout
    assert "1 failed message(s) wait again." in run_command(data_directory, "outbox", "--retry-failed").stdout
