"""The erasure of old conversations, messages and attempts to sign in as jobs of the worker."""

import logging

from huey import crontab

from consultame.conversations import erase_conversations_older_than
from consultame.database import write_session
from consultame.jobs import queue
from consultame.outbox_erasure import erase_messages_older_than
from consultame.settings import load_settings
from consultame.sign_in_attempts import erase_past_attempts

log = logging.getLogger(__name__)


# Huey's clock is UTC: this is 3:20 in Bogotá, when nearly nobody writes.
@queue.periodic_task(crontab(hour="8", minute="20"))
def erase_old_conversations() -> None:
    """Erase what is kept for longer than the settings say."""
    days = load_settings().conversations_kept_days
    with write_session() as session:
        count = erase_conversations_older_than(session, days=days)
    log.info("%s conversation(s) older than %s days erased", count, days)


@queue.periodic_task(crontab(hour="8", minute="25"))
def erase_old_messages() -> None:
    """Erase recipient and text of messages that ended longer ago than the settings say."""
    days = load_settings().messages_kept_days
    with write_session() as session:
        count = erase_messages_older_than(session, days=days)
    log.info("%s message(s) that ended more than %s days ago erased", count, days)


@queue.periodic_task(crontab(hour="8", minute="30"))
def erase_old_sign_in_attempts() -> None:
    """Erase attempts to sign in that count no more."""
    with write_session() as session:
        count = erase_past_attempts(session)
    log.info("%s past attempt(s) to sign in erased", count)
