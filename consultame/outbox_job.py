"""Sending what is due, as a job of the worker."""

import logging

from huey import crontab

from consultame.jobs import queue
from consultame.outbox_sending import Sending, send_due
from consultame.outbox_whatsapp_sending import send_due_whatsapp
from consultame.settings import load_settings

log = logging.getLogger(__name__)


# Two rounds at once do no harm: each message is claimed by one of them.
@queue.periodic_task(crontab(minute="*"))
def send_messages() -> None:
    """Send the e-mails that are due."""
    _log("messages", send_due())


# A task of its own: neither channel waits for the other, or fails with it.
@queue.periodic_task(crontab(minute="*"))
def send_whatsapp_messages() -> None:
    """Send the WhatsApp messages that are due."""
    _log("WhatsApp messages", send_due_whatsapp())


def _log(what: str, done: Sending) -> None:
    if done.sent or done.failed or done.put_off:
        log.info("%s: %s sent, %s failed, %s put off", what, done.sent, done.failed, done.put_off)
    if done.expired:
        log.warning("%s: %s came to nothing, as they could not be sent in time", what, done.expired)
    if done.unknown:
        log.warning("%s: %s may have arrived or not and are not sent again", what, done.unknown)
    if done.trouble:
        log.warning("%s wait: %s", what, done.trouble)


@queue.on_startup()
def _say_where_mail_goes() -> None:
    if not load_settings().smtp_host:
        log.warning("no mail server is set (CONSULTAME_SMTP_HOST): messages wait")
