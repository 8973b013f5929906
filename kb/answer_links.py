"""Signed links to an answer: whoever has one sees that question and its answer as it is live, and no other.

They run out: messages stay on telephones for years, and a question is somebody's.
"""

from datetime import timedelta

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from consultame.settings import load_settings

LINK_DAYS = 180


class BrokenLink(Exception):
    """It is forged, cut, or no link to an answer."""


class ExpiredLink(Exception):
    """It was good once."""


def answer_token(reference: str) -> str:
    """The signed token that names the request with this reference: the end of the address of its page."""
    token = _serializer().dumps(reference)
    return token if isinstance(token, str) else token.decode()


def reference_in(token: str) -> str:
    """The reference behind a token.

    Raises:
        BrokenLink: it is no token of these.
        ExpiredLink: it is older than `LINK_DAYS`.
    """
    try:
        reference = _serializer().loads(token, max_age=int(timedelta(days=LINK_DAYS).total_seconds()))
    except SignatureExpired:
        raise ExpiredLink from None
    except (BadData, ValueError):
        raise BrokenLink from None
    if not isinstance(reference, str):
        raise BrokenLink
    return reference


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(load_settings().secret("answer-links"), salt="answer")
