"""Entries: finding, reading and writing them."""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Member, Writer
from admin.entry_form import EntryForm, form_for_questions, form_for_version
from admin.entry_list import EntrySearch, list_of_entries
from admin.entry_page import ENTRIES_PATH, entry_named, version_numbered, version_page
from admin.entry_preview import form_preview, taken_questions
from admin.entry_writing import continue_entry, open_question, start_entry
from admin.identifiers import PageNumber, RowId, Slug, row_id
from admin.pages import STAFF_PATH, leave_notice, render
from admin.paging import page_of
from admin.refusals import Refused, status_of
from consultame.contact import contact_placeholders
from consultame.database import read_session, write_session
from consultame.settings import load_settings
from kb.entries import EntryRefused, entry_by_slug, submit_for_review
from kb.models import EntryVersion, VersionState
from kb.unanswered import question_by_id

log = logging.getLogger(__name__)
router = APIRouter(prefix=STAFF_PATH)

ENTRIES_PER_PAGE = 50


@router.get("/entradas")
def list_entries(
    request: Request, member: Member, search: Annotated[EntrySearch, Depends()], page: PageNumber = 1
) -> Response:
    """The newest version of each entry, filtered."""
    with read_session() as session:
        found = list_of_entries(session, search, member)
        return render(
            request,
            "entries/list.html",
            page=page_of(found.rows, page, ENTRIES_PER_PAGE),
            running_out=found.running_out,
            own_tasks=found.own_tasks,
            search=search,
        )


@router.get("/entradas/{slug}")
def entry_page(request: Request, member: Member, slug: Slug) -> Response:
    """An entry: its newest version as citizens read it, and all versions."""
    with read_session() as session:
        entry = entry_named(session, slug)
        return version_page(request, session, entry, entry.versions[-1])


@router.get("/entradas/{slug}/versiones/{number}")
def one_version(request: Request, member: Member, slug: Slug, number: RowId) -> Response:
    """One version of an entry."""
    with read_session() as session:
        entry = entry_named(session, slug)
        return version_page(request, session, entry, version_numbered(entry, number))


@router.get("/resumen-de-entrada")
def entry_summary(request: Request, member: Member, slug: str = "") -> Response:
    """The answer of one entry, as a fragment for the question page."""
    with read_session() as session:
        entry = entry_by_slug(session, slug.replace("\0", ""))
        return render(request, "entries/summary.html", version=entry.versions[-1] if entry else None)


@router.post("/entradas/{slug}/versiones/{number}/enviar")
def submit(request: Request, member: Writer, slug: Slug, number: RowId) -> Response:
    """Offer one's own draft to the approvers."""
    try:
        with write_session() as session:
            submit_for_review(session, version_numbered(entry_named(session, slug), number), by=member)
    except EntryRefused as refused:
        raise Refused(HTTPStatus.CONFLICT, str(refused)) from None
    log.info("staff member %s submitted %s version %s", member.id, slug, number)
    leave_notice(request, f"La versión {number} quedó en revisión.")
    return RedirectResponse(f"{ENTRIES_PATH}/{slug}", HTTPStatus.SEE_OTHER)


@router.get("/nueva-entrada")
def new_entry_form(request: Request, member: Writer, pregunta: str = "") -> Response:
    """An empty form, or one that starts from citizens' questions, their numbers with commas between them."""
    try:
        with read_session() as session:
            form = form_for_questions([open_question(session, number) for number in pregunta.split(",") if number])
    except EntryRefused as refused:
        raise Refused(status_of(refused), str(refused)) from None
    return _form_page(request, form)


@router.post("/nueva-entrada")
def write_entry(request: Request, member: Writer, form: Annotated[EntryForm, Form()]) -> Response:
    """Keep a new entry as a draft, or in review; or show how it will look."""
    if form.wants_preview:
        return _form_page(request, form)
    try:
        with write_session() as session:
            version = start_entry(session, form, member)
            slug = version.entry.slug
    except EntryRefused as refused:
        return _form_page(request, form, refused=refused)
    log.info("staff member %s wrote entry %s", member.id, slug)
    return _saved(request, slug, version)


@router.get("/entradas/{slug}/editar")
def edit_form(request: Request, member: Writer, slug: Slug) -> Response:
    """The form, filled with the newest version."""
    with read_session() as session:
        newest = entry_named(session, slug).versions[-1]
        return _form_page(request, form_for_version(newest), newest=newest)


@router.post("/entradas/{slug}/editar")
def write_version(request: Request, member: Writer, slug: Slug, form: Annotated[EntryForm, Form()]) -> Response:
    """Keep a new version as a draft, or in review; or show how it will look."""
    if form.wants_preview:
        with read_session() as session:
            return _form_page(request, form, newest=entry_named(session, slug).versions[-1])
    try:
        with write_session() as session:
            version = continue_entry(session, entry_named(session, slug), form, member)
    except EntryRefused as refused:
        with read_session() as session:
            newest = entry_named(session, slug).versions[-1]
            form = form.model_copy(update={"base_number": str(newest.number), "slug": slug})
            return _form_page(request, form, newest=newest, refused=refused)
    log.info("staff member %s wrote %s version %s", member.id, slug, version.number)
    return _saved(request, slug, version)


def _saved(request: Request, slug: str, version: EntryVersion) -> Response:
    outcome = "quedó en revisión" if version.state is VersionState.IN_REVIEW else "se guardó como borrador"
    leave_notice(request, f"La versión {version.number} {outcome}.")
    return RedirectResponse(f"{ENTRIES_PATH}/{slug}", HTTPStatus.SEE_OTHER)


def _form_page(
    request: Request, form: EntryForm, *, newest: EntryVersion | None = None, refused: EntryRefused | None = None
) -> Response:
    with read_session() as session:
        numbers = [row_id(number) for number in form.question_ids.split(",")]
        questions = [question for number in numbers if number and (question := question_by_id(session, number))]
        typed = [*form.questions_es.splitlines(), *form.questions_en.splitlines()]
        taken = taken_questions(session, typed, form.slug) if form.wants_preview else None
    return render(
        request,
        "entries/form.html",
        status=status_of(refused),
        form=form,
        newest=newest,
        questions=questions,
        preview=form_preview(form),
        taken=taken,
        messages=refused.messages if refused else (),
        placeholders=contact_placeholders(load_settings(), "es"),
    )
