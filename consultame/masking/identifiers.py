"""Structured identifiers by their form and the words around: e-mail, plate, document, telephone, card, account."""

import re

from consultame.masking.personal_data import Claims, Kind
from consultame.masking.spoken_numbers import SPOKEN_PART, spoken_numbers

# --- What has digits and is no personal data.
_NOT_PERSONAL = [
    re.compile(pattern)
    for pattern in (
        r"\b[12345t][\s\-._,]{0,3}(?:19|20)\d{2}[\s\-._,]{0,3}\d{6}\b",
        r"\b(?:ley|law|decreto|resolucion|resol|res|circular|norma|articulo|art|acuerdo|sentencia|auto|conpes|creg|iso|ntc"
        r"|retie|nsr)\b[\s.:]{0,2}(?:creg\s|no\.?\s?|nro\.?\s?|n°\s?|\#\s?|numero\s|[a-z]{1,2}-)?\d{1,6}(?:[.\s-]\d{1,3}(?!\d))*"
        r"(?!\d|\s?#)(?:\s(?:de|del|of)\s(?:19|20)\d{2})?",
        r"\b(?:0?[1-9]|[12]\d|3[01])\s?[/.-]\s?(?:0?[1-9]|1[0-2])\s?[/.-]\s?(?:(?:19|20)\d{2}|\d{2})\b(?!\d)",
        r"\b(?:19|20)\d{2}[/.-](?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|[12]\d|3[01])\b",
        r"\b(?:19|20)\d{2}(?:\s?(?:,|-|y|a)\s?(?:19|20)\d{2})+\b",
        r"\b\d{1,2}:\d{2}\b",
        r"\b0?1?[\s.-]?8000(?:[\s.-]{0,3}\d){5,7}\b",
        r"(?:\$|\b(?:cop|usd))\s?\d+(?:[.,']\d+)*",
        r"\b\d+(?:[.,' ]\d{3})*(?:,\d+)?\s?(?:de\s)?(?:pesos|cop|usd|dolares|mil|millones|mill|lucas"
        r"|barras|kwh|kw|mw|kva|kg|kilos|gramos|libras|lb|lbs|gal|galones|litros|m3|mt3|mts|metros|hectareas|psi"
        r"|usuarios|personas|familias|viviendas|habitantes|%)(?![a-z])",
        r"\b(?:serial|serie|modelo|referencia|ref|sicom|lote de produccion)\b[\s.:#]{0,2}"
        r"(?:no\.?\s?|numero\s)?[a-z]{0,3}-?\d{4,12}\b",
    )
]

# --- E-mails.
_TOP_DOMAIN = r"(?:com|co|net|org|edu|gov|es|info|io|dev|me|us|uk|de|mil|biz)"
_EMAIL = re.compile(
    rf"[\w.+%-]+\s?@\s?[a-z\d-]+(?:\.[a-z\d-]+|,{_TOP_DOMAIN}\b|\s\.?\s?{_TOP_DOMAIN}\b|\.\s{_TOP_DOMAIN}\b)+(?:\.[a-z]{{2,}})*"
)
_DOT = r"(?:\s?(?:punto|guion bajo|guion|raya al piso|raya|underscore|dot|[._-])\s?)"
_AT = re.compile(r"\s?[(\[{]?\s?\b(?:arroba|at)\b\s?[)\]}]?\s?")
_SPOKEN_LOCAL_PART = re.compile(rf"(?<![a-z\d])[a-z\d+]+(?:{_DOT}[a-z\d+]+){{0,8}}$")
_SPOKEN_DOMAIN = re.compile(
    rf"[a-z\d-]+(?:\s?(?:punto|dot|\.)\s?{_TOP_DOMAIN}\b)+|(?:gmail|hotmail|outlook|yahoo|icloud|live|protonmail|misena)\b"
)
_SAYS_EMAIL = re.compile(
    r"\b(?:correo|email|e-mail|mail|imeil|electronic[oa])(?:\s(?:es|electronico|mio|personal|el)|:)*\s?$"
)
_BEFORE_AN_EMAIL = re.compile(r"(?:(?<=\s)|^)[\w.+-]+(?:\s[\w.+-]+){0,5}\s?$")
_HANDLE = re.compile(r"(?<![\w.])@[\w.-]{3,}")
_SAYS_ACCOUNT_KEY = re.compile(r"\b(?:llave|bre-?b|nequi|daviplata)\b.{0,15}$")

