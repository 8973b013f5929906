"""The publication as a job of the worker."""

import logging

from consultame.database import write_session
from consultame.jobs import queue
from kb.publishing import PublishingError, fail_interrupted_publications, run_publication

log = logging.getLogger(__name__)


@queue.task()
def publish(publication_id: int) -> None:
    """Run the publication; a failed step is already told in its row, so the job itself ends well."""
    try:
        run_publication(publication_id)
    except PublishingError as error:
        log.warning("publication %s failed: %s", publication_id, error)


@queue.on_startup()
def _fail_interrupted() -> None:
    with write_session() as session:
        if count := fail_interrupted_publications(session):
            log.warning("%s interrupted publication(s) marked as failed", count)
