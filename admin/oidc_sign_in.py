"""Signing in with the institution's account: the provider says who it is, the accounts here say what they may do."""

import logging
from http import HTTPStatus

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import open_session
from admin.oidc_provider import RETURN_PATH, OidcError, OidcProblem, confirmed_email, way_to_provider
from admin.pages import STAFF_PATH
from admin.sign_in import local_path, record_refusal, sign_in_page, too_many_attempts
from admin.sign_in_limits import SignInLimits
from consultame.audit import Action
from consultame.database import write_session
from consultame.oidc_accounts import member_with_confirmed_email, record_confirmed_sign_in
from consultame.settings import load_settings

log = logging.getLogger(__name__)
router = APIRouter()

_NEXT = "after_provider"
# The session is a cookie, of which browsers keep 4 kB.
_LONGEST_NEXT = 1000

_AGAIN = "Vuelva a intentarlo y, si se repite, avise al equipo de sistemas."
_REFUSALS: dict[OidcProblem, tuple[HTTPStatus, str]] = {
    OidcProblem.UNREACHABLE: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "El servicio de cuentas institucionales no responde. Vuelva a intentarlo en unos minutos.",
    ),
    OidcProblem.DENIED: (
        HTTPStatus.FORBIDDEN,
        f"El servicio de cuentas institucionales no autorizó el ingreso, o usted lo canceló. {_AGAIN}",
    ),
    OidcProblem.STALE: (
        HTTPStatus.BAD_REQUEST,
        "Este ingreso con la cuenta institucional venció o ya se usó. Empiece de nuevo desde esta página.",
    ),
    OidcProblem.UNTRUSTED: (
        HTTPStatus.BAD_GATEWAY,
        f"No se pudo comprobar la respuesta del servicio de cuentas institucionales. {_AGAIN}",
    ),
    OidcProblem.UNVERIFIED: (
        HTTPStatus.FORBIDDEN,
        "Su cuenta institucional no tiene un correo verificado. Pida al equipo de sistemas que lo verifique.",
    ),
    OidcProblem.NO_ACCOUNT: (
        HTTPStatus.FORBIDDEN,
        "El correo de su cuenta institucional no tiene una cuenta activa aquí. Pídala a quien administra las cuentas.",
    ),
}


@router.get(f"{STAFF_PATH}/ingresar/cuenta")
async def go_to_provider(request: Request, next: str = "") -> Response:
    """Send the browser to the provider.

    By a link: a form that leads to another site is what the pages' content security policy forbids.
    """
    _check_offered()
    if minutes := await run_in_threadpool(_limits(request).minutes_to_wait_at, _address(request)):
        return await run_in_threadpool(too_many_attempts, request, minutes, next=next)
    try:
        answer = await way_to_provider(request)
    except OidcError as error:
        return await run_in_threadpool(_refuse, request, error.problem, next=next)
    wanted = local_path(next)
    request.session[_NEXT] = wanted if len(wanted) <= _LONGEST_NEXT else local_path("")
    return answer


@router.get(RETURN_PATH)
async def come_back(request: Request) -> Response:
    """Open a session for whom the provider confirms, or say why not."""
    _check_offered()
    next = request.session.pop(_NEXT, "")
    if minutes := await run_in_threadpool(_limits(request).minutes_to_wait_at, _address(request)):
        return await run_in_threadpool(too_many_attempts, request, minutes, next=next)
    try:
        email = await confirmed_email(request)
    except OidcError as error:
        return await run_in_threadpool(_refuse, request, error.problem, next=next)
    return await run_in_threadpool(_admit, request, email, next)


def _admit(request: Request, email: str, next: str) -> Response:
    with write_session() as session:
        member = member_with_confirmed_email(session, email)
        if member is not None:
            record_confirmed_sign_in(session, member)
    if member is None:
        return _refuse(request, OidcProblem.NO_ACCOUNT, next=next, email=email)
    open_session(request, member, by_provider=True)
    log.info("staff member %s signed in by the OpenID Connect provider", member.id)
    return RedirectResponse(local_path(next), HTTPStatus.SEE_OTHER)


def _refuse(request: Request, problem: OidcProblem, *, next: str, email: str = "") -> Response:
    limits, address = _limits(request), _address(request)
    if problem is not OidcProblem.UNREACHABLE:
        limits.failed(address)
        record_refusal(Action.SIGN_IN_FAILED, email, reason=problem)
    # An outage is nobody's failed attempt: it is told once in a while, and whoever has a password may use it.
    elif limits.is_first_outage(address):
        record_refusal(Action.SIGN_IN_FAILED, email, reason=problem)
    log.info("sign-in by the OpenID Connect provider failed from %s: %s", address, problem)
    status, message = _REFUSALS[problem]
    return sign_in_page(request, status=status, message=message, next=next)


def _check_offered() -> None:
    if not load_settings().oidc_issuer:
        raise HTTPException(HTTPStatus.NOT_FOUND)


def _limits(request: Request) -> SignInLimits:
    limits: SignInLimits = request.app.state.sign_in_limits
    return limits


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
