"""Colombian municipalities and departments named in a text, by their DIVIPOLA codes.

Source of `divipola.csv`: DANE, División Político-Administrativa de Colombia (DIVIPOLA): 1,122 municipalities, districts
and non-municipal areas in 32 departments and Bogotá, D.C. Codes and names are those of the list that DIAN publishes
from it (`Municipio-2.1.gc`, 2019), with later changes: Mapiripana is part of Barrancominas, Nuevo Belén de Bajirá is
in, and renamed municipalities have their new names.
"""

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from desk.identifiers import PlainText, plain_text

_FILE = Path(__file__).with_name("divipola.csv")


class PlaceKind(StrEnum):
    """What a place is."""

    MUNICIPALITY = "municipio"
    DEPARTMENT = "departamento"


@dataclass(frozen=True)
class Municipality:
    """A municipality; the first two digits of its code are its department's."""

    code: str
    name: str
    department_code: str
    department: str


@dataclass(frozen=True)
class Place:
    """A municipality or department named in a text; several codes when several municipalities share the name."""

    kind: PlaceKind
    codes: tuple[str, ...]
    start: int
    end: int


@lru_cache(maxsize=1)
def municipalities() -> dict[str, Municipality]:
    """All municipalities by code."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {
            row["code"]: Municipality(row["code"], row["municipality"], row["department_code"], row["department"])
            for row in rows
        }


@lru_cache(maxsize=1)
def departments() -> dict[str, str]:
    """The names of the departments by code, Bogotá, D.C. among them."""
    return {place.department_code: place.department for place in municipalities().values()}


# What people say instead of the official name.
_ALSO_CALLED = {
    "11001": "bogota|bogota dc|santa fe de bogota|santafe de bogota",
    "05001": "medallo",
    "05042": "santafe de antioquia",
    "05237": "don matias",
    "05541": "el penol",
    "05607": "el retiro",
    "05664": "san pedro de los milagros",
    "05674": "san vicente",
    "08001": "quilla",
    "13001": "cartagena",
    "13468": "mompox|mompos",
    "15332": "guican",
    "18150": "cartagena del chaira",
    "19548": "piendamo|tunia",
    "19698": "quilichao",
    "19760": "sotara|paispamba",
    "20013": "codazzi",
    "20400": "la jagua",
    "20443": "manaure",
    "23586": "purisima",
    "25269": "faca",
    "25290": "fusa",
    "25843": "ubate",
    "27250": "litoral del san juan",
    "27493": "belen de bajira|bajira",
    "50001": "villavo|villao",
    "52001": "san juan de pasto",
    "52224": "cuaspud|carlosama",
    "52427": "magui payan",
    "52835": "tumaco",
    "54001": "cucuta",
    "66170": "dos quebradas",
    "68001": "bga",
    "68081": "barranca",
    "70742": "since",
    "70820": "tolu",
    "70823": "toluviejo|tolu viejo",
    "73443": "mariquita",
    "76001": "cali|santiago de cali",
    "76111": "buga",
    "86573": "leguizamo",
    "86865": "la hormiga",
    "88001": "san andres islas|isla de san andres",
    "91460": "miriti",
    "94001": "puerto inirida",
    "95001": "san jose del guaviare",
}
_DEPARTMENTS_ALSO_CALLED = {
    "44": "guajira",
    "54": "norte santander|nte de santander",
    "76": "valle",
    "88": "san andres y providencia|san andres providencia y santa catalina|archipielago de san andres",
}

# Names and surnames, and words seldom said after «en» or «de»: a place when such a word stands before them.
_NEED_A_WORD_BEFORE = frozenset(
    """
    acevedo apartado alban albania aldana alejandria algeciras almeida altamira alvarado andalucia anza anzoategui apia
    aquitania aranzazu arbelaez argelia arjona armenia armero atlantico balboa baraya barbosa barranca becerril
    belalcazar belen belmira beltran betania betulia bolivar briceno buenavista cabrera caceres caicedo cajamarca
    calamar caldas candelaria carolina cartago casabianca cesar chima chita choco circasia cisneros clemencia coello
    copacabana cordoba corinto corozal cunday curillo durania elias encino enciso espinal faca falan filadelfia
    flandes florencia florian fonseca fortul fredonia fusa gamarra garzon genova ginebra giraldo girardot giron
    gonzalez granada guadalupe guamal guamo guapi gutierrez heliconia herran hispania jerico jerusalen jordan junin
    leiva lerida leticia libano linares lourdes maceo madrid magdalena malaga manaure manzanares margarita
    marquetalia marsella marulanda medallo medina melgar milan miraflores miranda montebello montecristo montenegro
    monterrey morales morelia mosquera murillo neira nilo obando olaya orito ortega ospina padilla paez palermo
    palestina pamplona pedraza pelaya pensilvania piamonte pinillos policarpa potosi puerres purisima quilla
    restrepo ricaurte rivera roldanillo rondon rosas rovira salamina salazar saldana salgar samana samaniego sandona
    santana santander santiago segovia sevilla silvania silvia since solano solita suarez sucre tarqui tello
    tenerife teruel tesalia toledo tolu toribio trujillo turbana ulloa unguia uribe uribia valdivia valencia
    valparaiso velez venecia vergara versalles villamaria villanueva viterbo zambrano zaragoza
    """.split()
)

# Everyday words and phrases: «en la mesa», «de retiro», «del banco» are no places.
_EVERYDAY = frozenset(
    """
    acacias agrado aguada aguadas algarrobo andes angostura arboleda arboledas arenal barrancas bello campamento
    caracoli cerrito cienaga cienega colombia colon concepcion concordia confines contadero contratacion convencion
    coper corrales cota cotorra distraccion dolores floresta florida fundacion galeras gama gigante guaca guacamayas
    guaduas hato hobo honda iza jardin lejanias mani manta matanza mercaderes mesetas meta mogotes morichal ovejas pacho
    pajarito palmar palmito paramo paya peque pesca piedras pital planadas plato ponedera pore pradera providencia
    purificacion ragonvalia recetor regidor remedios remolino repelon retiro sabanagrande santuario silos socorro
    soledad sora suan susa tamara tame tarso tasco tena toca tona toro tota trinidad tunia turbo tuta une valle
    vetas victoria
    """.split()
) | frozenset(
    phrase.strip()
    for phrase in """
    buenos aires; ciudad bolivar; el aguila; el banco; el cairo; el calvario; el carmen; el castillo; el cerrito;
    el charco; el colegio; el copey; el dorado; el encanto; el espino; el guacamayo; el guamo; el molino; el paso;
    el penol; el penon; el pinon; el playon; el reten; el retiro; el retorno; el roble; el rosal; el rosario;
    el santuario; el tambo; el zulia; fuente de oro; jesus maria; la apartada; la argentina; la belleza; la calera;
    la capilla; la ceja; la celia; la chorrera; la cruz; la cumbre; la dorada; la esperanza; la estrella; la florida;
    la gloria; la guadalupe; la hormiga; la jagua; la llanada; la merced; la mesa; la montanita; la palma; la paz;
    la pedrera; la pena; la pintada; la plata; la playa; la primavera; la salina; la sierra; la tola; la union; la vega;
    la victoria; la virginia; los andes; los palmitos; los patios; los santos; pueblo bello; pueblo nuevo; pueblo rico;
    puerto rico; rio viejo; rio de oro; santo domingo; nuevo colon
    """.split(";")
)  # fmt: skip
_KNOWN_SAINTS = frozenset(
    {"santa marta", "san gil", "san onofre", "san pelayo", "san antero", "san andres", "san zenon"}
)

_NO_PLACE_AFTER = frozenset(
    """
    aeropuerto autopista av avenida banco barrio batallon calle carrera clinica club conjunto cra doctor doctora don
    dona edificio estadio hospital hotel parque plaza rio senor senora simon universidad
    """.split()
)
_LIVES_IN = re.compile(
    r"(?:\b(?:municipio|mpio|mcpio|ciudad|pueblo|alcaldia|alcalde|alcaldesa|corregimiento|vereda|personeria|municipality"
    r"|town|city)\s+(?:de\s+|of\s+)?"
    r"|\b(?:viv[oae]|vivimos|viven|viviendo|resid[oae]|residimos|residente|domiciliad[oa]|ubicad[oa]s?|naci|habito"
    r"|escrib[oe]|escribimos|live|living|located)\s+(?:aca\s+|aqui\s+|alla\s+)?(?:en|de|desde|in|from)\s+"
    r"|\b(?:soy|somos|vengo|oriund[oa]|natural|procedente|am|i'm)\s+(?:de|from)\s+)$"
)
_IN_OR_FROM = re.compile(r"\b(?:en|d|de|desde|hasta|hacia|in|from)\s+$")
_IN_THE = re.compile(r"\b(?:en|de|desde|hasta|hacia|por)\s+el\s+$|\b(?:del|al)\s+$")
_DEPARTMENT_OF = re.compile(r"\b(?:departamento|depto|dpto)\.?\s+(?:de\s+|del\s+)?$")
_MUNICIPALITY_OF = re.compile(
    r"\b(?:municipio|mpio|mcpio|ciudad|pueblo|alcaldia|alcalde|alcaldesa|personeria|municipality|town|city)"
    r"\s+(?:de\s+|of\s+)?$"
)
_DEPARTMENT_FOLLOWS = re.compile(
    r"[\s,.(/-]{1,4}(?:(?:en\s+el\s+|del?\s+|el\s+)?(?:departamento|depto|dpto)\.?\s+(?:del?\s+)?"
    r"|(?:en|del?)\s+(?:el\s+)?)?"
)
_DEPARTMENT_BEFORE = re.compile(r"\s?[,(/-]\s?$")
_WORD = re.compile(r"[a-z0-9]+")
_BETWEEN_WORDS = re.compile(r"[\s,.'-]{1,3}")


@dataclass(frozen=True)
class _Name:
    """What a sequence of words may name."""

    words: tuple[str, ...]
    codes: tuple[str, ...]
    department: str | None


@dataclass(frozen=True)
class _Hit:
    """A name at a place of the plain text."""

    name: _Name
    previous_word: str
    start: int
    end: int


def places_in(text: str) -> list[Place]:
    """The municipalities and departments that a citizen's text names, in their order."""
    folded = plain_text(text)
    hits = _hits(folded.plain)
    return _decided(hits, folded) if hits else []


