"""Rasa's tracker store on our own tables: what a turn reads does not grow with the conversation.

Rasa's own reads and replays every event there ever was, looks each event's class up by walking all subclasses, and on
SQLite waits for the disk at each commit. This one reads the last turns, with the memory (slots, active form) that was
there before them, and appends what is new in one transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from sqlalchemy import select

from bot.channels.stored_turn import hand_over
from bot.intents import MATCH_KEY, KnowledgeBaseMatch
from consultame.conversations import CITIZEN_EVENT, Conversation, JsonObject, append_events, recent_turns
from consultame.database import read_connection, read_session, write_connection

# As many as are kept around an unanswered question (kb/unanswered.py); the rules look at the last one only.
TURNS_READ = 5


@dataclass(frozen=True)
class _Stored:
    """What of a tracker is in the database: how many of its events, and the memory after them."""

    events: int
    memory: JsonObject


class ConversationStore(TrackerStore):
    """See the module. Named in endpoints.yml."""

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, **_: object) -> None:
        super().__init__(domain, event_broker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker with the last turns, or None when there is no such conversation."""
        with read_connection() as connection:
            recent = recent_turns(connection, sender_id, turns=TURNS_READ)
        if recent is None:
            return None
        events = _remembered(recent.memory_before) + [_event(data) for data in recent.events]
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots)
        _mark_stored(tracker)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events that are not stored yet."""
        await self.stream_events(tracker)
        stored: _Stored = getattr(tracker, "stored", None) or _Stored(0, {})
        fresh = [event.as_dict() for event in list(tracker.events)[stored.events :]]
        unmark_answers_to_dialogues(fresh, stored.memory.get("loop"))
        with write_connection() as connection:
            append_events(connection, tracker.sender_id, fresh, memory_before=stored.memory)
        _mark_stored(tracker)
        hand_over(fresh)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        with read_session() as session:
            return list(session.scalars(select(Conversation.id)))


def unmark_answers_to_dialogues(events: list[JsonObject], loop: str | None) -> None:
    """Take from what a guided dialogue took for an answer the entry that it would have been answered by.

    `loop` is the dialogue that is open before the first event. Nobody was shown the entry, so it is neither rated nor
    counted. What the dialogue left to the rest of the assistant (it rejects to run) keeps it.
    """
    answers: list[JsonObject] = []
    for event in events:
        kind = event.get("event")
        if kind == CITIZEN_EVENT and loop:
            answers.append(event)
        elif kind == ActionExecutionRejected.type_name and answers:
            answers.pop()
        elif kind == ActiveLoop.type_name:
            loop = event.get("name")
    for answer in answers:
        match = KnowledgeBaseMatch(outcome="task", slug=None, confidence=1.0, candidates=[])
        answer["parse_data"] = answer["parse_data"] | {MATCH_KEY: match}


def _mark_stored(tracker: DialogueStateTracker) -> None:
    slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value}
    loop = tracker.active_loop.name if tracker.active_loop else None
    memory: JsonObject = {"slots": slots} | ({"loop": loop} if loop else {})
    tracker.stored = _Stored(len(tracker.events), memory)


def _remembered(memory: JsonObject | None) -> list[Event]:
    """Events that bring a new tracker to this memory, listening."""
    if memory is None:
        return []
    slots: dict[str, Any] = memory.get("slots") or {}
    events: list[Event] = [SlotSet(name, value) for name, value in slots.items()]
    if memory.get("loop"):
        events.append(ActiveLoop(memory["loop"]))
    return [*events, ActionExecuted(ACTION_LISTEN_NAME)]


@lru_cache(maxsize=1)
def _event_classes() -> dict[str, type[Event]]:
    """By name, the first of each as Rasa's own look-up would find it."""
    classes: dict[str, type[Event]] = {}
    for each in all_subclasses(Event):
        classes.setdefault(each.type_name, each)
    return classes


def _event(data: JsonObject) -> Event:
    return _event_classes()[str(data["event"])]._from_parameters(dict(data))
