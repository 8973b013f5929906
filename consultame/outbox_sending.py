"""Sends the e-mails that are due: claim, hand over, record — each step a transaction of its own.

A worker may be killed between any two steps. Before the hand-over nothing has happened; after the record nothing is
left to do. Between the server's acceptance and the record nobody can know whether the message went out, so it is sent
again once the claim has run out, with the same Message-ID: a citizen who gets an answer twice is better off than one
who never gets it, and receiving servers that know the Message-ID drop the second one.

A message that has been of no use since its `not_after` is marked as expired, with a mail server or without, and not
sent; nor is it sent again when its sender was killed before the record.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from consultame.database import now, read_session, write_session
from consultame.mail_server import MailServer, NotAccepted, ServerUnusable
from consultame.outbox import Channel, MessageState, OutgoingMessage
from consultame.settings import load_settings

log = logging.getLogger(__name__)

MESSAGES_AT_ONCE = 200
# Longer than handing over one message may take: with its time limits the server has given up long before.
CLAIM_LASTS = timedelta(minutes=15)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
# With the pauses doubling up to the longest one, a message is tried for about two days.
MAXIMUM_ATTEMPTS = 16


@dataclass
class Sending:
    """What came of one round: sent, failed for good, put off, expired, not known; why it ended early, if it did."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0
    expired: int = 0
    unknown: int = 0
    trouble: str = ""


def send_due() -> Sending:
    """Send the e-mails that are due, one after the other; without a mail server in the settings they go on waiting."""
    done = Sending(expired=expire_overdue(Channel.EMAIL))
    settings = load_settings()
    due = due_messages(Channel.EMAIL)
    if not due:
        return done
    if not settings.smtp_host:
        done.trouble = "no mail server is set (CONSULTAME_SMTP_HOST)"
        return done
    try:
        with MailServer(settings) as server:
            for number in due:
                _send(server, number, done)
    except ServerUnusable as fault:
        done.trouble = str(fault)
        note_trouble(due, done.trouble)
    return done


def _send(server: MailServer, number: int, done: Sending) -> None:
    message = claim(number)
    if message is None:
        return
    if message.attempts > MAXIMUM_ATTEMPTS:
        record_failure(message, message.last_error or "given up")
        done.failed += 1
        return
    try:
        server.deliver(message)
    except NotAccepted as refused:
        if refused.permanent or message.attempts == MAXIMUM_ATTEMPTS:
            record_failure(message, str(refused))
            done.failed += 1
        else:
            record_put_off(message, str(refused))
            done.put_off += 1
    except ServerUnusable as fault:
        record_put_off(message, str(fault))
        done.put_off += 1
        raise
    else:
        record_sent(message)
        done.sent += 1


def expire_overdue(channel: Channel) -> int:
    """Mark the channel's messages that are of no use any more and not being sent at this moment; returns how many."""
    moment = now()
    waiting = OutgoingMessage.state == MessageState.WAITING
    left_behind = and_(OutgoingMessage.state == MessageState.SENDING, OutgoingMessage.next_attempt_at <= moment)
    overdue = and_(OutgoingMessage.channel == channel, or_(waiting, left_behind), OutgoingMessage.not_after < moment)
    # Mostly there is none, and looking takes no write lock.
    with read_session() as session:
        if session.scalar(select(OutgoingMessage.id).where(overdue).limit(1)) is None:
            return 0
    expired = (
        update(OutgoingMessage)
        .where(overdue)
        .values(state=MessageState.EXPIRED, next_attempt_at=moment)
        .returning(OutgoingMessage.id)
    )
    with write_session() as session:
        return len(session.scalars(expired).all())


def claim(number: int) -> OutgoingMessage | None:
    """Take the message for this worker, or None when another one has it or it is not due any more."""
    moment = now()
    taken = (
        update(OutgoingMessage)
        .where(OutgoingMessage.id == number, _is_due(moment))
        .values(
            state=MessageState.SENDING,
            attempts=OutgoingMessage.attempts + 1,
            next_attempt_at=moment + CLAIM_LASTS,
        )
        .returning(OutgoingMessage)
    )
    with write_session() as session:
        return session.scalars(taken).one_or_none()


def record_sent(message: OutgoingMessage) -> None:
    """The server has taken the message on."""
    moment = now()
    _end_attempt(message, MessageState.SENT, moment, sent_at=moment, last_error="")


def record_failure(message: OutgoingMessage, reason: str) -> None:
    """The message is not tried again."""
    _end_attempt(message, MessageState.FAILED, now(), last_error=reason)


def record_released(message: OutgoingMessage, reason: str) -> None:
    """The message was not looked at, for no fault of its own: it waits as before, and this was no attempt."""
    _end_attempt(message, MessageState.WAITING, now() + FIRST_PAUSE, last_error=reason, attempts=message.attempts - 1)


def record_unknown(message: OutgoingMessage, reason: str) -> None:
    """Nobody can know whether the message arrived, so it is not tried again."""
    _end_attempt(message, MessageState.UNKNOWN, now(), last_error=reason)


def record_put_off(message: OutgoingMessage, reason: str) -> None:
    """The message is tried again after a pause that doubles with each attempt."""
    pause = min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)
    _end_attempt(message, MessageState.WAITING, now() + pause, last_error=reason)


def _end_attempt(
    message: OutgoingMessage, state: MessageState, next_attempt_at: datetime, **values: datetime | str | int
) -> None:
    """Unless another worker has taken the message over meanwhile, or it was erased."""
    mine = and_(
        OutgoingMessage.id == message.id,
        OutgoingMessage.state == MessageState.SENDING,
        OutgoingMessage.attempts == message.attempts,
    )
    ended = update(OutgoingMessage).where(mine).values(state=state, next_attempt_at=next_attempt_at, **values)
    with write_session() as session:
        session.execute(ended)


def _is_due(moment: datetime) -> ColumnElement[bool]:
    """Waiting or, its claim having run out, an e-mail left behind by a worker that was killed; and still of use."""
    left_behind = and_(OutgoingMessage.state == MessageState.SENDING, OutgoingMessage.channel == Channel.EMAIL)
    state = or_(OutgoingMessage.state == MessageState.WAITING, left_behind)
    useful = or_(OutgoingMessage.not_after.is_(None), OutgoingMessage.not_after >= moment)
    return and_(state, useful, OutgoingMessage.next_attempt_at <= moment)


def due_messages(channel: Channel) -> list[int]:
    """The messages to be sent now by this channel, the oldest first."""
    due = select(OutgoingMessage.id).where(_is_due(now()), OutgoingMessage.channel == channel)
    with read_session() as session:
        return list(session.scalars(due.order_by(OutgoingMessage.next_attempt_at).limit(MESSAGES_AT_ONCE)))


def note_trouble(numbers: Sequence[int], trouble: str) -> None:
    """So that the operator sees why they wait; it is no attempt, so an outage of days makes none of them fail."""
    waiting = and_(OutgoingMessage.id.in_(numbers), OutgoingMessage.state == MessageState.WAITING)
    with write_session() as session:
        session.execute(update(OutgoingMessage).where(waiting).values(last_error=trouble))