def _hits(plain: str) -> list[_Hit]:
    words = [(match.group(0), match.start(), match.end()) for match in _WORD.finditer(plain)]
    names, hits, index = _names(), [], 0
    while index < len(words):
        length = 1
        for name in names.get(words[index][0], ()):
            if _stands_at(name, words, index, plain):
                length = len(name.words)
                previous = words[index - 1][0] if index else ""
                hits.append(_Hit(name, previous, words[index][1], words[index + length - 1][2]))
                break
        index += length
    return hits


def _stands_at(name: _Name, words: list[tuple[str, int, int]], index: int, plain: str) -> bool:
    length = len(name.words)
    if index + length > len(words) or any(words[index + i][0] != name.words[i] for i in range(1, length)):
        return False
    return all(_BETWEEN_WORDS.fullmatch(plain, words[index + i][2], words[index + i + 1][1]) for i in range(length - 1))


def _decided(hits: list[_Hit], folded: PlainText) -> list[Place]:
    beside = [_department_beside(hits, index, folded.plain) for index in range(len(hits))]
    is_a_place = [_is_a_place(hit, folded, beside[index]) for index, hit in enumerate(hits)]
    for index, department in enumerate(beside):
        # A department's name that tells which municipality is meant counts, however ordinary a word it is.
        if department is not None and is_a_place[index]:
            is_a_place[index + 1 if _names_department(hits, index + 1, department) else index - 1] = True
    accepted = [(hit, beside[index]) for index, hit in enumerate(hits) if is_a_place[index]]
    readings = [(hit, department, _means_department(hit, department, folded.plain)) for hit, department in accepted]
    mentioned = {hit.name.department for hit, _, as_department in readings if as_department}
    places = []
    for hit, department, as_department in readings:
        span = folded.span(hit.start, hit.end)
        if as_department:
            places.append(Place(PlaceKind.DEPARTMENT, (hit.name.department or "",), *span))
        else:
            codes = _within(hit.name.codes, {department} if department else mentioned)
            places.append(Place(PlaceKind.MUNICIPALITY, codes, *span))
    return places


