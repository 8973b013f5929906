"""What the worker consumes: the queue with every job registered on it."""

import kb.publishing_job  # noqa: F401  (registers its jobs)
from consultame.jobs import queue

__all__ = ["ping", "queue"]


@queue.task()
def ping() -> str:
    """Answers that the worker is at work; `consultame up` waits for it."""
    return "pong"
