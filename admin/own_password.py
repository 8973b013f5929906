"""Changing one's own password."""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import PASSWORD_PATH, Member, came_from_provider, open_session
from admin.pages import STAFF_PATH, leave_notice, render
from admin.sign_in_limits import SignInLimits
from admin.wording import ACCOUNT_PROBLEMS
from consultame.database import write_session
from consultame.staff import AccountProblem, StaffError, StaffMember, change_password

log = logging.getLogger(__name__)
router = APIRouter()

_DIFFERENT = "Las dos contraseñas nuevas no son iguales."
_TOO_MANY = "Hubo demasiados intentos fallidos. Espere {minutes} minutos y vuelva a intentarlo."


@router.get(PASSWORD_PATH)
def show_form(request: Request, member: Member) -> Response:
    """The form."""
    return _form(request)


@router.post(PASSWORD_PATH)
def change(
    request: Request,
    member: Member,
    present: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    repeated: Annotated[str, Form()] = "",
) -> Response:
    """Change the password; this browser stays signed in, every other one is signed out."""
    if new != repeated:
        return _form(request, _DIFFERENT)
    limits: SignInLimits = request.app.state.sign_in_limits
    address = request.client.host if request.client else ""
    if minutes := limits.minutes_to_wait(member.email, address):
        return _form(request, _TOO_MANY.format(minutes=minutes), HTTPStatus.TOO_MANY_REQUESTS)
    try:
        with write_session() as session:
            stored = session.get_one(StaffMember, member.id)
            change_password(session, stored, present=present, new=new)
    except StaffError as refused:
        if refused.problem is AccountProblem.WRONG_PASSWORD:
            limits.failed(address)
        else:
            limits.succeeded(member.email)
        return _form(request, ACCOUNT_PROBLEMS[refused.problem])
    limits.succeeded(member.email)
    open_session(request, stored, by_provider=came_from_provider(request))
    log.info("staff member %s changed the password", member.id)
    leave_notice(request, "Cambió su contraseña. Las sesiones abiertas en otros equipos se cerraron.")
    return RedirectResponse(f"{STAFF_PATH}/", HTTPStatus.SEE_OTHER)


def _form(request: Request, message: str = "", status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> Response:
    return render(
        request,
        "own_password.html",
        status=status if message else HTTPStatus.OK,
        messages=[message] if message else [],
        came_from_provider=came_from_provider(request),
    )
