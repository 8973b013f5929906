"""How satisfied citizens say they are at the end of a conversation."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from consultame.database import Base, now

SCORES = range(1, 6)


class Satisfaction(Base):
    """One conversation's score, 1 (very bad) to 5 (very good)."""

    __tablename__ = "kb_satisfaction"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score_is_one_to_five"),)

    conversation_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    score: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now)


def keep_satisfaction(session: Session, *, conversation_id: str, score: int) -> Satisfaction:
    """Keep the conversation's score, in place of an earlier one.

    Raises:
        IntegrityError: the score is none of SCORES.
    """
    satisfaction = session.get(Satisfaction, conversation_id) or Satisfaction(conversation_id=conversation_id)
    satisfaction.score, satisfaction.updated_at = score, now()
    session.add(satisfaction)
    session.flush()
    return satisfaction
