"""One case: what was asked, by whom, what happened, and what can be done now."""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Path
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import CaseHandler
from admin.case_actions import CaseAction, CaseForm, act
from admin.cases import CASES_PATH
from admin.pages import leave_notice, render
from admin.refusals import Refused
from consultame.database import now, read_session, write_session
from desk.cases.dependencies import dependency_names
from desk.cases.events import last_event_id
from desk.cases.handling import CaseChanged, CaseRefused, check_unchanged
from desk.cases.kinds import OPEN_STATES, CaseState
from desk.cases.limits import case_limits
from desk.cases.listing import case_by_radicado, days_left, light_of
from desk.cases.models import Case
from desk.deadlines.business_calendar import local_moment
from desk.radicado import radicados_in

log = logging.getLogger(__name__)
router = APIRouter(prefix=CASES_PATH)

RadicadoPath = Annotated[str, Path(pattern=r"^[123]-\d{4}-\d{6}$")]


@router.get("/{radicado}")
def case_page(request: Request, member: CaseHandler, radicado: RadicadoPath) -> Response:
    """The case with its timeline and the forms of what is possible."""
    return _case_page(request, radicado)


@router.post("/{radicado}/{action}")
def do_action(
    request: Request,
    member: CaseHandler,
    radicado: RadicadoPath,
    action: CaseAction,
    form: Annotated[CaseForm, Form()],
) -> Response:
    """Do one thing with the case, or say why it is not possible and keep what was typed."""
    try:
        with write_session() as session:
            case = _case(session, radicado)
            check_unchanged(session, case=case, last_event=form.last_event)
            notice = act(session, case, action, form, by=member.email)
    except CaseRefused as refused:
        return _case_page(request, radicado, refused=refused, action=action, form=form)
    log.info("staff member %s did %s with a case", member.id, action.name.lower())
    leave_notice(request, notice)
    return RedirectResponse(f"{CASES_PATH}/{radicado}", HTTPStatus.SEE_OTHER)


def _case_page(
    request: Request,
    radicado: str,
    *,
    refused: CaseRefused | None = None,
    action: CaseAction | None = None,
    form: CaseForm | None = None,
) -> Response:
    today = local_moment(now()).date()
    with read_session() as session:
        case = _case(session, radicado)
        return render(
            request,
            "cases/case.html",
            status=_status_of(refused),
            messages=[str(refused)] if refused else [],
            case=case,
            events=case.events,
            last_event=last_event_id(session, case),
            is_open=case.state in OPEN_STATES,
            is_waiting=case.state is CaseState.WAITING_FOR_CITIZEN,
            light=light_of(case, today),
            days_left=days_left(case, today),
            limits=case_limits(case),
            today=today,
            dependencies=[name for name in dependency_names(session) if name != case.dependency],
            opened=action,
            form=form or CaseForm(),
            CaseAction=CaseAction,
        )


def _status_of(refused: CaseRefused | None) -> HTTPStatus:
    if refused is None:
        return HTTPStatus.OK
    return HTTPStatus.CONFLICT if isinstance(refused, CaseChanged) else HTTPStatus.UNPROCESSABLE_ENTITY


def _case(session: Session, radicado: str) -> Case:
    found = radicados_in(radicado)
    case = case_by_radicado(session, found[0]) if found else None
    if case is None:
        raise Refused(HTTPStatus.NOT_FOUND, "Este caso no existe.")
    return case
