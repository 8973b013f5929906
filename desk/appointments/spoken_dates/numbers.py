"""Numbers said in words, Spanish and English, written as digits."""

import re

_UNITS = {
    "cero": 0, "uno": 1, "una": 1, "un": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
    "ocho": 8, "nueve": 9, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9,
}  # fmt: skip
_TEENS = {
    "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veintiuno": 21, "veintiun": 21, "veintiuna": 21, "veintidos": 22,
    "veintitres": 23, "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27, "veintiocho": 28,
    "veintinueve": 29, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80,
    "noventa": 90, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_WORDS = _UNITS | _TEENS | _TENS

_COUNTED = "|".join(word for word, value in _UNITS.items() if value)
_COMPOUND = re.compile(
    rf"\b(treinta|cuarenta|cincuenta|veinte) y ({_COUNTED})\b|\b(twenty|thirty|forty|fifty)[ -]({_COUNTED})\b"
)
_TENS_AND_UNIT = re.compile(r"\bdiez y (seis|siete|ocho|nueve)\b")
_YEAR = re.compile(r"\b2 mil (\d{1,2})\b")
_YEAR_OF_THE_LAST_CENTURY = re.compile(r"\bmil novecientos (\d{1,2})\b")
_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b")


def with_digits(words: str) -> str:
    """Words in lower case without accents, their numbers up to 99 as digits, years too («dos mil veintiséis»)."""
    words = _TENS_AND_UNIT.sub(lambda match: str(10 + _UNITS[match[1]]), words)
    words = _COMPOUND.sub(_sum, words)
    words = _WORD.sub(lambda match: str(_WORDS[match[0]]), words)
    words = _YEAR_OF_THE_LAST_CENTURY.sub(lambda match: str(1900 + int(match[1])), words)
    return _YEAR.sub(lambda match: str(2000 + int(match[1])), words)


def _sum(match: re.Match[str]) -> str:
    tens, unit = match[1] or match[3], match[2] or match[4]
    return str(_TENS[tens] + _UNITS[unit])


def full_year(year: str) -> int:
    """Years of two digits lie between 1970 and 2069, as on most systems."""
    number = int(year)
    return number if len(year) > 2 else number + (1900 if number >= 70 else 2000)
