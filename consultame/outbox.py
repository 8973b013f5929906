"""Messages that leave the system: written down with the change they tell of, sent by the worker, each one once.

Whoever has something to say enqueues it in its own transaction (`enqueue_email`), so that a message exists exactly when
what it tells of does. `consultame/outbox_sending.py` sends what is due.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Enum, Index, String, Text, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from consultame.database import Base, now
from consultame.settings import load_settings

MAXIMUM_DEDUPE_KEY = 120
MAXIMUM_SUBJECT = 200


class Channel(StrEnum):
    """By what a message reaches its recipient."""

    EMAIL = "email"
    WHATSAPP = "whatsapp"


class MessageState(StrEnum):
    """The way of a message: waiting, being sent, then sent, failed for good, cancelled before it was sent, or expired.

    An expired one had not been sent, as far as is known, when it was of no use any more. Unknown: it may have arrived
    or not, and its channel has nothing by which a second one would be known as the same.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class BadRecipient(ValueError):
    """The recipient is not an address of the channel. Says nothing of the address itself."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message; the media type as in `text/calendar`."""

    file_name: str
    media_type: str
    content: bytes

    def as_json(self) -> dict[str, str]:
        """As it is kept."""
        content = base64.b64encode(self.content).decode()
        return {"file_name": self.file_name, "media_type": self.media_type, "content": content}

    @classmethod
    def from_json(cls, kept: dict[str, str]) -> "Attachment":
        """The inverse of `as_json`."""
        return cls(kept["file_name"], kept["media_type"], base64.b64decode(kept["content"]))


def _stored_as_text(values: type[StrEnum]) -> Enum:
    return Enum(values, native_enum=False, length=16, values_callable=lambda members: [m.value for m in members])


class OutgoingMessage(Base):
    """A message to one recipient. Recipient and text are erased some time after it has ended; the row stays, so that
    nothing is said twice."""

    __tablename__ = "outgoing_message"
    __table_args__ = (Index("ix_outgoing_message_due", "state", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # What the message is about, without personal data, such as "answer:12:345": the same key is the same message.
    dedupe_key: Mapped[str] = mapped_column(String(MAXIMUM_DEDUPE_KEY), unique=True)
    channel: Mapped[Channel] = mapped_column(_stored_as_text(Channel))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(MAXIMUM_SUBJECT))
    text: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[dict[str, str]]]
    # By WhatsApp: which template, in which language, and what is filled into it (consultame/whatsapp_template.py).
    template: Mapped[dict[str, str | list[str]]] = mapped_column(default=dict, server_default="{}")
    send_after: Mapped[datetime]
    # The last moment at which it is of use, if there is one: later it is not sent any more.
    not_after: Mapped[datetime | None]
    state: Mapped[MessageState] = mapped_column(_stored_as_text(MessageState), default=MessageState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    # Waiting: when it may be tried. Being sent: when another worker may take it over. Ended: when it did.
    next_attempt_at: Mapped[datetime]
    # What the server said, as a code and a kind: its words may name the recipient.
    last_error: Mapped[str] = mapped_column(String(200), default="")
    # The same at each attempt, so that a receiving server knows a message that comes twice.
    message_id: Mapped[str] = mapped_column(String(255))
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


def enqueue_email(
    session: Session,
    *,
    dedupe_key: str,
    to: str,
    subject: str,
    text: str,
    send_after: datetime | None = None,
    not_after: datetime | None = None,
    attachments: Sequence[Attachment] = (),
) -> OutgoingMessage:
    """Have an e-mail sent, at once or from a moment on, and never after `not_after`, whatever held it up.

    A key used before changes nothing and gives its message.

    Raises:
        BadRecipient: `to` is not an e-mail address.
    """
    due = send_after or now()
    message = OutgoingMessage(
        dedupe_key=dedupe_key,
        channel=Channel.EMAIL,
        recipient=email_address(to),
        subject=" ".join(subject.split())[:MAXIMUM_SUBJECT],
        text=text,
        attachments=[attachment.as_json() for attachment in attachments],
        send_after=due,
        not_after=not_after,
        next_attempt_at=due,
        message_id=message_id_of(dedupe_key),
    )
    return kept_once(session, message)


def kept_once(session: Session, message: OutgoingMessage) -> OutgoingMessage:
    """The message, kept; or the one that there is with its key."""
    # Not asked for first: two who enqueue at once would both find nothing.
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:
        same_key = OutgoingMessage.dedupe_key == message.dedupe_key
        return session.scalars(select(OutgoingMessage).where(same_key)).one()
    return message


def cancel_message(session: Session, *, dedupe_key: str) -> bool:
    """Keep a waiting message from being sent; False when there is none, or it is being sent or has ended."""
    cancelled = (
        update(OutgoingMessage)
        .where(OutgoingMessage.dedupe_key == dedupe_key, OutgoingMessage.state == MessageState.WAITING)
        .values(state=MessageState.CANCELLED, next_attempt_at=now())
        .returning(OutgoingMessage.id)
    )
    return session.scalars(cancelled).one_or_none() is not None


def message_counts(session: Session) -> dict[MessageState, int]:
    """How many messages are in each state."""
    query = select(OutgoingMessage.state, func.count()).group_by(OutgoingMessage.state)
    counted = {row.state: row[1] for row in session.execute(query)}
    return {state: counted.get(state, 0) for state in MessageState}


def troubled_messages(session: Session, *, limit: int = 20) -> list[OutgoingMessage]:
    """The messages that failed, whose last attempt did, that expired or may have arrived or not, the newest first."""
    tried = OutgoingMessage.state.in_((MessageState.FAILED, MessageState.WAITING, MessageState.UNKNOWN))
    query = select(OutgoingMessage).where(
        or_(OutgoingMessage.state == MessageState.EXPIRED, and_(tried, OutgoingMessage.last_error != ""))
    )
    return list(session.scalars(query.order_by(OutgoingMessage.id.desc()).limit(limit)))


def retry_failed_messages(session: Session) -> int:
    """Let every failed message whose text is still kept wait for a first attempt again; returns how many."""
    again = (
        update(OutgoingMessage)
        .where(OutgoingMessage.state == MessageState.FAILED, OutgoingMessage.recipient != "")
        .values(state=MessageState.WAITING, attempts=0, next_attempt_at=now())
        .returning(OutgoingMessage.id)
    )
    return len(session.scalars(again).all())


def email_address(text: str) -> str:
    """The address as it goes over the wire: the domain in ASCII, so that a server need not know other addresses.

    Raises:
        BadRecipient: the text is none.
    """
    try:
        checked = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise BadRecipient("not an e-mail address") from None
    return checked.ascii_email or checked.normalized


def message_id_of(dedupe_key: str) -> str:
    """From the key alone: a message enqueued anew after a back-up was restored is known as the same one."""
    settings = load_settings()
    digest = hmac.new(settings.secret("message-id").encode(), dedupe_key.encode(), hashlib.sha256).hexdigest()
    return f"<{digest[:40]}@{settings.mail_from.email.rpartition('@')[2]}>"
