"""Entries whose time runs out: whose task it is to look at them, and that they were told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from consultame.database import Base, now
from consultame.staff import Role, StaffMember
from kb.entries import approved_versions
from kb.models import Entry, EntryVersion
from kb.validity import Validity, validity

RUNNING_OUT = (Validity.ENDS_SOON, Validity.EXPIRED)


class ExpiryNotice(Base):
    """That a version's nearing or passed end was handed to its curator (NULL: to all curators), once for each."""

    __tablename__ = "kb_expiry_notice"
    __table_args__ = (UniqueConstraint("version_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("kb_entry_version.id"))
    # A Validity that is among RUNNING_OUT.
    kind: Mapped[str] = mapped_column(String(32))
    curator_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    version: Mapped[EntryVersion] = relationship()
    curator: Mapped[StaffMember | None] = relationship()


@dataclass(frozen=True)
class RunningOut:
    """A version in force that ends soon or has ended, whose task it is, and whether a newer text is under way."""

    version: EntryVersion
    validity: Validity
    curator: StaffMember | None
    is_being_renewed: bool


def running_out(session: Session, day: date | None = None) -> list[RunningOut]:
    """The entries in force that end soon or have ended, the earliest end first."""
    found = [
        RunningOut(version, state, responsible_curator(version), version.entry.versions[-1].number > version.number)
        for version in _in_force(session)
        if (state := validity(version, day)) in RUNNING_OUT
    ]
    return sorted(found, key=lambda item: (item.version.valid_until or date.max, item.version.entry.slug))


def tasks_of(member: StaffMember, items: Sequence[RunningOut]) -> list[RunningOut]:
    """Those that this person is to renew: the own ones, and those that have no curator any more."""
    return [item for item in items if item.curator is None or item.curator.id == member.id]


def responsible_curator(version: EntryVersion) -> StaffMember | None:
    """Who wrote the version, as long as that account is open and may write; None means any curator."""
    author = version.author
    return author if author.active and author.role in (Role.CURATOR, Role.ADMIN) else None


def hand_to_curators(session: Session, day: date | None = None) -> list[ExpiryNotice]:
    """Record for each entry that ends soon or has ended that its curator is told; gives the new notices only."""
    items = running_out(session, day)
    told = set(session.execute(select(ExpiryNotice.version_id, ExpiryNotice.kind)).tuples())
    notices = [
        ExpiryNotice(version=item.version, kind=item.validity, curator=item.curator)
        for item in items
        if (item.version.id, item.validity) not in told
    ]
    session.add_all(notices)
    session.flush()
    return notices


def notices_of(session: Session, version: EntryVersion) -> list[ExpiryNotice]:
    """What its curator was told of this version's end, the latest first."""
    query = select(ExpiryNotice).where(ExpiryNotice.version_id == version.id).order_by(ExpiryNotice.id.desc())
    return list(session.scalars(query.options(selectinload(ExpiryNotice.curator))))


def _in_force(session: Session) -> list[EntryVersion]:
    """The versions of the next release that have an end, with who wrote them and all versions of their entries."""
    numbers = [version.id for version in approved_versions(session) if version.valid_until]
    with_author = selectinload(EntryVersion.author)
    with_versions = selectinload(EntryVersion.entry).selectinload(Entry.versions)
    query = select(EntryVersion).where(EntryVersion.id.in_(numbers)).options(with_author, with_versions)
    return list(session.scalars(query))
