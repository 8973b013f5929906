"""Reviews: somebody other than the author reads, then approves or returns."""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Member, Reviewer
from admin.differences import question_differences, text_differences
from admin.entry_form import plain_text
from admin.identifiers import RowId
from admin.pages import STAFF_PATH, leave_notice, render
from admin.refusals import Refused
from consultame.database import read_session, write_session
from consultame.staff import StaffMember
from kb.entries import (
    EntryRefused,
    approve,
    newest_approved_versions,
    return_to_author,
    version_by_id,
    versions_in_review,
)
from kb.models import EntryVersion

log = logging.getLogger(__name__)
REVIEWS_PATH = f"{STAFF_PATH}/revisiones"
router = APIRouter(prefix=REVIEWS_PATH)


@router.get("")
def waiting(request: Request, member: Member) -> Response:
    """What waits for an approver, oldest first."""
    with read_session() as session:
        known = {version.entry_id for version in newest_approved_versions(session)}
        return render(request, "reviews/waiting.html", versions=versions_in_review(session), known=known)


@router.get("/{version_id}")
def review_page(request: Request, member: Member, version_id: RowId) -> Response:
    """Everything that is to be approved, with what changes."""
    return _review_page(request, member, version_id)


@router.post("/{version_id}/aprobar")
def approve_version(request: Request, member: Reviewer, version_id: RowId) -> Response:
    """Approve; the text goes into service with the next publication."""
    try:
        with write_session() as session:
            version = _version(session, version_id)
            approve(session, version, by=member)
    except EntryRefused as refused:
        return _review_page(request, member, version_id, refused=refused)
    log.info("staff member %s approved version %s", member.id, version_id)
    leave_notice(
        request,
        f"Aprobó la versión {version.number} de «{version.title}». Entrará en servicio con la próxima publicación.",
    )
    return RedirectResponse(REVIEWS_PATH, HTTPStatus.SEE_OTHER)


@router.post("/{version_id}/devolver")
def return_version(
    request: Request, member: Reviewer, version_id: RowId, comment: Annotated[str, Form()] = ""
) -> Response:
    """Send the version back to its author with a comment."""
    comment = plain_text(comment)
    try:
        with write_session() as session:
            version = _version(session, version_id)
            return_to_author(session, version, by=member, comment=comment)
    except EntryRefused as refused:
        return _review_page(request, member, version_id, refused=refused, comment=comment)
    log.info("staff member %s returned version %s", member.id, version_id)
    leave_notice(request, f"Devolvió la versión {version.number} de «{version.title}» a {version.author.name}.")
    return RedirectResponse(REVIEWS_PATH, HTTPStatus.SEE_OTHER)


def _review_page(
    request: Request,
    member: StaffMember,
    version_id: int,
    *,
    refused: EntryRefused | None = None,
    comment: str | None = None,
) -> Response:
    with read_session() as session:
        version = _version(session, version_id)
        former = {v.entry_id: v for v in newest_approved_versions(session)}.get(version.entry_id)
        former = None if former is not None and former.id == version.id else former
        return render(
            request,
            "reviews/review.html",
            status=_status(refused, comment),
            messages=refused.messages if refused else (),
            version=version,
            former=former,
            texts=text_differences(former, version) if former else [],
            questions=question_differences(former, version) if former else [],
            is_author=version.author_id == member.id,
            is_outdated=former is not None and former.number > version.number,
            comment=comment or "",
        )


def _status(refused: EntryRefused | None, comment: str | None) -> HTTPStatus:
    if refused is None:
        return HTTPStatus.OK
    forgot_comment = comment is not None and not comment.strip()
    return HTTPStatus.UNPROCESSABLE_ENTITY if forgot_comment else HTTPStatus.CONFLICT


def _version(session: Session, version_id: int) -> EntryVersion:
    version = version_by_id(session, version_id)
    if version is None:
        raise Refused(HTTPStatus.NOT_FOUND, "Esta versión no existe.")
    return version
