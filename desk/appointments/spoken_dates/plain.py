"""A citizen's text brought to the form the rules are written in.

Lower case, no accents, numbers as digits, days of the week and months as `wd0` to `wd6` and `mo1` to `mo12`, hours with
minutes as `14:30`, one space between words, a comma where something ends: «El savado, a las dos y media» becomes
`el wd5 , a las 2 y media`.
"""

import re
import unicodedata

from desk.appointments.spoken_dates.numbers import full_year, with_digits
from desk.appointments.spoken_dates.words import canonical, with_day_after_tomorrow

# More than a chat message may hold; what lies beyond is not read.
READ_CHARACTERS = 2000

_DASHES = re.compile(r"[­‐-―−﹘﹣－]")
_GREETINGS = re.compile(
    r"\b(?:(?:muy )?buen[ao]s? (?:dias?|tardes?|noches?)|(?:feliz|lind[ao]|bonit[ao]|excelente) (?:dia|tarde|noche)"
    r"|good (?:morning|afternoon|evening|day))\b"
)
_HALF_DAYS = re.compile(r"(?<![a-z])([ap]) ?\. ?m\b\.?|(?<=\d)([ap])\.?m\b\.?|(?<=\d )([ap])\.? ?m\b\.?")
# Telephone, document and case numbers are no dates.
_LONG_NUMBERS = re.compile(
    r"(?<![\d.,-])[\d.,-]*\d{5,}[\d.,-]*|\b\d{1,3}(?:\.\d{3}){1,3}\b(?![/:-])|[$#] ?\d[\d.,]*(?:-\d+)?"
)
_ISO_MOMENT = re.compile(r"(?<=\d)t(?=\d\d:\d\d)")
_SECONDS = re.compile(r"(?<![\d:])(\d{1,2}:\d\d):\d\d(?:\.\d+)?(?![\d:])")
_ORDINAL_SIGN = re.compile(
    r"\b(\d{1,2})(?: ?[°º]|ero|er|r[oa]|d[oa]|t[oa]|m[oa]|v[oa]|n[oa]|st|nd|rd|th)\b(?! ?\d)|\b(\d{1,2}) ?[°º]"
)
_HOUR_SIGN = re.compile(r"(?<![\d:/.-])(\d{1,2}) ?h ?(\d\d)\b(?!\d)")
_FULL_HOUR = re.compile(r"(?<!en )(?<!de )(?<!cada )\b(\d{1,2})h\b")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}) ?: ?(\d\d)(?!\d)")
_DOTTED_CLOCK = re.compile(r"(?<![\d.:/-])(\d{1,2})\.([0-5]\d)(?![\d:/-]|\.\d)")
_AFTER_THE_ARTICLE = re.compile(r"\b(?:a|las?|at|tipo) $")
_JOINED_CLOCK = re.compile(r"\b(\d{1,2})([0-5]\d)(?= *(?:[ap]m|hora|horas|hrs|hs)\b)")
_SHORT_YEAR = re.compile(r"(?<!\d\d\d[/-])(?<=\d[/-])([a-z]{3,10})[/-](\d\d)(?!\d)")
_DAY_AND_YEAR = re.compile(r"(?<=[a-z] )(\d{1,2})[/-]((?:19|20)\d\d)(?![\d/-])")
_MONTH_DASHES = re.compile(r"(?<=\d)[/-](?=[a-z]{3})|(?<=[a-z]{3})[/-](?=\d)")
_DATE_DASHES = re.compile(r"(?<=\d) ?([/-]) ?(?=\d)")
_LETTERS_BESIDE_DIGITS = re.compile(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_TOKEN = re.compile(r"\d{1,4}(?:[/.-]\d{1,4}){1,2}|\d{1,2}:\d\d|\d+|[a-z]+(?:'[a-z]+)?|[,;:?!.\n-]")
_ENDS = frozenset(",;:?!.\n")
_MAY = re.compile(r"(?<=\d )may\b|(?<=\d of )may\b|(?<=\d de )may\b|(?<=of )may\b|(?<=\bin )may\b|\bmay(?= \d)")
_ZERO_MINUTE = re.compile(r"\b(\d{1,2}) 0 (\d)(?= (?:[ap]m|de la|,)|$)")
_SPOKEN_MINUTE = re.compile(
    r"(?<!wd\d )(?<!el )(?<!dia )(?<!de )(?<!al )(?<!mo\d )(?<!mo\d\d )\b([1-9]|1[0-2]) ([1-9])(?= (?:de la "
    r"(?:tarde|manana|noche)|[ap]m)\b)"
)
_COMPOUND_ORDINAL = re.compile(r"\b(decimo|vigesimo|trigesimo) ?ord(\d)")
_TENS = {"decimo": 10, "vigesimo": 20, "trigesimo": 30}
_MARCH = re.compile(r"(?<=\d )mar\b|(?<=\d de )mar\b")
_TUESDAY = re.compile(r"\bmar(?= ,? ?\d{1,2} (?:de )?mo\d)")


def plain(text: str) -> str:
    """The text in the form the rules are written in; two texts that say the same in other letters become one."""
    letters = unicodedata.normalize("NFKD", _DASHES.sub("-", text[:READ_CHARACTERS]).replace("º", "°").lower())
    words = "".join(character for character in letters if not unicodedata.combining(character))
    words = _STRETCHED.sub(r"\1", " ".join(words.replace("\n", " , ").split()))
    words = _GREETINGS.sub(" , ", words)
    words = _with_numbers_alike(words)
    tokens = (_plain_token(token) for token in _TOKEN.findall(words))
    words = " ".join(" ".join(token for token in tokens if token).split())
    words = with_day_after_tomorrow(words)
    words = with_digits(words)
    words = _ZERO_MINUTE.sub(r"\1:0\2", words)
    words = _SPOKEN_MINUTE.sub(r"\1:0\2", words)
    words = _COMPOUND_ORDINAL.sub(lambda match: str(_TENS[match[1]] + int(match[2])), words)
    words = _MARCH.sub("mo3", _MAY.sub("mo5", words))
    words = _TUESDAY.sub("wd1", words)
    return re.sub(r"(?: ,)+(?= ,)|^,| ,$", "", words).strip()


def _with_numbers_alike(words: str) -> str:
    words = _ISO_MOMENT.sub(" ", words.replace("y 1/2", "y media"))
    words = _LONG_NUMBERS.sub(" , ", words)
    words = _HALF_DAYS.sub(lambda match: f" {match[1] or match[2] or match[3]}m ", words)
    words = _SECONDS.sub(r"\1", words)
    words = _ORDINAL_SIGN.sub(lambda match: match[1] or match[2], words)
    words = _HOUR_SIGN.sub(r"\1:\2", words)
    words = _FULL_HOUR.sub(r"\1:00", words)
    words = _JOINED_CLOCK.sub(r"\1:\2", words)
    words = _CLOCK.sub(r"\1:\2", words)
    words = _DOTTED_CLOCK.sub(lambda match: _dotted(match, words), words)
    words = _DATE_DASHES.sub(r"\1", words)
    words = _SHORT_YEAR.sub(lambda match: f"{match[1]} de {full_year(match[2])}", words)
    words = _DAY_AND_YEAR.sub(r"\1 \2", _MONTH_DASHES.sub(" ", words))
    return _LETTERS_BESIDE_DIGITS.sub(" ", words)


def _dotted(match: re.Match[str], words: str) -> str:
    """«14.30» and «las 3.10» are hours; «3.12» is the 3rd of December."""
    hour, minute = int(match[1]), int(match[2])
    if words[max(0, match.start() - 3) : match.start()] == "el ":
        return match[0]
    said_as_hour = _AFTER_THE_ARTICLE.search(words, max(0, match.start() - 6), match.start()) is not None
    followed = words[match.end() : match.end() + 4].lstrip()[:2] in {"am", "pm"}
    return (
        f"{match[1]}:{match[2]}" if hour < 25 and (said_as_hour or followed or minute > 12 or not minute) else match[0]
    )


def _plain_token(token: str) -> str:
    if token in _ENDS:
        return ","
    return canonical(token) if token[0].isalpha() else token
