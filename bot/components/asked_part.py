"""What a question asks, apart from what it says that it does not ask.

«Ya sé cuánto rebajan, lo que no sé es dónde me inscribo» has most of its words about the rebate. Whoever writes so has
often been answered beside the point before.
"""

import re

from bot.components.spanish_text import written_out

FEWEST_WORDS = 4

# A clause ends at a sign, or before the word that turns to what is asked.
_CLAUSE_END = re.compile(r"(?:[.;:?!]+(?=\s)|,(?=\s)|(?<=\s)(?=[¿¡])|(?<=\s)(?=(?:pero|sino|but)\b))", re.IGNORECASE)
_BEGINNING = r"^\W*(?:(?:y|pues|bueno|vea|mire|oiga|o[ií]s|perd[oó]n|es que|que|yo)\s+)*"
_KNOWN = re.compile(
    _BEGINNING
    + r"""(?:
        (?:(?:eso|esto|lo|la|el|los|las|con)\s(?:.{3,60}\s)?)?
        ya\s(?:(?:lo|la|los|las|me|me\slo|me\sla)\s)?
        (?:s[eé]|conozco|entend\w+|entiendo|tengo|explicaron|dijeron|qued[oó]|vi|le[ií]|estoy\sclar[oa]|est[aá]\sclar[oa]
        |averig\w+)\b
        | (?:lo\s)?s[eé]\s(?:que|c[oó]mo|d[oó]nde|cu[aá]l|cu[aá]nto|por)\b
        | conozco\b | tengo\sclar[oa]\b | con\s.{3,40}\sestoy\sclar[oa]\b
        | i\s(?:already\s|do\s)?know\b | i\salready\b | i\sunderstand\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_ASKED = re.compile(
    _BEGINNING
    + r"""(?:
        no\s(?:estoy\s)?
        (?:preguntando|pregunto|hablo|busco|me\srefiero|se\strata|discuto|reclamo|pido|vengo|quiero|necesito|uso|cocino
        |me\shablen|es|son|la|el|lo|los|las|por)\b
        | not\s(?:the|about|my|an?)\b
        | i(?:\sdo\snot|\sdon['’]t|\sam\snot|['’]m\snot)\s(?:want|ask|asking|need|mean)\b
        | it(?:\sis|['’]s)\snot\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# What no text with such a clause is without; most texts are, and are read no further.
_MAY_SET_ASIDE = re.compile(
    r"\b(?:ya|no|s[eé]|conozco|tengo|estoy|know|already|understand|not|don['’]t|['’]m)\b", re.IGNORECASE
)


def asked_part(text: str) -> str | None:
    """The text without the clauses of what is known already or not meant; None where there is none, or little else."""
    if not _MAY_SET_ASIDE.search(text):
        return None
    clauses = [clause for clause in _CLAUSE_END.split(written_out(text)) if clause.strip()]
    kept = [clause.strip() for clause in clauses if not _is_set_aside(clause)]
    asked = ", ".join(kept)
    return asked if len(kept) < len(clauses) and len(asked.split()) >= FEWEST_WORDS else None


def with_asked_parts(texts: list[str]) -> list[str]:
    """The texts, and the asked part of each that has one."""
    return [*texts, *(part for text in texts if (part := asked_part(text)) is not None)]


def _is_set_aside(clause: str) -> bool:
    return bool(_KNOWN.search(clause) or _NOT_ASKED.search(clause))
