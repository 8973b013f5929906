"""The first screen: what waits for whom."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from admin.access import Member, Permission, may
from admin.pages import STAFF_PATH, render
from admin.pending_changes import pending_changes
from consultame.database import read_session
from kb.entries import versions_in_review
from kb.expiry import running_out, tasks_of
from kb.need_sorting import place_by_words
from kb.open_needs import count_open_needs, count_open_questions
from kb.publishing import latest_publications
from kb.releases import live_release

router = APIRouter(prefix=STAFF_PATH)


@router.get("/")
def start(request: Request, member: Member) -> Response:
    """Figures, each a link to its screen."""
    place_by_words()
    with read_session() as session:
        publication = next(iter(latest_publications(session, 1)), None)
        return render(
            request,
            "start.html",
            needs=count_open_needs(session),
            questions=count_open_questions(session),
            waiting=len(versions_in_review(session)),
            pending=len(pending_changes(session)),
            release=live_release(session),
            expiring=tasks_of(member, running_out(session)) if may(member, Permission.WRITE) else [],
            publication=publication,
        )
