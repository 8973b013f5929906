"""What citizens say of the answers they got, and how an entry fares by it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from consultame.conversations import (
    CITIZEN_EVENT,
    MATCH_KEY,
    ConversationEvent,
    JsonObject,
    said_until,
    turn_of_message,
)
from consultame.database import Base, now
from consultame.masking import masked
from kb.models import Entry, EntryVersion, QuestionReason, Release, ReleaseVersion, Task
from kb.unanswered import CONVERSATION_TURNS_KEPT, forget_down_voted_question, keep_unanswered_question

MAXIMUM_COMMENT_CHARACTERS = 500


class Feedback(Base):
    """Whether one answer helped the citizen who got it; the comment is kept with personal data masked."""

    __tablename__ = "kb_feedback"
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_id"),
        Index("ix_kb_feedback_slug", "slug", "created_at"),
        Index("ix_kb_feedback_created_at", "created_at", "slug", "helpful"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(255))
    message_id: Mapped[str] = mapped_column(String(255))
    slug: Mapped[str] = mapped_column(String(64))
    # The version in service when the answer was given; NULL when no release had been published by then.
    version_id: Mapped[int | None] = mapped_column(ForeignKey("kb_entry_version.id"))
    helpful: Mapped[bool]
    comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class UnknownMessage(Exception):
    """The conversation has no message with this id."""


class NotAnAnswer(Exception):
    """The message was not answered by an entry, so there is nothing to rate."""


@dataclass(frozen=True)
class EntryUse:
    """How often an entry was shown and found helpful or not, and how many conversations then asked for a person."""

    shown: int
    helpful: int
    not_helpful: int
    asked_for_a_person: int


def answering_slug(said: JsonObject) -> str | None:
    """The entry that answered this message of a citizen, or None when no entry did."""
    match: dict[str, Any] = said["parse_data"].get(MATCH_KEY) or {}
    return match.get("slug") if match.get("outcome") == "answered" else None


def rate_answer(
    session: Session, *, conversation_id: str, message_id: str, helpful: bool, comment: str | None = None
) -> Feedback:
    """Keep the citizen's vote on the answer to this message, in place of an earlier one; masks what it keeps.

    A question whose answer did not help goes to the curators, and leaves them again when the citizen thinks better of
    it before anyone has dealt with it. Without a comment an earlier one stays; a helpful answer has none.

    Raises:
        UnknownMessage: nothing was said with this id.
        NotAnAnswer: what was said was not answered by an entry.
    """
    turn = turn_of_message(session.connection(), conversation_id, message_id)
    if turn is None:
        raise UnknownMessage
    slug = answering_slug(turn[0])
    if slug is None:
        raise NotAnAnswer
    feedback = _feedback(session, conversation_id, message_id) or _begun(session, conversation_id, turn[0], slug)
    feedback.helpful, feedback.updated_at = helpful, now()
    if helpful:
        feedback.comment = ""
        forget_down_voted_question(session, conversation_id=conversation_id, message_id=message_id)
    else:
        feedback.comment = feedback.comment if comment is None else masked(comment)
        _keep_question(session, conversation_id, turn[0], slug)
    session.add(feedback)
    session.flush()
    return feedback


def votes_in(session: Session, conversation_id: str) -> dict[str, bool]:
    """Whether each rated answer of the conversation helped, by the id of the message it answers."""
    query = select(Feedback.message_id, Feedback.helpful).where(Feedback.conversation_id == conversation_id)
    return dict(session.execute(query).tuples().all())


def comment_on(session: Session, conversation_id: str, message_id: str) -> str:
    """What the citizen had to say of the answer to this message, masked; empty when nothing."""
    feedback = _feedback(session, conversation_id, message_id)
    return feedback.comment if feedback else ""


def entry_use(session: Session, slug: str, *, since: datetime) -> EntryUse:
    """How the entry fared in answers given from this moment on."""
    votes = dict(
        session.execute(
            select(Feedback.helpful, func.count())
            .where(Feedback.slug == slug, Feedback.created_at >= since)
            .group_by(Feedback.helpful)
        ).all()
    )
    return EntryUse(
        shown=_times_shown(session, slug, since),
        helpful=votes.get(True, 0),
        not_helpful=votes.get(False, 0),
        asked_for_a_person=_conversations_that_asked_for_a_person(session, slug, since),
    )


def latest_comments(session: Session, slug: str, *, since: datetime, limit: int) -> list[Feedback]:
    """The comments on the entry's answers from this moment on, newest first."""
    query = select(Feedback).where(Feedback.slug == slug, Feedback.created_at >= since, Feedback.comment != "")
    return list(session.scalars(query.order_by(Feedback.created_at.desc(), Feedback.id.desc()).limit(limit)))


def _feedback(session: Session, conversation_id: str, message_id: str) -> Feedback | None:
    return session.scalar(
        select(Feedback).where(Feedback.conversation_id == conversation_id, Feedback.message_id == message_id)
    )


def _begun(session: Session, conversation_id: str, said: JsonObject, slug: str) -> Feedback:
    said_at = datetime.fromtimestamp(said["timestamp"], UTC)
    version = (
        select(EntryVersion.id)
        .join(Entry)
        .join(ReleaseVersion, ReleaseVersion.version_id == EntryVersion.id)
        .join(Release, Release.id == ReleaseVersion.release_id)
        .where(Entry.slug == slug, Release.promoted_at <= said_at)
        .order_by(Release.promoted_at.desc())
        .limit(1)
    )
    return Feedback(
        conversation_id=conversation_id,
        message_id=said["message_id"],
        slug=slug,
        version_id=session.scalar(version),
        comment="",
    )


def _keep_question(session: Session, conversation_id: str, said: JsonObject, slug: str) -> None:
    candidates: list[dict[str, Any]] = said["parse_data"][MATCH_KEY].get("candidates") or []
    nearest = [{"slug": each["slug"] or each["intent"], "confidence": each["confidence"]} for each in candidates]
    around = said_until(session, conversation_id, said["message_id"], limit=CONVERSATION_TURNS_KEPT)
    keep_unanswered_question(
        session,
        conversation_id=conversation_id,
        message_id=said["message_id"],
        channel=said.get("input_channel") or "web",
        text=said["text"],
        conversation=[
            {"speaker": "citizen" if event["event"] == CITIZEN_EVENT else "assistant", "text": event["text"]}
            for event in around
        ],
        # A button that was pressed has no candidates: it stands for its entry.
        nearest=nearest or [{"slug": slug, "confidence": 1.0}],
        reason=QuestionReason.DOWN_VOTED,
    )


def _times_shown(session: Session, slug: str, since: datetime) -> int:
    shown = select(func.count()).where(ConversationEvent.slug == slug, ConversationEvent.said_at >= since)
    return session.scalar(shown) or 0


def _conversations_that_asked_for_a_person(session: Session, slug: str, since: datetime) -> int:
    following = aliased(ConversationEvent)
    query = (
        select(func.count(ConversationEvent.conversation_id.distinct()))
        .join(
            following,
            (following.conversation_id == ConversationEvent.conversation_id)
            & (following.turn == ConversationEvent.turn + 1),
        )
        .where(
            ConversationEvent.slug == slug,
            ConversationEvent.said_at >= since,
            following.intent == Task.TALK_TO_A_PERSON.value,
        )
    )
    return session.scalar(query) or 0
