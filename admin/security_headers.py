"""Headers that tell browsers what these pages may load and who may show them."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from consultame.settings import load_settings

_NEVER_STORED = ("/personal", "/conversacion", "/respuestas", "/citas")


def security_headers(path: str) -> dict[str, str]:
    """The headers of every answer for this path; same-origin referrers keep the Origin header of our own forms."""
    chat = urlsplit(load_settings().public_chat_url)
    chat_origin = f" {chat.scheme}://{chat.netloc}" if chat.netloc else ""
    policy = (
        "default-src 'self'",
        "img-src 'self' data:",
        f"connect-src 'self'{chat_origin}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors " + ("'self'" if path == "/" else "'none'"),
    )
    headers = {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if path.startswith(_NEVER_STORED):
        headers["Cache-Control"] = "no-store"
    return headers


class SecurityHeaders:
    """Middleware that adds them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers on top."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(security_headers(scope["path"]))
            await send(message)

        await self.app(scope, receive, send_with_headers)
