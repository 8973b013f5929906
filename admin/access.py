"""Who is signed in, and what a role may do."""

import time
from collections.abc import Callable
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from consultame.audit import current_actor
from consultame.database import read_session
from consultame.settings import load_settings
from consultame.staff import Role, StaffMember

_STAFF_ID = "staff_id"
_SIGNED_IN_AT = "signed_in_at"
_GENERATION = "generation"
_BY_PROVIDER = "by_provider"

# Where somebody who has to choose a password may go.
PASSWORD_PATH = "/personal/contrasena"  # noqa: S105


class Permission(StrEnum):
    """What a screen offers to some roles only; the rest everyone signed in may look at."""

    WRITE = "write"
    REVIEW = "review"
    PUBLISH = "publish"
    ACCEPT_FINDINGS = "accept_findings"
    HANDLE_CASES = "handle_cases"
    ATTEND = "attend"
    ADMINISTER = "administer"


_PERMISSIONS = {
    Role.CURATOR: {Permission.WRITE, Permission.ATTEND},
    Role.APPROVER: {Permission.REVIEW, Permission.PUBLISH},
    Role.CASE_HANDLER: {Permission.HANDLE_CASES, Permission.ATTEND},
    Role.ADMIN: set(Permission),
}


class SignInRequired(Exception):
    """Nobody is signed in, the session is too old, or the account was closed."""


class PasswordChangeRequired(Exception):
    """The person signed in with a temporary password and has to choose one first."""


def may(member: StaffMember, permission: Permission) -> bool:
    """Whether the person's role permits it."""
    return permission in _PERMISSIONS[member.role]


def open_session(request: Request, member: StaffMember, *, by_provider: bool = False) -> None:
    """Start a fresh session for this person; nothing of the former one stays."""
    request.session.clear()
    request.session[_STAFF_ID] = member.id
    request.session[_SIGNED_IN_AT] = int(time.time())
    request.session[_GENERATION] = member.session_generation
    if by_provider:
        request.session[_BY_PROVIDER] = True


def came_from_provider(request: Request) -> bool:
    """Whether the session was opened by the OpenID Connect provider, not by a password."""
    return bool(request.session.get(_BY_PROVIDER))


def signed_in_member(request: Request) -> StaffMember:
    """The person behind the session, read anew for each request: a closed account is out at once.

    Raises:
        SignInRequired: there is none.
        PasswordChangeRequired: a temporary password is to be changed first, if that is what the person came in with. In
            development demo accounts stay usable.
    """
    session = request.session
    longest = load_settings().staff_session_hours * 3600
    if time.time() - session.get(_SIGNED_IN_AT, 0) > longest:
        raise SignInRequired
    with read_session() as database:
        member = database.get(StaffMember, session.get(_STAFF_ID, 0))
    if member is None or not member.active or session.get(_GENERATION) != member.session_generation:
        session.clear()
        raise SignInRequired
    current_actor().identify(member)
    is_temporary = member.must_change_password and not came_from_provider(request)
    if is_temporary and load_settings().environment == "production" and request.url.path != PASSWORD_PATH:
        raise PasswordChangeRequired
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
CaseHandler = Annotated[StaffMember, Depends(_permitted(Permission.HANDLE_CASES))]
AgendaMember = Annotated[StaffMember, Depends(_permitted(Permission.ATTEND))]
Administrator = Annotated[StaffMember, Depends(_permitted(Permission.ADMINISTER))]
