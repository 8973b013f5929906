"""What the staff does with a case. Each step is checked against the law, and kept as an event.

`by` is who does it: a staff member's e-mail address, or `CITIZEN`. What the citizen hears of is mailed within the
transaction.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultame.database import now as present
from desk.cases.events import add_event, last_event_id
from desk.cases.filing import TOO_MANY_ATTACHMENTS, are_too_many
from desk.cases.kinds import OPEN_STATES, CaseEventKind, CaseKind, CaseState, ClosingReason
from desk.cases.models import Case
from desk.cases.notices import tell_closed
from desk.cases.numbering import next_radicado
from desk.deadlines.business_calendar import local_moment
from desk.deadlines.procedure import ExtensionRefused, extension_days, transfer_deadline
from desk.deadlines.terms import term_of
from desk.radicado import Direction, Radicado


class CaseRefused(Exception):
    """The step is not possible; the message says why, in Spanish, for the staff."""


class CaseChanged(CaseRefused):
    """Somebody did something else with the case since it was looked at."""


LONGEST_TEXT = 20_000
_NEED_NO_ANSWER = (CaseKind.COMPLIMENT, CaseKind.COMMUNICATION, CaseKind.SUGGESTION)


def start_case(session: Session, *, case: Case) -> None:
    """Say that somebody works on a case that was only received."""
    locked(session, case)
    if case.state is CaseState.RECEIVED:
        case.state = CaseState.IN_PROGRESS


def answer_case(
    session: Session,
    *,
    case: Case,
    text: str,
    by: str,
    attachments: Sequence[str] = (),
    now: datetime | None = None,
) -> Radicado:
    """Answer the case; gives the number of the answer (a communication that is sent). A late answer is still one.

    Raises:
        CaseRefused: the text is empty or too long, there are too many attachments, or the case is not open.
    """
    moment = now or present()
    check_open(session, case)
    if not text.strip():
        raise CaseRefused("Escriba la respuesta.")
    if len(text) > LONGEST_TEXT:
        raise CaseRefused(f"La respuesta tiene más de {LONGEST_TEXT} caracteres.")
    if are_too_many(attachments):
        raise CaseRefused(TOO_MANY_ATTACHMENTS)
    number = next_radicado(session, Direction.SENT, local_moment(moment).year)
    is_late = local_moment(moment).date() > case.due_on and case.state is not CaseState.WAITING_FOR_CITIZEN
    case.content.answer, case.content.answer_attachments = text.strip(), list(attachments)
    case.state, case.answered_at, case.settled_at = CaseState.ANSWERED, moment, moment
    case.suspended_on = case.completion_due_on = None
    add_event(session, case, CaseEventKind.ANSWERED, by, moment, told=text, radicado=str(number), late=int(is_late))
    return number


def transfer_case(
    session: Session, *, case: Case, dependency: str, reason: str, by: str, now: datetime | None = None
) -> None:
    """Hand the case to another dependency of the ministry; the deadline stays. Kept as late after five business days.

    Raises:
        CaseRefused: there is no reason or no other dependency, or the case is not open.
    """
    moment, dependency = now or present(), dependency.strip()
    check_open(session, case)
    if not dependency or dependency == case.dependency or len(dependency) > 120:
        raise CaseRefused("Elija otra dependencia.")
    _check_reason(reason)
    former, case.dependency = case.dependency, dependency
    add_event(
        session, case, CaseEventKind.TRANSFERRED_TO_DEPENDENCY, by, moment, note=reason,
        origin=former, destination=dependency, late=int(_is_late_transfer(case, moment)),
    )  # fmt: skip


def refer_case(
    session: Session, *, case: Case, authority: str, reason: str, by: str, now: datetime | None = None
) -> None:
    """Send the case to the authority that is competent (CPACA art. 21); its clock starts the day after it receives.

    The law gives five business days; later it must still be sent, and is kept as late.

    Raises:
        CaseRefused: there is no reason or no authority, or the case is not open.
    """
    moment, authority = now or present(), authority.strip()
    check_open(session, case)
    if not authority or len(authority) > 200:
        raise CaseRefused("Escriba la entidad competente, con máximo 200 caracteres.")
    _check_reason(reason)
    case.state, case.authority, case.settled_at = CaseState.TRANSFERRED, authority, moment
    case.suspended_on = case.completion_due_on = None
    add_event(
        session, case, CaseEventKind.TRANSFERRED_TO_AUTHORITY, by, moment, note=reason,
        destination=authority, late=int(_is_late_transfer(case, moment)),
    )  # fmt: skip


def extend_case(
    session: Session, *, case: Case, until: date, reason: str, by: str, now: datetime | None = None
) -> None:
    """Put the answer off to a later business day, announced with its reason before the term expires.

    Raises:
        CaseRefused: there is no reason, the term has expired or stands still, the day is no business day or goes
            beyond what the law allows, or the case is not open.
    """
    moment = now or present()
    check_open(session, case)
    _check_reason(reason)
    if case.state is CaseState.WAITING_FOR_CITIZEN:
        raise CaseRefused("El plazo está suspendido mientras se espera al ciudadano.")
    today = local_moment(moment).date()
    term = term_of(case.kind.deadline, local_moment(case.received_at).date())
    try:
        days = extension_days(due=case.due_on, until=until, today=today, used=case.extension_days, term=term)
    except ExtensionRefused as refused:
        raise CaseRefused(str(refused)) from None
    former, case.due_on = case.due_on, until
    case.extension_days += days
    add_event(
        session, case, CaseEventKind.EXTENDED, by, moment, note=reason, former=str(former), until=str(until), days=days
    )


def close_case(
    session: Session, *, case: Case, reason: ClosingReason, by: str, note: str = "", now: datetime | None = None
) -> None:
    """Close the case. Who was not answered before is told by mail that it ended and why; the note is for the staff.

    Raises:
        CaseRefused: it is closed already, the note is too long, or the reason is not true of it: nothing is closed
            without an answer that the law asks for.
    """
    moment = now or present()
    locked(session, case)
    if case.state is CaseState.CLOSED:
        raise CaseRefused("El caso ya está cerrado.")
    if problem := _closing_problem(case, reason, local_moment(moment).date()):
        raise CaseRefused(problem)
    if len(note) > LONGEST_TEXT:
        raise CaseRefused(f"La nota tiene más de {LONGEST_TEXT} caracteres.")
    was_open = case.settled_at is None
    case.state, case.settled_at = CaseState.CLOSED, case.settled_at or moment
    case.suspended_on = case.completion_due_on = None
    closed = add_event(session, case, CaseEventKind.CLOSED, by, moment, note=note, reason=reason)
    if was_open:
        tell_closed(session, case, closed, reason=reason)


def add_note(session: Session, *, case: Case, text: str, by: str, now: datetime | None = None) -> None:
    """Write a note for the staff; personal data in it is masked.

    Raises:
        CaseRefused: the text is empty.
    """
    if not text.strip():
        raise CaseRefused("Escriba la nota.")
    if len(text) > LONGEST_TEXT:
        raise CaseRefused(f"La nota tiene más de {LONGEST_TEXT} caracteres.")
    add_event(session, case, CaseEventKind.NOTED, by, now or present(), note=text)


def locked(session: Session, case: Case) -> None:
    """Read the case again, and keep others from changing it until the transaction ends."""
    session.execute(select(Case.id).where(Case.id == case.id).with_for_update())
    session.refresh(case)


def check_unchanged(session: Session, *, case: Case, last_event: int) -> None:
    """Lock a case of which this was the last event that somebody saw.

    Raises:
        CaseChanged: there is a later one.
    """
    locked(session, case)
    if last_event_id(session, case) != last_event:
        raise CaseChanged("Otra persona hizo algo con este caso mientras usted escribía. Revise el historial y repita.")


def check_open(session: Session, case: Case) -> None:
    """Lock an open case.

    Raises:
        CaseRefused: it is not open.
    """
    locked(session, case)
    if case.state not in OPEN_STATES:
        raise CaseRefused("El caso ya no está abierto.")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise CaseRefused("Escriba el motivo.")
    if len(reason) > LONGEST_TEXT:
        raise CaseRefused(f"El motivo tiene más de {LONGEST_TEXT} caracteres.")


def _is_late_transfer(case: Case, moment: datetime) -> bool:
    return local_moment(moment).date() > transfer_deadline(case.filed_on)


def _closing_problem(case: Case, reason: ClosingReason, today: date) -> str:
    if case.state in (CaseState.ANSWERED, CaseState.TRANSFERRED):
        return ""
    if reason is ClosingReason.ANSWERED:
        return "El caso no tiene respuesta."
    if reason is ClosingReason.NO_ANSWER_NEEDED and case.kind not in _NEED_NO_ANSWER:
        return "Este tipo de solicitud debe responderse."
    if reason is ClosingReason.NOT_COMPLETED and (case.completion_due_on is None or today <= case.completion_due_on):
        return "El plazo del ciudadano para completar o aclarar no ha vencido."
    return ""
