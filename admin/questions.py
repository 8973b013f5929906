"""The inbox of the curators, need by need, and the page of one question."""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Member, Writer
from admin.dismissal import chosen_reason
from admin.entry_form import plain_text
from admin.entry_writing import CitizenQuestion, add_questions, open_question
from admin.identifiers import PageNumber, RowId, row_id
from admin.live_counts import InboxCount
from admin.nearest_entries import by_topic, nearest_labels
from admin.need_merging import join_needs
from admin.notices import notice_of_question, notices_in_words
from admin.pages import STAFF_PATH, leave_notice, render
from admin.paging import page_of
from admin.refusals import Refused, status_of
from consultame.database import read_session, write_session
from kb.answer_requests import notice_counts, waiting_by_need
from kb.entries import EntryRefused, entry_by_slug, latest_versions
from kb.feedback import comment_on
from kb.need_sorting import place_by_words
from kb.open_needs import channels_of_open_questions, count_open_questions, open_needs
from kb.unanswered import dismiss, link_to_entry, question_by_id

log = logging.getLogger(__name__)
INBOX_PATH = f"{STAFF_PATH}/preguntas"
router = APIRouter(prefix=INBOX_PATH)

NEEDS_PER_PAGE = 25


@router.get("")
def inbox(request: Request, member: Member, canal: str = "", page: PageNumber = 1) -> Response:
    """The needs that wait for an answer, the most frequent first; those of one channel, if one is chosen."""
    place_by_words()
    return _inbox(request, canal, page)


@router.post("/unir")
def merge_needs(request: Request, member: Writer, needs: Annotated[list[str] | None, Form()] = None) -> Response:
    """Put the questions of all ticked needs into the first of them."""
    try:
        with write_session() as session:
            count = join_needs(session, [number for text in needs or [] if (number := row_id(text))])
    except EntryRefused as refused:
        return _inbox(request, "", 1, refused=refused)
    log.info("staff member %s merged %s needs", member.id, count)
    leave_notice(request, f"Se unieron {count} necesidades en una.")
    return RedirectResponse(INBOX_PATH, HTTPStatus.SEE_OTHER)


def _inbox(request: Request, canal: str, page: int, *, refused: EntryRefused | None = None) -> Response:
    with read_session() as session:
        channels = channels_of_open_questions(session)
        channel = canal if canal in channels else ""
        shown = page_of(open_needs(session, channel), page, NEEDS_PER_PAGE)
        versions = {version.entry.slug: version for version in latest_versions(session)}
        return render(
            request,
            "questions/inbox.html",
            status=status_of(refused),
            messages=refused.messages if refused else (),
            page=shown,
            nearest={need.id: nearest_labels(need.nearest(3), versions) for need in shown.items},
            count=InboxCount(shown.total, count_open_questions(session)),
            waiting=waiting_by_need(session),
            notices=notices_in_words(notice_counts(session)),
            unsorted=count_open_questions(session, without_need=True),
            channels=channels,
            channel=channel,
        )


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
            version = add_questions(session, entry, [typed], member)
            link_to_entry(session, question, entry)
    except EntryRefused as refused:
        return _question_page(request, question_id, refused=refused, slug=slug, typed=typed)
    log.info("staff member %s linked question %s to %s", member.id, question_id, slug)
    outcome = f"y su versión {version.number} quedó en revisión" if version else "que ya tenía esa pregunta"
    leave_notice(request, f"La pregunta se sumó a la entrada «{slug}», {outcome}.")
    return RedirectResponse(INBOX_PATH, HTTPStatus.SEE_OTHER)


@router.post("/{question_id}/descartar")
def set_aside(
    request: Request,
    member: Writer,
    question_id: RowId,
    reason: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Take a question that is not for this desk out of the inbox."""
    try:
        with write_session() as session:
            question = open_question(session, str(question_id))
            dismiss(session, question, chosen_reason(reason, note), plain_text(note))
    except EntryRefused as refused:
        return _question_page(request, question_id, refused=refused, reason=reason, note=note)
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
    reason: str = "",
    note: str = "",
) -> Response:
    with read_session() as session:
        question = question_by_id(session, question_id)
        if question is None:
            raise Refused(HTTPStatus.NOT_FOUND, "Esta pregunta no existe.")
        versions = {version.entry.slug: version for version in latest_versions(session)}
        nearest = nearest_labels(
            [(str(near["slug"]), float(near["confidence"])) for near in question.nearest], versions
        )
        return render(
            request,
            "questions/question.html",
            status=status_of(refused),
            messages=refused.messages if refused else (),
            question=question,
            told=notice_of_question(session, question_id),
            nearest=nearest,
            comment=comment_on(session, question.conversation_id, question.message_id),
            versions_by_topic=by_topic(versions.values()),
            chosen=versions.get(slug) or next((near.version for near in nearest if near.version), None),
            typed=typed or CitizenQuestion(question.text, is_english=False),
            reason=reason,
            note=note,
        )