# --- Plates.
_PLATE = re.compile(r"(?<![\w@-])(?:([a-z]{3})[\s.-]{0,3}(?:\d{3}|\d{2}[a-z])|\d{3}\s?-?([a-z]{3}))(?![\w@]|[.,-]\d)")
_SPACED_PLATE = re.compile(r"(?<![\w@-])(?:[a-z]{3}|[a-z]\s[a-z]\s[a-z])\s\d\s\d\s[\da-z](?![\w@]|[.,-]\d)")
_SPOKEN_PLATE = re.compile(
    rf"(?<!\w)(?:[a-z]{{3}}|[a-z]\s[a-z]\s[a-z])\s(?:(?:\d|{SPOKEN_PART})\s(?:y\s)?){{0,3}}{SPOKEN_PART}(?!\w)"
)
_SAYS_PLATE = re.compile(
    r"\b(?:placas?|plate(?: number)?s?)\b\W{0,3}"
    r"(?:(?:es|de|del|la|el|no|numero|vehiculo|taxi|carro|moto|is|nro)\b\W{0,2}){0,3}$"
)
_SAYS_VEHICLE = re.compile(
    r"\b(?:placas?|plates?|motos?|carros?|taxis?|vehiculos?|cami?on(?:eta)?s?|bus(?:eta)?|mototaxi|renault|chevrolet|mazda"
    r"|kia|hyundai|car|truck|chip|automovil|motocarro|motocarguero|furgon|volqueta|tractomula|campero)\b[^\d\n]{0,25}$"
)
_NO_PLATE = frozenset(
    """
    ley art res iso ntc por las los del con que una dos mil son hay hace mas sin van vale cra cll kra mts kwh psi
    lbs gal the and for cop usd sol mes ano dia rad nit cel tel ext fax apt apto lin hoy fue era fui tan via pag
    num cod ref exp nic niu min max pqr gas glp gnv cta ene feb mar abr may jun jul ago sep oct nov dic law was
    but you all can has had not
    """.split()
)

# --- Numbers.
_NUMBER = re.compile(
    r"(?<![\d@])(?:(?<![a-z])|(?<=cc)|(?<=cel)|(?<=tel)|(?<=ce)|(?<=ti)|(?<=nit)|(?<=ppt)|(?<=com))"
    r"\(?\+?\d(?:[\s.,'()/_-]{0,3}\d){4,24}(?!\d)(?![a-z])"
)
_BORDER = re.compile(r"\s+-\s+|\s*/\s*|,\s+|;\s*|\n+")
_PASSPORT = re.compile(
    r"\b(?:pasaporte|passport)\b(?:\s(?:number|numero|no|es|is|nro|venezolano|de)\b\.?){0,3}[\s:#]{0,2}([a-z]{0,3}[\s-]?\d{5,10})\b"
)
_SAYS_DOCUMENT = re.compile(
    r"(?:\b(?:c\.?\s?c|cedulas?|sedula|cedual|ced|c\.?\s?e|t\.?\s?i|p\.?\s?p\.?\s?t|pep|n\.?i\.?t|rut|documentos?|doc|identidad"
    r"|identificacion|identificad[oa]|dni|id|extranjeria|ciudadania|pasaporte|sisben)\b)[^\d]{0,30}$"
)
_SAYS_ACCOUNT = re.compile(
    r"\b(?:cuentas?|cta|ctas|ahorros?|corriente|nequi|daviplata|llave|iban|account|bancolombia|davivienda|banco)\b[^\d]{0,45}$"
)
_SAYS_CARD = re.compile(r"\b(?:tarjetas?|visa|mastercard|amex|american express|debito|credito|card|tc)\b[^\d]{0,30}$")
_SAYS_TELEPHONE = re.compile(
    r"\b(?:cel|celular|celu|tel|telefonos?|fijo|movil|whatsapp|wsp|wasap|llam\w+|marqu\w+|marcar|comuni\w+|contacto|numero|phone"
    r"|casa|call|reach)\b[^\d]{0,30}$"
)
_MONEY = re.compile(
    r"(?:\b(?:cuesta|vale|valen|valor|total|factura|pague|pago|cobran|cobraron|cobro|cobra|subsidio|precio|recibo|gasto|gana|gano|consign\w+|gire|giraron)\b"
    r"\s(?:(?:es|fue|por|de|a|en|la|el|me|llego)\s){0,3})$"
)
_MOBILE = re.compile(r"^(?:00)?(?:57)?(?:3\d{9}|60[1-8]\d{7})$")
_CARD_DIGITS = range(13, 20)
_ACCOUNT_DIGITS = range(5, 25)
_CONTEXT = 60


def claim_identifiers(plain: str, claims: Claims) -> None:
    """Mask the structured identifiers of a plain text, and let laws, radicados, dates and amounts stay."""
    _claim_emails(plain, claims)
    for pattern in _NOT_PERSONAL:
        for match in pattern.finditer(plain):
            if claims.is_free(*match.span()):
                claims.keep(*match.span())
    for match in _PASSPORT.finditer(plain):
        claims.mask(Kind.DOCUMENT, *match.span(1))
    _claim_spoken_numbers(plain, claims)