def _within(codes: tuple[str, ...], wanted: set[str | None]) -> tuple[str, ...]:
    return tuple(code for code in codes if code[:2] in wanted) or codes


def _names_department(hits: list[_Hit], index: int, department: str) -> bool:
    return index < len(hits) and hits[index].name.department == department


def _department_beside(hits: list[_Hit], index: int, plain: str) -> str | None:
    """The department named just after or before a municipality that lies in it."""
    hit = hits[index]
    if index + 1 < len(hits):
        following = hits[index + 1]
        between = plain[hit.end : following.start]
        if _has_a_code_in(hit, following.name.department) and _DEPARTMENT_FOLLOWS.fullmatch(between):
            return following.name.department
    if index:
        before = hits[index - 1]
        between = plain[before.end : hit.start]
        if _has_a_code_in(hit, before.name.department) and _DEPARTMENT_BEFORE.fullmatch(between):
            return before.name.department
    return None


def _has_a_code_in(hit: _Hit, department: str | None) -> bool:
    return department is not None and any(code.startswith(department) for code in hit.name.codes)


def _is_a_place(hit: _Hit, folded: PlainText, department_beside: str | None) -> bool:
    if hit.previous_word in _NO_PLACE_AFTER:
        return False
    written = " ".join(hit.name.words)
    everyday = written in _EVERYDAY
    if (not everyday and not _needs_a_word_before(written)) or department_beside:
        return True
    if _is_all_of(folded.plain, hit) or _is_lived_in(hit, folded.plain):
        return written != "colombia"
    return _is_said_before(hit, folded.plain) and (not everyday or _is_written_as_a_name(hit, folded))


