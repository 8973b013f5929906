"""Numbers said in words, digit by digit or in groups («tres quince cuarenta y dos…»), as dictation writes them."""

import re
from collections.abc import Iterator

from consultame.masking.personal_data import joined

_DIGITS = (
    "cero uno una dos tres cuatro cinco seis siete ocho nueve zero oh one two three four five six seven eight nine"
)
_TEENS = (
    "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veintiuno veintidos veintitres"
    " veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"
)
_TENS = "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS = (
    "cien ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)
_POWERS = "mil millon millones"
_WIDTHS = (
    dict.fromkeys(_DIGITS.split(), 1)
    | dict.fromkeys((_TEENS + " " + _TENS).split(), 2)
    | dict.fromkeys((_HUNDREDS + " " + _POWERS).split(), 3)
)
_PART = rf"(?:{joined(_WIDTHS)}|\d{{1,4}})"
SPOKEN_PART = joined(_WIDTHS)
_RUN = re.compile(rf"\b{_PART}(?:[\s,.-]{{1,3}}(?:y\s|doble\s|triple\s)?{_PART}){{2,}}\b")
_MEASURED = re.compile(
    r"\s?(?:de\s)?(?:pesos|mil|millones|kilos|libras|kg|kwh|horas|dias|meses|anos|personas|familias|cilindros|pipetas)\b"
)
FEWEST_DIGITS = 6


def spoken_numbers(plain: str) -> Iterator[tuple[int, int]]:
    """The spans of the numbers of six digits or more that are said in words; amounts and measures are none."""
    for match in _RUN.finditer(plain):
        parts = re.findall(r"[a-z]+|\d+", match[0])
        digits = sum(_width(part) for part in parts)
        is_said = any(part.isalpha() for part in parts)
        if is_said and digits >= FEWEST_DIGITS and not _MEASURED.match(plain, match.end()):
            yield match.span()


def _width(part: str) -> int:
    return len(part) if part.isdigit() else _WIDTHS.get(part, 0)
