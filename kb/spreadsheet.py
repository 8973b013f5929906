"""Entries as a spreadsheet, CSV or XLSX: one row an entry. Read whole or not at all; every fault names its row."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from kb.entries import SLUG_PATTERN, EntryText
from kb.exchange import EntryDocument, ExchangeError, TopicDocument
from kb.models import Task, Topic

SUFFIXES = (".csv", ".xlsx")
MAXIMUM_BYTES = 5_000_000
MAXIMUM_UNPACKED_BYTES = 50_000_000
MAXIMUM_ROWS = 5_000

COLUMNS = {
    "slug": "Identificador: minúsculas sin tilde, números y guiones bajos. No cambia nunca.",
    "topic": f"Tema: {', '.join(Topic)}.",
    "title": "Título, máximo 120 caracteres.",
    "label": "Etiqueta del botón, máximo 48 caracteres.",
    "label_en": "Etiqueta en inglés, máximo 48 caracteres.",
    "answer_es": "Respuesta en español.",
    "answer_en": "Respuesta en inglés.",
    "questions_es": "Preguntas en español, mínimo cinco: una por línea o separadas por |.",
    "questions_en": "Preguntas en inglés, igual. Puede quedar vacía.",
    "source": "Fuente, máximo 300 caracteres.",
    "valid_from": "Válida desde, AAAA-MM-DD. Puede quedar vacía.",
    "valid_until": "Válida hasta, AAAA-MM-DD. Puede quedar vacía.",
    "task": f"Tarea que ofrece el botón: {', '.join(Task)}. Puede quedar vacía.",
}
_OPTIONAL = {"questions_en", "valid_from", "valid_until", "task"}
_COLUMN_OF_PROBLEM = {
    "El título": "title",
    "La etiqueta del botón": "label",
    "La etiqueta en inglés": "label_en",
    "La respuesta en español": "answer_es",
    "La respuesta en inglés": "answer_en",
    "La fuente": "source",
    "Escriba al menos": "questions_es",
    "Hay una pregunta": "questions_es",
    "«Válida desde»": "valid_from",
    "«": "answer_es",
}


@dataclass(frozen=True)
class RowProblem:
    """What is wrong, in which row (1 is the heading; 0, the file itself) and column."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"row {self.row}" + (f", column {self.column}" if self.column else "")
        return f"{place}: {self.message}" if self.row else self.message


class SpreadsheetRefused(ExchangeError):
    """Nothing of the file can be used; every problem that was found is told."""

    def __init__(self, path: Path, problems: list[RowProblem]) -> None:
        super().__init__(f"{path}: " + "; ".join(str(problem) for problem in problems[:3]))
        self.problems = problems


class _FormulaFound(Exception):
    def __init__(self, row: int, column: int) -> None:
        self.row, self.column = row, column


def read_spreadsheet(path: Path) -> list[TopicDocument]:
    """The entries of a CSV (comma or semicolon, UTF-8) or XLSX file, one document a row.

    Raises:
        SpreadsheetRefused: the file cannot be read, or one row or more has a problem.
    """
    rows = _rows(path)
    if not rows:
        raise _refused(path, "the file is empty")
    heading = [cell.strip().lower() for cell in rows[0]]
    _check_heading(path, heading)
    documents, problems, seen = [], [], dict[str, int]()
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(heading, (cell.strip() for cell in cells), strict=False))
        found = _row_problems(number, row, has_more_cells=any(cells[len(heading) :]))
        if first := seen.get(row.get("slug", "")):
            found.append(RowProblem(number, "slug", f"the same slug as in row {first}"))
        seen.setdefault(row.get("slug", ""), number)
        problems += found
        if not found:
            documents.append(_document(row))
    if problems:
        raise SpreadsheetRefused(path, problems)
    if not documents:
        raise _refused(path, "the file has a heading and no entries")
    return documents


def write_template(path: Path) -> None:
    """An empty file with the heading; an XLSX one also has a sheet that explains the columns.

    Raises:
        ExchangeError: the name ends neither in .csv nor in .xlsx, or the file cannot be written.
    """
    try:
        if path.suffix.lower() == ".csv":
            path.write_text(";".join(COLUMNS) + "\r\n", encoding="utf-8-sig", newline="")
        elif path.suffix.lower() == ".xlsx":
            _template_workbook().save(path)
        else:
            raise ExchangeError(f"{path}: the name must end in .csv or .xlsx")
    except OSError as error:
        raise ExchangeError(f"{path}: {error.strerror}") from None


def _template_workbook() -> Workbook:
    book = Workbook()
    sheet, help_sheet = book.active, book.create_sheet("Ayuda")
    sheet.title = "Entradas"
    sheet.append(list(COLUMNS))
    sheet.freeze_panes = "A2"
    for name, meaning in COLUMNS.items():
        help_sheet.append([name, meaning])
    for cell in [*sheet[1], *help_sheet["A"]]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 24
    help_sheet.column_dimensions["B"].width = 100
    return book


def _refused(path: Path, message: str) -> SpreadsheetRefused:
    return SpreadsheetRefused(path, [RowProblem(0, "", message)])


