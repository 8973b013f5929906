"""The Rasa servers that answer citizens, and with which model: each tells it when it asks for a newer one."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultame.database import now, read_session, write_session
from kb.models import Replica

# A server asks every few seconds (setting `model_poll_seconds`); what it says again is written down this seldom.
_WRITTEN_AGAIN_AFTER = timedelta(seconds=20)
# One that has been silent for so long runs no more.
SILENT_AFTER = timedelta(minutes=5)
LONGEST_NAME = 64


def report_replica(name: str, model_fingerprint: str) -> None:
    """Keep which model this server answers with; written only when it is news, because servers ask all the time."""
    name, fingerprint = name[:LONGEST_NAME], model_fingerprint[:LONGEST_NAME]
    with read_session() as session:
        known = session.get(Replica, name)
    if known and known.model_fingerprint == fingerprint and now() - known.reported_at < _WRITTEN_AGAIN_AFTER:
        return
    try:
        with write_session() as session:
            session.execute(delete(Replica).where(Replica.reported_at < now() - SILENT_AFTER))
            session.merge(Replica(name=name, model_fingerprint=fingerprint, reported_at=now()))
    except IntegrityError:
        # Another process of this application wrote the same server's first report at this moment.
        return


def replicas(session: Session) -> list[Replica]:
    """The servers that have asked of late, by name."""
    asked = select(Replica).where(Replica.reported_at >= now() - SILENT_AFTER)
    return list(session.scalars(asked.order_by(Replica.name)))
