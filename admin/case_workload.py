"""How many cases each dependency has, how late they are, and who hears of it."""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Administrator, CaseHandler
from admin.cases import CASES_PATH
from admin.entry_form import plain_text
from admin.pages import leave_notice, render
from consultame.database import now, read_session, write_session
from desk.cases.dependencies import DependencyRefused, dependencies, keep_dependency
from desk.cases.listing import workload
from desk.deadlines.business_calendar import local_moment

log = logging.getLogger(__name__)
WORKLOAD_PATH = f"{CASES_PATH}/dependencias"
router = APIRouter(prefix=WORKLOAD_PATH)


@router.get("")
def workload_page(request: Request, member: CaseHandler) -> Response:
    """Every dependency with its open cases; administrators give their addresses."""
    return _page(request)


@router.post("")
def set_dependency(
    request: Request, member: Administrator, name: Annotated[str, Form()] = "", email: Annotated[str, Form()] = ""
) -> Response:
    """Add a dependency or change its address."""
    try:
        with write_session() as session:
            keep_dependency(session, name=plain_text(name), email=plain_text(email))
    except DependencyRefused as refused:
        return _page(request, message=str(refused), name=name, email=email)
    log.info("staff member %s changed a dependency", member.id)
    leave_notice(request, "La dependencia quedó guardada.")
    return RedirectResponse(WORKLOAD_PATH, HTTPStatus.SEE_OTHER)


def _page(request: Request, *, message: str = "", name: str = "", email: str = "") -> Response:
    with read_session() as session:
        loads = workload(session, today=local_moment(now()).date())
        known = dependencies(session)
        busy = {load.dependency for load in loads}
        return render(
            request,
            "cases/workload.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
            messages=[message] if message else [],
            loads=loads,
            idle=[each for each in known if each.name not in busy],
            addresses={each.name: each.email for each in known},
            typed={"name": name, "email": email},
        )