def _rows(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > MAXIMUM_BYTES:
            raise _refused(path, f"the file is larger than {MAXIMUM_BYTES // 1_000_000} MB")
        content = path.read_bytes()
    except OSError as error:
        raise _refused(path, str(error.strerror)) from None
    rows = _csv_rows(path, content) if path.suffix.lower() == ".csv" else _xlsx_rows(path, content)
    if len(rows) > MAXIMUM_ROWS + 1:
        raise _refused(path, f"the file has more than {MAXIMUM_ROWS} rows")
    return rows


def _csv_rows(path: Path, content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(path, "not UTF-8 text; save it as «CSV UTF-8» and import it again") from None
    heading = text.partition("\n")[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _refused(path, f"not CSV: {error}") from None


def _xlsx_rows(path: Path, content: bytes) -> list[list[str]]:
    try:
        _check_package(path, content)
        sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        # The size that the file states may be wrong; without it the rows are read as they come.
        sheet.reset_dimensions()
        return list(_sheet_rows(sheet.iter_rows(max_row=MAXIMUM_ROWS + 2, max_col=len(COLUMNS) + 1)))
    except _FormulaFound as found:
        column = list(COLUMNS)[found.column - 1] if found.column <= len(COLUMNS) else str(found.column)
        message = "a formula; paste its value instead"
        raise SpreadsheetRefused(path, [RowProblem(found.row, column, message)]) from None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError, SyntaxError):
        raise _refused(path, "not an XLSX file, or a damaged one") from None


def _check_package(path: Path, content: bytes) -> None:
    """Refuse what would unpack to much more than it weighs, and XML that declares entities."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(part.file_size for part in package.infolist()) > MAXIMUM_UNPACKED_BYTES:
            raise _refused(path, f"the file unpacks to more than {MAXIMUM_UNPACKED_BYTES // 1_000_000} MB")
        if any(b"<!DOCTYPE" in package.read(part) or b"<!ENTITY" in package.read(part) for part in package.infolist()):
            raise _refused(path, "not an XLSX file, or a damaged one")


def _sheet_rows(rows: Iterator[tuple[object, ...]]) -> Iterator[list[str]]:
    for number, cells in enumerate(rows, start=1):
        texts = []
        for position, cell in enumerate(cells, start=1):
            if getattr(cell, "data_type", "") == "f":
                raise _FormulaFound(number, position)
            texts.append(_cell_text(getattr(cell, "value", None)))
        while len(texts) > len(COLUMNS) and not texts[-1]:
            texts.pop()
        yield texts


def _cell_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def _check_heading(path: Path, heading: list[str]) -> None:
    problems = [RowProblem(1, name, "the column is missing") for name in COLUMNS if name not in heading]
    problems = [problem for problem in problems if problem.column not in _OPTIONAL]
    problems += [RowProblem(1, name, "no such column") for name in heading if name and name not in COLUMNS]
    problems += [RowProblem(1, name, "the column is there twice") for name in COLUMNS if heading.count(name) > 1]
    if problems:
        raise SpreadsheetRefused(path, problems)


def _row_problems(number: int, row: dict[str, str], *, has_more_cells: bool) -> list[RowProblem]:
    found = []
    if has_more_cells or not row.keys() >= COLUMNS.keys() - _OPTIONAL:
        return [RowProblem(number, "", f"the row has {'more' if has_more_cells else 'fewer'} cells than the heading")]
    if not SLUG_PATTERN.fullmatch(row["slug"]) or len(row["slug"]) > 64:
        found.append(RowProblem(number, "slug", "lower-case letters, digits and single underscores only, at most 64"))
    if row["topic"] not in set(Topic):
        found.append(RowProblem(number, "topic", f"no topic {row['topic']!r}; topics: {', '.join(Topic)}"))
    if row.get("task", "") not in {"", *Task}:
        found.append(RowProblem(number, "task", f"no task {row['task']!r}; tasks: {', '.join(Task)}"))
    for name in ("valid_from", "valid_until"):
        if not _is_date(row.get(name, "")):
            found.append(RowProblem(number, name, f"{row[name]!r} is not a date (YYYY-MM-DD)"))
    for message in _text(row).problems():
        column = next((name for start, name in _COLUMN_OF_PROBLEM.items() if message.startswith(start)), "")
        found.append(RowProblem(number, column, message))
    return found


def _is_date(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def _text(row: dict[str, str]) -> EntryText:
    return EntryText(
        title=row["title"],
        label=row["label"],
        label_en=row["label_en"],
        answer_es=row["answer_es"],
        answer_en=row["answer_en"],
        questions_es=_questions(row["questions_es"]),
        questions_en=_questions(row.get("questions_en", "")),
        source=row["source"],
        valid_from=_day(row.get("valid_from", "")),
        valid_until=_day(row.get("valid_until", "")),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text and _is_date(text) else None


def _questions(cell: str) -> list[str]:
    return cell.replace("|", "\n").splitlines()


def _document(row: dict[str, str]) -> TopicDocument:
    texts = {name: row.get(name, "") for name in COLUMNS if name not in ("topic", "questions_es", "questions_en")}
    questions = {name: _questions(row.get(name, "")) for name in ("questions_es", "questions_en")}
    values = {name: text or None if name in _OPTIONAL else text for name, text in texts.items()}
    return TopicDocument(topic=Topic(row["topic"]), entries=[EntryDocument.model_validate(values | questions)])
