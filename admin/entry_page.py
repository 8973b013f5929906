"""The page of one entry: a version as citizens read it, how it stands, how it fares, and all its versions."""

from datetime import timedelta
from http import HTTPStatus

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from admin.differences import question_differences, text_differences
from admin.entry_list import live_numbers
from admin.pages import STAFF_PATH, render
from admin.refusals import Refused, status_of
from consultame.database import now
from kb.entries import EntryRefused, entry_by_slug
from kb.expiry import notices_of, responsible_curator
from kb.feedback import entry_use, latest_comments
from kb.models import Entry, EntryVersion
from kb.retirement import LONGEST_REASON
from kb.validity import validity

ENTRIES_PATH = f"{STAFF_PATH}/entradas"
DAYS_OF_USE = 30
COMMENTS_SHOWN = 5


def version_page(
    request: Request,
    session: Session,
    entry: Entry,
    version: EntryVersion,
    *,
    refused: EntryRefused | None = None,
    reason: str = "",
) -> Response:
    """The page, on demand with what stands against retiring the entry and the reason that was typed."""
    former = next((other for other in reversed(entry.versions) if other.number < version.number), None)
    since = now() - timedelta(days=DAYS_OF_USE)
    return render(
        request,
        "entries/entry.html",
        status=status_of(refused),
        messages=refused.messages if refused else (),
        reason=reason,
        longest_reason=LONGEST_REASON,
        entry=entry,
        version=version,
        newest=entry.versions[-1],
        live_number=live_numbers(session).get(entry.id),
        validity=validity(version),
        curator=responsible_curator(version),
        notices=notices_of(session, version),
        former=former,
        texts=text_differences(former, version) if former else [],
        questions=question_differences(former, version) if former else [],
        days=DAYS_OF_USE,
        use=entry_use(session, entry.slug, since=since),
        comments=latest_comments(session, entry.slug, since=since, limit=COMMENTS_SHOWN),
    )


def entry_named(session: Session, slug: str) -> Entry:
    """The entry with its versions, of which there is one at least.

    Raises:
        Refused: there is none.
    """
    entry = entry_by_slug(session, slug)
    if entry is None or not entry.versions:
        raise Refused(HTTPStatus.NOT_FOUND, f"No hay ninguna entrada con el identificador «{slug}».")
    return entry


def version_numbered(entry: Entry, number: int) -> EntryVersion:
    """The version of this number.

    Raises:
        Refused: there is none.
    """
    for version in entry.versions:
        if version.number == number:
            return version
    raise Refused(HTTPStatus.NOT_FOUND, f"La entrada «{entry.slug}» no tiene versión {number}.")
