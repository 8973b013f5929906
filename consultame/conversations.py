"""Citizens' conversations as they are kept: one row an event, grouped into turns.

A turn is what a citizen said and everything that followed until the next message; turn 0 is what came before the first.
The events are Rasa's, as it serialises them, but nothing here needs Rasa: channels, erasure and reports read them too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Select, String, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from consultame.database import Base, now

JsonObject = dict[str, Any]

CITIZEN_EVENT = "user"
ASSISTANT_EVENT = "bot"


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
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    turn: Mapped[int]
    kind: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[str | None] = mapped_column(String(255))
    data: Mapped[JsonObject] = mapped_column(JSON)
    # With a citizen's message: the dialogue's memory before it, so that reading may begin at any turn.
    memory_before: Mapped[JsonObject | None] = mapped_column(JSON)


@dataclass(frozen=True)
class RecentTurns:
    """The last turns of a conversation: their events, and the memory before the first of them when others precede."""

    events: list[JsonObject]
    memory_before: JsonObject | None


def recent_turns(session: Session, conversation_id: str, *, turns: int) -> RecentTurns | None:
    """The last `turns` turns, oldest event first, or None when there is no such conversation."""
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        return None
    first = max(0, conversation.turns - turns + 1)
    columns = select(ConversationEvent.data, ConversationEvent.memory_before)
    rows = session.execute(
        columns.where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.turn >= first).order_by(
            ConversationEvent.id
        )
    ).all()
    return RecentTurns([row.data for row in rows], rows[0].memory_before if rows and first > 0 else None)


def append_events(
    session: Session, conversation_id: str, events: Sequence[JsonObject], *, memory_before: JsonObject
) -> None:
    """Add events at the end of a conversation, which begins with them when it is new.

    `memory_before` is the dialogue's memory before the first of these events; it is kept with the first message of a
    citizen among them.
    """
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        conversation = Conversation(id=conversation_id, turns=0)
        session.add(conversation)
    rows: list[JsonObject] = []
    memory: JsonObject | None = memory_before
    for event in events:
        is_message = event.get("event") == CITIZEN_EVENT
        conversation.turns += is_message
        rows.append({
            "conversation_id": conversation_id,
            "turn": conversation.turns,
            "kind": event.get("event"),
            "message_id": event.get("message_id") if is_message else None,
            "data": event,
            "memory_before": memory if is_message else None,
        })  # fmt: skip
        memory = None if is_message else memory
    conversation.updated_at = now()
    session.flush()
    if rows:
        session.execute(insert(ConversationEvent), rows)


def turn_of_message(session: Session, conversation_id: str, message_id: str) -> list[JsonObject] | None:
    """What was said with this message id and all answers to it, or None when it was never processed."""
    turn = session.scalar(
        select(func.min(ConversationEvent.turn)).where(
            ConversationEvent.conversation_id == conversation_id, ConversationEvent.message_id == message_id
        )
    )
    if turn is None:
        return None
    return _with_text(session.scalars(_said(conversation_id).where(ConversationEvent.turn == turn)))


def latest_said(session: Session, conversation_id: str, *, limit: int) -> list[JsonObject]:
    """The last `limit` messages of citizen and assistant, oldest first."""
    newest_first = _said(conversation_id).order_by(None).order_by(ConversationEvent.id.desc()).limit(limit)
    return _with_text(session.scalars(newest_first))[::-1]


def _with_text(events: Iterable[JsonObject]) -> list[JsonObject]:
    """Without what an action says in another form than text, which no channel shows."""
    return [event for event in events if event["text"]]


def _said(conversation_id: str) -> Select[JsonObject]:
    return (
        select(ConversationEvent.data)
        .where(
            ConversationEvent.conversation_id == conversation_id,
            ConversationEvent.kind.in_((CITIZEN_EVENT, ASSISTANT_EVENT)),
        )
        .order_by(ConversationEvent.id)
    )
