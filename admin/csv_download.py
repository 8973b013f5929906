"""Tables as CSV that a spreadsheet in Spanish opens as it is."""

import csv
import io
from collections.abc import Sequence

# The mark at the beginning, and the semicolon between the cells, are what such a spreadsheet expects.
BEGINNING = "\ufeff"
MEDIA_TYPE = "text/csv; charset=utf-8"
# What a spreadsheet takes for the beginning of a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_line(cells: Sequence[str]) -> str:
    """One line of the file, its end included."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerow(harmless_cell(cell) for cell in cells)
    return buffer.getvalue()


def harmless_cell(text: str) -> str:
    """The text, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def attachment(name: str) -> dict[str, str]:
    """The header by which a browser saves the answer under this name."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}
