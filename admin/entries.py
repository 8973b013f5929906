"""Entries: finding, reading and writing them."""

import logging
import unicodedata
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Member, Writer
from admin.entry_form import EntryForm, form_for_questions, form_for_version
from admin.entry_writing import continue_entry, open_question, start_entry
from admin.identifiers import PageNumber, RowId, Slug, row_id
from admin.pages import STAFF_PATH, leave_notice, render
from admin.paging import page_of
from admin.refusals import Refused, status_of
from consultame.contact import contact_placeholders
from consultame.database import now, read_session, write_session
from consultame.settings import load_settings
from kb.entries import EntryRefused, entry_by_slug, latest_versions, submit_for_review
from kb.feedback import entry_use, latest_comments
from kb.models import Entry, EntryVersion, Topic, VersionState
from kb.releases import live_release
from kb.unanswered import question_by_id

log = logging.getLogger(__name__)
ENTRIES_PATH = f"{STAFF_PATH}/entradas"
router = APIRouter(prefix=STAFF_PATH)

ENTRIES_PER_PAGE = 50
DAYS_OF_USE = 30
COMMENTS_SHOWN = 5


@router.get("/entradas")
def list_entries(
    request: Request, member: Member, buscar: str = "", tema: str = "", estado: str = "", page: PageNumber = 1
) -> Response:
    """The newest version of each entry, filtered."""
    with read_session() as session:
        found = [v for v in latest_versions(session) if _matches(v, words=buscar, topic=tema, state=estado)]
        return render(
            request,
            "entries/list.html",
            page=page_of(found, page, ENTRIES_PER_PAGE),
            live=_live_numbers(session),
            search=buscar,
            topic=tema,
            state=estado,
        )


@router.get("/entradas/{slug}")
def entry_page(request: Request, member: Member, slug: Slug) -> Response:
    """An entry: its newest version as citizens read it, and all versions."""
    with read_session() as session:
        entry = _entry(session, slug)
        return _version_page(request, session, entry, entry.versions[-1])


@router.get("/entradas/{slug}/versiones/{number}")
def version_page(request: Request, member: Member, slug: Slug, number: RowId) -> Response:
    """One version of an entry."""
    with read_session() as session:
        entry = _entry(session, slug)
        return _version_page(request, session, entry, _version(entry, number))


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
            submit_for_review(session, _version(_entry(session, slug), number), by=member)
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
    """Keep a new entry as a draft, or in review."""
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
        newest = _entry(session, slug).versions[-1]
        return _form_page(request, form_for_version(newest), newest=newest)


@router.post("/entradas/{slug}/editar")
def write_version(request: Request, member: Writer, slug: Slug, form: Annotated[EntryForm, Form()]) -> Response:
    """Keep a new version as a draft, or in review."""
    try:
        with write_session() as session:
            version = continue_entry(session, _entry(session, slug), form, member)
    except EntryRefused as refused:
        with read_session() as session:
            newest = _entry(session, slug).versions[-1]
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
    return render(
        request,
        "entries/form.html",
        status=status_of(refused),
        form=form,
        newest=newest,
        questions=questions,
        messages=refused.messages if refused else (),
        placeholders=contact_placeholders(load_settings(), "es"),
    )


def _version_page(request: Request, session: Session, entry: Entry, version: EntryVersion) -> Response:
    newest, since = entry.versions[-1], now() - timedelta(days=DAYS_OF_USE)
    return render(
        request,
        "entries/entry.html",
        entry=entry,
        version=version,
        newest=newest,
        live_number=_live_numbers(session).get(entry.id),
        days=DAYS_OF_USE,
        use=entry_use(session, entry.slug, since=since),
        comments=latest_comments(session, entry.slug, since=since, limit=COMMENTS_SHOWN),
    )


def _entry(session: Session, slug: str) -> Entry:
    entry = entry_by_slug(session, slug)
    if entry is None or not entry.versions:
        raise Refused(HTTPStatus.NOT_FOUND, f"No hay ninguna entrada con el identificador «{slug}».")
    return entry


def _version(entry: Entry, number: int) -> EntryVersion:
    for version in entry.versions:
        if version.number == number:
            return version
    raise Refused(HTTPStatus.NOT_FOUND, f"La entrada «{entry.slug}» no tiene versión {number}.")


def _live_numbers(session: Session) -> dict[int, int]:
    release = live_release(session)
    return {version.entry_id: version.number for version in release.versions} if release else {}


def _matches(version: EntryVersion, *, words: str, topic: str, state: str) -> bool:
    """Whether the version has the topic and state asked for, if any, and every word somewhere in its text."""
    if topic in set(Topic) and version.entry.topic != topic:
        return False
    if state in set(VersionState) and version.state != state:
        return False
    parts = (version.entry.slug, version.title, version.label, version.answer_es, *version.questions_es)
    text = _without_accents(" ".join(parts))
    return all(word in text for word in _without_accents(words).split())


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
