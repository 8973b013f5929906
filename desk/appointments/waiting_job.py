"""Offering freed slots to those who wait, as a job of the worker."""

import logging

from huey import crontab

from consultame.database import now, write_session
from consultame.jobs import queue
from desk.appointments.waiting_list import offer_freed_slots

log = logging.getLogger(__name__)


@queue.periodic_task(crontab(minute="*"))
@queue.lock_task("offer-freed-slots")
def offer_every_minute() -> None:
    """A cancellation offers its slot at once; this finds those of holds and offers that have run out."""
    with write_session() as session:
        if count := offer_freed_slots(session, now=now()):
            log.info("%s freed slot(s) offered", count)
