"""Signing in and out."""

import logging
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import (
    PASSWORD_PATH,
    PasswordChangeRequired,
    SignInRequired,
    came_from_provider,
    open_session,
    signed_in_member,
)
from admin.pages import STAFF_PATH, leave_notice, render
from admin.sign_in_limits import SignInLimits
from consultame.audit import Action, SubjectKind, current_actor, record
from consultame.database import read_session, write_session
from consultame.oidc_accounts import passwords_are_accepted
from consultame.staff import authenticate, staff_member_by_email

log = logging.getLogger(__name__)
router = APIRouter(prefix=STAFF_PATH)

SIGN_IN_PATH = f"{STAFF_PATH}/ingresar"
START_PATH = f"{STAFF_PATH}/"
# Why a sign-in was refused, as the audit log keeps it.
PASSWORDS_CLOSED = "passwords_closed"
_LONGEST_EMAIL = 254
_WRONG = "El correo o la contraseña no son correctos."
_PASSWORDS_CLOSED = "Aquí ya no se ingresa con contraseña. Use su cuenta institucional."
_SIGNED_OUT = "Cerró la sesión."
_SIGNED_OUT_HERE = "Cerró la sesión aquí. En un equipo compartido, cierre también la de su cuenta institucional."


@router.get("/ingresar")
def show_form(request: Request, next: str = "") -> Response:
    """The form; whoever is signed in goes on."""
    try:
        signed_in_member(request)
    except SignInRequired:
        return sign_in_page(request, next=next)
    except PasswordChangeRequired:
        return RedirectResponse(PASSWORD_PATH, HTTPStatus.SEE_OTHER)
    return RedirectResponse(local_path(next), HTTPStatus.SEE_OTHER)


@router.post("/ingresar")
def sign_in(
    request: Request,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    """Open a session, or say why not."""
    limits: SignInLimits = request.app.state.sign_in_limits
    email = email.strip().lower()[:_LONGEST_EMAIL].replace("\0", "")
    address = request.client.host if request.client else ""
    if minutes := limits.minutes_to_wait(email, address):
        log.warning("sign-in refused: too many attempts from %s", address)
        if limits.is_first_refusal(email, address):
            record_refusal(Action.SIGN_IN_LOCKED_OUT, email)
        return too_many_attempts(request, minutes, email=email, next=next)
    with read_session() as session:
        accepted = passwords_are_accepted(session)
        member = authenticate(session, email=email, password=password) if accepted else None
    if not accepted:
        limits.failed(address)
        record_refusal(Action.SIGN_IN_FAILED, email, reason=PASSWORDS_CLOSED)
        return sign_in_page(request, status=HTTPStatus.FORBIDDEN, message=_PASSWORDS_CLOSED, next=next)
    if member is None:
        limits.failed(address)
        record_refusal(Action.SIGN_IN_FAILED, email)
        log.info("sign-in failed from %s", address)
        return sign_in_page(request, status=HTTPStatus.UNAUTHORIZED, message=_WRONG, email=email, next=next)
    limits.succeeded(email)
    open_session(request, member)
    with write_session() as session:
        record(session, Action.SIGN_IN_SUCCEEDED, SubjectKind.ACCOUNT, member.email, by=member)
    log.info("staff member %s signed in", member.id)
    return RedirectResponse(local_path(next), HTTPStatus.SEE_OTHER)


@router.post("/salir")
def sign_out(request: Request) -> Response:
    """End the session."""
    with suppress(SignInRequired, PasswordChangeRequired):
        signed_in_member(request)
    actor = current_actor()
    if actor.staff_id is not None:
        with write_session() as session:
            record(session, Action.SIGNED_OUT, SubjectKind.ACCOUNT, actor.name)
    notice = _SIGNED_OUT_HERE if came_from_provider(request) else _SIGNED_OUT
    request.session.clear()
    leave_notice(request, notice)
    return RedirectResponse(SIGN_IN_PATH, HTTPStatus.SEE_OTHER)


def record_refusal(action: Action, email: str, *, reason: str = "") -> None:
    """Note that nobody was let in.

    An address without account is not kept: it may be a password typed into the wrong field.
    """
    detail = {"reason": reason} if reason else {}
    with write_session() as session:
        known = staff_member_by_email(session, email)
        record(session, action, SubjectKind.ACCOUNT, known.email if known else "", by=None, **detail)


def local_path(path: str) -> str:
    """The path when it is one of the staff screens, else the start: no redirect leads to another site."""
    is_ours = path == STAFF_PATH or path.startswith(START_PATH)
    return path if is_ours and path.isprintable() and "\\" not in path else START_PATH


def sign_in_address(request: Request) -> str:
    """Where to send somebody who has to sign in first; a page that can be opened again is come back to."""
    if request.method != "GET" or "hx-request" in request.headers or request.url.path == START_PATH:
        return SIGN_IN_PATH
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"{SIGN_IN_PATH}?{urlencode({'next': wanted})}"


def too_many_attempts(request: Request, minutes: int, *, email: str = "", next: str = "") -> Response:
    """The sign-in page, which says how long to wait."""
    wait = "un minuto" if minutes == 1 else f"{minutes} minutos"
    answer = sign_in_page(
        request,
        status=HTTPStatus.TOO_MANY_REQUESTS,
        message=f"Hubo demasiados intentos fallidos. Espere {wait} y vuelva a intentarlo.",
        email=email,
        next=next,
    )
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer


def sign_in_page(
    request: Request, *, status: int = 200, message: str = "", email: str = "", next: str = ""
) -> Response:
    """The form, or the way to the provider, or both."""
    with read_session() as session:
        accepted = passwords_are_accepted(session)
    return render(
        request,
        "sign_in.html",
        status=status,
        message=message,
        email=email,
        next=next,
        passwords_are_accepted=accepted,
    )
