"""What a password may be, after NIST SP 800-63B: long and not guessable; no rules about kinds of characters."""

import re
import secrets
import unicodedata
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 200
_FEWEST_DISTINCT_CHARACTERS = 5
_SHORTEST_NAME_PART = 3
_COMMON = Path(__file__).resolve().parent / "common_passwords.txt"
# Without characters that look alike when they are read aloud or copied by hand, and without vowels:
# no word can come out by chance, nor the person's own name, which `password_problem` would refuse.
_TEMPORARY_ALPHABET = "bcdfghjkmnpqrstvwxyz23456789"


class PasswordProblem(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = f"the password needs at least {MINIMUM_LENGTH} characters"
    TOO_LONG = f"the password has more than {MAXIMUM_LENGTH} characters"
    HOLDS_IDENTITY = "the password holds the person's name or the e-mail's part before the @"
    COMMON = "the password is among those that are tried first"


def password_problem(password: str, *, email: str, name: str) -> PasswordProblem | None:
    """Why this person may not use the password, or None."""
    if len(password) < MINIMUM_LENGTH:
        return PasswordProblem.TOO_SHORT
    if len(password) > MAXIMUM_LENGTH:
        return PasswordProblem.TOO_LONG
    plain = _plain(password)
    identity = {_plain(email).partition("@")[0], *re.split(r"\W+", _plain(name))}
    if any(len(part) >= _SHORTEST_NAME_PART and part in plain for part in identity):
        return PasswordProblem.HOLDS_IDENTITY
    # «colombia2026*» is guessed as fast as «colombia»: what stands around the word adds nothing.
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    if len(set(plain)) < _FEWEST_DISTINCT_CHARACTERS or {plain, core} & _common_passwords():
        return PasswordProblem.COMMON
    return None


def temporary_password() -> str:
    """A random password to be handed over and changed: four groups of four characters, 76 bits."""
    groups = ("".join(secrets.choice(_TEMPORARY_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    return frozenset(_plain(line) for line in _COMMON.read_text(encoding="utf-8").splitlines() if line)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
