"""What kinds of personal data are told apart, and where one was found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a piece of personal data is."""

    NAME = "nombre"
    DOCUMENT = "documento"
    TELEPHONE = "telefono"
    EMAIL = "correo"
    PLATE = "placa"
    ADDRESS = "direccion"
    CARD = "tarjeta"
    ACCOUNT = "cuenta"

    @property
    def label(self) -> str:
        """What stands in the masked text instead."""
        return f"[{_WRITTEN.get(self, self.value)}]"


_WRITTEN = {Kind.TELEPHONE: "teléfono", Kind.ADDRESS: "dirección"}


@dataclass(frozen=True)
class PersonalData:
    """Personal data in a text, by its span; the value itself is not kept."""

    kind: Kind
    start: int
    end: int


class Claims:
    """The spans of a text that are spoken for: as personal data, or as something that must stay."""

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length)
        self.found: list[PersonalData] = []

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing in this span is spoken for."""
        return not any(self._taken[start:end])

    def keep(self, start: int, end: int) -> None:
        """Let this span stay as it is."""
        self._taken[start:end] = b"\1" * (end - start)

    def mask(self, kind: Kind, start: int, end: int) -> bool:
        """Claim the span, when it is free and not empty; returns whether it was."""
        if start >= end or not self.is_free(start, end):
            return False
        self.keep(start, end)
        self.found.append(PersonalData(kind, start, end))
        return True

    def free_text(self, text: str) -> str:
        """The text with every span that is spoken for blanked, as long as it was."""
        return "".join(
            character if not taken else "\n" if character == "\n" else "\1"
            for character, taken in zip(text, self._taken, strict=True)
        )

    def in_order(self) -> list[PersonalData]:
        """What was found, from left to right."""
        return sorted(self.found, key=lambda each: each.start)


def joined(alternatives: str | Iterable[str]) -> str:
    """Words as one regular expression group, the longest first."""
    words: Iterator[str] = iter(alternatives.split()) if isinstance(alternatives, str) else iter(alternatives)
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"
