"""People's names: after words that announce one, by lists of known names, and by spaCy's model.

Citizens write names in lower case, surname first, misspelt, in indigenous languages: no list knows them all. So a word
counts as part of a name when it stands beside one and is no everyday word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consultame.masking.known_words import KnownWords, known_words, names_pipeline
from consultame.masking.personal_data import Claims, Kind, joined

_TOKEN = re.compile(r"[a-z]+(?:['-][a-z]+)*|[^\sa-z]|\n")
_SMALL_WORDS = frozenset("de del la las los van von der den da dos di du san santa y mc bin el al".split())
_BEGIN_SURNAMES = frozenset("de del van von da di du santa san".split())
_FOREIGN_PARTICLES = frozenset("van von der den da di du bin al mc".split())
# «María del Rosario», «de la Cruz»: part of a name though places are called so too.
_DEVOTIONS = frozenset(
    """
    carmen socorro rosario pilar transito jesus cruz dolores mercedes angeles concepcion mar consuelo amparo
    perpetuo valle espiritu milagro nino hoz rosa torre paz
    """.split()
)
# After these «luz» or «rosa» is the thing, not a name.
_BEFORE_THINGS = frozenset("la el los las un una de del sin hay con por su mi en y a al no mas que".split())
_LONGEST = 8

# What announces a name surely: what follows is one unless it is an everyday word.
_RELATIVES = """
    esposo esposa marido mujer mama mami madre papa papi padre hijo hija hermano hermana vecino vecina suegro
    suegra abuelo  abuela abuelito abuelita tio tia primo prima cunado cunada nieto nieta sobrino sobrina yerno
    nuera amigo amiga novio novia  ex companero companera jefe patron patrona padrastro madrastra hermanito
    hermanita comadre compadre ahijado ahijada  wife husband mother father son daughter brother sister neighbor
    neighbour landlord landlady friend boss uncle aunt
    """
_TITLES = """
    senor senora senorita sr sra srta srita don dona dr dra doctor doctora ing ingeniero ingeniera arq lic
    licenciado licenciada  profesor profesora profe abogado abogada sor taita mayor padre fray tecnico tecnica
    funcionario funcionaria asesor asesora  conductor repartidor propietario propietaria dueno duena titular
    beneficiario beneficiaria accionante remitente peticionario  peticionaria solicitante suscrito suscrita
    usuario usuaria nino nina joven lider lideresa presidente presidenta concejal  contratista vendedor paciente
    mr mrs ms vecinos senores hermanos hijos
    """
_ANNOUNCES = re.compile(
    r"\b(?:"
    r"(?:me|se|te) llam[oa](?:ba)?|mi nombre(?: completo)?(?: es)?|su nombre es|my name is|named|called|i'?m|i am"
    r"|a nombre de|en nombre de|nombre y apellidos?|nombres y apellidos|nombres?(?: completo)?|apellidos?"
    r"|this is|(?:le|les) (?:habla|escribe|saluda)|habla con|hable con|habla|escribe"
    r"|att|atte|atentamente|cordialmente|respetuosamente"
    r"|regards|sincerely|firmado por|firma|firmamos|suscribe|quien suscribe|de parte de|on behalf of|by"
    r"|(?:yo )?soy|soi|somos|yo|mis datos son"
    rf"|(?:(?:mi|su|un|una|la|el|my|his|her|tu|de)\s)?{joined(_RELATIVES)}|{joined(_TITLES)}"
    r")\b[\s.,:;*-]{0,4}(?:(?:es|son|de mi|de la|de el|del|de|la|el|mi|a|al|is)\s)?"
    rf"(?:{joined(_RELATIVES + ' ' + _TITLES)}\.?\s){{0,2}}"
)
# These stand before other things than names so often that a word must look like a name by itself.
_WEAK = re.compile(
    r"^(?:nombres?|apellidos?|(?:yo )?soy|soi|somos|yo|i'?m|i am|this is|by|firma|habla|escribe|called|named)\b"
)

# Before these a name is that of a place, a firm or a law.
_NAMES_A_PLACE = frozenset(
    """
    barrio parque plaza colegio escuela institucion hospital clinica biblioteca estadio avenida calle carrera
    universidad aeropuerto vereda corregimiento finca municipio estacion bomba edificio conjunto urbanizacion
    batallon puente hidroelectrica represa ciudad puerto san santa santo localidad resguardo rio centro instituto
    fundacion teatro terminal base comuna ciudadela villa departamento autopista isla cabo cerro laguna mina pozo
    campo planta empresa banco
    """.split()
)
_NO_NAME = frozenset(
    """
    glp gncv gnv sicom sisben retie rucom zni anm anh creg upme ipse sic gas superservicios ministerio minminas
    minenergia minas energia hola buenas buenos buen buena dias dia tardes noches saludos cordial gracias radicado
    placa pipeta cilindro subsidio estrato colombia colombiano colombiana direccion hidrocarburos agencia
    superintendencia comision alcaldia alcalde gobernacion minera ecopetrol terpel primax texaco esso mobil biomax
    rappi vanti celsia emcali epm enel codensa afinia aire electricaribe montagas rayogas colgas norgas gasan
    supergas inter promigas surtigas alcanos llanogas bancolombia davivienda nequi daviplata bbva scotiabank
    colpatria renault chevrolet mazda kia logan spark aveo sandero enero febrero marzo abril mayo junio julio
    agosto septiembre octubre noviembre diciembre lunes martes miercoles jueves viernes sabado domingo navidad ano
    nuevo senor senora senores don dona doctor doctora ingeniero ingeniera cedula celular correo telefono numero
    municipio vereda barrio hello good morning afternoon evening can the what how much law ministry mines energy
    petition january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday prosperidad social hacienda ambiente desarrollo sostenible servicios
    publicos domiciliarios nacional derecho rut runt nit asunto ciudad referencia consultame asistente yo usted
    ustedes nosotros favor porfavor porfa señores muy aqui alla aca otra vez nuevamente ayuda necesito quiero
    quisiera tengo soy estoy
    """.split()
)


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    word: str
    is_capital: bool

    @property
    def is_word(self) -> bool:
        return self.word[0].isalpha() and len(self.word) > 0


class _Text:
    """A text in words, with what each can be."""

    def __init__(self, original: str, plain: str, claims: Claims, known: KnownWords) -> None:
        self.known = known
        self.plain = plain
        free = claims.free_text(plain)
        letters = [character for character in original if character.isalpha()]
        # In a text of capitals a capital says nothing.
        says_by_capitals = sum(character.islower() for character in letters) > len(letters) * 0.3
        self.tokens = [
            _Token(match.start(), match.end(), match[0], says_by_capitals and original[match.start()].isupper())
            for match in _TOKEN.finditer(free)
        ]
        self.place = [False] * len(plain)
        for match in known.places.finditer(plain):
            self.place[match.start() : match.end()] = [True] * (match.end() - match.start())

    def is_place(self, token: _Token) -> bool:
        return self.place[token.start]

    def can_be_name(self, token: _Token, *, beside_name: bool) -> bool:
        """Whether a word can be part of a name; beside one more words can."""
        word = token.word
        if not token.is_word or len(word) < 2 or word in _NO_NAME or word in _SMALL_WORDS:
            return False
        parts = re.split("['-]", word)
        if token.is_capital or any(self.known.is_name(part) for part in parts):
            return beside_name or not self.known.is_everyday(word) or token.is_capital
        return len(word) > 2 and not any(self.known.is_everyday(part) for part in parts)

    def is_surely_given(self, token: _Token) -> bool:
        """A given name that is neither an everyday word nor a place."""
        return (
            token.is_word
            and self.known.is_given(token.word)
            and not self.known.is_everyday(token.word)
            and not self.is_place(token)
            and token.word not in _NO_NAME
        )


def claim_names(original: str, plain: str, claims: Claims) -> None:
    """Mask the names of people in a text (`plain` is it made plain)."""
    text = _Text(original, plain, claims, known_words())
    for start, end in (*_announced(text), *_listed(text), *_tagged(original, text)):
        claims.mask(Kind.NAME, start, end)


def _announced(text: _Text) -> Iterator[tuple[int, int]]:
    """Names after what announces one, and those that follow in a list («A, B y C»)."""
    index_at = {token.start: index for index, token in enumerate(text.tokens)}
    position = 0
    while match := _ANNOUNCES.search(text.plain, position):
        position = match.start() + 1
        index = next(
            (index_at[at] for at in range(match.end(), min(match.end() + 4, len(text.plain))) if at in index_at), None
        )
        if index is None:
            continue
        is_weak = _WEAK.match(match[0]) is not None
        while (run := _run(text, index, announced=True)) and (not is_weak or _looks_like_a_name(text, run)):
            if not _is_only_a_place(text, run):
                yield text.tokens[run[0]].start, text.tokens[run[-1]].end
            position = max(position, text.tokens[run[-1]].end)
            index = run[-1] + 1
            if index + 1 >= len(text.tokens) or text.tokens[index].word not in {",", "y", "e"}:
                break
            index, is_weak = index + 1, True


def _run(text: _Text, index: int, *, announced: bool = False) -> list[int]:
    """The tokens of a name that begins here, small words inside included."""
    run: list[int] = []
    tokens = text.tokens
    while index < len(tokens) and len(run) < _LONGEST:
        token = tokens[index]
        if text.can_be_name(token, beside_name=bool(run)) or (
            not run and _begins_a_name(text, index, announced=announced)
        ):
            run.append(index)
        elif _is_initial(text, index, bool(run)):
            run.append(index)
            if index + 1 < len(tokens) and tokens[index + 1].word == ".":
                index += 1
                run.append(index)
        elif token.word in _SMALL_WORDS and (length := _small_words(text, index, bool(run))):
            run.extend(range(index, index + length))
            index += length - 1
        else:
            break
        index += 1
    return run


def _begins_a_name(text: _Text, index: int, *, announced: bool) -> bool:
    """Whether a name that is an everyday word too («blanca», «segundo») begins one here: another name follows."""
    if not text.known.is_given(text.tokens[index].word) or index + 1 >= len(text.tokens):
        return False
    following = text.tokens[index + 1]
    if not announced and index and text.tokens[index - 1].word in _BEFORE_THINGS:
        return False
    return text.known.is_name(following.word) and following.word not in _NO_NAME


def _is_initial(text: _Text, index: int, inside: bool) -> bool:
    token = text.tokens[index]
    if not token.is_word or len(token.word) != 1:
        return False
    following = text.tokens[index + 1].word if index + 1 < len(text.tokens) else "\n"
    return (token.is_capital and following == ".") or (inside and token.word not in "yaeou" and following in "\n.")


def _small_words(text: _Text, index: int, inside: bool) -> int:
    """How many small words lead on to a further word of the name: «de la» in «de la Cruz»; 0 when none does."""
    if not inside and text.tokens[index].word not in _BEGIN_SURNAMES:
        return 0
    length = 0
    while index + length < len(text.tokens) and text.tokens[index + length].word in _SMALL_WORDS - {"y", "el", "al"}:
        length += 1
    if not length or index + length >= len(text.tokens):
        return 0
    following = text.tokens[index + length]
    if following.word in _NO_NAME or not following.is_word:
        return 0
    is_devotion = following.word in _DEVOTIONS and (length > 1 or text.tokens[index].word == "del")
    if inside and text.is_place(following) and not is_devotion:
        return 0
    if text.tokens[index].word in _FOREIGN_PARTICLES:
        return length if following.is_capital else 0
    is_known = is_devotion or text.known.is_name(following.word) or (length > 1 and following.is_capital)
    return length if is_known else 0


def _looks_like_a_name(text: _Text, run: list[int]) -> bool:
    words = [text.tokens[index] for index in run if text.tokens[index].word not in _SMALL_WORDS]
    first = words[0]
    if text.is_surely_given(first):
        return True
    if first.is_capital and not (text.known.is_everyday(first.word) and len(words) < 2):
        return not text.is_place(first) or len(words) > 1
    is_known = any(text.known.is_name(word.word) for word in words)
    return len(words) >= 2 and (is_known or not any(text.known.is_everyday(word.word) for word in words))


def _listed(text: _Text) -> Iterator[tuple[int, int]]:
    """Names that nothing announces, by a given name that is nothing else and what stands beside it."""
    index = 0
    while index < len(text.tokens):
        run = _run(text, index)
        if not run:
            index += 1
            continue
        index = run[-1] + 1
        words = [text.tokens[position] for position in run if text.tokens[position].word not in _SMALL_WORDS]
        sure = sum(text.is_surely_given(word) for word in words)
        known = sum(text.known.is_name(word.word) and not text.is_place(word) for word in words)
        is_name = sure >= 1 or (known >= 2 and len(words) >= 2 and all(word.is_capital for word in words))
        if is_name and not _names_a_place(text, run) and not _is_only_a_place(text, run):
            yield text.tokens[run[0]].start, text.tokens[run[-1]].end


def _names_a_place(text: _Text, run: list[int]) -> bool:
    if text.tokens[run[0]].word in _NAMES_A_PLACE:
        return True
    before = [token.word for token in text.tokens[max(0, run[0] - 3) : run[0]]]
    while before and before[-1] in _SMALL_WORDS - {"san", "santa"}:
        before.pop()
    return bool(before) and before[-1] in _NAMES_A_PLACE


def _is_only_a_place(text: _Text, run: list[int]) -> bool:
    words = [text.tokens[index] for index in run if text.tokens[index].word not in _SMALL_WORDS]
    return all(text.is_place(word) for word in words)


def _can_all_be_names(text: _Text, words: list[_Token]) -> bool:
    return any(not text.known.is_everyday(word.word) for word in words) and all(
        word.word in _SMALL_WORDS or len(word.word) == 1 or text.can_be_name(word, beside_name=True) for word in words
    )


def _tagged(original: str, text: _Text) -> Iterator[tuple[int, int]]:
    """What spaCy's model takes for a person: two words at least, none of this desk's own, no place."""
    for entity in names_pipeline()(original).ents:
        if entity.label_ != "PER":
            continue
        inside = [i for i, token in enumerate(text.tokens) if entity.start_char <= token.start < entity.end_char]
        words = [text.tokens[index] for index in inside if text.tokens[index].is_word]
        if (
            sum(len(word.word) > 1 for word in words) < 2
            or any(word.word in _NO_NAME | _NAMES_A_PLACE for word in words)
            or _is_only_a_place(text, inside)
        ):
            continue
        is_written_as_one = any(word.is_capital or text.known.is_name(word.word) for word in words)
        if is_written_as_one and not _names_a_place(text, inside) and _can_all_be_names(text, words):
            yield entity.start_char, entity.end_char
