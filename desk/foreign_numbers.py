"""Numbers of other entities' communications, as far as their form tells: they are not this ministry's radicados."""

import re
from dataclasses import dataclass

from desk.radicado import radicados_in

_PATTERNS = (
    # CREG: E or S, year, six digits.
    (re.compile(r"(?<![\w-])[es][\s.-]{0,2}20\d{2}[\s.-]{0,2}\d{6}(?![\w-])", re.IGNORECASE), "CREG"),
    # SIC: two digits of the year and up to six more, with its own sequence of annexes.
    (re.compile(r"(?<![\w-])[12]\d-\d{5,6}(?:-\d{1,5}){0,3}(?![\w-])"), "SIC"),
    # Year, dependency, sequence and type in one run, as several bodies of the sector number what they get.
    (re.compile(r"(?<![\w-])(?:19|20)\d{2}[\s.-]?\d{3}[\s.-]?\d{6}[\s.-]?\d(?![\w-])"), ""),
)


@dataclass(frozen=True)
class ForeignNumber:
    """A number of another entity as it was written; `issuer` is empty when several number that way."""

    written: str
    issuer: str


def foreign_number_in(text: str) -> ForeignNumber | None:
    """The first number that has another entity's form; None when there is none, or a radicado of this ministry."""
    if radicados_in(text):
        return None
    for pattern, issuer in _PATTERNS:
        if match := pattern.search(text):
            return ForeignNumber(match.group(0), issuer)
    return None
