"""What the worker consumes: the queue with every job registered on it."""

# Each registers its jobs.
import kb.publishing_job  # noqa: F401
from bot.need_embedding import load_entry_embedding, load_question_embedding
from bot.question_replay import ask_in_own_process
from consultame.jobs import queue
from kb.answers_job import follow_answers_every_minute
from kb.need_sorting import Embeddings
from kb.needs_job import sort_every_minute

__all__ = ["ping", "queue"]


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
