"""The list of cases: filtered, searched, one page after the other, and the searches a person keeps."""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import CaseHandler
from admin.case_search import CaseSearch, checked_cursor
from admin.entry_form import plain_text
from admin.identifiers import RowId
from admin.pages import STAFF_PATH, leave_notice, render
from admin.refusals import Refused
from consultame.database import now, read_session, write_session
from consultame.staff import StaffMember
from desk.cases.counting import MOST_COUNTED, count_cases, light_counts
from desk.cases.dependencies import dependency_names
from desk.cases.listing import CaseOrder, WrongCursor, cases_page
from desk.cases.saved_views import ViewRefused, drop_view, keep_view, saved_views
from desk.deadlines.business_calendar import local_moment

log = logging.getLogger(__name__)
CASES_PATH = f"{STAFF_PATH}/casos"
router = APIRouter(prefix=CASES_PATH)

CASES_PER_PAGE = 50


@router.get("")
def list_cases(
    request: Request,
    member: CaseHandler,
    search: Annotated[CaseSearch, Depends()],
    cursor: Annotated[str, Query(alias="sigue")] = "",
) -> Response:
    """The cases that match; open ones unless the address says otherwise."""
    return _list_page(request, member, search, cursor)


@router.post("/vistas")
def save_view(
    request: Request, member: CaseHandler, name: Annotated[str, Form()] = "", query: Annotated[str, Form()] = ""
) -> Response:
    """Keep a search under a name."""
    search = CaseSearch.of_query(query)
    search.filter()
    try:
        with write_session() as session:
            keep_view(session, member, name=plain_text(name), query=search.query)
    except ViewRefused as refused:
        return _list_page(request, member, search, "", message=str(refused), view_name=name)
    leave_notice(request, "La vista quedó guardada.")
    return RedirectResponse(f"{CASES_PATH}?{search.query}", HTTPStatus.SEE_OTHER)


@router.post("/vistas/{view_id}/borrar")
def delete_view(request: Request, member: CaseHandler, view_id: RowId) -> Response:
    """Delete one of one's own searches."""
    with write_session() as session:
        drop_view(session, member, view_id)
    leave_notice(request, "La vista se borró.")
    return RedirectResponse(CASES_PATH, HTTPStatus.SEE_OTHER)


def _list_page(
    request: Request, member: StaffMember, search: CaseSearch, cursor: str, *, message: str = "", view_name: str = ""
) -> Response:
    filters, after, today = search.filter(), checked_cursor(cursor), local_moment(now()).date()
    with read_session() as session:
        try:
            page = cases_page(
                session, filters=filters, today=today, after=after, limit=CASES_PER_PAGE, order=search.order
            )
        except WrongCursor:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "La página siguiente no se encuentra.") from None
        is_open = search.order is CaseOrder.DUE_FIRST
        return render(
            request,
            "cases/list.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
            messages=[message] if message else [],
            view_name=view_name,
            page=page,
            is_first=after is None,
            count=count_cases(session, filters=filters, today=today, open_only=is_open),
            most=MOST_COUNTED,
            lights=light_counts(session, filters=filters, today=today),
            search=search,
            dependencies=dependency_names(session),
            views=saved_views(session, member),
        )
