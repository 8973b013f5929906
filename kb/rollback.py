"""Going back to an earlier release: its answers and its model are live again, nothing is trained."""

import os

from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.database import read_session
from consultame.staff import StaffMember
from kb.models import Release
from kb.publishing import model_path
from kb.releases import live_release, make_candidate, promote, promoted_releases, release_by_id


class RollbackRefused(Exception):
    """The release cannot be put back into service; the message is in Spanish, for staff."""


def restorable_releases(session: Session) -> list[Release]:
    """The earlier releases whose model still exists, the latest first; the live one is not among them."""
    return [r for r in promoted_releases(session) if not r.live and model_path(r.model_fingerprint).exists()]


def is_rolled_back() -> bool:
    """Whether somebody went back to the live release, and its model exists: nothing replaces it unasked."""
    with read_session() as session:
        release = live_release(session)
    return bool(release and release.restores_id and model_path(release.model_fingerprint).exists())


def roll_back(session: Session, release_id: int, *, by: StaffMember | None, reason: str = "") -> Release:
    """Make an earlier release live again, as a new one that names it; it takes effect as a publication does.

    `reason` says to staff why, when no person decided it.

    Raises:
        RollbackRefused: there is no such release, it was never live or is now, or its model is gone.
    """
    earlier = release_by_id(session, release_id)
    if earlier is None or earlier.promoted_at is None:
        raise RollbackRefused(f"La versión {release_id} no existe o nunca estuvo en servicio.")
    if earlier.live:
        raise RollbackRefused(f"La versión {release_id} ya está en servicio.")
    path = model_path(earlier.model_fingerprint)
    if not path.exists():
        raise RollbackRefused(f"El modelo de la versión {release_id} ya no se conserva. Publique de nuevo.")
    release = make_candidate(session, earlier.versions, model_fingerprint=earlier.model_fingerprint)
    release.restores_id, release.restored_by_id = earlier.id, by.id if by else None
    release.restore_reason = reason
    promote(session, release)
    record(session, Action.RELEASE_RESTORED, SubjectKind.RELEASE, earlier.id, by=by, release=release.id)
    # Old models are deleted by age: this one is in use again.
    os.utime(path)
    return release
