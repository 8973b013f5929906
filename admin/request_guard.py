"""Refuses requests that another site made a browser send, and bodies larger than any form here needs."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from admin.refusals import refusal

MAXIMUM_BODY_BYTES = 1_000_000
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_CROSS_SITE = "La solicitud llegó desde otro sitio web y no se atendió. Abra esta página y repita la acción."


class RequestGuard:
    """Middleware after OWASP's fetch-metadata and origin checks: no token that a form could forget."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass; answer the rest here."""
        if scope["type"] != "http" or scope["method"] in _SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not _is_from_this_site(headers):
            answer = refusal(Request(scope), HTTPStatus.FORBIDDEN, _CROSS_SITE)
        elif not _is_of_fair_size(headers):
            answer = refusal(Request(scope), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            await self.app(scope, receive, send)
            return
        await answer(scope, receive, send)


def _is_from_this_site(headers: Headers) -> bool:
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    source = headers.get("origin") or headers.get("referer") or ""
    return bool(source) and urlsplit(source).netloc == headers.get("host")


def _is_of_fair_size(headers: Headers) -> bool:
    """A body of unknown length is refused as well: browsers always state it for forms."""
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers:
        return False
    return not length or (length.isdigit() and int(length) <= MAXIMUM_BODY_BYTES)
