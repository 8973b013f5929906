"""The first screen: what waits for whom."""

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from admin.access import Member, Permission, may
from admin.pages import STAFF_PATH, render
from admin.pending_changes import pending_changes
from consultame.database import now, read_session
from consultame.staff import StaffMember
from desk.cases.counting import light_counts
from desk.cases.listing import CaseFilter, CaseOrder, CaseRow, Light, cases_page
from desk.deadlines.business_calendar import local_moment
from kb.entries import versions_in_review
from kb.expiry import running_out, tasks_of
from kb.need_sorting import place_by_words
from kb.open_needs import count_open_needs, count_open_questions
from kb.publishing import latest_publications
from kb.releases import live_release

CASES_SHOWN = 8
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
            due_soon=_due_soon(session, member),
        )


@dataclass(frozen=True)
class DueSoon:
    """The open cases with two business days left or fewer, and how many are overdue."""

    rows: list[CaseRow]
    red: int
    overdue: int


def _due_soon(session: Session, member: StaffMember) -> DueSoon | None:
    """None for those who do not handle cases."""
    if not may(member, Permission.HANDLE_CASES):
        return None
    today = local_moment(now()).date()
    counts = light_counts(session, filters=CaseFilter(), today=today)
    red = CaseFilter(light=Light.RED)
    page = cases_page(session, filters=red, today=today, limit=CASES_SHOWN, order=CaseOrder.DUE_FIRST)
    return DueSoon(page.rows, counts[Light.RED], counts[Light.OVERDUE])
