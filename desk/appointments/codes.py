"""The citizen's code: what opens an appointment in the chat, how it is verified, and the lock-out of who guesses.

The code is derived from the appointment's reference and a secret, so that each mail can repeat it and the database
holds only what verifies it. Ten characters out of 28 are 48 bits.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultame.settings import load_settings
from desk.appointments.models import Appointment, CodeAttempts

# No vowels, so that no word comes about; nothing that looks like something else.
_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
MAXIMUM_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class CodeUnknown:
    """No appointment has this code."""


@dataclass(frozen=True)
class CodeLocked:
    """Too many wrong codes from this sender; codes are looked at again from this moment on."""

    until: datetime


def code_of(reference: str) -> str:
    """The code of the appointment with this reference, as in «7KQMX-2RTNP»."""
    number = int(hmac.new(_secret("appointment-code"), reference.encode(), hashlib.sha256).hexdigest(), 16)
    characters = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[rest])
    return "".join(characters[:5]) + "-" + "".join(characters[5:])


def code_digest(code: str) -> str:
    """What is stored of a code, in whatever case and with whatever spaces or dashes it is typed."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hmac.new(_secret("appointment-code-digest"), plain.encode(), hashlib.sha256).hexdigest()


def looks_like_code(text: str) -> bool:
    """Whether the text could be a code, so that other words of a citizen do not count as guesses."""
    plain = "".join(character for character in text.upper() if character not in " -–—.")
    return len(plain) == _LENGTH and all(character in _ALPHABET for character in plain)


def appointment_by_code(
    session: Session, *, code: str, sender: str, now: datetime
) -> Appointment | CodeUnknown | CodeLocked:
    """The appointment that the code opens, in any state.

    After five wrong codes a sender is locked out for fifteen minutes, right codes included. The attempt is counted in
    the caller's transaction, which therefore has to be committed whatever the answer is.
    """
    attempts = _attempts_of(session, sender, now)
    if attempts.failures >= MAXIMUM_FAILURES:
        return CodeLocked(attempts.since + LOCKED_FOR)
    appointment = session.scalar(select(Appointment).where(Appointment.code_digest == code_digest(code)))
    if appointment is None:
        attempts.failures += 1
        attempts.since = now
        session.flush()
        return CodeUnknown()
    session.delete(attempts)
    session.flush()
    return appointment


def _attempts_of(session: Session, sender: str, now: datetime) -> CodeAttempts:
    """The sender's count, locked until the transaction ends so that guesses at the same time count too."""
    key = hmac.new(_secret("appointment-code-sender"), sender.encode(), hashlib.sha256).hexdigest()
    attempts = session.get(CodeAttempts, key, with_for_update=True)
    if attempts is None:
        attempts = CodeAttempts(sender=key, since=now, failures=0)
        try:
            with session.begin_nested():
                session.add(attempts)
        except IntegrityError:
            attempts = session.get_one(CodeAttempts, key, with_for_update=True)
    if now - attempts.since >= LOCKED_FOR:
        attempts.failures, attempts.since = 0, now
    return attempts


def _secret(purpose: str) -> bytes:
    return load_settings().secret(purpose).encode()
