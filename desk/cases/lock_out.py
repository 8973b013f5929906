"""Five failed look-ups within an hour, for one number or from one sender, and the rest of the hour is locked."""

import hashlib
import hmac
import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consultame.settings import load_settings
from desk.cases.models import LookUpFailure

MOST_FAILURES = 5
WINDOW = timedelta(hours=1)
_KEPT = timedelta(days=1)

_log = logging.getLogger(__name__)


def subjects_of(radicado: str, sender: str) -> list[str]:
    """The number and the sender as keyed hashes, in the order in which they are locked."""
    key = load_settings().secret("case-look-up").encode()
    named = (f"radicado\x00{radicado}", f"sender\x00{sender}")
    return sorted(hmac.new(key, name.encode(), hashlib.sha256).hexdigest() for name in named)


def wait_for_turn(session: Session, subjects: list[str]) -> None:
    """Let one look-up a subject at a time through until the transaction ends, so that none escapes the count.

    On SQLite writers wait for each other anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        for subject in subjects:
            session.execute(select(func.pg_advisory_xact_lock(int(subject[:15], 16))))


def is_locked(session: Session, subjects: list[str], now: datetime) -> bool:
    """Whether one of the subjects failed five times within the hour."""
    counts = select(func.count()).where(LookUpFailure.subject.in_(subjects), LookUpFailure.at > now - WINDOW)
    per_subject = counts.group_by(LookUpFailure.subject)
    return any(count >= MOST_FAILURES for count in session.scalars(per_subject))


def record_failure(session: Session, subjects: list[str], now: datetime) -> None:
    """Count a failure for each subject; what is older than a day is forgotten."""
    session.execute(delete(LookUpFailure).where(LookUpFailure.at < now - _KEPT))
    session.add_all(LookUpFailure(subject=subject, at=now) for subject in subjects)
    session.flush()
    if is_locked(session, subjects, now):
        _log.warning("case look-up locked for the hour: %s", ", ".join(subject[:12] for subject in subjects))