def _is_lived_in(hit: _Hit, plain: str) -> bool:
    start = hit.start
    if hit.name.department is not None:
        if _DEPARTMENT_OF.search(plain, max(0, start - 24), start):
            return True
        start -= 3 if plain.endswith(" el ", 0, start) else 0
    return bool(_LIVES_IN.search(plain, max(0, start - 40), start))


def _is_said_before(hit: _Hit, plain: str) -> bool:
    if hit.name.words == ("colombia",):
        return False
    if _IN_OR_FROM.search(plain, max(0, hit.start - 12), hit.start):
        return True
    return hit.name.department is not None and bool(_IN_THE.search(plain, max(0, hit.start - 14), hit.start))


def _needs_a_word_before(written: str) -> bool:
    is_a_saint = written.startswith(("san ", "santa ", "santo ")) and written.count(" ") == 1
    return written in _NEED_A_WORD_BEFORE or (is_a_saint and written not in _KNOWN_SAINTS)


def _is_all_of(plain: str, hit: _Hit) -> bool:
    return not _WORD.search(plain, 0, hit.start) and not _WORD.search(plain, hit.end)


def _is_written_as_a_name(hit: _Hit, folded: PlainText) -> bool:
    start, end = folded.span(hit.start, hit.end)
    last_word = folded.original[start:end].split()[-1:] or [""]
    return last_word[0][:1].isupper() and not folded.original.isupper()


def _means_department(hit: _Hit, department_beside: str | None, plain: str) -> bool:
    if hit.name.department is None:
        return False
    if not hit.name.codes:
        return True
    return not department_beside and not _MUNICIPALITY_OF.search(plain, max(0, hit.start - 30), hit.start)


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[_Name, ...]]:
    """Every name by its first word, the longest first."""
    codes: dict[tuple[str, ...], set[str]] = {}
    for code, place in municipalities().items():
        for words in (_words(place.name), *_shorter(place.name), *_said(_ALSO_CALLED.get(code, ""))):
            codes.setdefault(words, set()).add(code)
    department_codes = {_words(name): code for code, name in departments().items() if code != "11"}
    for code, names in _DEPARTMENTS_ALSO_CALLED.items():
        department_codes.update(dict.fromkeys(_said(names), code))
    by_first_word: dict[str, list[_Name]] = {}
    for words in sorted(codes.keys() | department_codes.keys(), key=len, reverse=True):
        # A department's capital, the likeliest to be meant, ends in 001 and comes first.
        ordered = sorted(codes.get(words, ()), key=lambda code: (not code.endswith("001"), code))
        by_first_word.setdefault(words[0], []).append(_Name(words, tuple(ordered), department_codes.get(words)))
    return {word: tuple(names) for word, names in by_first_word.items()}


def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(plain_text(name).plain))


def _said(names: str) -> list[tuple[str, ...]]:
    return [tuple(name.split()) for name in names.split("|") if name]


def _shorter(name: str) -> list[tuple[str, ...]]:
    words = _words(name)
    return [words[1:]] if words[0] == "el" and len(words) > 2 else []
