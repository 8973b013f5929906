"""Erasure on request: what is kept about a person, found, shown as a count, and erased once confirmed.

What is searched for travels in the body of requests only: never in an address, a session or a log.
"""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Administrator
from admin.pages import STAFF_PATH, leave_notice, render
from consultame.database import now, read_session, write_session
from desk.appointments.erasure import count_about, erase_by_email
from kb.erasure import ErasureRefused, Kept, Subject, SubjectKind, erase_kept, kept_about, subject_of_request

log = logging.getLogger(__name__)
PERSONAL_DATA_PATH = f"{STAFF_PATH}/datos-personales"
router = APIRouter(prefix=PERSONAL_DATA_PATH)

_LABELS = {
    SubjectKind.DOCUMENT: "Número de documento",
    SubjectKind.EMAIL: "Correo electrónico",
    SubjectKind.PHONE: "Número de celular",
    SubjectKind.CONVERSATION: "Código de la conversación",
}
_MALFORMED = {
    SubjectKind.DOCUMENT: "Escriba un número de documento de 5 a 20 cifras o letras.",
    SubjectKind.EMAIL: "Escriba un correo electrónico completo, como nombre@correo.com.",
    SubjectKind.PHONE: "Escriba un celular de diez cifras, como 300 123 4567; de otro país, con + y su indicativo.",
    SubjectKind.CONVERSATION: "Escriba el código completo de la conversación.",
}

KindField = Annotated[SubjectKind, Form(alias="tipo")]
ValueField = Annotated[str, Form(alias="valor")]


@router.get("")
def search_form(request: Request, member: Administrator) -> Response:
    """The form to search with."""
    return _page(request)


@router.post("")
def search(request: Request, member: Administrator, kind: KindField, value: ValueField = "") -> Response:
    """How much is kept, and the question whether to erase it."""
    try:
        kept = _kept(_subject(kind, value))
    except ErasureRefused:
        return _page(request, kind=kind, value=value, messages=(_MALFORMED[kind],))
    return _page(request, kind=kind, value=value, kept=kept)


@router.post("/borrar")
def erase(request: Request, member: Administrator, kind: KindField, value: ValueField = "") -> Response:
    """Erase it, all in one transaction."""
    try:
        kept = _kept(_subject(kind, value))
    except ErasureRefused:
        return _page(request, kind=kind, value=value, messages=(_MALFORMED[kind],))
    with write_session() as session:
        erased = erase_kept(session, kept)
        appointments = erase_by_email(session, email=value, now=now()) if kind is SubjectKind.EMAIL else 0
    log.info(
        "staff member %s erased %s conversation(s), %s question(s), %s message(s), %s answer request(s) "
        "and %s appointment(s) on request",
        member.id, erased.conversations, erased.questions, erased.messages, erased.requests, appointments,
    )  # fmt: skip
    counts = _counts(erased.conversations, erased.questions, erased.messages, erased.requests, appointments)
    leave_notice(request, f"Se borró todo: {counts}.")
    return RedirectResponse(PERSONAL_DATA_PATH, HTTPStatus.SEE_OTHER)


def _subject(kind: SubjectKind, value: str) -> Subject:
    if kind is SubjectKind.EMAIL:
        return subject_of_request(email=value)
    if kind is SubjectKind.PHONE:
        return subject_of_request(phone=value)
    if kind is SubjectKind.DOCUMENT:
        return subject_of_request(document=value)
    return subject_of_request(conversation_id=value)


def _kept(subject: Subject) -> Kept:
    with read_session() as session:
        return kept_about(session, subject)


def _page(
    request: Request,
    *,
    kind: SubjectKind = SubjectKind.DOCUMENT,
    value: str = "",
    kept: Kept | None = None,
    messages: tuple[str, ...] = (),
) -> Response:
    appointments = 0
    if kept is not None and kind is SubjectKind.EMAIL:
        with read_session() as session:
            appointments = count_about(session, email=value)
    parts = (kept.conversation_ids, kept.question_ids, kept.message_ids, kept.request_ids) if kept else ()
    found = [*(len(part) for part in parts), appointments]
    return render(
        request,
        "personal_data.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if messages else HTTPStatus.OK,
        headers={"Cache-Control": "no-store"},
        messages=messages,
        labels=_LABELS,
        kind=kind,
        value=value,
        has_searched=kept is not None,
        counts=_counts(*found) if kept and any(found) else "",
    )


def _counts(conversations: int, questions: int, messages: int, requests: int, appointments: int) -> str:
    counted = ["1 conversación" if conversations == 1 else f"{conversations} conversaciones"]
    counted.append("1 pregunta sin respuesta" if questions == 1 else f"{questions} preguntas sin respuesta")
    if messages:
        counted.append("1 mensaje" if messages == 1 else f"{messages} mensajes")
    if requests:
        counted.append("1 solicitud de aviso" if requests == 1 else f"{requests} solicitudes de aviso")
    if appointments:
        counted.append("1 cita o espera de cita" if appointments == 1 else f"{appointments} citas o esperas de cita")
    return " y ".join([", ".join(counted[:-1]), counted[-1]])
