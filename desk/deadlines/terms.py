"""How many business days the law gives for an answer, by kind of request and by the day it was received."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DeadlineKind(StrEnum):
    """What a request is, as far as its term is concerned."""

    GENERAL = "general"
    DOCUMENTS = "documents"
    CONSULTATION = "consultation"
    BETWEEN_AUTHORITIES = "between_authorities"
    DATA_CONSULTATION = "data_consultation"
    DATA_CLAIM = "data_claim"
    FIRST_LEVEL = "first_level"


class Regime(StrEnum):
    """Which terms hold: today's, or those of the health emergency (Decreto 491 de 2020, until Ley 2207 de 2022)."""

    CURRENT = "current"
    EMERGENCY = "emergency"


@dataclass(frozen=True)
class Term:
    """A term in business days, by how many of them it may be extended at most, and where both stand."""

    days: int
    extension: int
    source: str


EMERGENCY_FIRST_DAY = date(2020, 3, 28)
EMERGENCY_LAST_DAY = date(2022, 5, 17)

_ARTICLE_14 = "CPACA art. 14, Ley 1755 de 2015"
_DECREE_491 = "Decreto 491 de 2020, art. 5"


def _doubled(days: int, source: str) -> Term:
    """A term that may be extended to the double in total (CPACA art. 14, paragraph)."""
    return Term(days, days, source)


_TERMS = {
    DeadlineKind.GENERAL: _doubled(15, _ARTICLE_14),
    DeadlineKind.DOCUMENTS: _doubled(10, _ARTICLE_14),
    DeadlineKind.CONSULTATION: _doubled(30, _ARTICLE_14),
    DeadlineKind.BETWEEN_AUTHORITIES: _doubled(10, "CPACA art. 30, Ley 1755 de 2015"),
    DeadlineKind.DATA_CONSULTATION: Term(10, 5, "Ley 1581 de 2012, art. 14"),
    DeadlineKind.DATA_CLAIM: Term(15, 8, "Ley 1581 de 2012, art. 15"),
    DeadlineKind.FIRST_LEVEL: _doubled(2, "the ministry's service level agreement"),
}
_EMERGENCY_TERMS = {
    DeadlineKind.GENERAL: _doubled(30, _DECREE_491),
    DeadlineKind.DOCUMENTS: _doubled(20, _DECREE_491),
    DeadlineKind.CONSULTATION: _doubled(35, _DECREE_491),
}


def regime_of(received_on: date) -> Regime:
    """The regime of what was received on this day, whatever day it was filed on; both ends are inside."""
    is_emergency = EMERGENCY_FIRST_DAY <= received_on <= EMERGENCY_LAST_DAY
    return Regime.EMERGENCY if is_emergency else Regime.CURRENT


def term_of(kind: DeadlineKind, received_on: date) -> Term:
    """The term of a request of this kind that was received on this day."""
    if regime_of(received_on) is Regime.EMERGENCY:
        return _EMERGENCY_TERMS.get(kind, _TERMS[kind])
    return _TERMS[kind]
