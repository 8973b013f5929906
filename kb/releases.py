"""Releases: which versions citizens are answered with, and the model that goes with them."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from consultame.database import now
from kb.models import EntryVersion, Release, ReleaseState, ReleaseVersion


def live_release(session: Session) -> Release | None:
    """The release citizens are answered from, with its versions and their entries, or None before the first one."""
    with_entries = selectinload(Release.versions).selectinload(EntryVersion.entry)
    return session.scalar(select(Release).where(Release.live.is_(True)).options(with_entries))


def live_release_identity(session: Session) -> tuple[int, str] | None:
    """Number and model fingerprint of the live release: one cheap row, for callers that poll."""
    row = session.execute(select(Release.id, Release.model_fingerprint).where(Release.live.is_(True))).one_or_none()
    return (row.id, row.model_fingerprint) if row else None


def live_version_ids() -> "Select[int]":
    """The ids of the versions that citizens are answered from, for a condition of another query."""
    return (
        select(ReleaseVersion.version_id)
        .join(Release, Release.id == ReleaseVersion.release_id)
        .where(Release.live.is_(True))
    )


def release_by_id(session: Session, release_id: int) -> Release | None:
    """The release with its versions, or None."""
    return session.scalar(select(Release).where(Release.id == release_id).options(selectinload(Release.versions)))


def promoted_releases(session: Session, count: int = 20) -> list[Release]:
    """The releases that are or were live, the latest first, with who restored them."""
    query = select(Release).where(Release.promoted_at.is_not(None)).order_by(Release.promoted_at.desc()).limit(count)
    return list(session.scalars(query.options(selectinload(Release.versions), selectinload(Release.restored_by))))


def make_candidate(session: Session, versions: list[EntryVersion], *, model_fingerprint: str) -> Release:
    """A release that holds these versions and is not live yet."""
    release = Release(model_fingerprint=model_fingerprint, versions=list(versions))
    session.add(release)
    session.flush()
    return release


def promote(session: Session, release: Release) -> None:
    """Make the release the live one; the former live release stays, superseded."""
    former = session.scalar(select(Release).where(Release.live.is_(True)))
    if former and former.id == release.id:
        return
    if former:
        former.live = None
        former.state = ReleaseState.SUPERSEDED
        session.flush()
    release.live = True
    release.state = ReleaseState.LIVE
    release.promoted_at = now()
    session.flush()