def claim_plates(plain: str, claims: Claims) -> None:
    """Mask the plates of a plain text; a short word before a number is one only where a vehicle is spoken of."""
    for match in _PLATE.finditer(plain):
        if (match[1] or match[2]) not in _NO_PLATE or _comes_after(_SAYS_PLATE, match, plain):
            claims.mask(Kind.PLATE, *match.span())
    for pattern, cue in ((_SPACED_PLATE, _SAYS_VEHICLE), (_SPOKEN_PLATE, _SAYS_PLATE)):
        for match in pattern.finditer(plain):
            if _comes_after(cue, match, plain):
                claims.mask(Kind.PLATE, *match.span())


def claim_numbers(plain: str, claims: Claims) -> None:
    """Mask what of the numbers left is a telephone, a card, an account or a document."""
    free = claims.free_text(plain)
    for match in _NUMBER.finditer(free):
        for start, end in _parts(match):
            kind = _kind_of_number(plain, start, end)
            if kind is not None:
                claims.mask(kind, start, end)


def _claim_emails(plain: str, claims: Claims) -> None:
    for match in _EMAIL.finditer(plain):
        claims.mask(Kind.EMAIL, *match.span())
    for match in _AT.finditer(plain):
        domain = _SPOKEN_DOMAIN.match(plain, match.end())
        local_part = _SPOKEN_LOCAL_PART.search(plain, max(0, match.start() - _CONTEXT), match.start())
        if domain and local_part:
            claims.mask(Kind.EMAIL, _start_of_spoken_email(plain, local_part.start()), domain.end())
    for match in _HANDLE.finditer(plain):
        if _comes_after(_SAYS_ACCOUNT_KEY, match, plain):
            claims.mask(Kind.ACCOUNT, *match.span())


def _start_of_spoken_email(plain: str, start: int) -> int:
    """Where an address begins whose name is said in several words: after «correo», when nothing else stands there."""
    begin = max(0, start - _CONTEXT)
    before = _BEFORE_AN_EMAIL.search(plain, begin, start)
    return before.start() if before and _SAYS_EMAIL.search(plain, begin, before.start()) else start


def _claim_spoken_numbers(plain: str, claims: Claims) -> None:
    for start, end in spoken_numbers(plain):
        says_document = _SAYS_DOCUMENT.search(plain, max(0, start - _CONTEXT), start)
        claims.mask(Kind.DOCUMENT if says_document else Kind.TELEPHONE, start, end)


def _comes_after(cue: re.Pattern[str], match: re.Match[str], plain: str) -> bool:
    return cue.search(plain, max(0, match.start() - _CONTEXT), match.start()) is not None


def _parts(match: re.Match[str]) -> list[tuple[int, int]]:
    """The span of a number, or those of several that stand beside each other, each long enough for itself."""
    start, parts = 0, []
    for border in [*_BORDER.finditer(match[0]), None]:
        end = border.start() if border else len(match[0])
        parts.append((start, end))
        start = border.end() if border else end
    if all(sum(character.isdigit() for character in match[0][begin:end]) >= 7 for begin, end in parts):
        return [(match.start() + begin, match.start() + end) for begin, end in parts]
    return [match.span()]


def _kind_of_number(plain: str, start: int, end: int) -> Kind | None:
    digits = "".join(filter(str.isdigit, plain[start:end]))
    left = plain[max(0, start - _CONTEXT) : start]
    says = {
        kind: match.start()
        for kind, pattern in (
            (Kind.DOCUMENT, _SAYS_DOCUMENT),
            (Kind.ACCOUNT, _SAYS_ACCOUNT),
            (Kind.CARD, _SAYS_CARD),
            (Kind.TELEPHONE, _SAYS_TELEPHONE),
        )
        if (match := pattern.search(left))
    }
    return _said_kind(digits, says) or _kind_by_form(digits, left, is_whole=plain.strip() == plain[start:end])


def _said_kind(digits: str, says: dict[Kind, int]) -> Kind | None:
    """What the nearest word before says it is, when it can be that."""
    for kind in sorted(says, key=lambda each: says[each], reverse=True):
        if kind is Kind.CARD and len(digits) not in _CARD_DIGITS:
            continue
        if kind is Kind.TELEPHONE and (len(digits) < 7 or not (_MOBILE.match(digits) or len(digits) in (7, 8))):
            continue
        if kind is Kind.DOCUMENT and _MOBILE.match(digits) and len(digits) > 10:
            continue
        return kind
    return None


def _kind_by_form(digits: str, left: str, *, is_whole: bool) -> Kind | None:
    if _MOBILE.match(digits):
        return Kind.TELEPHONE
    if len(digits) in _CARD_DIGITS:
        return Kind.CARD
    if _MONEY.search(left) or len(digits) < (6 if is_whole else 7):
        return None
    return Kind.DOCUMENT
