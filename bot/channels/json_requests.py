"""JSON in, JSON out: what a body must be, and how refusals and faults leave."""

import functools
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

log = logging.getLogger(__name__)

MAXIMUM_BODY_BYTES = 16_384
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

Handler = Callable[..., Awaitable[HTTPResponse]]


class ChannelError(Exception):
    """A request that is refused: HTTP status, a code for programs, a sentence for people.

    The sentence is in Spanish unless the request names another language.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message

    def response(self) -> HTTPResponse:
        """The refusal as JSON."""
        return json_response({"error": {"code": self.code, "message": self.message}}, status=self.status)


BODY_TOO_LARGE = ChannelError(413, "body_too_large", "El mensaje es demasiado grande.")


def answers_json(handler: Handler) -> Handler:
    """The handler with refusals and faults turned into JSON errors."""

    @functools.wraps(handler)
    async def guarded(request: Request) -> HTTPResponse:
        try:
            return await handler(request)
        except ChannelError as refusal:
            return refusal.response()
        except SanicException:
            raise
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return ChannelError(500, "internal_error", "Ocurrió un error. Inténtelo de nuevo en un momento.").response()

    return guarded


def json_body(request: Request) -> dict[str, Any]:
    """The body as an object.

    Raises:
        ChannelError: it is too large or no JSON object.
    """
    if len(request.body) > MAXIMUM_BODY_BYTES:
        raise BODY_TOO_LARGE
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ChannelError(400, "malformed_json", "El mensaje no tiene el formato esperado (JSON).")
    return body


def message_id_in(value: Any) -> str:
    """The value as the id of a message.

    Raises:
        ChannelError: it is none.
    """
    if not isinstance(value, str) or not _MESSAGE_ID.fullmatch(value):
        raise ChannelError(400, "invalid_id", "Falta el identificador del mensaje o no es válido.")
    return value
