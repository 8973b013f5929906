"""How much waits, in the navigation of every page, kept up to date while the page is open."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from admin.access import Member
from admin.pages import STAFF_PATH, live_counts, render
from consultame.database import read_session
from kb.open_needs import channels_of_open_questions, count_open_questions, open_needs

router = APIRouter(prefix=STAFF_PATH)


@dataclass(frozen=True)
class InboxCount:
    """How many needs and questions wait in one channel, or in all."""

    needs: int
    questions: int

    @property
    def mark(self) -> str:
        """Changes whenever the count does."""
        return f"{self.needs}-{self.questions}"


@router.get("/contadores")
def counts(request: Request, member: Member, visto: str = "") -> Response:
    """The counts of the navigation; 204 while they are what the page shows already."""
    if live_counts().mark == visto:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return render(request, "live_counts.html", changed=True)


@router.get("/preguntas/cuenta")
def inbox_count(request: Request, member: Member, canal: str = "", visto: str = "") -> Response:
    """How many needs and questions wait, as a fragment; 204 while the page shows just that."""
    with read_session() as session:
        channel = canal if canal in channels_of_open_questions(session) else ""
        count = InboxCount(len(open_needs(session, channel)), count_open_questions(session))
    if count.mark == visto:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return render(request, "questions/count.html", count=count, channel=channel, changed=True)
