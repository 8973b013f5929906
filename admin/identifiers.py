"""Numbers and slugs in addresses; what cannot name anything stored does not reach the database."""

from typing import Annotated

from fastapi import Path, Query

_LARGEST_STORED = 2**31 - 1

RowId = Annotated[int, Path(ge=1, le=_LARGEST_STORED)]
Slug = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]
PageNumber = Annotated[int, Query(alias="pagina", ge=1, le=_LARGEST_STORED)]


def row_id(text: str) -> int | None:
    """The row number a form field holds, or None when it cannot be one."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return number if 1 <= number <= _LARGEST_STORED else None
