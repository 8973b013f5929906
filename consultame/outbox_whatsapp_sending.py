"""Sends the WhatsApp messages that are due: claim, hand over, record, as e-mails are sent — but never twice.

The API has nothing by which a message sent again would be known as the same one. So where nobody can know whether a
message went out — the worker was killed between claim and record, the connection broke after the request — it is marked
«unknown» and not sent again: reminders are sent by e-mail as well, of an answer the inbox says that it may not have
arrived, and a message too few is better than one that comes over and over.
"""

import logging

from sqlalchemy import update

from consultame.database import now, write_session
from consultame.outbox import Channel, MessageState, OutgoingMessage
from consultame.outbox_sending import (
    MAXIMUM_ATTEMPTS,
    Sending,
    claim,
    due_messages,
    expire_overdue,
    note_trouble,
    record_failure,
    record_put_off,
    record_released,
    record_sent,
    record_unknown,
)
from consultame.settings import load_settings
from consultame.whatsapp_api import WhatsAppApi
from consultame.whatsapp_errors import Answer, Verdict

log = logging.getLogger(__name__)

LEFT_BEHIND = "the worker ended while it sent the message; it may have arrived"


def send_due_whatsapp() -> Sending:
    """Send the WhatsApp messages that are due; while the channel is not set up they go on waiting."""
    # In this order: of those left behind nobody knows that they were not sent.
    done = Sending(unknown=_give_up_those_left_behind(), expired=expire_overdue(Channel.WHATSAPP))
    due = due_messages(Channel.WHATSAPP)
    if not due:
        return done
    settings = load_settings()
    if not settings.sends_whatsapp:
        done.trouble = "WhatsApp is not set up (CONSULTAME_WHATSAPP_PHONE_NUMBER_ID)"
        return done
    with WhatsAppApi(settings) as api:
        for number in due:
            answer = _send(api, number, done)
            if answer.verdict in (Verdict.PAUSE, Verdict.STOP):
                done.trouble = answer.reason
                note_trouble(due, answer.reason)
                break
    return done


def _send(api: WhatsAppApi, number: int, done: Sending) -> Answer:
    """What came of this message; accepted also where there was nothing to be done."""
    message = claim(number)
    if message is None:
        return Answer(Verdict.ACCEPTED)
    answer = api.deliver(message)
    _record(message, answer, done)
    return answer


def _record(message: OutgoingMessage, answer: Answer, done: Sending) -> None:
    reason = answer.reason[:200]
    match answer.verdict:
        case Verdict.ACCEPTED:
            record_sent(message)
            done.sent += 1
        case Verdict.UNKNOWN:
            record_unknown(message, reason)
            done.unknown += 1
        case Verdict.PAUSE | Verdict.STOP:
            record_released(message, reason)
            done.put_off += 1
        case Verdict.LATER if message.attempts < MAXIMUM_ATTEMPTS:
            record_put_off(message, reason)
            done.put_off += 1
        case Verdict.FINAL | Verdict.LATER:
            record_failure(message, reason)
            done.failed += 1


def _give_up_those_left_behind() -> int:
    """End the messages whose claim has run out; returns how many there were."""
    left_behind = (
        update(OutgoingMessage)
        .where(
            OutgoingMessage.channel == Channel.WHATSAPP,
            OutgoingMessage.state == MessageState.SENDING,
            OutgoingMessage.next_attempt_at <= now(),
        )
        .values(state=MessageState.UNKNOWN, next_attempt_at=now(), last_error=LEFT_BEHIND)
        .returning(OutgoingMessage.id)
    )
    with write_session() as session:
        return len(session.scalars(left_behind).all())
