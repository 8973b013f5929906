"""What happened to a case: kept, put into the audit log when the staff did it, and told to the citizen."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.masking import masked
from desk.cases.kinds import CITIZEN, CaseEventKind
from desk.cases.models import Case, CaseEvent
from desk.cases.notices import tell_step

_AUDITED = {
    CaseEventKind.NOTED: Action.CASE_NOTED,
    CaseEventKind.TRANSFERRED_TO_DEPENDENCY: Action.CASE_TRANSFERRED,
    CaseEventKind.TRANSFERRED_TO_AUTHORITY: Action.CASE_REFERRED,
    CaseEventKind.COMPLETION_REQUESTED: Action.CASE_COMPLETION_REQUESTED,
    CaseEventKind.COMPLETION_EXTENDED: Action.CASE_COMPLETION_EXTENDED,
    CaseEventKind.CLARIFICATION_REQUESTED: Action.CASE_CLARIFICATION_REQUESTED,
    CaseEventKind.COMPLETED: Action.CASE_COMPLETED,
    CaseEventKind.EXTENDED: Action.CASE_EXTENDED,
    CaseEventKind.ANSWERED: Action.CASE_ANSWERED,
    CaseEventKind.CLOSED: Action.CASE_CLOSED,
}


def add_event(
    session: Session,
    case: Case,
    kind: CaseEventKind,
    by: str,
    at: datetime,
    *,
    note: str = "",
    told: str | None = None,
    **detail: str | int,
) -> CaseEvent:
    """Add to what happened. The note is masked before it is kept; the citizen reads `told`, or else the note as it is.

    Detail is kept for good, in the audit log too, and holds no personal data.
    """
    kept = masked(note.strip()) if note.strip() else ""
    event = CaseEvent(case_id=case.id, at=at, kind=kind, actor=by, detail=detail, note=kept)
    session.add(event)
    session.flush()
    if by != CITIZEN and kind in _AUDITED:
        record(session, _AUDITED[kind], SubjectKind.CASE, case.radicado, by=None, **detail)
    tell_step(session, case, event, text=note if told is None else told)
    return event


def last_event_id(session: Session, case: Case) -> int:
    """The number of the last event: whoever saw it saw the case as it is. Zero when there is none."""
    return session.scalar(select(func.max(CaseEvent.id)).where(CaseEvent.case_id == case.id)) or 0
