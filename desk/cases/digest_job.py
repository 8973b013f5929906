"""The digests of what is due, as a job of the worker."""

import logging

from huey import crontab

from consultame.database import now, write_session
from consultame.jobs import queue
from desk.cases.digest import send_digests

log = logging.getLogger(__name__)


@queue.periodic_task(crontab(minute="*/10"))
@queue.lock_task("case-digests")
def send_digests_when_due() -> None:
    """Often, so that a worker that was down at the hour makes up for it; each round happens once."""
    with write_session() as session:
        if count := send_digests(session, now=now()):
            log.info("%s digest(s) of cases due", count)
