"""What the Cloud API's answers mean for a message and for the channel.

Codes and their meanings are Meta's («WhatsApp error codes», «Graph API error handling»). Logic rests on the codes, as
Meta advises: its words change, and may name the recipient.
"""

import json
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus


class Verdict(Enum):
    """What follows from an answer."""

    # The message went out of our hands.
    ACCEPTED = "accepted"
    # This message is not tried again.
    FINAL = "final"
    # This message is tried again later; others may go.
    LATER = "later"
    # No message can go for now: too many were sent, or the service is down.
    PAUSE = "pause"
    # No message can go until an operator has mended something.
    STOP = "stop"
    # Nobody can know whether the message went out.
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """The verdict and, in English for the operator, why; one line, nothing personal."""

    verdict: Verdict
    reason: str = ""


_NOT_LET_IN = "the access token is refused; set a new CONSULTAME_WHATSAPP_ACCESS_TOKEN and restart the worker"
_NO_SUCH_NUMBER = "the phone number id is not known; check CONSULTAME_WHATSAPP_PHONE_NUMBER_ID"
_PERMISSION = "the access token lacks the permission whatsapp_business_messaging for this number"
_STOPS: dict[int, str] = {
    0: _NOT_LET_IN,
    190: _NOT_LET_IN,
    3: _PERMISSION,
    10: _PERMISSION,
    131005: _PERMISSION,
    33: _NO_SUCH_NUMBER,
    133010: "the phone number is not registered with the Cloud API",
    131045: "the phone number's certificate is wrong; register the number again",
    368: "the account is restricted for a breach of Meta's policies; see WhatsApp Manager",
    131031: "the account is locked; see WhatsApp Manager",
    131042: "there is a problem with the account's payment; see WhatsApp Manager",
}
_PAUSES: dict[int, str] = {
    2: "the service is down or overloaded",
    4: "too many calls of this application",
    80007: "too many calls of this account",
    130429: "too many messages at once",
    131016: "the service is not available",
    131048: "messages were blocked or reported, so sending is limited; see the number's quality in WhatsApp Manager",
    131057: "the account is in maintenance",
}
_LATER: dict[int, str] = {
    1: "an unknown error of the service",
    131000: "an unspecified error of the service",
    131056: "too many messages to this recipient",
}
_FINAL: dict[int, str] = {
    100: "a parameter of the request is not accepted",
    130472: "the recipient is part of an experiment of Meta's",
    130497: "messages to the recipient's country are not allowed",
    131008: "a parameter of the request is missing",
    131009: "the value of a parameter is not accepted",
    131021: "recipient and sender are the same number",
    131026: "cannot be delivered: no WhatsApp account, or one that does not take such messages",
    131047: "more than 24 hours since the recipient wrote, and no template was used",
    131049: "Meta chose not to deliver it",
    131050: "the recipient does not want such messages",
    132000: "the template takes another number of parameters",
    132001: "there is no such template in this language, or it is not approved",
    132005: "the template is too long with its parameters",
    132007: "the template breaks Meta's policy on characters",
    132012: "the template takes parameters of another form",
    132015: "the template is paused for low quality",
    132016: "the template is disabled for low quality",
    132018: "a parameter has a new line, a tab or too many spaces",
}
_PERMISSION_ERRORS = range(200, 300)
# Code and subcode of the Graph API for an address whose object does not exist or may not be seen.
_NOTHING_WITH_THIS_ID = (100, 33)


def read_answer(status: int, content: bytes) -> Answer:
    """What the API's answer means."""
    body = _object_in(content)
    if status == HTTPStatus.OK:
        messages = body.get("messages")
        if isinstance(messages, list) and messages:
            return Answer(Verdict.ACCEPTED)
        return Answer(Verdict.UNKNOWN, "the answer does not say whether the message was accepted")
    error = body.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(error, dict) and (code, error.get("error_subcode")) == _NOTHING_WITH_THIS_ID:
        return Answer(Verdict.STOP, f"{_NO_SUCH_NUMBER} (100/33)")
    if isinstance(code, int):
        return _of_code(code, status)
    return _of_status(status)


def _of_code(code: int, status: int) -> Answer:
    kinds = ((Verdict.STOP, _STOPS), (Verdict.PAUSE, _PAUSES), (Verdict.LATER, _LATER), (Verdict.FINAL, _FINAL))
    for verdict, reasons in kinds:
        if code in reasons:
            return Answer(verdict, f"{reasons[code]} ({code})")
    if code in _PERMISSION_ERRORS:
        return Answer(Verdict.STOP, f"{_PERMISSION} ({code})")
    known_by_status = _of_status(status)
    # The API itself answered, so it did not take the message on.
    verdict = Verdict.LATER if known_by_status.verdict is Verdict.UNKNOWN else known_by_status.verdict
    return Answer(verdict, f"refused ({code}, HTTP {status})")


def _of_status(status: int) -> Answer:
    """Without an error of the API: the answer of something on the way, or of another address."""
    reason = f"HTTP {status}"
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return Answer(Verdict.STOP, f"{_NOT_LET_IN} ({reason})")
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return Answer(Verdict.PAUSE, f"too many requests or no service ({reason})")
    if status == HTTPStatus.NOT_FOUND or 300 <= status < 400:
        return Answer(Verdict.STOP, f"nothing is there; check CONSULTAME_WHATSAPP_API_URL and the version ({reason})")
    if 400 <= status < 500:
        return Answer(Verdict.FINAL, f"refused ({reason})")
    return Answer(Verdict.UNKNOWN, f"no answer of the API itself ({reason}); it may have arrived")


def _object_in(content: bytes) -> dict[str, object]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
