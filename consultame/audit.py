"""The audit log: who did what, to what, when and from where. Rows are only ever added; the database refuses the rest.

Who acts, and from which address, is known for the length of a request (`acting_as`), so a service records what it did
in its own transaction without being handed either. Outside a request it is the command line.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import JSON, ColumnElement, ForeignKey, String, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from consultame.database import Base, now

COMMAND_LINE = "command line"
SYSTEM = "system"
UNKNOWN = "unknown"


class Action(StrEnum):
    """What is recorded."""

    SIGN_IN_SUCCEEDED = "sign_in_succeeded"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_LOCKED_OUT = "sign_in_locked_out"
    SIGNED_OUT = "signed_out"
    VERSION_WRITTEN = "version_written"
    VERSION_SUBMITTED = "version_submitted"
    VERSION_RETURNED = "version_returned"
    VERSION_APPROVED = "version_approved"
    ENTRY_RETIRED = "entry_retired"
    ENTRY_BROUGHT_BACK = "entry_brought_back"
    QUESTION_LINKED = "question_linked"
    QUESTION_DISMISSED = "question_dismissed"
    QUESTION_REOPENED = "question_reopened"
    CITIZEN_TOLD = "citizen_told"
    PUBLICATION_REQUESTED = "publication_requested"
    PUBLICATION_SUCCEEDED = "publication_succeeded"
    PUBLICATION_FAILED = "publication_failed"
    PUBLICATION_CANCELLED = "publication_cancelled"
    FINDINGS_ACCEPTED = "findings_accepted"
    RELEASE_RESTORED = "release_restored"
    PERSONAL_DATA_ERASED = "personal_data_erased"
    ENTRIES_IMPORTED = "entries_imported"
    CASES_IMPORTED = "cases_imported"
    CASE_DATA_ERASED = "case_data_erased"
    CASE_FILED = "case_filed"
    CASE_NOTED = "case_noted"
    CASE_TRANSFERRED = "case_transferred"
    CASE_REFERRED = "case_referred"
    CASE_COMPLETION_REQUESTED = "case_completion_requested"
    CASE_COMPLETION_EXTENDED = "case_completion_extended"
    CASE_CLARIFICATION_REQUESTED = "case_clarification_requested"
    CASE_COMPLETED = "case_completed"
    CASE_EXTENDED = "case_extended"
    CASE_ANSWERED = "case_answered"
    CASE_CLOSED = "case_closed"
    DEPENDENCY_CHANGED = "dependency_changed"
    ATTENDANT_ADDED = "attendant_added"
    ATTENDANT_CHANGED = "attendant_changed"
    ABSENCE_ADDED = "absence_added"
    ABSENCE_REMOVED = "absence_removed"
    APPOINTMENT_BOOKED = "appointment_booked"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_MARKED = "appointment_marked"
    WHATSAPP_CONSENT_ENDED = "whatsapp_consent_ended"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_DEACTIVATED = "account_deactivated"
    ACCOUNT_REACTIVATED = "account_reactivated"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105


class SubjectKind(StrEnum):
    """What an action is done to: an entry by its slug, an account by its e-mail, the others by their number."""

    ENTRY = "entry"
    QUESTION = "question"
    PUBLICATION = "publication"
    RELEASE = "release"
    ACCOUNT = "account"
    IMPORT = "import"
    ERASURE = "erasure"
    ATTENDANT = "attendant"
    APPOINTMENT = "appointment"
    CASE = "case"
    DEPENDENCY = "dependency"


class Person(Protocol):
    """A staff account, as far as the log is concerned."""

    @property
    def id(self) -> int: ...

    @property
    def email(self) -> str: ...


@dataclass
class Actor:
    """Who acts: the e-mail of the account, or one of the names above; and the network address, if any."""

    name: str
    staff_id: int | None = None
    address: str = ""

    def identify(self, person: Person) -> None:
        """Say that it is this person."""
        self.name, self.staff_id = person.email, person.id


@dataclass(frozen=True)
class AuditFilter:
    """Which events are asked for; what is empty does not restrict. A moment equal to `until` is out."""

    person: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


class AuditEvent(Base):
    """One action. `detail` never holds personal data of citizens."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    actor: Mapped[str] = mapped_column(String(254), index=True)
    # Plain text, so that a row outlives the action's name.
    action: Mapped[str] = mapped_column(String(32), index=True)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(254))
    detail: Mapped[dict[str, str | int]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(64))


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor:
    """Who acts now."""
    return _actor.get() or Actor(COMMAND_LINE)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Within the block this is who acts, in threads started from it too."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def record(
    session: Session,
    action: Action,
    kind: SubjectKind,
    subject: str | int,
    *,
    by: Person | None = None,
    **detail: str | int,
) -> None:
    """Add an event to the transaction; `by` is for work done later, in the name of somebody who is not there."""
    actor = current_actor()
    session.add(
        AuditEvent(
            actor_id=by.id if by else actor.staff_id,
            actor=by.email if by else actor.name,
            action=action,
            subject_kind=kind,
            subject=str(subject),
            detail=detail,
            address=actor.address,
        )
    )


def count_events(session: Session, wanted: AuditFilter) -> int:
    """How many events there are."""
    return session.scalar(select(func.count(AuditEvent.id)).where(*_conditions(wanted))) or 0


def events(
    session: Session, wanted: AuditFilter, *, limit: int, offset: int = 0, before_id: int | None = None
) -> list[AuditEvent]:
    """Events, newest first; `before_id` goes on after the last one of a former call, whatever was added since."""
    query = select(AuditEvent).where(*_conditions(wanted)).order_by(AuditEvent.id.desc())
    if before_id is not None:
        query = query.where(AuditEvent.id < before_id)
    return list(session.scalars(query.limit(limit).offset(offset)))


def people(session: Session) -> list[str]:
    """Everyone who did something or whose account was acted on, by name."""
    actors = select(AuditEvent.actor)
    accounts = select(AuditEvent.subject).where(AuditEvent.subject_kind == SubjectKind.ACCOUNT)
    return sorted({name for name in session.scalars(actors.union(accounts)) if name})


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.person:
        is_account = and_(AuditEvent.subject_kind == SubjectKind.ACCOUNT, AuditEvent.subject == wanted.person)
        conditions.append(or_(AuditEvent.actor == wanted.person, is_account))
    if wanted.action:
        conditions.append(AuditEvent.action == wanted.action)
    if wanted.since:
        conditions.append(AuditEvent.at >= wanted.since)
    if wanted.until:
        conditions.append(AuditEvent.at < wanted.until)
    return conditions
