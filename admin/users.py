"""Staff accounts: who they are, what they may do, and whether they may sign in. For administrators."""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Administrator
from admin.entry_form import plain_text
from admin.identifiers import RowId
from admin.pages import STAFF_PATH, leave_notice, render
from admin.refusals import Refused
from admin.wording import ACCOUNT_PROBLEMS, ROLES
from consultame.database import read_session, write_session
from consultame.staff import (
    Role,
    StaffError,
    StaffMember,
    add_with_temporary_password,
    change_role,
    deactivate,
    reactivate,
    reset_password,
    staff_members,
)

log = logging.getLogger(__name__)
USERS_PATH = f"{STAFF_PATH}/usuarios"
router = APIRouter(prefix=USERS_PATH)


@router.get("")
def list_users(request: Request, member: Administrator) -> Response:
    """Every account, and the form for a new one."""
    return _list_page(request)


@router.post("")
def add_user(
    request: Request,
    member: Administrator,
    email: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
) -> Response:
    """Add an account and show its temporary password, this once."""
    typed = {"email": plain_text(email), "name": plain_text(name), "role": role}
    if role not in set(Role):
        return _list_page(request, message="Elija un rol.", typed=typed)
    try:
        with write_session() as session:
            added, password = add_with_temporary_password(
                session, email=typed["email"], name=typed["name"], role=Role(role)
            )
    except StaffError as refused:
        return _list_page(request, message=ACCOUNT_PROBLEMS[refused.problem], typed=typed)
    log.info("staff member %s added staff member %s", member.id, added.id)
    return _password_page(request, added, password)


@router.get("/{user_id}")
def user_page(request: Request, member: Administrator, user_id: RowId) -> Response:
    """One account and what can be done about it."""
    return _user_page(request, user_id)


@router.post("/{user_id}/rol")
def set_role(request: Request, member: Administrator, user_id: RowId, role: Annotated[str, Form()] = "") -> Response:
    """Give the account another role."""
    if role not in set(Role):
        return _user_page(request, user_id, message="Elija un rol.")
    try:
        with write_session() as session:
            user = _user(session, user_id)
            change_role(session, user, Role(role), by=member)
    except StaffError as refused:
        return _user_page(request, user_id, message=ACCOUNT_PROBLEMS[refused.problem])
    log.info("staff member %s made staff member %s %s", member.id, user_id, role)
    return _done(request, f"{user.name} quedó con el rol de {ROLES[user.role]}.")


@router.post("/{user_id}/desactivar")
def close_account(request: Request, member: Administrator, user_id: RowId) -> Response:
    """Close the account; its sessions end at once."""
    try:
        with write_session() as session:
            user = _user(session, user_id)
            deactivate(session, user, by=member)
    except StaffError as refused:
        return _user_page(request, user_id, message=ACCOUNT_PROBLEMS[refused.problem])
    log.info("staff member %s deactivated staff member %s", member.id, user_id)
    return _done(request, f"Desactivó la cuenta de {user.name}. Sus sesiones se cerraron.")


@router.post("/{user_id}/reactivar")
def reopen_account(request: Request, member: Administrator, user_id: RowId) -> Response:
    """Open the account again."""
    with write_session() as session:
        user = _user(session, user_id)
        reactivate(session, user)
    log.info("staff member %s reactivated staff member %s", member.id, user_id)
    return _done(request, f"Reactivó la cuenta de {user.name}.")


@router.post("/{user_id}/contrasena")
def replace_password(request: Request, member: Administrator, user_id: RowId) -> Response:
    """Replace a forgotten password by a temporary one and show it, this once."""
    try:
        with write_session() as session:
            user = _user(session, user_id)
            password = reset_password(session, user)
    except StaffError as refused:
        return _user_page(request, user_id, message=ACCOUNT_PROBLEMS[refused.problem])
    log.info("staff member %s reset the password of staff member %s", member.id, user_id)
    return _password_page(request, user, password)


def _done(request: Request, notice: str) -> Response:
    leave_notice(request, notice)
    return RedirectResponse(USERS_PATH, HTTPStatus.SEE_OTHER)


def _password_page(request: Request, user: StaffMember, password: str) -> Response:
    # Not after a redirect: the notice that survives one would put the password into a cookie.
    return render(request, "users/temporary_password.html", user=user, password=password)


def _list_page(request: Request, *, message: str = "", typed: dict[str, str] | None = None) -> Response:
    with read_session() as session:
        return render(
            request,
            "users/list.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
            messages=[message] if message else [],
            users=staff_members(session),
            typed=typed or {"email": "", "name": "", "role": ""},
        )


def _user_page(request: Request, user_id: int, *, message: str = "") -> Response:
    with read_session() as session:
        return render(
            request,
            "users/user.html",
            status=HTTPStatus.CONFLICT if message else HTTPStatus.OK,
            messages=[message] if message else [],
            user=_user(session, user_id),
        )


def _user(session: Session, user_id: int) -> StaffMember:
    user = session.get(StaffMember, user_id)
    if user is None or user.password_hash is None:
        raise Refused(HTTPStatus.NOT_FOUND, "Esta cuenta no existe.")
    return user
