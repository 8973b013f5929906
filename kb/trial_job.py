"""The training of a model on trial as a job of the worker."""

from consultame.jobs import queue
from kb.trial import train_trial


# One at a time: it takes the memory of a training. Another one waits its turn.
@queue.task(retries=30, retry_delay=10)
@queue.lock_task("trial")
def train(version_id: int) -> None:
    """Train what was asked for."""
    train_trial(version_id)
