"""One need: its questions, and what can be done with all or some of them at once."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Member, Writer
from admin.dismissal import chosen_reason
from admin.entry_form import plain_text
from admin.entry_writing import ChangedMeanwhile, CitizenQuestion, add_questions
from admin.identifiers import RowId, row_id
from admin.nearest_entries import by_topic, nearest_labels
from admin.notices import notices_in_words
from admin.pages import STAFF_PATH, leave_notice, render
from admin.questions import INBOX_PATH
from admin.refusals import Refused, status_of
from consultame.database import read_session, write_session
from kb.answer_requests import notice_counts
from kb.entries import EntryRefused, entry_by_slug, latest_versions
from kb.models import Need, QuestionState, UnansweredQuestion
from kb.open_needs import locked_questions, move_to_need, open_need, open_needs, questions_of_need, split_off
from kb.unanswered import dismiss, link_to_entry, without_mask_labels

log = logging.getLogger(__name__)
NEEDS_PATH = f"{INBOX_PATH}/necesidades"
router = APIRouter(prefix=NEEDS_PATH)


class NeedForm(BaseModel):
    """What was ticked and typed, as it was typed, so that a refused form shows it again."""

    questions: list[str] = []
    slug: str = ""
    language: str = "es"
    reason: str = ""
    note: str = ""
    target: str = ""


Action = Callable[[Session, list[UnansweredQuestion]], str]


@router.get("/{need_id}")
def need_page(request: Request, member: Member, need_id: RowId, marcadas: str = "") -> Response:
    """A need with its questions; all are ticked unless the address says «ninguna»."""
    return _need_page(request, need_id, ticked=set() if marcadas == "ninguna" else None)


@router.post("/{need_id}/sumar")
def add_to_entry(request: Request, member: Writer, need_id: RowId, form: Annotated[NeedForm, Form()]) -> Response:
    """Say that an entry answers the ticked questions, and teach that entry all of them in one version."""

    def act(session: Session, questions: list[UnansweredQuestion]) -> str:
        slug = plain_text(form.slug)
        entry = entry_by_slug(session, slug) if slug else None
        if entry is None:
            raise EntryRefused("Elija la entrada que responde estas preguntas.")
        is_english = form.language == "en"
        taught = [text for question in questions if (text := without_mask_labels(question.text))]
        version = add_questions(session, entry, [CitizenQuestion(text, is_english) for text in taught], member)
        for question in questions:
            link_to_entry(session, question, entry)
        outcome = f"y su versión {version.number} quedó en revisión" if version else "que ya las tenía"
        return f"{_counted(questions)} a la entrada «{slug}», {outcome}."

    return _done(request, need_id, form, act)


@router.post("/{need_id}/respuesta")
def begin_answer(request: Request, member: Writer, need_id: RowId, form: Annotated[NeedForm, Form()]) -> Response:
    """Open the form of a new entry with the ticked questions in it."""
    try:
        with read_session() as session:
            numbers = [str(question.id) for question in _ticked(session, need_id, form)]
    except EntryRefused as refused:
        return _need_page(request, need_id, form=form, refused=refused)
    return RedirectResponse(f"{STAFF_PATH}/nueva-entrada?pregunta={','.join(numbers)}", HTTPStatus.SEE_OTHER)


@router.post("/{need_id}/descartar")
def set_aside(request: Request, member: Writer, need_id: RowId, form: Annotated[NeedForm, Form()]) -> Response:
    """Take the ticked questions out of the inbox, and keep why."""

    def act(session: Session, questions: list[UnansweredQuestion]) -> str:
        note = plain_text(form.note)
        reason = chosen_reason(form.reason, note)
        for question in questions:
            dismiss(session, question, reason, note)
        left = "La pregunta salió" if len(questions) == 1 else f"{len(questions)} preguntas salieron"
        return f"{left} de la lista."

    return _done(request, need_id, form, act)


@router.post("/{need_id}/unir")
def merge(request: Request, member: Writer, need_id: RowId, form: Annotated[NeedForm, Form()]) -> Response:
    """Put the ticked questions into another need."""

    def act(session: Session, questions: list[UnansweredQuestion]) -> str:
        number = row_id(form.target)
        target = session.get(Need, number) if number and number != need_id and open_need(session, number) else None
        if target is None:
            raise EntryRefused("Elija la necesidad con la que se unen.")
        move_to_need(session, questions, target)
        return f"{_counted(questions)} a la otra necesidad."

    return _done(request, need_id, form, act, next_page=f"{NEEDS_PATH}/{row_id(form.target)}")


@router.post("/{need_id}/separar")
def split(request: Request, member: Writer, need_id: RowId, form: Annotated[NeedForm, Form()]) -> Response:
    """Begin another need with the ticked questions."""

    def act(session: Session, questions: list[UnansweredQuestion]) -> str:
        need = open_need(session, need_id)
        if need and len(questions) == len(need.questions):
            raise EntryRefused("Para separar, deje sin marcar las preguntas que se quedan en esta necesidad.")
        split_off(session, questions)
        return f"{_counted(questions, 'Se separó', 'Se separaron')} en otra necesidad."

    return _done(request, need_id, form, act, next_page=f"{NEEDS_PATH}/{need_id}")


def _done(request: Request, need_id: int, form: NeedForm, act: Action, *, next_page: str = INBOX_PATH) -> Response:
    """Do it to the ticked questions in one transaction, or show the page again with what stands against it."""
    try:
        with write_session() as session:
            questions = _ticked(session, need_id, form)
            notice = act(session, questions)
    except EntryRefused as refused:
        return _need_page(request, need_id, form=form, refused=refused)
    log.info("staff member %s: %s, need %s", request.state.member.id, request.url.path.rpartition("/")[2], need_id)
    leave_notice(request, notice)
    return RedirectResponse(next_page, HTTPStatus.SEE_OTHER)


def _ticked(session: Session, need_id: int, form: NeedForm) -> list[UnansweredQuestion]:
    """The ticked questions.

    Raises:
        EntryRefused: there is none.
        ChangedMeanwhile: one of them was dealt with, or moved to another need.
    """
    numbers = [number for text in dict.fromkeys(form.questions) if (number := row_id(text))]
    if not numbers:
        raise EntryRefused("Marque al menos una pregunta.")
    questions = locked_questions(session, numbers)
    if len(questions) < len(numbers) or any(
        question.state is not QuestionState.NEW or question.need_id != need_id for question in questions
    ):
        raise ChangedMeanwhile(
            "Mientras usted miraba, alguna de estas preguntas fue atendida o pasó a otra necesidad. Abajo están las "
            "que siguen por atender."
        )
    return questions


def _need_page(
    request: Request,
    need_id: int,
    *,
    form: NeedForm | None = None,
    refused: EntryRefused | None = None,
    ticked: set[str] | None = None,
) -> Response:
    with read_session() as session:
        if session.get(Need, need_id) is None:
            raise Refused(HTTPStatus.NOT_FOUND, "Esta necesidad no existe.")
        versions = {version.entry.slug: version for version in latest_versions(session)}
        need = open_need(session, need_id)
        nearest = nearest_labels(need.nearest(3), versions) if need else []
        form = form or NeedForm()
        return render(
            request,
            "questions/need.html",
            status=status_of(refused),
            messages=refused.messages if refused else (),
            need=need,
            notices=notices_in_words(notice_counts(session, questions_of_need(session, need_id))),
            form=form,
            ticked=set(form.questions) if refused and form.questions else ticked,
            nearest=nearest,
            versions_by_topic=by_topic(versions.values()),
            chosen=versions.get(form.slug) or next((near.version for near in nearest if near.version), None),
            others=[other for other in open_needs(session) if other.id != need_id],
        )


def _counted(questions: list[UnansweredQuestion], one: str = "Se sumó", many: str = "Se sumaron") -> str:
    return f"{one} una pregunta" if len(questions) == 1 else f"{many} {len(questions)} preguntas"
