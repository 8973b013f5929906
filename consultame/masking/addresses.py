"""Addresses as Colombians write them: by streets and numbers, by blocks and houses, by hamlets and farms.

A street's name alone, or a hamlet's, tells where something is, not where a person lives, and stays.
"""

import re

from consultame.masking.personal_data import Claims, Kind
from consultame.masking.spoken_numbers import SPOKEN_PART

_STREET = (
    r"(?:calle|cll|clle|cl|carrera|crra|cra|kra|kr|cr|diagonal|diag|dg|transversal|transv|trans|trv|tv|tr|avenida|avda"
    r"|ave|av|autopista|circunvalar|circular|callejon|ak|ac|street|avenue)"
)
_ORDINAL = (
    r"(?:primera|segunda|tercera|cuarta|quinta|sexta|septima|octava|novena|decima|\d{1,3}(?:ra|da|ta|va|na|a|er))"
)
_DIRECTION = r"(?:sur|norte|este|oeste|oriente|occidente)"
_HOUSE_NUMBER = rf"\d{{1,4}}(?:\s?[a-h]{{1,2}}(?![a-z]))?(?:\s?bis)?(?:\s?[a-h](?![a-z]))?(?:\s?{_DIRECTION}\b)?"
_STREET_NUMBER = (
    rf"(?:{_ORDINAL}|\d{{1,3}}(?:\s?[a-hns]{{1,2}}(?![a-z]))?)(?:\s?bis\b)?(?:\s?[a-h](?![a-z]))?(?:\s?{_DIRECTION}\b)?"
)
_NUMBER_SIGN = r"(?:\#|n°|no\.?|nro\.?|num\.?|numero|n\.?)"
_SEPARATOR = rf"(?:\s?,?\s?(?:{_NUMBER_SIGN}|-|con|guion|entre|esquina|a|y|{_STREET}\.?)\s?)"
_INSIDE = (
    r"(?:apartamento|apartment|apto|aptp|apt|ap|torre|interior|int|bloque|blq|bl|casa|cs|oficina|ofc|of|piso|local|etapa"
    r"|manzana|mzna|mza|mz|lote|lt|sector|unidad|habitacion|t)"
)
_COLOUR = r"(?:azul|blanc[oa]|verde|roj[oa]|amarill[oa])"
_INSIDE_VALUE = rf"(?:\d{{1,5}}(?:-\d{{1,4}})?[a-z]?(?![a-z\d])|[a-z](?![a-z\d])|esquiner[oa](?:\s{_COLOUR})?)"
_COMPLEMENT = rf"(?:[\s,]{{0,3}}\b{_INSIDE}\.?\s?(?:{_NUMBER_SIGN}\s?)?{_INSIDE_VALUE})"
_MORE_NUMBERS = rf"(?:(?:{_SEPARATOR}|\s){{1,3}}{_HOUSE_NUMBER})"
_SHORT_STREETS = frozenset("tv tr ac ak cr kr dg cl av ave circular trans street avenue".split())

_NUMBERED = re.compile(
    rf"(?<![a-z\d])({_STREET})\.?\s{{0,2}}(?:{_NUMBER_SIGN}\s?)?{_STREET_NUMBER}({_MORE_NUMBERS}{{0,4}})({_COMPLEMENT}{{0,5}})"
)
_SPOKEN = rf"{SPOKEN_PART}(?:\s(?:y\s)?{SPOKEN_PART}){{0,3}}"
_IN_WORDS = re.compile(
    rf"(?<![a-z\d]){_STREET}\.?\s{_SPOKEN}(?:\s[a-h])?(?:\s(?:numero|con|guion)\s{_SPOKEN}){{1,3}}{_COMPLEMENT}{{0,5}}"
)
_NAMED = re.compile(
    rf"(?<![a-z\d]){_STREET}\.?\s(?:[a-z\d]{{1,12}}\s){{0,4}}?[a-z\d]{{1,12}}\s?{_NUMBER_SIGN}\s?\d{{1,3}}\s?[a-h]?"
    rf"(?:\s?-\s?|\s)\d{{1,3}}(?:\s?{_DIRECTION}\b)?{_COMPLEMENT}{{0,5}}"
)
_HOUSE_OF_A_BLOCK = re.compile(rf"(?<![a-z\d]){_INSIDE}\.?\s?(?:{_NUMBER_SIGN}\s?)?{_INSIDE_VALUE}{_COMPLEMENT}{{1,5}}")

_RURAL_WORD = (
    r"(?:vereda|vda|finca|hacienda|parcelacion|parcela|predio|resguardo|rancheria|caserio|corregimiento|inspeccion"
    r"|kilometro|km|conjunto|urbanizacion|condominio|edificio|sector)"
)
# A place's own name ends where the sentence goes on.
_SENTENCE_GOES_ON = (
    r"(?:no|si|y|o|que|q|se|me|le|les|mi|en|con|por|para|pero|porque|esta|estan|es|son|tiene|tienen|hay|llega|quiero|donde"
    r"|cuando|hace|desde|municipio|cerca|sin|ya|ni|muy|nos|casa|barrio|cel|tel|cc)"
)
_ARTICLE = r"(?:el|la|los|las|de|del|villa|san|santa|gran|altos|alto)"
_PROPER_NAME = rf"(?:(?!{_SENTENCE_GOES_ON}\b|{_RURAL_WORD}\b)[a-z]{{1,15}}\b)"
_OF_IT = rf"(?:\s(?:de|del)\s(?:(?:el|la|los|las)\s)?{_PROPER_NAME})"
_LONG_NAME = rf"(?:(?:{_ARTICLE}\s){{0,3}}{_PROPER_NAME}{_OF_IT}?)"
_RURAL = (
    rf"(?:(?:{_RURAL_WORD})\.?\s(?:\d{{1,3}}(?:[.,+]\d{{1,3}})?(?:\s(?:via\s(?:a\s|al\s)?{_LONG_NAME}))?|{_LONG_NAME}))"
)
_RURAL_CHAIN = re.compile(
    rf"(?<![a-z\d])(?:{_RURAL}|{_INSIDE}\.?\s?{_INSIDE_VALUE})(?:(?:\s?,\s?|\s)(?:{_RURAL}|{_INSIDE}\.?\s?{_INSIDE_VALUE})){{1,5}}"
)
_FARM = re.compile(
    rf"(?<![a-z\d])(?:finca|hacienda|predio|parcela)\s(?:(?:el|la|los|las|villa|san|santa)\s){_PROPER_NAME}"
)


def claim_addresses(plain: str, claims: Claims) -> None:
    """Mask the addresses of a plain text; of overlapping readings the longest."""
    spans = [match.span() for match in _NUMBERED.finditer(plain) if _says_where(match)]
    for pattern in (_RURAL_CHAIN, _IN_WORDS, _NAMED, _HOUSE_OF_A_BLOCK, _FARM):
        spans += [match.span() for match in pattern.finditer(plain)]
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        claims.mask(Kind.ADDRESS, start, end)


def _says_where(match: re.Match[str]) -> bool:
    """Whether it is more than a street's name: «tv 32» may be a television, «carrera séptima» is miles long."""
    is_plainly_a_street = match[1] not in _SHORT_STREETS and any(map(str.isdigit, match[0]))
    return bool(match[2] or match[3]) or is_plainly_a_street
