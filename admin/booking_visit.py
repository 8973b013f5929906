"""Who is booking: a signed field of the form says that the data policy was accepted, when, and who holds the slot.

Nothing of it lies in the browser after the form is left, so a computer that many people use keeps nothing of anybody.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeTimedSerializer

from consultame.data_policy import policy_version
from consultame.settings import load_settings
from desk.appointments.citizen import Consent

_LASTS_SECONDS = 4 * 3600


@dataclass(frozen=True)
class Visit:
    """One citizen's way through the form."""

    holder: str
    consent: Consent


def begin_visit() -> str:
    """The signed field of a citizen who has just accepted the data policy."""
    number, policy = secrets.token_hex(16), policy_version()
    token = _serializer().dumps([number, policy])
    return token if isinstance(token, str) else token.decode()


def visit_in(token: str) -> Visit | None:
    """The visit behind the field; None when it is forged, older than four hours, or the policy is another one now."""
    try:
        (number, policy), accepted_at = _serializer().loads(token, max_age=_LASTS_SECONDS, return_timestamp=True)
    except (BadData, ValueError, TypeError):
        return None
    assert isinstance(accepted_at, datetime)
    if policy != policy_version():
        return None
    return Visit(f"page:{number}", Consent(policy, accepted_at))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(load_settings().secret("booking-visit"))
