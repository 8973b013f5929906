"""The radicado: the number the ministry gives each communication, `T-AAAA-NNNNNN` (CPACA art. 61)."""

import re
from dataclasses import dataclass
from enum import StrEnum

# Real documents show `2-2023-008168` and `1-2023011418`; people put spaces, dots, commas, underscores or any dash
# between the parts.
_SEPARATOR = r"[\s.,_\-­‐-―−﹘﹣－]{0,3}"
_PATTERN = re.compile(rf"(?<![\w-])([123]){_SEPARATOR}((?:19|20)\d{{2}}){_SEPARATOR}(\d{{6}})(?![\w-])")


class Direction(StrEnum):
    """Which way the communication went, by the number's first digit."""

    RECEIVED = "1"
    SENT = "2"
    INTERNAL = "3"


@dataclass(frozen=True)
class Radicado:
    """A radicado in its parts; `str()` gives the hyphenated form."""

    direction: Direction
    year: int
    sequence: str

    def __str__(self) -> str:
        return f"{self.direction}-{self.year}-{self.sequence}"


def radicados_in(text: str) -> list[Radicado]:
    """The radicados that stand in a text, each once, in their order."""
    found = (
        Radicado(Direction(direction), int(year), sequence) for direction, year, sequence in _PATTERN.findall(text)
    )
    return list(dict.fromkeys(found))
