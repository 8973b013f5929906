"""Tells the audit log from which address a request comes; who it is follows when the session has been read."""

from starlette.types import ASGIApp, Receive, Scope, Send

from consultame.audit import UNKNOWN, Actor, acting_as


class RequestActor:
    """Middleware that makes every request act as somebody not known yet."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        client = scope.get("client")
        with acting_as(Actor(UNKNOWN, address=client[0] if client else "")):
            await self.app(scope, receive, send)
