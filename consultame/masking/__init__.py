"""Personal data out of a text before it is kept for curation (Ley 1581 de 2012, principle of necessity)."""

from consultame.masking.addresses import claim_addresses
from consultame.masking.identifiers import claim_identifiers, claim_numbers, claim_plates
from consultame.masking.names import claim_names
from consultame.masking.personal_data import Claims, Kind, PersonalData
from consultame.masking.plain_text import composed, plain

__all__ = ["Kind", "PersonalData", "composed", "masked", "personal_data_in"]


def masked(text: str) -> str:
    """The text with each piece of personal data (see `Kind`) replaced by its label.

    Radicados, laws, dates, amounts and places stay: they name no person, and curators need them.
    """
    text = composed(text)
    parts: list[str] = []
    position = 0
    for found in personal_data_in(text):
        parts += text[position : found.start], found.kind.label
        position = found.end
    return "".join(parts) + text[position:]


def personal_data_in(text: str) -> list[PersonalData]:
    """Where personal data stands in a composed text, from left to right, none overlapping another."""
    flat, claims = plain(text), Claims(len(text))
    claim_identifiers(flat, claims)
    claim_addresses(flat, claims)
    claim_plates(flat, claims)
    claim_numbers(flat, claims)
    claim_names(text, flat, claims)
    return claims.in_order()
