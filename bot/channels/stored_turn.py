"""What a turn stored, handed to the channel that had it processed, which would else read it back from the database."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from consultame.conversations import JsonObject

_STORED: ContextVar[list[JsonObject] | None] = ContextVar("stored events", default=None)


@contextmanager
def stored_events() -> Iterator[list[JsonObject]]:
    """The events that the conversation store stores within the block, in this task."""
    events: list[JsonObject] = []
    token = _STORED.set(events)
    try:
        yield events
    finally:
        _STORED.reset(token)


def hand_over(events: Iterable[JsonObject]) -> None:
    """These have been stored."""
    listening = _STORED.get()
    if listening is not None:
        listening += events
