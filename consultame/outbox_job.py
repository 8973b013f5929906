"""Sending what is due, as a job of the worker."""

import logging

from huey import crontab

from consultame.jobs import queue
from consultame.outbox_sending import send_due
from consultame.settings import load_settings

log = logging.getLogger(__name__)


# Two rounds at once do no harm: each message is claimed by one of them.
@queue.periodic_task(crontab(minute="*"))
def send_messages() -> None:
    """Send the messages that are due."""
    done = send_due()
    if done.sent or done.failed or done.put_off:
        log.info("messages: %s sent, %s failed, %s put off", done.sent, done.failed, done.put_off)
    if done.expired:
        log.warning("messages: %s came to nothing, as they could not be sent in time", done.expired)
    if done.trouble:
        log.warning("messages wait: %s", done.trouble)


@queue.on_startup()
def _say_where_mail_goes() -> None:
    if not load_settings().smtp_host:
        log.warning("no mail server is set (CONSULTAME_SMTP_HOST): messages wait")
