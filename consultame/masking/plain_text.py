"""A text made plain for rules: lower case without accents, each character where it stood."""

import unicodedata

_SAID_OTHERWISE = {
    "’": "'",
    "‘": "'",
    "´": "'",
    "`": "'",
    "º": "°",
    "ª": "°",
    "\u200b": " ",
    "\u200d": " ",
    "\ufeff": " ",
}


class _PlainCharacters(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain_character(chr(code))
        return plain


def _plain_character(character: str) -> str:
    if character in _SAID_OTHERWISE:
        return _SAID_OTHERWISE[character]
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category == "Pd":
        return "-"
    if category.startswith(("Z", "C")):
        return " "
    return (unicodedata.normalize("NFKD", character)[0].lower() or character)[0]


_PLAIN = _PlainCharacters()


def composed(text: str) -> str:
    """The text with each accented letter as one character (NFC), as the rules expect it."""
    return unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """The composed text in lower case without accents; as long as it was, dashes as hyphens, spaces as spaces."""
    return text.translate(_PLAIN)
