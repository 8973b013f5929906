"""Messages by WhatsApp, written down beside the e-mails and sent by `consultame/outbox_whatsapp_sending.py`."""

from datetime import datetime

from sqlalchemy.orm import Session

from consultame.database import now
from consultame.outbox import BadRecipient, Channel, OutgoingMessage, kept_once, message_id_of
from consultame.phone_numbers import mobile_number
from consultame.whatsapp_template import LONGEST_BUTTON_PARAMETER, Template


def enqueue_whatsapp(
    session: Session,
    *,
    dedupe_key: str,
    to: str,
    template: Template,
    send_after: datetime | None = None,
    not_after: datetime | None = None,
) -> OutgoingMessage:
    """Have a message sent by WhatsApp, at once or from a moment on, and no later than another one.

    The caller has made sure that the person agreed. A key used before changes nothing and gives its message.

    Raises:
        BadRecipient: `to` is not a mobile number, in the forms of `mobile_number`.
    """
    recipient = mobile_number(to)
    if recipient is None:
        raise BadRecipient("not a mobile number")
    if any(len(end) > LONGEST_BUTTON_PARAMETER for end in template.buttons):
        raise ValueError("the end of a button's address is too long")
    due = send_after or now()
    message = OutgoingMessage(
        dedupe_key=dedupe_key,
        channel=Channel.WHATSAPP,
        recipient=recipient,
        subject=template.kind.value,
        text="",
        attachments=[],
        template=template.as_json(),
        send_after=due,
        not_after=not_after,
        next_attempt_at=due,
        message_id=message_id_of(dedupe_key),
    )
    return kept_once(session, message)
