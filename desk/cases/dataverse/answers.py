"""What an HTTP answer of the Web API means."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from desk.cases.dataverse.failures import NoAnswer, RequestRefused

_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
_LONG_NUMBER = re.compile(r"\d{6,}")


def answered_object(
    status: int, headers: Mapping[str, str], body: bytes, *, is_collection: bool = False
) -> dict[str, object]:
    """The JSON object of a good answer; a collection holds its rows in `value`.

    Raises:
        NoAnswer: the service cannot answer now (429, 5xx), or what came is not its answer.
        RequestRefused: it does not accept the request (the other 4xx); the message holds the service's reason.
    """
    if status in _PASSING or (status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.NOT_IMPLEMENTED):
        raise NoAnswer(f"answers {status}", _asked_wait(headers))
    found = _json_object(body)
    if status != HTTPStatus.OK:
        raise RequestRefused(f"answers {status}{_reason(found)}")
    if found is None or (is_collection and not isinstance(found.get("value"), list)):
        raise NoAnswer("an answer that is not the Web API's")
    return found


def _json_object(body: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _reason(found: dict[str, object] | None) -> str:
    """Code and message of the documented error body, without what may be a citizen's number."""
    error = (found or {}).get("error")
    if not isinstance(error, dict):
        return ""
    message = " ".join(str(error.get("message") or "").split())[:300]
    return f": {_LONG_NUMBER.sub('…', message)} ({str(error.get('code') or 'no code')[:20]})"


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    """`Retry-After` in seconds: a number of them, or a date (RFC 9110, 10.2.3)."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - datetime.now(UTC)).total_seconds(), 0.0)
