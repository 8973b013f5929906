"""Taking an entry out of service, and bringing it back."""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Reviewer
from admin.entry_form import plain_text
from admin.entry_page import ENTRIES_PATH, entry_named, version_page
from admin.identifiers import Slug
from admin.pages import leave_notice
from consultame.database import read_session, write_session
from kb.entries import EntryRefused
from kb.retirement import bring_back, retire

log = logging.getLogger(__name__)
router = APIRouter(prefix=ENTRIES_PATH)


@router.post("/{slug}/retirar")
def retire_entry(request: Request, member: Reviewer, slug: Slug, reason: Annotated[str, Form()] = "") -> Response:
    """Leave the entry out of the next publication."""
    reason = plain_text(reason)
    try:
        with write_session() as session:
            retire(session, entry_named(session, slug), by=member, reason=reason)
    except EntryRefused as refused:
        with read_session() as session:
            entry = entry_named(session, slug)
            return version_page(request, session, entry, entry.versions[-1], refused=refused, reason=reason)
    log.info("staff member %s retired %s", member.id, slug)
    leave_notice(request, "La entrada está retirada. Deja de responderse con la próxima publicación.")
    return RedirectResponse(f"{ENTRIES_PATH}/{slug}", HTTPStatus.SEE_OTHER)


@router.post("/{slug}/reponer")
def bring_entry_back(request: Request, member: Reviewer, slug: Slug) -> Response:
    """Let the next publication hold it again."""
    try:
        with write_session() as session:
            bring_back(session, entry_named(session, slug), by=member)
    except EntryRefused as refused:
        with read_session() as session:
            entry = entry_named(session, slug)
            return version_page(request, session, entry, entry.versions[-1], refused=refused)
    log.info("staff member %s brought %s back", member.id, slug)
    leave_notice(request, "La entrada ya no está retirada. Vuelve a responderse con la próxima publicación.")
    return RedirectResponse(f"{ENTRIES_PATH}/{slug}", HTTPStatus.SEE_OTHER)
