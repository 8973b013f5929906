"""Questions without an answer: the inbox of the curators."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Member, Writer
from admin.entry_form import plain_text
from admin.entry_writing import ChangedMeanwhile, CitizenQuestion, add_question, open_question
from admin.identifiers import PageNumber, RowId
from admin.pages import STAFF_PATH, leave_notice, render
from admin.paging import page_of
from admin.refusals import Refused
from consultame.database import read_session, write_session
from kb.entries import EntryRefused, entry_by_slug, latest_versions
from kb.feedback import comment_on
from kb.models import EntryVersion, Topic, UnansweredQuestion
from kb.unanswered import dismiss, link_to_entry, new_questions, question_by_id

log = logging.getLogger(__name__)
INBOX_PATH = f"{STAFF_PATH}/preguntas"
router = APIRouter(prefix=INBOX_PATH)

QUESTIONS_PER_PAGE = 25


@dataclass(frozen=True)
class Nearest:
    """A label the assistant thought of: an entry, or a task, which has no version."""

    slug: str
    confidence: float
    version: EntryVersion | None

    @property
    def task(self) -> str:
        """The name of a task in words: its technical name is Spanish."""
        return f"Tarea «{self.slug.replace('_', ' ')}»"


@router.get("")
def inbox(request: Request, member: Member, page: PageNumber = 1) -> Response:
    """The questions nobody has dealt with, newest first."""
    with read_session() as session:
        shown = page_of(new_questions(session), page, QUESTIONS_PER_PAGE)
        versions = {version.entry.slug: version for version in latest_versions(session)}
        nearest = {question.id: _nearest(question, versions) for question in shown.items}
        return render(request, "questions/inbox.html", page=shown, nearest=nearest)


@router.get("/{question_id}")
def question_page(request: Request, member: Member, question_id: RowId) -> Response:
    """One question with what surrounds it and what can be done about it."""
    return _question_page(request, question_id)


@router.post("/{question_id}/vincular")
def link(
    request: Request,
    member: Writer,
    question_id: RowId,
    slug: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "es",
) -> Response:
    """Say that an entry answers the question already, and teach that entry the question."""
    typed = CitizenQuestion(plain_text(text), is_english=language == "en")
    try:
        with write_session() as session:
            question = open_question(session, str(question_id))
            entry = entry_by_slug(session, slug.replace("\0", "")) if slug else None
            if entry is None:
                raise EntryRefused("Elija la entrada que responde esta pregunta.")
            version = add_question(session, entry, typed, member)
            link_to_entry(session, question, entry)
    except EntryRefused as refused:
        return _question_page(request, question_id, refused=refused, slug=slug, typed=typed)
    log.info("staff member %s linked question %s to %s", member.id, question_id, slug)
    outcome = f"y su versión {version.number} quedó en revisión" if version else "que ya tenía esa pregunta"
    leave_notice(request, f"La pregunta se sumó a la entrada «{slug}», {outcome}.")
    return RedirectResponse(INBOX_PATH, HTTPStatus.SEE_OTHER)


@router.post("/{question_id}/descartar")
def set_aside(request: Request, member: Writer, question_id: RowId) -> Response:
    """Take a question that is not for this desk out of the inbox."""
    try:
        with write_session() as session:
            dismiss(session, open_question(session, str(question_id)))
    except EntryRefused as refused:
        return _question_page(request, question_id, refused=refused)
    log.info("staff member %s dismissed question %s", member.id, question_id)
    leave_notice(request, "La pregunta salió de la lista.")
    return RedirectResponse(INBOX_PATH, HTTPStatus.SEE_OTHER)


def _question_page(
    request: Request,
    question_id: int,
    *,
    refused: EntryRefused | None = None,
    slug: str = "",
    typed: CitizenQuestion | None = None,
) -> Response:
    with read_session() as session:
        question = question_by_id(session, question_id)
        if question is None:
            raise Refused(HTTPStatus.NOT_FOUND, "Esta pregunta no existe.")
        versions = {version.entry.slug: version for version in latest_versions(session)}
        nearest = _nearest(question, versions)
        return render(
            request,
            "questions/question.html",
            status=_status(refused),
            messages=refused.messages if refused else (),
            question=question,
            nearest=nearest,
            comment=comment_on(session, question.conversation_id, question.message_id),
            versions_by_topic=_by_topic(versions.values()),
            chosen=versions.get(slug) or next((near.version for near in nearest if near.version), None),
            typed=typed or CitizenQuestion(question.text, is_english=False),
        )


def _status(refused: EntryRefused | None) -> HTTPStatus:
    if refused is None:
        return HTTPStatus.OK
    return HTTPStatus.CONFLICT if isinstance(refused, ChangedMeanwhile) else HTTPStatus.UNPROCESSABLE_ENTITY


def _nearest(question: UnansweredQuestion, versions: dict[str, EntryVersion]) -> list[Nearest]:
    return [
        Nearest(str(near["slug"]), float(near["confidence"]), versions.get(str(near["slug"])))
        for near in question.nearest
    ]


def _by_topic(versions: Iterable[EntryVersion]) -> dict[Topic, list[EntryVersion]]:
    grouped: dict[Topic, list[EntryVersion]] = {}
    for version in versions:
        grouped.setdefault(version.entry.topic, []).append(version)
    return grouped
