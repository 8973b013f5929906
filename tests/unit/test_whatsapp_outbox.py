"""Messages by WhatsApp are sent when due, once at most, and what the API answers has its consequence."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from consultame.database import now, read_session, write_session
from consultame.outbox import BadRecipient, MessageState, OutgoingMessage, retry_failed_messages
from consultame.outbox_erasure import erase_messages_older_than
from consultame.outbox_sending import MAXIMUM_ATTEMPTS, Sending, claim, send_due
from consultame.outbox_whatsapp import enqueue_whatsapp
from consultame.outbox_whatsapp_sending import LEFT_BEHIND, send_due_whatsapp
from consultame.settings import load_settings
from consultame.whatsapp_template import LONGEST_PARAMETER, Template, TemplateKind, as_parameter
from tests.running_system import free_ports, run_command
from tests.whatsapp_server import HANG_UP, NO_JSON, PROXY_PAGE, PUBLIC_URL, Refusal, WhatsAppServer

WHEN = "martes 1 de diciembre de 2026 a las 2:05 p. m."
PHONE = "300 123 4567"


def reminder(name: str = "Luz Marina Pérez", when: str = WHEN) -> Template:
    return Template(TemplateKind.DAY_BEFORE, "es", (name, when), ("firma.de-prueba/confirmar", "firma.de-prueba"))


def enqueue(key: str = "appointment:1:0:reminder-24h:whatsapp", to: str = PHONE, **more: object) -> None:
    more.setdefault("template", reminder())
    with write_session() as session:
        enqueue_whatsapp(session, dedupe_key=key, to=to, **more)  # type: ignore[arg-type]


def kept() -> OutgoingMessage:
    with read_session() as session:
        return session.scalars(select(OutgoingMessage)).one()


def let_time_pass(**time: int) -> None:
    with write_session() as session:
        for message in session.scalars(select(OutgoingMessage)):
            message.next_attempt_at -= timedelta(**time)


def test_a_message_arrives_with_its_text_and_buttons(any_database: str, whatsapp: WhatsAppServer) -> None:
    enqueue()
    assert send_due_whatsapp() == Sending(sent=1)
    (arrived,) = whatsapp.arrived
    assert arrived.to == "+573001234567"
    assert arrived.text.startswith("Hola, Luz Marina Pérez. Le recordamos su cita virtual con el Ministerio")
    assert f": {WHEN} (hora de Colombia)." in arrived.text
    assert arrived.addresses == (
        f"{PUBLIC_URL}/citas/firma.de-prueba/confirmar",
        f"{PUBLIC_URL}/citas/firma.de-prueba",
    )
    message = kept()
    assert (message.state, message.attempts, message.message_id) == (MessageState.SENT, 1, arrived.callback_data)
    assert send_due_whatsapp() == Sending()


def test_a_key_used_before_sends_nothing_more(any_database: str, whatsapp: WhatsAppServer) -> None:
    enqueue()
    enqueue(template=reminder(name="Otra persona"))
    assert send_due_whatsapp() == Sending(sent=1)
    enqueue()
    assert send_due_whatsapp() == Sending()


def test_a_message_waits_for_its_moment_and_goes_no_later_than_it_is_of_use(
    sqlite_database: None, whatsapp: WhatsAppServer
) -> None:
    enqueue(send_after=now() + timedelta(hours=1))
    assert send_due_whatsapp() == Sending()
    enqueue("late", not_after=now() - timedelta(seconds=1))
    assert send_due_whatsapp() == Sending(expired=1)
    assert not whatsapp.arrived
    let_time_pass(hours=1)
    assert send_due_whatsapp() == Sending(sent=1)


def test_e_mails_and_messages_do_not_wait_for_each_other(sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    enqueue()
    assert send_due() == Sending()
    assert send_due_whatsapp() == Sending(sent=1)


def test_without_the_channel_messages_wait(sqlite_database: None) -> None:
    enqueue()
    done = send_due_whatsapp()
    assert done == Sending(trouble="WhatsApp is not set up (CONSULTAME_WHATSAPP_PHONE_NUMBER_ID)")
    assert kept().state is MessageState.WAITING


@pytest.mark.parametrize(
    "name", ["Luz\nMarina", "Luz\tMarina", "Luz      Marina", "L" * 4000, "", "  ", "«{{1}} {{2}}»", "José 🇨🇴"]
)
def test_whatever_a_citizen_typed_can_be_filled_in(name: str, sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    enqueue(template=reminder(name=name))
    assert send_due_whatsapp() == Sending(sent=1)
    assert len(as_parameter(name)) <= LONGEST_PARAMETER


FINAL = [
    Refusal(400, 100, "Invalid parameter"),
    Refusal(400, 131008, "Required parameter is missing"),
    Refusal(400, 131009, "Parameter value is not valid"),
    Refusal(400, 131021, "Recipient cannot be sender"),
    Refusal(400, 131026, "Message undeliverable"),
    Refusal(400, 131047, "Re-engagement message"),
    Refusal(400, 131049, "Meta chose not to deliver"),
    Refusal(400, 131050, "User has stopped"),
    Refusal(400, 132000, "Template param count mismatch"),
    Refusal(404, 132001, "Template does not exist"),
    Refusal(400, 132005, "Template hydrated text too long"),
    Refusal(400, 132007, "Template format character policy violated"),
    Refusal(400, 132012, "Template parameter format mismatch"),
    Refusal(400, 132015, "Template is paused"),
    Refusal(400, 132016, "Template is disabled"),
    Refusal(400, 139999, "One that is not known yet"),
    (400, "<html>Bad request</html>"),
]
LATER = [
    Refusal(400, 131056, "Pair rate limit hit"),
    Refusal(500, 131000, "Something went wrong"),
    Refusal(400, 1, "API unknown"),
    Refusal(500, 139999, "One that is not known yet"),
]
PAUSES = [
    Refusal(400, 130429, "Rate limit hit"),
    Refusal(400, 4, "API too many calls"),
    Refusal(400, 80007, "Rate limit issues"),
    Refusal(400, 131048, "Spam rate limit hit"),
    Refusal(503, 2, "API service"),
    Refusal(500, 131016, "Service unavailable"),
    Refusal(429, 139999, "Too many requests"),
    (429, "slow down"),
    (503, "<html>Service unavailable</html>"),
]
STOPS = [
    Refusal(401, 190, "Access token has expired"),
    Refusal(401, 0, "AuthException"),
    Refusal(403, 10, "Permission denied"),
    Refusal(403, 200, "API permission"),
    Refusal(403, 131005, "Access denied"),
    Refusal(403, 131031, "Account has been locked"),
    Refusal(400, 131042, "Business eligibility payment issue"),
    Refusal(403, 368, "Temporarily blocked for policies violations"),
    Refusal(400, 100, "Object does not exist", subcode=33),
    (401, ""),
    (404, "<html>Not found</html>"),
    (302, ""),
]
UNKNOWN = [
    (200, HANG_UP),
    (200, NO_JSON),
    (200, "{}"),
    (200, '{"messages": []}'),
    (502, PROXY_PAGE),
    (504, ""),
    (500, ""),
]


@pytest.mark.parametrize("answer", FINAL, ids=str)
def test_a_refusal_for_good_ends_the_message_alone(
    answer: Refusal, sqlite_database: None, whatsapp: WhatsAppServer
) -> None:
    enqueue()
    enqueue("another")
    whatsapp.next.append(answer)
    assert send_due_whatsapp() == Sending(sent=1, failed=1)
    let_time_pass(days=1)
    assert send_due_whatsapp() == Sending()


@pytest.mark.parametrize("answer", LATER, ids=str)
def test_a_refusal_for_now_is_tried_again_after_a_pause(
    answer: Refusal, sqlite_database: None, whatsapp: WhatsAppServer
) -> None:
    enqueue()
    enqueue("another")
    whatsapp.next.append(answer)
    assert send_due_whatsapp() == Sending(sent=1, put_off=1)
    assert send_due_whatsapp() == Sending()
    let_time_pass(minutes=1)
    assert send_due_whatsapp() == Sending(sent=1)


def test_a_message_refused_again_and_again_is_given_up(sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    enqueue()
    for _ in range(MAXIMUM_ATTEMPTS):
        whatsapp.next.append(LATER[0])
        send_due_whatsapp()
        let_time_pass(hours=6)
    assert (kept().state, kept().attempts) == (MessageState.FAILED, MAXIMUM_ATTEMPTS)


@pytest.mark.parametrize("answer", [*PAUSES, *STOPS], ids=str)
def test_what_is_no_messages_fault_ends_the_round_and_costs_none_an_attempt(
    answer: Refusal, sqlite_database: None, whatsapp: WhatsAppServer
) -> None:
    enqueue()
    enqueue("another")
    for _ in range(MAXIMUM_ATTEMPTS + 1):
        whatsapp.next.append(answer)
        done = send_due_whatsapp()
        assert (done.put_off, done.sent, done.failed, bool(done.trouble)) == (1, 0, 0, True)
        let_time_pass(minutes=1)
    assert whatsapp.asked == MAXIMUM_ATTEMPTS + 1
    let_time_pass(minutes=1)
    assert send_due_whatsapp() == Sending(sent=2)


def test_an_old_token_stops_the_channel_and_the_operator_is_told_what_to_do(
    sqlite_database: None, whatsapp: WhatsAppServer
) -> None:
    enqueue()
    whatsapp.token = "another"
    assert "set a new CONSULTAME_WHATSAPP_ACCESS_TOKEN" in send_due_whatsapp().trouble
    assert "set a new CONSULTAME_WHATSAPP_ACCESS_TOKEN" in kept().last_error


def test_an_api_that_cannot_be_reached_costs_no_attempt(
    sqlite_database: None, whatsapp: WhatsAppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue()
    monkeypatch.setenv("CONSULTAME_WHATSAPP_API_URL", f"http://127.0.0.1:{free_ports(1)[0]}")
    load_settings.cache_clear()
    assert send_due_whatsapp() == Sending(put_off=1, trouble="the API cannot be reached: ConnectError")
    assert (kept().state, kept().attempts) == (MessageState.WAITING, 0)


@pytest.mark.parametrize("answer", UNKNOWN, ids=str)
def test_what_may_have_arrived_is_not_sent_again(
    answer: tuple[int, str], sqlite_database: None, whatsapp: WhatsAppServer
) -> None:
    enqueue()
    whatsapp.next.append(answer)
    assert send_due_whatsapp() == Sending(unknown=1)
    let_time_pass(days=1)
    with write_session() as session:
        assert retry_failed_messages(session) == 0
    assert send_due_whatsapp() == Sending()
    assert kept().state is MessageState.UNKNOWN


def test_a_claim_that_has_run_out_is_given_up_and_one_that_has_not_is_left_alone(
    any_database: str, whatsapp: WhatsAppServer
) -> None:
    enqueue()
    claim(kept().id)
    assert send_due_whatsapp() == Sending()
    let_time_pass(minutes=16)
    assert send_due_whatsapp() == Sending(unknown=1)
    assert (kept().state, kept().last_error, whatsapp.arrived) == (MessageState.UNKNOWN, LEFT_BEHIND, [])


def test_one_recipient_gets_no_more_than_the_api_allows(sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    for number in range(46):
        enqueue(f"message:{number}")
    assert send_due_whatsapp() == Sending(sent=45, put_off=1)


def test_a_landline_gets_no_message(sqlite_database: None) -> None:
    with pytest.raises(BadRecipient):
        enqueue(to="601 220 0300")


def test_number_and_text_are_erased_some_time_after_the_message_ended(
    any_database: str, whatsapp: WhatsAppServer
) -> None:
    enqueue()
    send_due_whatsapp()
    let_time_pass(days=31)
    with write_session() as session:
        assert erase_messages_older_than(session, days=30) == 1
    assert (kept().recipient, kept().template, kept().state) == ("", {}, MessageState.SENT)


def test_neither_the_log_nor_the_command_nor_an_error_names_the_recipient(
    data_directory: Path, sqlite_database: None, whatsapp: WhatsAppServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for number, answer in enumerate((FINAL[4], LATER[0], UNKNOWN[0], STOPS[0])):
        enqueue(f"appointment:{number}:0:reminder-24h:whatsapp")
        whatsapp.next.append(answer)
    send_due_whatsapp()
    shown = run_command(data_directory, "outbox").stdout + run_command(data_directory, "outbox", "--json").stdout
    assert "WhatsApp: is not set up" in shown
    assert "2 waiting, 0 sending, 0 sent, 1 failed, 0 cancelled, 0 expired, 1 unknown" in shown
    assert "no WhatsApp account" in shown
    with read_session() as session:
        errors = " ".join(message.last_error for message in session.scalars(select(OutgoingMessage)))
    for said in (shown, errors, caplog.text):
        assert "3001234567" not in said
        assert "Luz" not in said
        assert "EAAG" not in said
