"""The web application, put together: `uvicorn --factory admin.application:create_app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin import (
    agenda,
    agenda_appointment,
    agenda_booking,
    agenda_figures,
    agenda_people,
    agenda_people_changes,
    answer_page,
    appointment_links,
    audit_log,
    booking_page,
    case_filing,
    case_page,
    case_workload,
    cases,
    citizen_page,
    conversation_page,
    entries,
    entry_preview,
    entry_retirement,
    health,
    live_counts,
    model_server,
    model_trial,
    needs,
    oidc_sign_in,
    own_password,
    personal_data,
    publications,
    questions,
    reviews,
    sign_in,
    start,
    use_page,
    users,
    waiting_offers,
)
from admin.access import PASSWORD_PATH, PasswordChangeRequired, SignInRequired
from admin.booking_limits import BookingLimits
from admin.chat_channel import ChatChannel
from admin.pages import STAFF_PATH, STATIC_FOLDER
from admin.refusals import on_conflict, on_http_exception, on_invalid_request, refusal
from admin.request_actor import RequestActor
from admin.request_guard import RequestGuard
from admin.security_headers import SecurityHeaders, security_headers
from admin.sign_in_limits import SignInLimits
from consultame.settings import PROJECT_DIRECTORY, Settings, load_settings

_ROUTERS = (
    citizen_page.router,
    conversation_page.router,
    answer_page.router,
    booking_page.router,
    waiting_offers.router,
    appointment_links.router,
    sign_in.router,
    oidc_sign_in.router,
    start.router,
    live_counts.router,
    needs.router,
    questions.router,
    entries.router,
    entry_preview.router,
    entry_retirement.router,
    reviews.router,
    publications.router,
    model_trial.router,
    use_page.router,
    agenda_figures.router,
    agenda_people.router,
    agenda_people_changes.router,
    agenda_booking.router,
    agenda_appointment.router,
    agenda.router,
    users.router,
    own_password.router,
    audit_log.router,
    personal_data.router,
    cases.router,
    case_filing.router,
    case_workload.router,
    case_page.router,
    model_server.router,
    health.router,
)


# What an open page asks for by itself, now and then or while somebody types.
_ASKED_BY_ITSELF = (
    f"{STAFF_PATH}/contadores",
    f"{STAFF_PATH}/preguntas/cuenta",
    f"{STAFF_PATH}/preguntas-parecidas",
    f"{STAFF_PATH}/vista-de-entrada",
)


def create_app() -> FastAPI:
    """The application with its routes, middleware and error pages."""
    settings = load_settings()
    application = FastAPI(title="ConsúltaME", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    application.state.sign_in_limits = SignInLimits()
    application.state.booking_limits = BookingLimits()
    application.state.chat_channel = ChatChannel(settings.public_chat_url)
    for router in _ROUTERS:
        application.include_router(router)
    application.mount("/static", StaticFiles(directory=STATIC_FOLDER))
    application.mount("/widget", StaticFiles(directory=PROJECT_DIRECTORY / "widget", check_dir=False))
    _add_error_pages(application)
    _add_middleware(application, settings)
    return application


@asynccontextmanager
async def _lifespan(application: FastAPI) -> AsyncIterator[None]:
    yield
    await application.state.chat_channel.close()


def _add_middleware(application: FastAPI, settings: Settings) -> None:
    """The last one added is the outermost."""
    application.add_middleware(
        SessionMiddleware,
        secret_key=settings.secret("staff-session"),
        session_cookie="consultame_staff",
        max_age=settings.staff_session_hours * 3600,
        path=STAFF_PATH,
        same_site="lax",
        https_only=settings.environment == "production",
    )
    application.add_middleware(RequestActor)
    application.add_middleware(RequestGuard)
    application.add_middleware(SecurityHeaders)


def _add_error_pages(application: FastAPI) -> None:
    application.add_exception_handler(HTTPException, on_http_exception)
    application.add_exception_handler(RequestValidationError, on_invalid_request)
    application.add_exception_handler(IntegrityError, on_conflict)
    application.add_exception_handler(SignInRequired, _ask_to_sign_in)
    application.add_exception_handler(PasswordChangeRequired, _ask_for_password)
    application.add_exception_handler(Exception, _on_fault)


async def _ask_to_sign_in(request: Request, _error: Exception) -> Response:
    """Go to the sign-in page and, from a page that can be opened again, come back afterwards."""
    if request.url.path in _ASKED_BY_ITSELF:
        # Whoever is typing must not lose it to a page that asks for a password.
        return Response(status_code=204)
    address = sign_in.sign_in_address(request)
    if "hx-request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


async def _ask_for_password(request: Request, _error: Exception) -> Response:
    if "hx-request" in request.headers:
        return Response(headers={"HX-Redirect": PASSWORD_PATH})
    return RedirectResponse(PASSWORD_PATH, 303)


async def _on_fault(request: Request, _error: Exception) -> Response:
    """The server logs the traceback; this handler runs outside all middleware."""
    answer = refusal(request, 500)
    answer.headers.update(security_headers(request.url.path))
    return answer
