"""What each day brings to the entries, as a job of the worker: those that run out return to their curators."""

import logging

from huey import crontab

from consultame.database import write_session
from consultame.jobs import queue
from kb.expiry import hand_to_curators

log = logging.getLogger(__name__)


# Huey's clock is UTC: this is 0:10 in Bogotá, when the day has just changed.
@queue.periodic_task(crontab(hour="5", minute="10"))
def return_expiring_entries() -> None:
    """Record which entries return to their curators today."""
    with write_session() as session:
        for notice in hand_to_curators(session):
            slug, curator = notice.version.entry.slug, notice.curator_id or "any"
            log.info("entry %s returned to curator %s: %s", slug, curator, notice.kind)
