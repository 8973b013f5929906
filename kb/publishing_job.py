"""The publication as a job of the worker."""

import logging

from consultame.database import now, read_session, write_session
from consultame.jobs import queue
from consultame.settings import load_settings
from kb.bot_process import end_the_waiting_one, keep_one_waiting
from kb.publishing import PublishingError, fail_interrupted_publications, run_publication, waiting_publications

log = logging.getLogger(__name__)
_STARTED_AT = now()


@queue.task()
def publish(publication_id: int) -> None:
    """Run the publication; a failed step is already told in its row, so the job itself ends well."""
    try:
        run_publication(publication_id)
    except PublishingError as error:
        log.warning("publication %s failed: %s", publication_id, error)
    finally:
        _keep_the_next_process_waiting()


@queue.on_startup()
def _take_up_what_a_former_worker_left() -> None:
    """Runs in each thread of the worker, perhaps while another thread publishes already."""
    with write_session() as session:
        if count := fail_interrupted_publications(session, silent_since=_STARTED_AT):
            log.warning("%s interrupted publication(s) marked as failed", count)
    with read_session() as session:
        waiting = waiting_publications(session)
    for publication_id in waiting:
        publish(publication_id)
    _keep_the_next_process_waiting()


@queue.on_shutdown()
def _end_the_process_that_waits() -> None:
    end_the_waiting_one()


def _keep_the_next_process_waiting() -> None:
    if load_settings().keep_publisher_waiting:
        keep_one_waiting()
