"""Citizens' conversations as they are kept: one row an event, grouped into turns.

A turn is what a citizen said and everything that followed until the next message; turn 0 is what came before the first.
The events are Rasa's, as it serialises them, but nothing here needs Rasa: channels, erasure and reports read them too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    ForeignKey,
    Index,
    String,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from consultame.database import Base, now

JsonObject = dict[str, Any]

CITIZEN_EVENT = "user"
ASSISTANT_EVENT = "bot"
# The key of a citizen's parse data under which the entry that answers it travels.
MATCH_KEY = "knowledge_base"


class Conversation(Base):
    """A citizen's conversation on one channel."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    turns: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, index=True)


class ConversationEvent(Base):
    """One event of a conversation."""

    __tablename__ = "conversation_event"
    __table_args__ = (
        Index("ix_conversation_event_turn", "conversation_id", "turn"),
        Index("ix_conversation_event_message", "conversation_id", "message_id"),
        # Of the few rows with an entry only, so that the others cost nothing.
        Index(
            "ix_conversation_event_slug",
            "slug",
            "said_at",
            sqlite_where=text("slug IS NOT NULL"),
            postgresql_where=text("slug IS NOT NULL"),
        ),
        Index(
            "ix_conversation_event_said_at",
            "said_at",
            sqlite_where=text("said_at IS NOT NULL"),
            postgresql_where=text("said_at IS NOT NULL"),
        ),
        # For the figures of all entries in a period, and for what was asked right after an answer.
        Index(
            "ix_conversation_event_answered",
            "said_at",
            "slug",
            sqlite_where=text("slug IS NOT NULL"),
            postgresql_where=text("slug IS NOT NULL"),
        ),
        Index(
            "ix_conversation_event_person",
            "conversation_id",
            "turn",
            sqlite_where=text("intent = 'hablar_con_asesor'"),
            postgresql_where=text("intent = 'hablar_con_asesor'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    turn: Mapped[int]
    kind: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[str | None] = mapped_column(String(255))
    data: Mapped[JsonObject] = mapped_column(JSON)
    # With a citizen's message: the dialogue's memory before it, so that reading may begin at any turn.
    memory_before: Mapped[JsonObject | None] = mapped_column(JSON)
    # With a citizen's message: when it was said, what it meant, and the entry that answers it. For counting in SQL.
    said_at: Mapped[datetime | None]
    intent: Mapped[str | None] = mapped_column(String(64))
    slug: Mapped[str | None] = mapped_column(String(64))


# Built once: every message needs them all.
_EVENT = ConversationEvent
_OF_CONVERSATION = _EVENT.conversation_id == bindparam("conversation")
_IS_SAID = _EVENT.kind.in_((CITIZEN_EVENT, ASSISTANT_EVENT))
_LAST_TURN = select(Conversation.turns).where(Conversation.id == bindparam("conversation")).scalar_subquery()
_RECENT_TURNS = (
    select(_EVENT.data, _EVENT.memory_before, _EVENT.turn)
    .where(_OF_CONVERSATION, _EVENT.turn > _LAST_TURN - bindparam("turns"))
    .order_by(_EVENT.id)
)
_TURN_OF_MESSAGE = (
    select(func.min(_EVENT.turn)).where(_OF_CONVERSATION, _EVENT.message_id == bindparam("message")).scalar_subquery()
)
_SAID_IN_TURN = (
    select(_EVENT.data).where(_OF_CONVERSATION, _EVENT.turn == _TURN_OF_MESSAGE, _IS_SAID).order_by(_EVENT.id)
)
_LATEST_SAID = (
    select(_EVENT.data).where(_OF_CONVERSATION, _IS_SAID).order_by(_EVENT.id.desc()).limit(bindparam("limit"))
)
# Turns whose message was said while a guided dialogue had the floor: they are full of personal data. Of the message's
# own turn that is true of what the dialogue says after the answer; an answer has the name of its response with it.
_IN_DIALOGUE = select(_EVENT.turn).where(_OF_CONVERSATION, _EVENT.memory_before["loop"].as_string().is_not(None))
_IS_OPEN_IN_OWN_TURN = or_(
    _EVENT.kind == CITIZEN_EVENT, _EVENT.data["metadata"]["utter_action"].as_string().is_not(None)
)
_SAID_UNTIL = _LATEST_SAID.where(
    or_(
        and_(_EVENT.turn <= _TURN_OF_MESSAGE, _EVENT.turn.not_in(_IN_DIALOGUE)),
        and_(_EVENT.turn == _TURN_OF_MESSAGE, _IS_OPEN_IN_OWN_TURN),
    )
)
_ADD_TURNS = (
    update(Conversation)
    .where(Conversation.id == bindparam("conversation"))
    .values(turns=Conversation.turns + bindparam("added"), updated_at=bindparam("moment"))
    .returning(Conversation.turns)
)
_BEGIN = insert(Conversation)
_ADD_EVENTS = insert(ConversationEvent)
_NOTHING_SAID: JsonObject = {"said_at": None, "intent": None, "slug": None}


@dataclass(frozen=True)
class RecentTurns:
    """The last turns of a conversation: their events, and the memory before the first of them when others precede."""

    events: list[JsonObject]
    memory_before: JsonObject | None


def recent_turns(connection: Connection, conversation_id: str, *, turns: int) -> RecentTurns | None:
    """The last `turns` turns, oldest event first, or None when there is no such conversation."""
    rows = connection.execute(_RECENT_TURNS, {"conversation": conversation_id, "turns": turns}).all()
    if not rows:
        return None
    return RecentTurns([row.data for row in rows], rows[0].memory_before if rows[0].turn > 0 else None)


def append_events(
    connection: Connection, conversation_id: str, events: Sequence[JsonObject], *, memory_before: JsonObject
) -> None:
    """Add events at the end of a conversation, which begins with them when it is new.

    `memory_before` is the dialogue's memory before the first of these events; it is kept with the first message of a
    citizen among them.
    """
    said = sum(event.get("event") == CITIZEN_EVENT for event in events)
    turn = _add_turns(connection, conversation_id, said) - said
    rows: list[JsonObject] = []
    memory: JsonObject | None = memory_before
    for event in events:
        is_message = event.get("event") == CITIZEN_EVENT
        turn += is_message
        rows.append({
            "conversation_id": conversation_id,
            "turn": turn,
            "kind": event.get("event"),
            "message_id": event.get("message_id") if is_message else None,
            "data": event,
            "memory_before": memory if is_message else None,
            **(_what_was_said(event) if is_message else _NOTHING_SAID),
        })  # fmt: skip
        memory = None if is_message else memory
    if rows:
        connection.execute(_ADD_EVENTS, rows)


def _what_was_said(event: JsonObject) -> JsonObject:
    understood = event.get("parse_data") or {}
    return {
        "said_at": datetime.fromtimestamp(event["timestamp"], UTC),
        "intent": (understood.get("intent") or {}).get("name"),
        "slug": (understood.get(MATCH_KEY) or {}).get("slug"),
    }


def _add_turns(connection: Connection, conversation_id: str, count: int) -> int:
    """How many turns the conversation has with these; it is begun when it is new."""
    moment = now()
    values = {"conversation": conversation_id, "added": count, "moment": moment}
    turns: int | None = connection.execute(_ADD_TURNS, values).scalar()
    if turns is None:
        first = {"id": conversation_id, "turns": count, "created_at": moment, "updated_at": moment}
        connection.execute(_BEGIN, first)
        return count
    return turns


def turn_of_message(connection: Connection, conversation_id: str, message_id: str) -> list[JsonObject] | None:
    """What was said with this message id and all answers to it, or None when it was never processed."""
    values = {"conversation": conversation_id, "message": message_id}
    return _with_text(connection.scalars(_SAID_IN_TURN, values)) or None


def said_in_turn(events: Iterable[JsonObject], message_id: str) -> list[JsonObject] | None:
    """As `turn_of_message`, from the events of a turn that was just processed."""
    said = _with_text(event for event in events if event["event"] in (CITIZEN_EVENT, ASSISTANT_EVENT))
    begins = next((row for row, event in enumerate(said) if event.get("message_id") == message_id), None)
    return said[begins:] if begins is not None else None


def latest_said(session: Session, conversation_id: str, *, limit: int) -> list[JsonObject]:
    """The last `limit` messages of citizen and assistant, oldest first."""
    values = {"conversation": conversation_id, "limit": limit}
    return _with_text(session.connection().scalars(_LATEST_SAID, values))[::-1]


def said_until(session: Session, conversation_id: str, message_id: str, *, limit: int) -> list[JsonObject]:
    """The last `limit` messages up to this one and the answers to it, oldest first, without guided dialogues."""
    values = {"conversation": conversation_id, "message": message_id, "limit": limit}
    return _with_text(session.connection().scalars(_SAID_UNTIL, values))[::-1]


def erase_conversations_older_than(session: Session, *, days: int) -> int:
    """Erase the conversations in which nothing has happened for this many days; returns how many there were."""
    too_old = Conversation.updated_at < now() - timedelta(days=days)
    return len(session.scalars(delete(Conversation).where(too_old).returning(Conversation.id)).all())


def _with_text(events: Iterable[JsonObject]) -> list[JsonObject]:
    """Without what an action says in another form than text, which no channel shows."""
    return [event for event in events if event["text"]]
