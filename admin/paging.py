"""Long lists, one page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A part of a list; a number past the end gives the last page."""

    items: Sequence[Item]
    number: int
    count: int
    total: int


def page_of(items: Sequence[Item], number: int, size: int) -> Page[Item]:
    """The page of this number, `size` items long."""
    count = max(1, -(-len(items) // size))
    number = min(number, count)
    return Page(items[(number - 1) * size : number * size], number, count, len(items))
