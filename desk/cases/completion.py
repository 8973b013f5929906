"""Asking the citizen to complete or clarify a petition, and going on when it is done (CPACA arts. 17, 19)."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultame.database import now as present
from desk.cases.events import add_event
from desk.cases.handling import LONGEST_TEXT, CaseRefused, check_open
from desk.cases.kinds import CaseEventKind, CaseState
from desk.cases.models import Case, CaseEvent
from desk.deadlines.business_calendar import local_moment, office_hours, receipt_of
from desk.deadlines.procedure import (
    clarification_deadline,
    completion_deadline,
    completion_request_deadline,
    extended_completion_deadline,
    resumed_due_day,
)


def request_completion(session: Session, *, case: Case, missing: str, by: str, now: datetime | None = None) -> date:
    """Ask for what an incomplete petition lacks; gives the citizen's last day, one month later. The clock stops.

    Raises:
        CaseRefused: it is not said what is missing, ten business days or the term have passed, the citizen is
            already waited for, or the case is not open.
    """
    moment = now or present()
    today = _check_may_ask(session, case, missing, moment)
    latest = completion_request_deadline(case.filed_on)
    if today > min(latest, case.due_on):
        raise CaseRefused(f"La solicitud de completar se hace máximo hasta el {min(latest, case.due_on)}.")
    return _wait(session, case, CaseEventKind.COMPLETION_REQUESTED, by, moment, missing, completion_deadline(today))


def request_clarification(session: Session, *, case: Case, unclear: str, by: str, now: datetime | None = None) -> date:
    """Return a petition that is not understood; gives the citizen's last day, ten business days later.

    Raises:
        CaseRefused: it is not said what is unclear, the term has passed, the citizen is already waited for, or the
            case is not open.
    """
    moment = now or present()
    today = _check_may_ask(session, case, unclear, moment)
    if today > case.due_on:
        raise CaseRefused(f"El plazo para responder venció el {case.due_on}.")
    deadline = clarification_deadline(today)
    return _wait(session, case, CaseEventKind.CLARIFICATION_REQUESTED, by, moment, unclear, deadline)


def extend_completion(session: Session, *, case: Case, by: str, now: datetime | None = None) -> date:
    """Give the citizen who asks for it one more month, once; gives the new last day.

    Raises:
        CaseRefused: no completion is awaited, its day has passed, or it was given before.
    """
    moment = now or present()
    deadline = _check_waiting(session, case)
    asked = (CaseEventKind.COMPLETION_REQUESTED, CaseEventKind.CLARIFICATION_REQUESTED)
    query = select(CaseEvent.kind).where(CaseEvent.case_id == case.id, CaseEvent.kind.in_(asked))
    if session.scalars(query.order_by(CaseEvent.id.desc())).first() is not CaseEventKind.COMPLETION_REQUESTED:
        raise CaseRefused("El plazo para aclarar no se prorroga.")
    if case.completion_extended:
        raise CaseRefused("El plazo para completar ya se prorrogó una vez.")
    if local_moment(moment).date() > deadline:
        raise CaseRefused(f"El plazo para completar venció el {deadline}.")
    case.completion_due_on, case.completion_extended = extended_completion_deadline(deadline), True
    add_event(session, case, CaseEventKind.COMPLETION_EXTENDED, by, moment, until=str(case.completion_due_on))
    return case.completion_due_on


def complete_case(session: Session, *, case: Case, received_at: datetime, by: str, now: datetime | None = None) -> date:
    """Go on with a petition that the citizen completed or clarified; gives the new day for the answer.

    What comes after the citizen's last day is taken as long as the case was not closed for it.

    Raises:
        CaseRefused: nothing is awaited, or it would have come before it was asked for or in the future.
    """
    moment = now or present()
    _check_waiting(session, case)
    receipt = receipt_of(received_at, office_hours())
    assert case.suspended_on is not None
    if not case.suspended_on <= receipt.received_on <= local_moment(moment).date():
        raise CaseRefused("Revise la fecha en que el ciudadano completó la solicitud.")
    case.due_on = resumed_due_day(due=case.due_on, requested_on=case.suspended_on, completed_on=receipt.filed_on)
    case.state, case.suspended_on, case.completion_due_on = CaseState.IN_PROGRESS, None, None
    add_event(session, case, CaseEventKind.COMPLETED, by, moment, due=str(case.due_on))
    return case.due_on


def _check_may_ask(session: Session, case: Case, text: str, moment: datetime) -> date:
    check_open(session, case)
    if not text.strip():
        raise CaseRefused("Escriba qué debe completar o aclarar el ciudadano.")
    if len(text) > LONGEST_TEXT:
        raise CaseRefused(f"El texto tiene más de {LONGEST_TEXT} caracteres.")
    if case.state is CaseState.WAITING_FOR_CITIZEN:
        raise CaseRefused("Ya se espera al ciudadano.")
    return local_moment(moment).date()


def _check_waiting(session: Session, case: Case) -> date:
    check_open(session, case)
    if case.completion_due_on is None:
        raise CaseRefused("No se espera nada del ciudadano.")
    return case.completion_due_on


def _wait(
    session: Session, case: Case, kind: CaseEventKind, by: str, moment: datetime, text: str, deadline: date
) -> date:
    case.state, case.suspended_on = CaseState.WAITING_FOR_CITIZEN, local_moment(moment).date()
    case.completion_due_on, case.completion_extended = deadline, False
    add_event(session, case, kind, by, moment, note=text, until=str(deadline))
    return deadline
