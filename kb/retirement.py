"""Retiring an entry: the next publication leaves it out; it keeps its versions and can be brought back."""

from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.database import now
from consultame.staff import Role, StaffMember
from kb.entries import EntryRefused
from kb.models import Entry

LONGEST_REASON = 500


def retire(session: Session, entry: Entry, *, by: StaffMember, reason: str) -> None:
    """Take the entry out of what is published next, and keep why.

    Raises:
        EntryRefused: wrong role, no reason or a long one, or it is retired already.
    """
    _check_may_decide(by)
    if entry.retired_at is not None:
        raise EntryRefused("Esta entrada ya está retirada.")
    if not reason.strip():
        raise EntryRefused("Escriba por qué se retira.")
    if len(reason.strip()) > LONGEST_REASON:
        raise EntryRefused(f"El motivo tiene más de {LONGEST_REASON} caracteres.")
    entry.retired_at, entry.retired_by_id, entry.retirement_reason = now(), by.id, reason.strip()
    session.flush()
    record(session, Action.ENTRY_RETIRED, SubjectKind.ENTRY, entry.slug)


def bring_back(session: Session, entry: Entry, *, by: StaffMember) -> None:
    """Let the next publication hold the entry's approved version again.

    Raises:
        EntryRefused: wrong role, or it is not retired.
    """
    _check_may_decide(by)
    if entry.retired_at is None:
        raise EntryRefused("Esta entrada no está retirada.")
    entry.retired_at, entry.retired_by_id, entry.retirement_reason = None, None, ""
    session.flush()
    record(session, Action.ENTRY_BROUGHT_BACK, SubjectKind.ENTRY, entry.slug)


def _check_may_decide(by: StaffMember) -> None:
    if by.role not in (Role.APPROVER, Role.ADMIN):
        raise EntryRefused("Su rol no permite retirar ni reponer entradas.")
