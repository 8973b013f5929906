"""Identifiers in a citizen's text: radicado, plate, document, e-mail, telephone and date, each in its normal form."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from desk.radicado import radicados_in

_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")
_DASHES = frozenset("\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d")
_SIGNS = {"’": "'", "‘": "'", "´": "'", "`": "'", "º": "°", "ª": "°"}


@dataclass(frozen=True)
class PlainText:
    """A text without accents, capitals and invisible characters, and where each of its characters stood."""

    original: str
    plain: str
    positions: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text behind a non-empty span of the plain one."""
        last = self.positions[end - 1] + 1
        while last < len(self.original) and unicodedata.combining(self.original[last]):
            last += 1
        return self.positions[start], last


def plain_text(text: str) -> PlainText:
    """A text made plain; typographic dashes become hyphens, every kind of space a space."""
    if text.isascii():
        return PlainText(text, text.lower(), list(range(len(text))))
    characters: list[str] = []
    positions: list[int] = []
    for position, character in enumerate(text):
        for plain in _plain_character(character):
            characters.append(plain)
            positions.append(position)
    return PlainText(text, "".join(characters), positions)


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    if character in _INVISIBLE:
        return ""
    if character in _DASHES:
        return "-"
    if character in _SIGNS:
        return _SIGNS[character]
    decomposed = unicodedata.normalize("NFKD", character).lower()
    return "".join(part for part in decomposed if not unicodedata.combining(part))


class IdentifierKind(StrEnum):
    """What an identifier is."""

    RADICADO = "radicado"
    PLATE = "placa"
    DOCUMENT = "documento"
    EMAIL = "correo"
    TELEPHONE = "telefono"
    DATE = "fecha"


@dataclass(frozen=True)
class Identifier:
    """An identifier found in a text: its normal form and its span in the original text."""

    kind: IdentifierKind
    value: str
    start: int
    end: int


_NUMBER_START = r"(?<![\w@])(?<![0-9][.,/-])"
_NUMBER_END = r"(?![\w@]|[.,/-][0-9])"

_EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,6}[a-z]{2,24}(?![a-z0-9@])"
)
# Any eleven digits that begin like a radicado; desk/radicado.py says whether they are one.
_LIKE_A_RADICADO = re.compile(r"(?<![\w-])[123](?:[\s.,_-]{0,3}[0-9]){10}(?![\w-])")
_TOLL_FREE = re.compile(r"(?<!\w)0?1?[\s.-]?8000(?:[\s.-]{0,3}[0-9]){5,7}(?!\w)")
_TELEPHONE = re.compile(
    r"(?<![\w+@])(?<![0-9][.,/-])(?:\(?(?:\+|00)?57\)?[\s.-]{0,3})?"
    r"(\(?(?:3[0-9]{2}|60[1245678])\)?(?:[\s.-]{0,3}[0-9]){7})(?![\w@]|[.,/-][0-9])"
)

_LETTERS_BEFORE_A_NUMBER = frozenset(
    """
    por cto art ley del los las les con que una uno dos tres sus mis tus nos son hay hoy iva kwh mes ano era fue fui
    aun ese esa eso tan muy mas sin dia via pag sec inc lit num cap dec dto cir ord reg ref exp sol pqr faq nic niu cod
    ext fax pbx min max res rad nit cel tel ced doc nro ene feb mar abr may jun jul ago sep set oct nov dic gas glp gnv
    the and for are you but not all can has had was one two law see usd cop eur ton bar psi apt apto int mza mzo lot cra
    cll kra trv diag kit van bus led dan pon voy vas ver oir pie par vez sal luz red uso ano vta pvp rut soy sea ser
    aca ahi alo ano ojo pues pro tal top tus val vea vio zni upm anm anh sui sic cha don mil her cuy hrs seg mts kgs lts
    cms kms gal lbs pts ptd mts dto tua por per out off get got how its let new now old our own pay say she too use way
    who why yes bay try set put run any did his him age day den des der die das und par sur nor est oes iso api pdf sms
    """.split()
)
_PLATE = re.compile(r"(?<![\w@-])([a-z]{3})(\s?-\s?|\s{1,3})?([0-9]{3}|[0-9]{2}[a-z])(?![\w@-]|[.,][0-9])")
_SAYS_PLATE = re.compile(r"\b(?:placas?|plate)\b[^0-9]{0,25}$")

