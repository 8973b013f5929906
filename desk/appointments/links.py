"""Signed links: whoever has one from a mail can confirm, change or cancel that one appointment, and no other.

They do not run out by themselves: what an appointment still allows (`desk/appointments/changes.py`) decides, so that a
link keeps working after a change of time and ends with the appointment.
"""

from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer

from consultame.settings import load_settings


class Purpose(StrEnum):
    """What a link is for; one cannot be used as another."""

    APPOINTMENT = "appointment"
    WAITING_PLACE = "waiting-place"


def token_of(purpose: Purpose, reference: str) -> str:
    """The signed token that names this appointment or place in the waiting list."""
    token = _serializer(purpose).dumps(reference)
    return token if isinstance(token, str) else token.decode()


def reference_in(purpose: Purpose, token: str) -> str | None:
    """The reference behind a token, or None when it is forged, cut or for another purpose."""
    try:
        reference = _serializer(purpose).loads(token)
    except (BadData, ValueError):
        return None
    return reference if isinstance(reference, str) else None


def appointment_path(reference: str, page: str = "") -> str:
    """The path of the citizen's page for an appointment: `confirmar`, `cambiar`, `cancelar`, or the overview."""
    return f"/citas/{appointment_path_end(reference, page)}"


def appointment_path_end(reference: str, page: str = "") -> str:
    """What of the path belongs to the appointment, after `/citas/`."""
    token = token_of(Purpose.APPOINTMENT, reference)
    return f"{token}/{page}" if page else token


def appointment_url(reference: str, page: str = "") -> str:
    """The same as an address for mails."""
    return load_settings().public_url + appointment_path(reference, page)


def offer_url(reference: str) -> str:
    """The address at which a freed slot is accepted."""
    return f"{load_settings().public_url}/citas/espera/{token_of(Purpose.WAITING_PLACE, reference)}"


def _serializer(purpose: Purpose) -> URLSafeSerializer:
    return URLSafeSerializer(load_settings().secret("appointment-links"), salt=purpose.value)
