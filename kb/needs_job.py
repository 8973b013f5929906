"""Sorting the open questions into needs, as a job of the worker."""

import logging
from collections.abc import Callable
from functools import cache
from math import inf
from time import monotonic

from huey import crontab

from consultame.jobs import queue
from kb.need_sorting import place_by_meaning, place_by_words, regroup
from kb.need_space import Embeddings, KnownSpace

log = logging.getLogger(__name__)

SECONDS_BETWEEN_REGROUPINGS = 3600


def sort_every_minute(load_embeddings: Callable[[], Embeddings | None]) -> None:
    """Register the job; the embeddings are loaded at its first run, in the worker only."""
    sorter = cache(lambda: Sorter(load_embeddings()))

    @queue.periodic_task(crontab(minute="*"))
    @queue.lock_task("sort-questions")
    def sort_questions() -> None:
        sorter().sort()


class Sorter:
    """Places new questions each time, and once an hour groups anew if there were any."""

    def __init__(self, embeddings: Embeddings | None) -> None:
        self._space = KnownSpace(embeddings) if embeddings else None
        self._new = False
        self._regrouped_at = -inf

    def sort(self) -> None:
        """What the job does each minute."""
        if count := place_by_meaning(self._space) if self._space else place_by_words():
            log.info("%s question(s) sorted into needs", count)
            self._new = True
        if self._space and self._new and monotonic() - self._regrouped_at >= SECONDS_BETWEEN_REGROUPINGS:
            log.info("%s question(s) have come into another need", regroup(self._space))
            self._new, self._regrouped_at = False, monotonic()
