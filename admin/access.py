"""Who is signed in, and what a role may do."""

import time
from collections.abc import Callable
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from consultame.database import read_session
from consultame.settings import load_settings
from consultame.staff import Role, StaffMember

_STAFF_ID = "staff_id"
_SIGNED_IN_AT = "signed_in_at"


class Permission(StrEnum):
    """What a screen offers to some roles only; everyone signed in may look at everything."""

    WRITE = "write"
    REVIEW = "review"
    PUBLISH = "publish"
    ACCEPT_FINDINGS = "accept_findings"


_PERMISSIONS = {
    Role.CURATOR: {Permission.WRITE},
    Role.APPROVER: {Permission.REVIEW, Permission.PUBLISH},
    Role.ADMIN: set(Permission),
}


class SignInRequired(Exception):
    """Nobody is signed in, the session is too old, or the account was closed."""


def may(member: StaffMember, permission: Permission) -> bool:
    """Whether the person's role permits it."""
    return permission in _PERMISSIONS[member.role]


def open_session(request: Request, member: StaffMember) -> None:
    """Start a fresh session for this person; nothing of the former one stays."""
    request.session.clear()
    request.session[_STAFF_ID] = member.id
    request.session[_SIGNED_IN_AT] = int(time.time())


def signed_in_member(request: Request) -> StaffMember:
    """The person behind the session, read anew for each request: a closed account is out at once.

    Raises:
        SignInRequired: there is none.
    """
    session = request.session
    longest = load_settings().staff_session_hours * 3600
    if time.time() - session.get(_SIGNED_IN_AT, 0) > longest:
        raise SignInRequired
    with read_session() as database:
        member = database.get(StaffMember, session.get(_STAFF_ID, 0))
    if member is None or not member.active:
        session.clear()
        raise SignInRequired
    request.state.member = member
    return member


Member = Annotated[StaffMember, Depends(signed_in_member)]


def _permitted(permission: Permission) -> Callable[[StaffMember], StaffMember]:
    def check(member: Member) -> StaffMember:
        if not may(member, permission):
            raise HTTPException(HTTPStatus.FORBIDDEN)
        return member

    return check


Writer = Annotated[StaffMember, Depends(_permitted(Permission.WRITE))]
Reviewer = Annotated[StaffMember, Depends(_permitted(Permission.REVIEW))]
Publisher = Annotated[StaffMember, Depends(_permitted(Permission.PUBLISH))]
Acceptor = Annotated[StaffMember, Depends(_permitted(Permission.ACCEPT_FINDINGS))]
