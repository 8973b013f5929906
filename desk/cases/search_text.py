"""Texts and numbers in the form in which they are looked for."""

import unicodedata


def searched_text(*texts: str) -> str:
    """Texts as words are looked for in them: small letters without accents."""
    return unicodedata.normalize("NFKD", " ".join(texts)).encode("ascii", "ignore").decode().lower()


def searched_document(document: str) -> str:
    """A document number as it is stored: letters and digits only, capitals."""
    return "".join(character for character in document.upper() if character.isalnum())
