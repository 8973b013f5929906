"""Sorting the open questions into needs, as a job of the worker."""

import logging
from collections.abc import Callable

from huey import crontab

from consultame.jobs import queue
from kb.need_sorting import Embeddings, place_by_meaning, place_by_words

log = logging.getLogger(__name__)


def sort_every_minute(load_embeddings: Callable[[], Embeddings | None]) -> None:
    """Register the job; the embeddings are loaded at its first run, in the worker only."""

    @queue.periodic_task(crontab(minute="*"))
    @queue.lock_task("sort-questions")
    def sort_questions() -> None:
        embeddings = load_embeddings()
        if count := place_by_meaning(embeddings) if embeddings else place_by_words():
            log.info("%s question(s) sorted into needs", count)
