"""Attempts to sign in, counted in the database that all processes share, within a moving window.

Who tried is kept as a keyed hash only.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from consultame.database import Base, now
from consultame.settings import load_settings

WINDOW = timedelta(minutes=15)


class SignInAttempt(Base):
    """One attempt that counts against an e-mail or a network address, or one note of a lock-out."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]


@dataclass(frozen=True)
class AttemptLimit:
    """How many attempts one key may have within the window."""

    name: str
    most: int

    def subject(self, key: str) -> str:
        """What an attempt of this key is counted under."""
        secret = load_settings().secret("sign-in-attempts").encode()
        return hmac.new(secret, f"{self.name}\0{key}".encode(), hashlib.sha256).hexdigest()


def register_attempt(session: Session, limit: AttemptLimit, key: str) -> bool:
    """Count an attempt; False, and nothing counted, when there are as many as may be.

    Of attempts at the same moment each sees the former ones: on PostgreSQL by a lock until the transaction ends, on
    SQLite writers wait for each other anyway.
    """
    subject = limit.subject(key)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(subject[:15], 16))))
    if not attempts_are_left(session, limit, key):
        return False
    session.add(SignInAttempt(subject=subject, at=now()))
    session.flush()
    return True


def attempts_are_left(session: Session, limit: AttemptLimit, key: str) -> bool:
    """Whether another attempt may be made."""
    return len(_moments(session, limit, key)) < limit.most


def minutes_until_next(session: Session, limit: AttemptLimit, key: str) -> int:
    """In how many minutes, rounded up, the oldest attempt counts no more; at least 1."""
    moments = _moments(session, limit, key)
    left = min(moments) + WINDOW - now() if moments else timedelta(0)
    return max(1, -int(-left.total_seconds() // 60))


def forget_attempts(session: Session, limit: AttemptLimit, key: str) -> None:
    """Let the key begin anew."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.subject == limit.subject(key)))


def erase_past_attempts(session: Session) -> int:
    """Erase what counts no more; returns how many attempts that were."""
    past = session.scalars(delete(SignInAttempt).where(SignInAttempt.at <= now() - WINDOW).returning(SignInAttempt.id))
    return len(past.all())


def _moments(session: Session, limit: AttemptLimit, key: str) -> list[datetime]:
    attempts = select(SignInAttempt.at).where(SignInAttempt.subject == limit.subject(key))
    return list(session.scalars(attempts.where(SignInAttempt.at > now() - WINDOW)))
