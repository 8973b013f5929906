"""What the owner of a case may be told of it: state, dates, what comes next and what the law allows when it is late."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from consultame.database import read_session
from desk.cases.chosen_directory import case_directory
from desk.cases.directory import CaseDirectory, DirectoryUnavailable, KnownCase
from desk.cases.kinds import OPEN_STATES, CaseKind, CaseState
from desk.cases.lock_out import is_locked, record_failure, subjects_of, wait_for_turn
from desk.cases.ownership import OwnershipFactor, proves_ownership
from desk.deadlines.business_calendar import business_days_between, local_moment
from desk.deadlines.procedure import copies_deadline
from desk.radicado import Radicado


class NextStep(StrEnum):
    """What comes next."""

    MINISTRY_ANSWERS = "ministry_answers"
    CITIZEN_COMPLETES = "citizen_completes"
    OTHER_AUTHORITY_ANSWERS = "other_authority_answers"
    NOTHING = "nothing"


class LateRemedy(StrEnum):
    """What a citizen may do when no answer came in time."""

    REPEAT_THE_REQUEST = "repeat_the_request"
    COMPLAIN = "complain"
    # The acción de tutela for the right of petition (Constitución, arts. 23 and 86).
    LEGAL_ACTION = "legal_action"
    # Documents whose request nobody answered are granted (CPACA art. 14, number 1).
    COPIES_ARE_OWED = "copies_are_owed"


@dataclass(frozen=True)
class CaseStatus:
    """What may be told: neither names nor content. `days_left` counts business days, not above zero when late."""

    radicado: Radicado
    kind: CaseKind
    state: CaseState
    received_on: date
    due_on: date
    answered_on: date | None
    # Until when the citizen may complete or clarify, while that is awaited.
    completion_due_on: date | None
    next_step: NextStep
    days_left: int | None
    # Whether the day for the answer has passed without one.
    is_late: bool
    remedies: tuple[LateRemedy, ...]
    # Until when the copies are owed, with `COPIES_ARE_OWED`.
    copies_due_on: date | None


@dataclass(frozen=True)
class Refused:
    """No such case, or not its owner: nobody is told which."""


@dataclass(frozen=True)
class Locked:
    """Too many failures within the hour; the right answer does not help either."""


@dataclass(frozen=True)
class Unavailable:
    """The system that holds the cases does not answer now. Nothing was counted; requests can be filed all the same."""


def case_status(
    session: Session,
    *,
    radicado: Radicado,
    factor: OwnershipFactor,
    sender: str,
    now: datetime,
    directory: CaseDirectory | None = None,
) -> CaseStatus | Refused | Locked | Unavailable:
    """The state of a case for its owner. Needs a session that may write, and its commit: failures are counted.

    A number that does not exist takes the same work as a wrong factor. `sender` is whatever tells senders apart (a
    conversation's id, a phone number); it is kept as a keyed hash for a day. Without `directory` the one of the
    settings is asked. It may be another system and take seconds, so `session` should not have begun a transaction.
    """
    subjects = subjects_of(str(radicado), sender)
    # Another system is not asked for who is locked, nor while the others' look-ups wait: it may take seconds.
    with read_session() as reading:
        if is_locked(reading, subjects, now):
            return Locked()
    try:
        found = (directory or case_directory(session)).find(radicado)
    except DirectoryUnavailable:
        return Unavailable()
    wait_for_turn(session, subjects)
    if is_locked(session, subjects, now):
        return Locked()
    is_owner = proves_ownership(
        factor,
        radicado=str(radicado),
        stored_hash=found.verification_hash if found else None,
        document=(found.document if found else "") or "",
        email=(found.email if found else "") or "",
    )
    if not is_owner or found is None:
        record_failure(session, subjects, now)
        return Refused()
    return status_of(found, radicado, local_moment(now).date())


def status_of(case: KnownCase, radicado: Radicado, today: date) -> CaseStatus:
    """What may be told of the case on that day."""
    is_open, is_waiting = case.state in OPEN_STATES, case.state is CaseState.WAITING_FOR_CITIZEN
    # The clock stands while the citizen is waited for (CPACA art. 17).
    days_left = business_days_between(today, case.due_on) if is_open and not is_waiting else None
    is_late = days_left is not None and today > case.due_on
    owes_copies = is_late and case.kind is CaseKind.DOCUMENTS
    return CaseStatus(
        radicado=radicado,
        kind=case.kind,
        state=case.state,
        received_on=local_moment(case.received_at).date(),
        due_on=case.due_on,
        answered_on=local_moment(case.answered_at).date() if case.answered_at else None,
        completion_due_on=case.completion_due_on if is_waiting else None,
        next_step=_next_step(case.state),
        days_left=days_left,
        is_late=is_late,
        remedies=_remedies(case.kind) if is_late else (),
        copies_due_on=copies_deadline(case.due_on) if owes_copies else None,
    )


def _next_step(state: CaseState) -> NextStep:
    if state is CaseState.WAITING_FOR_CITIZEN:
        return NextStep.CITIZEN_COMPLETES
    if state is CaseState.TRANSFERRED:
        return NextStep.OTHER_AUTHORITY_ANSWERS
    return NextStep.MINISTRY_ANSWERS if state in OPEN_STATES else NextStep.NOTHING


def _remedies(kind: CaseKind) -> tuple[LateRemedy, ...]:
    anyone = (LateRemedy.REPEAT_THE_REQUEST, LateRemedy.COMPLAIN, LateRemedy.LEGAL_ACTION)
    return (LateRemedy.COPIES_ARE_OWED, *anyone) if kind is CaseKind.DOCUMENTS else anyone
