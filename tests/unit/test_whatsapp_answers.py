"""Whoever chose to be told of an answer by WhatsApp is told so, once, and by nothing else; nobody sees the number."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text

from admin.notices import notices_in_words
from consultame.audit import SYSTEM, Action, AuditEvent
from consultame.database import engine, now, read_session, write_session
from consultame.migration import alembic_configuration, migrate_database
from consultame.outbox import BadRecipient, Channel, MessageState, OutgoingMessage
from consultame.outbox_erasure import erase_messages_older_than
from consultame.outbox_sending import Sending, send_due
from consultame.outbox_whatsapp_sending import send_due_whatsapp
from consultame.whatsapp_template import LONGEST_PARAMETER
from kb.answer_consent import CONSENT_VERSIONS, answer_consent
from kb.answer_links import answer_token, reference_in
from kb.answer_requests import (
    AnswerRequest,
    ChannelUnavailable,
    ConsentOutdated,
    NoticeCounts,
    RequestState,
    notice_counts,
)
from kb.answers_job import AnswerFollower
from kb.erasure import ErasureRefused, erase_kept, kept_about, subject_of_request
from tests.unit.admin_site import (
    admin,
    approved_entry,
    curator,
    put_into_service,
    question,
    stored_question,
    versions_of,
    visible_text,
)
from tests.unit.test_answer_requests import EMAIL, FOUND, SLUG, ask_for_answer, link, messages, notify, requests
from tests.whatsapp_server import HANG_UP, PUBLIC_URL, Refusal, WhatsAppServer

TYPED, NUMBER = "(300) 123 45-67", "+573001234567"
BY_WHATSAPP = Channel.WHATSAPP


def live_question(asked: str = "¿dan estufas? cc 1085245678", **wish: str) -> int:
    """A question whose citizen waits by WhatsApp, the entry that answers it being live."""
    number = question(asked)
    ask_for_answer(number, TYPED, BY_WHATSAPP, **wish)
    approved_entry()
    link(number)
    put_into_service(*versions_of(SLUG))
    return number


def follow() -> None:
    """What the worker does each minute."""
    AnswerFollower(lambda model, texts: [FOUND for _ in texts]).follow()


def counts() -> dict[Channel, NoticeCounts]:
    with read_session() as session:
        return notice_counts(session)


def erase(**subject: str) -> tuple[int, int]:
    """How many requests and messages were erased."""
    with write_session() as session:
        erased = erase_kept(session, kept_about(session, subject_of_request(**subject)))
    return erased.requests, erased.messages


def test_the_number_is_kept_in_one_form_with_the_consent_to_whatsapp(
    any_database: str, whatsapp: WhatsAppServer
) -> None:
    ask_for_answer(question(), TYPED, BY_WHATSAPP)
    (request,) = requests()
    assert (request.channel, request.recipient) == (Channel.WHATSAPP, NUMBER)
    assert request.consent_version == "aviso-whatsapp-1"


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_consent_says_also_that_the_number_goes_to_meta_abroad(language: str, data_directory: Path) -> None:
    said = answer_consent(language, Channel.WHATSAPP).text  # type: ignore[arg-type]
    for needed in ("WhatsApp (Meta)", "Colombia", "menergia@minenergia.gov.co", "1581", " 30 ", " 180 "):
        assert needed in said
    assert "{" not in said
    assert "Meta" not in answer_consent(language).text  # type: ignore[arg-type]


def test_what_cannot_be_kept_is_refused_and_nothing_is(any_database: str, whatsapp: WhatsAppServer) -> None:
    number = question()
    for bad in ("6012200300", "300 123 456", "ana@correo.co", "", "+57 601 220 0300"):
        with pytest.raises(BadRecipient):
            ask_for_answer(number, bad, BY_WHATSAPP)
    for of_another in ("aviso-whatsapp-0", CONSENT_VERSIONS[Channel.EMAIL]):
        with pytest.raises(ConsentOutdated):
            ask_for_answer(number, TYPED, BY_WHATSAPP, consent_version=of_another)
    with pytest.raises(ConsentOutdated):
        ask_for_answer(number, consent_version=CONSENT_VERSIONS[Channel.WHATSAPP])
    assert requests() == []


def test_where_whatsapp_is_not_set_up_nobody_can_choose_it(sqlite_database: None) -> None:
    with pytest.raises(ChannelUnavailable):
        ask_for_answer(question(), TYPED, BY_WHATSAPP)
    assert requests() == []


def test_who_chooses_another_channel_is_told_by_that_one_only(any_database: str, whatsapp: WhatsAppServer) -> None:
    number = question()
    ask_for_answer(number)
    ask_for_answer(number, TYPED, BY_WHATSAPP)
    assert [(each.channel, each.recipient) for each in requests()] == [(Channel.WHATSAPP, NUMBER)]
    ask_for_answer(number)
    assert [(each.channel, each.recipient) for each in requests()] == [(Channel.EMAIL, EMAIL)]
    assert requests()[0].consent_version == CONSENT_VERSIONS[Channel.EMAIL]


def test_whoever_waits_gets_one_message_that_opens_the_page_of_the_answer(
    any_database: str, whatsapp: WhatsAppServer
) -> None:
    number = live_question()
    for _ in range(2):
        follow()
        send_due_whatsapp()
    put_into_service(*versions_of(SLUG))
    follow()
    assert (send_due(), send_due_whatsapp()) == (Sending(), Sending())
    (arrived,) = whatsapp.arrived
    assert arrived.to == NUMBER
    assert arrived.text == (
        "Ya hay una respuesta a lo que usted preguntó en ConsúltaME, el asistente del Ministerio de Minas y Energía: "
        "«¿dan estufas? cc [documento]». Ábrala con el botón."
    )
    (address,) = arrived.addresses
    (request,) = requests()
    assert reference_in(address.removeprefix(f"{PUBLIC_URL}/respuestas/")) == request.reference
    assert (request.state, request.recipient, request.question_id) == (RequestState.NOTIFIED, "", number)
    assert [each.recipient for each in messages()] == [NUMBER]


def test_a_request_that_was_put_back_is_not_told_again(sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    """As after the restore of a back-up in which the message was kept, and the request not told of yet."""
    live_question()
    follow()
    with write_session() as session:
        request = session.scalars(select(AnswerRequest)).one()
        request.state, request.recipient, request.message_id = RequestState.WAITING, NUMBER, None
    follow()
    send_due_whatsapp()
    assert (len(messages()), len(whatsapp.arrived)) == (1, 1)


def test_who_asked_in_english_is_told_in_english(sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    live_question("do you give stoves?", language="en")
    follow()
    send_due_whatsapp()
    assert whatsapp.arrived[0].text.startswith("There is an answer now to what you asked ConsúltaME")
    assert "“do you give stoves?”" in whatsapp.arrived[0].text


@pytest.mark.parametrize(
    "asked", ["¿dan\nestufas?\n\n\tsí o no", "¿dan estufas " + "muy " * 240 + "buenas?", "«{{1}}»"]
)
def test_whatever_was_asked_fits_into_the_message(asked: str, sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    live_question(asked)
    follow()
    assert send_due_whatsapp() == Sending(sent=1)
    said = whatsapp.arrived[0].text
    assert len(said) < 160 + LONGEST_PARAMETER
    assert said.endswith("». Ábrala con el botón.")


def test_an_answer_that_does_not_hold_today_is_told_to_nobody(sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    live_question()
    with write_session() as session:
        session.execute(text("UPDATE kb_entry_version SET valid_until = '2020-01-31'"))
    follow()
    assert messages() == []
    with write_session() as session:
        session.execute(text("UPDATE kb_entry_version SET valid_until = NULL"))
    follow()
    assert len(messages()) == 1


def test_staff_see_by_which_channel_it_went_and_how_but_never_the_number(
    sqlite_database: None, whatsapp: WhatsAppServer
) -> None:
    number, by_mail = live_question(), question()
    ask_for_answer(by_mail)

    def page(address: str) -> str:
        said = curator().get(f"/personal/preguntas{address}").text
        assert "3001234567" not in said
        return visible_text(said)

    assert "1 persona espera la respuesta por correo; 1 persona espera la respuesta por WhatsApp." in page("")
    assert "Quien preguntó espera la respuesta por WhatsApp" in page(f"/{number}")
    follow()
    assert counts()[Channel.WHATSAPP] == NoticeCounts(under_way=1)
    assert "La respuesta va en camino por WhatsApp." in page(f"/{number}")
    send_due_whatsapp()
    assert counts() == {Channel.EMAIL: NoticeCounts(waiting=1), Channel.WHATSAPP: NoticeCounts(sent=1)}
    assert "1 ya la recibió por WhatsApp" in page("")
    assert "Se le envió la respuesta por WhatsApp el" in page(f"/{number}")
    with read_session() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.CITIZEN_TOLD))
    assert (event.actor, event.subject, event.detail) == (SYSTEM, str(number), {"channel": "whatsapp"})
    assert "Mandó avisar a quien preguntó" in visible_text(admin().get("/personal/auditoria").text)


@pytest.mark.parametrize(
    ("answer", "counted", "said"),
    [
        (Refusal(400, 131026, "Message undeliverable"), NoticeCounts(failed=1), "no se pudo entregar"),
        ((200, HANG_UP), NoticeCounts(unknown=1), "no se sabe si llegó"),
    ],
    ids=["refused", "unknown"],
)
def test_staff_see_when_it_may_not_have_arrived(
    answer: Refusal, counted: NoticeCounts, said: str, sqlite_database: None, whatsapp: WhatsAppServer
) -> None:
    number = live_question()
    follow()
    whatsapp.next.append(answer)
    send_due_whatsapp()
    send_due_whatsapp()
    assert whatsapp.asked == 1
    assert counts() == {Channel.WHATSAPP: counted}
    assert "1 " in notices_in_words(counts())
    assert said in visible_text(curator().get(f"/personal/preguntas/{number}").text)


@pytest.mark.parametrize("written", ["3001234567", "+57 300 123 4567", "300-123-4567", "0057 300 1234567"])
def test_an_erasure_by_number_reaches_who_waits_however_it_is_written(
    written: str, any_database: str, whatsapp: WhatsAppServer
) -> None:
    ask_for_answer(question(), TYPED, BY_WHATSAPP)
    ask_for_answer(question(), "300 123 4568", BY_WHATSAPP)
    ask_for_answer(question(), "+34 300 123 4567", BY_WHATSAPP)
    ask_for_answer(question())
    assert erase(phone=written) == (1, 0)
    assert [each.recipient for each in requests()] == ["+573001234568", "+343001234567", EMAIL]


def test_an_erasure_by_number_stops_the_message_that_is_on_its_way(any_database: str, whatsapp: WhatsAppServer) -> None:
    live_question()
    follow()
    assert erase(phone=TYPED) == (0, 1)
    assert send_due_whatsapp() == Sending()
    (message,) = messages()
    assert (message.state, message.recipient, message.template) == (MessageState.CANCELLED, "", {})


def test_an_erasure_by_conversation_reaches_request_and_message(any_database: str, whatsapp: WhatsAppServer) -> None:
    live_question()
    follow()
    send_due_whatsapp()
    assert erase(conversation_id="web-1") == (1, 1)
    (message,) = messages()
    assert (message.state, message.recipient, message.template) == (MessageState.SENT, "", {})


def test_a_number_that_is_none_names_nobody() -> None:
    for phone in ("300", "6012200300", "ana@correo.co", ""):
        with pytest.raises(ErasureRefused):
            subject_of_request(phone=phone)


def test_administrators_erase_by_number_on_the_screen(sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    ask_for_answer(question(), TYPED, BY_WHATSAPP)
    path, about = "/personal/datos-personales", {"tipo": "phone", "valor": "300 123 4567"}
    assert "1 solicitud de aviso" in visible_text(admin().post(path, data=about).text)
    refused = admin().post(path, data=about | {"valor": "601 220 0300"})
    assert refused.status_code == 422
    assert "Escriba un celular de diez cifras" in visible_text(refused.text)
    assert admin().post(f"{path}/borrar", data=about).status_code == 303
    assert requests() == []


def test_the_number_is_erased_some_days_after_the_message(sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    live_question()
    follow()
    send_due_whatsapp()
    with write_session() as session:
        session.scalars(select(OutgoingMessage)).one().next_attempt_at -= timedelta(days=31)
        assert erase_messages_older_than(session, days=30) == 1
    assert messages()[0].recipient == ""


@pytest.mark.parametrize("channel", list(Channel))
def test_what_cannot_be_sent_for_a_month_is_not_sent_any_more_so_that_the_recipient_can_be_erased(
    channel: Channel, sqlite_database: None, whatsapp: WhatsAppServer
) -> None:
    number = live_question()
    if channel is Channel.EMAIL:
        ask_for_answer(number)
    follow()
    with write_session() as session:
        message = session.scalars(select(OutgoingMessage)).one()
        assert message.not_after is not None
        assert timedelta(days=29) < message.not_after - now() <= timedelta(days=30)
        message.not_after -= timedelta(days=31)
    send_due()
    send_due_whatsapp()
    assert (messages()[0].state, whatsapp.arrived) == (MessageState.EXPIRED, [])
    assert counts() == {channel: NoticeCounts(failed=1)}
    shown = visible_text(curator().get(f"/personal/preguntas/{number}").text)
    assert "con la respuesta no se pudo enviar a tiempo, y ya no se envía." in shown


def test_a_link_names_its_own_request_only(sqlite_database: None, whatsapp: WhatsAppServer) -> None:
    first, second = question(), question()
    ask_for_answer(first, TYPED, BY_WHATSAPP)
    ask_for_answer(second, TYPED, BY_WHATSAPP)
    tokens = [answer_token(each.reference) for each in requests()]
    assert len(set(tokens)) == 2
    assert [reference_in(token) for token in tokens] == [each.reference for each in requests()]


def test_who_waited_before_the_channel_could_be_chosen_goes_on_waiting_by_e_mail(any_database: str) -> None:
    asked = stored_question(question())
    command.downgrade(alembic_configuration(), "0018")
    with engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO kb_answer_request (question_id, email, language, consent_version, consented_at, state)"
                " VALUES (:question, :email, 'es', 'aviso-1', :moment, 'waiting')"
            ),
            {"question": asked.id, "email": EMAIL, "moment": now()},
        )
    migrate_database()
    (request,) = requests()
    assert (request.channel, request.recipient, request.state) == (Channel.EMAIL, EMAIL, RequestState.WAITING)
    assert notify() == 0
