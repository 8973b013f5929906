"""What only the owner of a case has: the code given with the acknowledgement, or two things about the requester."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from consultame.settings import load_settings

CODE_LENGTH = 8
# Neither vowels, so that no word comes about, nor signs that look or sound alike.
_ALPHABET = "23456789CDFGHJKMNPQRTVWX"
# As long as a real one; nothing hashes to it.
_NO_HASH = "-" * 64


@dataclass(frozen=True)
class VerificationCode:
    """The code as somebody wrote it, with or without the hyphen, in any case."""

    code: str


@dataclass(frozen=True)
class OwnerData:
    """The last four digits of the document, and the first letter and the domain of the e-mail address."""

    document_ending: str
    email_initial: str
    email_domain: str


OwnershipFactor = VerificationCode | OwnerData


def new_code() -> str:
    """A code of eight random characters, written `CDFG-2345`."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))
    return f"{code[:4]}-{code[4:]}"


def code_of(digest: str) -> str:
    """The code that a keyed hash (hexadecimal, 64 characters) stands for; whoever cannot make the hash cannot tell."""
    rest, code = int(digest, 16), ""
    for _ in range(CODE_LENGTH):
        rest, place = divmod(rest, len(_ALPHABET))
        code += _ALPHABET[place]
    return f"{code[:4]}-{code[4:]}"


def code_hash(radicado: str, code: str) -> str:
    """What is stored of a code: a keyed hash, good for this case only."""
    return keyed_hash("case-code", radicado, re.sub(r"[^0-9A-Z]", "", code.upper()))


def owner_data_of(document: str, email: str) -> OwnerData | None:
    """What the owner of a case with this document and address would say; None when one of them is missing."""
    digits = re.sub(r"\D", "", document)
    name, _, domain = email.strip().lower().rpartition("@")
    if len(digits) < 4 or not name or not domain:
        return None
    return OwnerData(digits[-4:], name[0], domain)


def proves_ownership(
    factor: OwnershipFactor, *, radicado: str, stored_hash: str | None, document: str, email: str
) -> bool:
    """Whether the factor is the case's. Takes the same steps whatever is stored, for a case that is not there too."""
    owner = owner_data_of(document, email)
    by_code = _equal(code_hash(radicado, _said_code(factor)), stored_hash or _NO_HASH)
    expected = _data_hash(radicado, owner or OwnerData("", "", ""))
    by_data = _equal(_data_hash(radicado, _said_data(factor)), expected)
    if isinstance(factor, VerificationCode):
        return by_code
    return by_data and owner is not None


def _said_code(factor: OwnershipFactor) -> str:
    return factor.code if isinstance(factor, VerificationCode) else ""


def _said_data(factor: OwnershipFactor) -> OwnerData:
    return factor if isinstance(factor, OwnerData) else OwnerData("", "", "")


def _data_hash(radicado: str, data: OwnerData) -> str:
    initial, domain = data.email_initial.strip().lower(), data.email_domain.strip().lower().lstrip("@")
    return keyed_hash("case-owner", radicado, data.document_ending.strip(), initial, domain)


def keyed_hash(purpose: str, *parts: str) -> str:
    """A hash (hexadecimal, 64 characters) that only this server can make; each purpose has a key of its own."""
    key = load_settings().secret(purpose).encode()
    return hmac.new(key, "\x00".join(parts).encode(), hashlib.sha256).hexdigest()


def _equal(first: str, second: str) -> bool:
    return hmac.compare_digest(first.encode(), second.encode())
