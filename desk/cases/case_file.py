"""The rows of a CSV or XLSX file with cases, one after the other: it may be larger than memory."""

import csv
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

SUFFIXES = (".csv", ".xlsx")
MAXIMUM_ROWS = 1_000_000
MAXIMUM_BYTES = 500_000_000
MAXIMUM_UNPACKED_BYTES = 4_000_000_000
FORMULA = "=formula"

_BEGINNING = 2_000


class CaseFileRefused(Exception):
    """The file cannot be read at all; the message says why, in one line."""


def read_rows(path: Path, advance: Callable[[float], None]) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number, the heading (1) first; empty rows are left out. `advance` hears the part read, 0 to 1.

    Raises:
        CaseFileRefused: the file is neither, is damaged, or is too large.
    """
    try:
        if path.stat().st_size > MAXIMUM_BYTES:
            raise CaseFileRefused(f"{path}: the file is larger than {MAXIMUM_BYTES // 1_000_000} MB")
        rows = {".csv": _csv_rows, ".xlsx": _xlsx_rows}.get(path.suffix.lower())
        if rows is None:
            raise CaseFileRefused(f"{path}: the name must end in .csv or .xlsx")
        for number, cells in enumerate(rows(path, advance), start=1):
            if number > MAXIMUM_ROWS + 1:
                raise CaseFileRefused(f"{path}: the file has more than {MAXIMUM_ROWS} rows")
            if any(cells):
                yield number, cells
    except OSError as error:
        raise CaseFileRefused(f"{path}: {error.strerror}") from None
    advance(1.0)


def write_heading(path: Path, columns: dict[str, str]) -> None:
    """An empty file with the heading; an XLSX one also has a sheet that explains the columns.

    Raises:
        CaseFileRefused: the name ends neither in .csv nor in .xlsx, or the file cannot be written.
    """
    try:
        if path.suffix.lower() == ".csv":
            path.write_text(";".join(columns) + "\r\n", encoding="utf-8-sig", newline="")
        elif path.suffix.lower() == ".xlsx":
            _workbook(columns).save(path)
        else:
            raise CaseFileRefused(f"{path}: the name must end in .csv or .xlsx")
    except OSError as error:
        raise CaseFileRefused(f"{path}: {error.strerror}") from None


def _workbook(columns: dict[str, str]) -> Workbook:
    book = Workbook()
    sheet, help_sheet = book.active, book.create_sheet("Ayuda")
    sheet.title = "Casos"
    sheet.append(list(columns))
    sheet.freeze_panes = "A2"
    for name, meaning in columns.items():
        help_sheet.append([name, meaning])
    for cell in [*sheet[1], *help_sheet["A"]]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 20
    help_sheet.column_dimensions["B"].width = 100
    return book


def _csv_rows(path: Path, advance: Callable[[float], None]) -> Iterator[list[str]]:
    size = max(1, path.stat().st_size)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading = file.readline()
            file.seek(0)
            delimiter = ";" if heading.count(";") > heading.count(",") else ","
            read = 0
            for cells in csv.reader(file, delimiter=delimiter, strict=True):
                read += sum(map(len, cells)) + len(cells)
                advance(min(1.0, read / size))
                yield [cell.strip() for cell in cells]
    except UnicodeDecodeError:
        raise CaseFileRefused(f"{path}: not UTF-8 text; save it as «CSV UTF-8» and import it again") from None
    except csv.Error as error:
        raise CaseFileRefused(f"{path}: not CSV: {error}") from None


def _xlsx_rows(path: Path, advance: Callable[[float], None]) -> Iterator[list[str]]:
    try:
        _check_package(path)
        sheet = load_workbook(path, read_only=True).worksheets[0]
        expected = sheet.max_row or MAXIMUM_ROWS
        # The size that the file states may be wrong; without it the rows are read as they come.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_row=MAXIMUM_ROWS + 2, max_col=64), start=1):
            advance(min(1.0, number / expected))
            yield [_cell_text(cell) for cell in cells]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError, SyntaxError):
        raise CaseFileRefused(f"{path}: not an XLSX file, or a damaged one") from None


def _check_package(path: Path) -> None:
    """Refuse what would unpack to much more than it weighs, and XML that declares entities."""
    with zipfile.ZipFile(path) as package:
        if sum(part.file_size for part in package.infolist()) > MAXIMUM_UNPACKED_BYTES:
            raise CaseFileRefused(f"{path}: the file unpacks to more than {MAXIMUM_UNPACKED_BYTES // 1_000_000} MB")
        for part in package.infolist():
            with package.open(part) as content:
                if b"<!DOCTYPE" in content.read(_BEGINNING):
                    raise CaseFileRefused(f"{path}: not an XLSX file, or a damaged one")


def _cell_text(cell: object) -> str:
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return FORMULA
    if isinstance(value, datetime | date):
        return value.isoformat()
    # Excel keeps document numbers as numbers.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
