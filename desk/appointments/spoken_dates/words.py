"""The words of days, months, ordinals and parts of the day, and how people misspell them."""

import re
from functools import lru_cache

# A day of the week becomes wd0 (Monday) to wd6, a month mo1 to mo12, an ordinal ord1 to ord5.
_WEEKDAYS = (
    "lunes lun lunez lune monday mon",
    "martes martez tuesday tue tues",
    "miercoles mier mie miecoles mircoles miercole miercolez wednesday wed weds",
    "jueves jue juev jeves juves thursday thu thur thurs",
    "viernes vie vier viernez vienres virnes vierne friday fri",
    "sabado sab sabados saturday sat",
    "domingo dom domingos domigo sunday sun",
)
_MONTHS = (
    "enero ene january jan",
    "febrero feb febr february",
    "marzo mzo march",
    "abril abr april apr",
    "mayo",
    "junio jun june",
    "julio jul july",
    "agosto ago ags august aug",
    "septiembre setiembre sept sep september",
    "octubre oct october",
    "noviembre nov november",
    "diciembre dic dbre december dec",
)
_ORDINALS = (
    "primero primer primera first",
    "segundo segunda second",
    "tercero tercer tercera third",
    "cuarta fourth",
    "quinto quinta fifth",
)
_OTHER = {
    "proxima": "proximo", "prox": "proximo", "proximos": "proximo", "proximas": "proximo", "prosimo": "proximo",
    "prosima": "proximo", "procimo": "proximo", "procima": "proximo", "prximo": "proximo", "proxmo": "proximo",
    "tardecita": "tarde", "tardesita": "tarde", "tardecito": "tarde",
    "mananita": "manana", "mnana": "manana", "mana": "manana", "maana": "manana", "maniana": "manana",
    "mnn": "manana", "manna": "manana", "mannana": "manana", "mannaa": "manana", "manyana": "manana", "mañna": "manana",
    "mananaa": "manana", "tomorow": "tomorrow", "tommorow": "tomorrow", "tommorrow": "tomorrow", "tmrw": "tomorrow",
    "nochecita": "noche", "tempranito": "temprano", "tenprano": "temprano", "tempranico": "temprano", "oy": "hoy",
    "ahorita": "ahora", "semna": "semana", "otra": "otro", "esta": "este", "ultima": "ultimo", "ultimas": "ultimo",
    "ultimos": "ultimo", "dias": "dia", "semanas": "semana", "meses": "mes", "horas": "hora", "minutos": "minuto",
    "min": "minuto", "mins": "minuto", "hrs": "hora", "hr": "hora", "hs": "hora", "h": "hora", "anos": "ano",
    "habiles": "habil", "laborales": "habil", "laborables": "habil", "laboral": "habil", "laborable": "habil",
    "finales": "final", "fines": "fin", "comienzos": "comienzo", "inicios": "inicio", "principios": "principio",
    "days": "day", "weeks": "week", "months": "month", "hours": "hour", "minutes": "minute", "oclock": "oclock",
    "o'clock": "oclock", "q": "que", "x": "por", "pal": "para el", "pa": "para", "alas": "a las", "ala": "a la",
    "asta": "hasta", "ase": "hace", "d": "de", "despuesito": "despues", "dps": "despues", "desp": "despues",
}  # fmt: skip

CANONICAL: dict[str, str] = {
    **{word: f"wd{number}" for number, words in enumerate(_WEEKDAYS) for word in words.split()},
    **{word: f"mo{number}" for number, words in enumerate(_MONTHS, start=1) for word in words.split()},
    **{word: f"ord{number}" for number, words in enumerate(_ORDINALS, start=1) for word in words.split()},
    **_OTHER,
}

_CORRECTED = (
    "lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril junio julio agosto septiembre"
    " octubre noviembre diciembre manana proximo semana tarde temprano noche hoy despues antes"
)
_SOUNDS = (
    (re.compile(r"[vw]"), "b"),
    (re.compile(r"qu(?=[ei])|k"), "c"),
    (re.compile(r"c(?=[ei])|z|x"), "s"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"h"), ""),
    (re.compile(r"ll"), "y"),
    (re.compile(r"(.)\1+"), r"\1"),
)


def _as_it_sounds(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


_BY_SOUND = {_as_it_sounds(word): word for word in _CORRECTED.split()}
_LONG_WORDS = tuple(word for word in _CORRECTED.split() if len(word) >= len("martes"))
# Words of their own, one letter away from one that is corrected.
_OTHER_WORDS = frozenset(
    """
    partes marte artes martas hartes vienes viernen manzana banana manada mananas genero angosto agostos semanal jueces
    nueves proximos sabados domingas antes gusto agusto temprana tempranas febreros semanas romanas hermana germana
    semanai domino sabana sabanas sabrado saludo salado lavado sobado savia mares mantes martis martin martina marques
    tardes cortes hartos semanas montes puertes muertes fuertes suertes maestre octubres
    """.split()
)


_DAY_AFTER_TOMORROW = re.compile(r"(?<![^ ])(pas[a-z]{2,6}?) ?manana(?![^ ])")


@lru_cache(maxsize=8192)
def canonical(word: str) -> str:
    """The word in the form the rules are written in; a misspelt day, month or «mañana» is recognised."""
    known = CANONICAL.get(word)
    if known is not None:
        return known
    if not word.isalpha() or len(word) > len("septiembre") + 1:
        return word
    corrected = _BY_SOUND.get(_as_it_sounds(word)) or _one_letter_away(word)
    return CANONICAL.get(corrected, corrected) if corrected else word


def with_day_after_tomorrow(words: str) -> str:
    """«pasao mañana», «pasadomañana», «pasadito mañana» as «pasado manana»; «paso mañana» is something else."""
    return _DAY_AFTER_TOMORROW.sub(_pasado_manana, words)


def _pasado_manana(match: re.Match[str]) -> str:
    word = match[1]
    alike = word in ("pasado", "pasadito") or _differ_by_one_letter(word, "pasado")
    return "pasado manana" if alike else match[0]


def _one_letter_away(word: str) -> str | None:
    if word in _OTHER_WORDS or len(word) < len("martes") - 1:
        return None
    near = [candidate for candidate in _LONG_WORDS if _differ_by_one_letter(word, candidate)]
    return near[0] if len(near) == 1 else None


def _differ_by_one_letter(one: str, other: str) -> bool:
    """Whether a letter was left out, doubled in, changed or swapped with its neighbour; the first letter is right."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[same:], other[same:]
    if len(one) != len(other):
        return rest[1:] == other_rest or rest == other_rest[1:]
    return rest[1:] == other_rest[1:] or (rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:])