_DOCUMENT_WORD = (
    r"(?:c\.?\s?c|cedulas?|ced|c\.?\s?e|t\.?\s?i|tarjeta de identidad|n\.?i\.?t|documento|doc|identificacion"
    r"|identificad[oa]s?|id|dni|pasaporte|p\.?p\.?t|pep)"
)
_DOCUMENT_FILLER = (
    r"(?:[\s.:#,=()°-]|\b(?:no|nro|num|numero|n|de|ciudadania|extranjeria|identidad|identificacion|con|es|el|la|mi"
    r"|number|is|cc|ce|ti|nit|cedula)\b){0,12}"
)
_SAID_DOCUMENT = re.compile(
    rf"\b{_DOCUMENT_WORD}\b{_DOCUMENT_FILLER}(?<![0-9])([0-9](?:[\s.,']{{0,2}}[0-9]){{5,10}})(\s?-\s?[0-9])?"
    rf"(?![\w@]|[.,/-][0-9])"
)
_BARE_DOCUMENT = re.compile(
    rf"{_NUMBER_START}(?<![$#])"
    r"([0-9]{6,10}|[0-9]{1,3}(?:\.[0-9]{3}){2,3}|[0-9]{1,3}(?:[ '][0-9]{3}){2,3})"
    rf"(-[0-9])?{_NUMBER_END}"
)
_NUMBER_OF_SOMETHING_ELSE = re.compile(
    r"(?:\$\s?|\b(?:ley|decreto|resolucion|res|circular|norma|articulo|art|acuerdo|sentencia|auto|radicados?|rad"
    r"|expediente|factura|recibo|cuenta|contrato|nic|niu|medidor|contador|poliza|referencia|codigo|cod|orden|usd|cop"
    r"|tarjeta|serial|serie|soat|sicom|pin|cus|matricula|tiquete|ticket|caso)\b"
    r"(?:[\s.:#°-]|\b(?:no|nro|num|numero|n|de|del|es|la|el|contrato|cuenta|referencia)\b){0,8})$"
)
_AMOUNT_FOLLOWS = re.compile(
    r"\s?(?:%|\$|(?:de )?(?:pesos|cop|usd|dolares|millones|mil|kwh|kw|mw|kg|kilos|gal|galones|m3|mt3|metros|hectareas"
    r"|ha|usuarios|personas|habitantes|viviendas|lucas)\b)"
)

_MONTHS = {
    name: number
    for number, names in enumerate(
        """
        enero ene january jan|febrero feb february|marzo mar march|abril abr april apr|mayo may|junio jun june
        |julio jul july|agosto ago august aug|septiembre setiembre sep sept set september|octubre oct october
        |noviembre nov november|diciembre dic december dec
        """.split("|"),
        start=1,
    )
    for name in names.split()
}
_LONG_MONTHS = "|".join(sorted((name for name in _MONTHS if len(name) > 3 or name == "may"), key=len, reverse=True))
_ANY_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)[0-9]{2}"
_YEAR_FIRST = re.compile(
    rf"{_NUMBER_START}({_YEAR})([/.-])([0-9]{{1,2}})\2([0-9]{{1,2}})(?=t[0-9]{{2}}:|{_NUMBER_END})"
)
_DAY_FIRST = re.compile(
    rf"{_NUMBER_START}([0-9]{{1,2}})\s?([/.-])\s?([0-9]{{1,2}})\s?\2\s?({_YEAR}|[0-9]{{2}}){_NUMBER_END}"
)
_DAY_AND_MONTH = re.compile(
    rf"{_NUMBER_START}(?:([0-9]{{1,2}})(?:\s?(?:°|ero|ro|st|nd|rd|th))?|(primero))(?:\s+(?:dias\s+)?(?:de|del|of)\s+|\s+)"
    rf"(?:mes\s+de\s+)?({_LONG_MONTHS})\b(?:[\s,]+(?:(?:de|del)\s+)?(?:ano\s+)?({_YEAR}){_NUMBER_END})?"
)
_SHORT_MONTH = re.compile(rf"{_NUMBER_START}([0-9]{{1,2}})[\s/.-]()({_ANY_MONTH})[\s/.-]({_YEAR}){_NUMBER_END}")
_MONTH_FIRST = re.compile(
    rf"\b({_LONG_MONTHS})\s+([0-9]{{1,2}})(?:st|nd|rd|th)?(?![\w]|[.,/-][0-9])"
    rf"(?:(?:,\s*|\s+)(?:(?:de|del)\s+)?({_YEAR}){_NUMBER_END})?"
)

Finding = tuple[IdentifierKind | None, str, int, int]


