"""What can be done with a case, as its forms say it."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from admin.entry_form import plain_text
from admin.wording import long_date
from desk.cases.completion import complete_case, extend_completion, request_clarification, request_completion
from desk.cases.handling import (
    CaseRefused,
    add_note,
    answer_case,
    close_case,
    extend_case,
    refer_case,
    start_case,
    transfer_case,
)
from desk.cases.kinds import ClosingReason
from desk.cases.models import Case
from desk.cases.numbering import NumbersExhausted
from desk.deadlines.business_calendar import OutsideCalendar, check_year, local_moment


class CaseAction(StrEnum):
    """An action, as it stands in the address."""

    START = "iniciar"
    ANSWER = "responder"
    TRANSFER = "pasar"
    REFER = "trasladar"
    ASK_TO_COMPLETE = "completar"
    ASK_TO_CLARIFY = "aclarar"
    EXTEND_COMPLETION = "ampliar"
    COMPLETED = "completado"
    EXTEND = "prorrogar"
    NOTE = "nota"
    CLOSE = "cerrar"


class CaseForm(BaseModel):
    """What was typed, as it was typed, so that a refused form shows it again."""

    last_event: int = Field(0, ge=0, le=2**31 - 1)
    text: str = ""
    attachments: str = ""
    dependency: str = ""
    authority: str = ""
    until: str = ""
    received: str = ""
    reason: str = ""


def act(session: Session, case: Case, action: CaseAction, form: CaseForm, *, by: str) -> str:
    """Do it, and give the sentence that says what was done.

    Raises:
        CaseRefused: it is not possible; nothing was done.
    """
    try:
        return _ACTIONS[action](session, case, form, by)
    except OutsideCalendar:
        raise CaseRefused("El año de la fecha no está en el calendario.") from None
    except NumbersExhausted:
        raise CaseRefused("Este año ya no quedan números de radicado. Avise al equipo técnico.") from None


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a field that takes one thing a line."""
    return tuple(line.strip() for line in plain_text(text).split("\n") if line.strip())


def moment_of(text: str, problem: str) -> datetime:
    """The local moment that a date-and-time field holds.

    Raises:
        CaseRefused: it holds none; the message is `problem`.
    """
    try:
        return local_moment(datetime.fromisoformat(text))
    except ValueError:
        raise CaseRefused(problem) from None


def _start(session: Session, case: Case, form: CaseForm, by: str) -> str:
    start_case(session, case=case)
    return "El caso quedó en trámite."


def _answer(session: Session, case: Case, form: CaseForm, by: str) -> str:
    attachments = lines_of(form.attachments)
    number = answer_case(session, case=case, text=plain_text(form.text), attachments=attachments, by=by)
    sent = f"Se envía a {case.requester.email}." if case.requester.email else "No hay correo al cual enviarla."
    return f"La respuesta quedó registrada con el número {number}. {sent}"


def _transfer(session: Session, case: Case, form: CaseForm, by: str) -> str:
    dependency = plain_text(form.dependency)
    transfer_case(session, case=case, dependency=dependency, reason=plain_text(form.text), by=by)
    return f"El caso pasó a {case.dependency}."


def _refer(session: Session, case: Case, form: CaseForm, by: str) -> str:
    refer_case(session, case=case, authority=plain_text(form.authority), reason=plain_text(form.text), by=by)
    told = "La copia se envía al ciudadano." if case.requester.email else "No hay correo al cual enviar la copia."
    return f"El caso se trasladó a {case.authority}. {told}"


def _ask_to_complete(session: Session, case: Case, form: CaseForm, by: str) -> str:
    until = request_completion(session, case=case, missing=plain_text(form.text), by=by)
    return f"El plazo quedó en pausa. El ciudadano puede completar hasta el {long_date(until)}."


def _ask_to_clarify(session: Session, case: Case, form: CaseForm, by: str) -> str:
    until = request_clarification(session, case=case, unclear=plain_text(form.text), by=by)
    return f"El plazo quedó en pausa. El ciudadano puede aclarar hasta el {long_date(until)}."


def _extend_completion(session: Session, case: Case, form: CaseForm, by: str) -> str:
    until = extend_completion(session, case=case, by=by)
    return f"El ciudadano puede completar hasta el {long_date(until)}."


def _completed(session: Session, case: Case, form: CaseForm, by: str) -> str:
    received = moment_of(form.received, "Escriba la fecha y la hora en que se recibió lo que faltaba.")
    due = complete_case(session, case=case, received_at=received, by=by)
    return f"El plazo corre de nuevo: la respuesta se debe dar a más tardar el {long_date(due)}."


def _extend(session: Session, case: Case, form: CaseForm, by: str) -> str:
    try:
        until = date.fromisoformat(form.until)
    except ValueError:
        raise CaseRefused("Escriba la nueva fecha de respuesta.") from None
    check_year(until)
    extend_case(session, case=case, until=until, reason=plain_text(form.text), by=by)
    return f"La respuesta se debe dar a más tardar el {long_date(until)}."


def _note(session: Session, case: Case, form: CaseForm, by: str) -> str:
    add_note(session, case=case, text=plain_text(form.text), by=by)
    return "La nota quedó en el historial."


def _close(session: Session, case: Case, form: CaseForm, by: str) -> str:
    if form.reason not in set(ClosingReason):
        raise CaseRefused("Elija por qué se cierra el caso.")
    was_open = case.settled_at is None
    close_case(session, case=case, reason=ClosingReason(form.reason), note=plain_text(form.text), by=by)
    # Who had the answer by mail is not written to again.
    told = f" Se avisa a {case.requester.email}." if was_open and case.requester.email else ""
    return f"El caso quedó cerrado.{told}"


_ACTIONS: dict[CaseAction, Callable[[Session, Case, CaseForm, str], str]] = {
    CaseAction.START: _start,
    CaseAction.ANSWER: _answer,
    CaseAction.TRANSFER: _transfer,
    CaseAction.REFER: _refer,
    CaseAction.ASK_TO_COMPLETE: _ask_to_complete,
    CaseAction.ASK_TO_CLARIFY: _ask_to_clarify,
    CaseAction.EXTEND_COMPLETION: _extend_completion,
    CaseAction.COMPLETED: _completed,
    CaseAction.EXTEND: _extend,
    CaseAction.NOTE: _note,
    CaseAction.CLOSE: _close,
}
