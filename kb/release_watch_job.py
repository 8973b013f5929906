"""Watching the live release, as a job of the worker."""

import logging

from huey import crontab

from consultame.database import write_session
from consultame.jobs import queue
from consultame.settings import load_settings
from kb.release_watch import roll_back_if_worse
from kb.rollback import RollbackRefused

log = logging.getLogger(__name__)


@queue.periodic_task(crontab(minute="*"))
def watch_release() -> None:
    """Go back to the former release when the live one leaves too many messages without answer."""
    if not load_settings().rollback_unanswered_points:
        return
    try:
        with write_session() as session:
            release = roll_back_if_worse(session)
    except RollbackRefused as refused:
        log.error("the live release should be rolled back and cannot be: %s", refused)
        return
    if release:
        log.warning("release %s is live again, as release %s", release.restores_id, release.id)