def identifiers_in(text: str) -> list[Identifier]:
    """The identifiers of a text in their order; none overlaps another, the more specific kind wins."""
    folded = plain_text(text)
    rest = folded.plain
    found: list[Identifier] = []
    if not any(character in rest for character in "@0123456789") and "primero" not in rest:
        return found
    for search in _SEARCHES:
        for kind, value, start, end in list(search(rest, folded)):
            rest = f"{rest[:start]}{chr(0) * (end - start)}{rest[end:]}"
            if kind is not None:
                found.append(Identifier(kind, value, *folded.span(start, end)))
    return sorted(found, key=lambda identifier: identifier.start)


def _emails(rest: str, folded: PlainText) -> Iterator[Finding]:
    if "@" not in rest:
        return
    for match in _EMAIL.finditer(rest):
        start, end = folded.span(*match.span())
        written = "".join(character for character in folded.original[start:end] if character not in _INVISIBLE)
        yield IdentifierKind.EMAIL, written.lower(), match.start(), match.end()


def _radicados(rest: str, folded: PlainText) -> Iterator[Finding]:
    for match in _LIKE_A_RADICADO.finditer(rest):
        for radicado in radicados_in(match.group(0)):
            yield IdentifierKind.RADICADO, str(radicado), match.start(), match.end()


def _toll_free_numbers(rest: str, folded: PlainText) -> Iterator[Finding]:
    for match in _TOLL_FREE.finditer(rest):
        yield None, "", match.start(), match.end()


def _dates(pattern: re.Pattern[str], read: Callable[[re.Match[str]], str | None]) -> Callable[..., Iterator[Finding]]:
    def search(rest: str, folded: PlainText) -> Iterator[Finding]:
        for match in pattern.finditer(rest):
            value = read(match)
            # What looks like a date and is none is not a document either.
            yield (IdentifierKind.DATE if value else None), value or "", match.start(), match.end()

    return search


def _iso_date(year: str | None, month: int, day: int) -> str | None:
    if year is not None and len(year) == 2:
        year = f"{'20' if int(year) < 70 else '19'}{year}"
    try:
        # A leap year, so that 29 February without a year is a date.
        parsed = date(int(year) if year else 2000, month, day)
    except ValueError:
        return None
    return parsed.isoformat() if year else f"--{month:02}-{day:02}"


def _day_month_year(match: re.Match[str]) -> str | None:
    day, first, month, year = match.groups()
    return _iso_date(year, _MONTHS[month], 1 if first else int(day))


def _telephones(rest: str, folded: PlainText) -> Iterator[Finding]:
    for match in _TELEPHONE.finditer(rest):
        yield IdentifierKind.TELEPHONE, _digits(match.group(1)), match.start(), match.end()


def _plates(rest: str, folded: PlainText) -> Iterator[Finding]:
    for match in _PLATE.finditer(rest):
        letters, separator, number = match.groups()
        start, _end = folded.span(*match.span())
        if letters in _LETTERS_BEFORE_A_NUMBER:
            spaced = separator is not None and "-" not in separator
            in_capitals = folded.original[start : start + 3].isupper()
            if not _SAYS_PLATE.search(rest, 0, match.start()) or (spaced and not in_capitals):
                continue
        yield IdentifierKind.PLATE, (letters + number).upper(), match.start(), match.end()


def _said_documents(rest: str, folded: PlainText) -> Iterator[Finding]:
    for match in _SAID_DOCUMENT.finditer(rest):
        if not _AMOUNT_FOLLOWS.match(rest, match.end()):
            yield IdentifierKind.DOCUMENT, _digits(match.group(1)), match.start(1), match.end()


def _bare_documents(rest: str, folded: PlainText) -> Iterator[Finding]:
    for match in _BARE_DOCUMENT.finditer(rest):
        digits = _digits(match.group(1))
        before = max(0, match.start() - 60)
        if not (
            digits.endswith("000")
            or len(digits) > 10
            or _NUMBER_OF_SOMETHING_ELSE.search(rest[before : match.start()])
            or _AMOUNT_FOLLOWS.match(rest, match.end())
        ):
            yield IdentifierKind.DOCUMENT, digits, match.start(), match.end()


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


_SEARCHES: tuple[Callable[[str, PlainText], Iterator[Finding]], ...] = (
    _emails,
    _radicados,
    _toll_free_numbers,
    _dates(_YEAR_FIRST, lambda match: _iso_date(match[1], int(match[3]), int(match[4]))),
    _dates(_DAY_FIRST, lambda match: _iso_date(match[4], int(match[3]), int(match[1]))),
    _dates(_SHORT_MONTH, _day_month_year),
    _dates(_DAY_AND_MONTH, _day_month_year),
    _dates(_MONTH_FIRST, lambda match: _iso_date(match[3], _MONTHS[match[1]], int(match[2]))),
    _telephones,
    _plates,
    _said_documents,
    _bare_documents,
)
