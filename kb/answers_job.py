"""What follows when an answer goes live, as a job of the worker: its questions are asked, whoever waits is told."""

import logging
from threading import Lock

from huey import crontab

from consultame.audit import SYSTEM, Actor, acting_as
from consultame.database import read_session, write_session
from consultame.jobs import queue
from kb.answer_checks import Ask, check_answers, has_unchecked_answers
from kb.answer_notices import notify_of_answers
from kb.answer_requests import erase_requests_that_lead_nowhere
from kb.releases import live_release_identity

log = logging.getLogger(__name__)


class AnswerFollower:
    """Asks the live model what its new answers were for, and has whoever waits told; `ask` as in kb.answer_checks."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        # A lock of the queue would outlive a worker that is killed. Two workers at once find the same.
        self._asking = Lock()
        # A model that cannot be asked is not tried each minute.
        self._unusable: set[int] = set()

    def follow(self) -> None:
        """Check the answers that are new, then enqueue the messages about those that work."""
        with acting_as(Actor(SYSTEM)):
            self._follow()

    def _follow(self) -> None:
        if self._asking.acquire(blocking=False):
            try:
                self._check()
            finally:
                self._asking.release()
        with write_session() as session:
            if count := notify_of_answers(session):
                log.info("%s citizen(s) are told of an answer", count)

    def _check(self) -> None:
        with read_session() as session:
            identity = live_release_identity(session)
            is_needed = identity is not None and identity[0] not in self._unusable and has_unchecked_answers(session)
        if identity is None or not is_needed:
            return
        try:
            checked = check_answers(self._ask)
        except Exception:
            self._unusable.add(identity[0])
            log.exception("the model of release %s cannot be asked; not tried again before a restart", identity[0])
            return
        log.info("%s question(s) get their new answer, %s are open again", checked.answered, checked.reopened)


def follow_answers_every_minute(ask: Ask) -> None:
    """Register the job."""
    follower = AnswerFollower(ask)

    @queue.periodic_task(crontab(minute="*"))
    def follow_answers() -> None:
        follower.follow()


@queue.periodic_task(crontab(hour="8", minute="30"))
def erase_old_requests() -> None:
    """Erase the addresses and numbers of those who waited for as long as was promised."""
    with write_session() as session:
        count = erase_requests_that_lead_nowhere(session)
    log.info("%s request(s) to be told of an answer erased", count)
