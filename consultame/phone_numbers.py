"""Telephone numbers that messages can be sent to."""

import re

_COLOMBIAN_MOBILE = re.compile(r"(?:(?:\+|00)?57)?(3\d{9})", re.ASCII)
_FOREIGN = re.compile(r"(?:\+|00)(?!57)([1-9]\d{7,14})", re.ASCII)
_SIGNS = re.compile(r"[\s().\-–]")


def mobile_number(text: str) -> str | None:
    """The number as it is dialled from anywhere (ITU-T E.164): `+573001234567`; None if no message can be sent to it.

    In Colombia a mobile has ten digits and begins with 3; a number of another country is written with + and is taken
    for a mobile, since its digits do not always say.
    """
    plain = _SIGNS.sub("", text)
    if match := _COLOMBIAN_MOBILE.fullmatch(plain):
        return f"+57{match[1]}"
    match = _FOREIGN.fullmatch(plain)
    return f"+{match[1]}" if match else None
