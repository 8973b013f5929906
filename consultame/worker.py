"""What the worker consumes: the queue with every job registered on it."""

from bot.need_embedding import load_entry_embedding, load_question_embedding
from bot.question_replay import ask_in_own_process
from consultame import outbox_job, retention_job
from consultame.jobs import queue
from desk.appointments import waiting_job
from desk.cases import digest_job
from kb import expiry_job, publishing_job, release_watch_job, trial_job
from kb.answers_job import follow_answers_every_minute
from kb.need_space import Embeddings
from kb.needs_job import sort_every_minute

__all__ = ["ping", "queue"]

# Importing them registers their jobs on the queue.
JOBS = (
    digest_job,
    expiry_job,
    outbox_job,
    publishing_job,
    release_watch_job,
    retention_job,
    trial_job,
    waiting_job,
)


@queue.task()
def ping() -> str:
    """Answers that the worker is at work; `consultame up` waits for it."""
    return "pong"


def need_embeddings() -> Embeddings | None:
    """What questions are compared by, or None where there is no embedding."""
    questions, entries = load_question_embedding(), load_entry_embedding()
    return Embeddings(questions, entries) if questions and entries else None


sort_every_minute(need_embeddings)
follow_answers_every_minute(ask_in_own_process)
