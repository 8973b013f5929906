"""What is erased of messages: all that is personal, some time after they have ended or when the person asks for it."""

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consultame.database import now
from consultame.outbox import MessageState, OutgoingMessage

_ENDED = (
    MessageState.SENT, MessageState.FAILED, MessageState.CANCELLED, MessageState.EXPIRED, MessageState.UNKNOWN,
)  # fmt: skip
_ROWS_AT_ONCE = 500
_NOTHING: dict[str, object] = {"recipient": "", "subject": "", "text": "", "attachments": [], "template": {}}


def erase_messages_older_than(session: Session, *, days: int) -> int:
    """Erase recipient and text of the messages that ended this many days ago; returns how many there were."""
    old = (
        update(OutgoingMessage)
        .where(
            OutgoingMessage.state.in_(_ENDED),
            OutgoingMessage.next_attempt_at < now() - timedelta(days=days),
            OutgoingMessage.recipient != "",
        )
        .values(**_NOTHING)
        .returning(OutgoingMessage.id)
    )
    return len(session.scalars(old).all())


def messages_about(session: Session, pattern: re.Pattern[str]) -> list[int]:
    """The messages whose recipient or text the pattern is found in."""
    query = select(OutgoingMessage.id, OutgoingMessage.recipient, OutgoingMessage.subject, OutgoingMessage.text)
    rows = session.execute(query.where(OutgoingMessage.recipient != "").execution_options(yield_per=_ROWS_AT_ONCE))
    return [row.id for row in rows if any(pattern.search(text) for text in row[1:])]


def messages_with_keys(session: Session, beginning: str) -> list[int]:
    """The messages whose key begins so, of which somebody is still named."""
    named = OutgoingMessage.dedupe_key.startswith(beginning, autoescape=True), OutgoingMessage.recipient != ""
    return list(session.scalars(select(OutgoingMessage.id).where(*named)))


def erase_messages(session: Session, message_ids: Sequence[int]) -> int:
    """Erase recipient and text of these messages, and send none of them any more; returns how many there were."""
    unsent = (MessageState.WAITING, MessageState.SENDING)
    erased = 0
    for start in range(0, len(message_ids), _ROWS_AT_ONCE):
        these = OutgoingMessage.id.in_(message_ids[start : start + _ROWS_AT_ONCE])
        stop = update(OutgoingMessage).where(these, OutgoingMessage.state.in_(unsent))
        session.execute(stop.values(state=MessageState.CANCELLED, next_attempt_at=now()))
        gone = update(OutgoingMessage).where(these, OutgoingMessage.recipient != "").values(**_NOTHING)
        erased += len(session.scalars(gone.returning(OutgoingMessage.id)).all())
    return erased
