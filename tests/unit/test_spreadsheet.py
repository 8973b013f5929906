"""Entries come in from spreadsheets: all of them, or none and every fault by its row and column."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from consultame.audit import Action, AuditFilter, events
from consultame.database import read_session, write_session
from consultame.staff import Role, StaffMember
from kb import spreadsheet
from kb.entries import versions_in_review
from kb.exchange import ExchangeError, import_entries
from kb.spreadsheet import COLUMNS, RowProblem, SpreadsheetRefused, read_spreadsheet, write_template

ROW = {
    "slug": "mme_estufas",
    "topic": "energia",
    "title": "Estufas, hornos; y más",
    "label": "Estufas",
    "label_en": "Stoves",
    "answer_es": "No hay programa.\nEscriba a {correo}.",
    "answer_en": "There is none.",
    "questions_es": "uno|dos\ntres|cuatro\ncinco",
    "questions_en": "one",
    "source": "Prueba",
    "valid_until": "2027-05-31",
    "task": "presentar_queja",
}


def _csv(folder: Path, *rows: dict[str, str], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(ROW), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "entradas.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def _xlsx(folder: Path, *rows: list[object]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / "entradas.xlsx"
    book.save(path)
    return path


def _problems(path: Path) -> list[RowProblem]:
    with pytest.raises(SpreadsheetRefused) as refusal:
        read_spreadsheet(path)
    assert "\n" not in str(refusal.value)
    return refusal.value.problems


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_csv_file_waits_for_review_and_a_second_time_changes_nothing(
    sqlite_database: None, add_person: Callable[[str, Role], StaffMember], tmp_path: Path, delimiter: str, encoding: str
) -> None:
    author = add_person("ana", Role.CURATOR)
    documents = read_spreadsheet(_csv(tmp_path, ROW, delimiter=delimiter, encoding=encoding))
    for expected in (1, 0):
        with write_session() as session:
            assert len(import_entries(session, documents, author=author)) == expected
    with read_session() as session:
        (version,) = versions_in_review(session)
        (told,) = events(session, AuditFilter(action=Action.ENTRIES_IMPORTED), limit=9)
    assert version.title == ROW["title"]
    assert version.answer_es == ROW["answer_es"]
    assert version.questions_es == ["uno", "dos", "tres", "cuatro", "cinco"]
    assert version.valid_until == date(2027, 5, 31)
    assert told.detail == {"author": author.email, "versions": 1}


def test_an_xlsx_file_gives_what_the_csv_file_gives(tmp_path: Path) -> None:
    values: list[object] = [date(2027, 5, 31) if name == "valid_until" else text for name, text in ROW.items()]
    path = _xlsx(tmp_path, list(ROW), values, [None] * len(ROW))
    assert read_spreadsheet(path) == read_spreadsheet(_csv(tmp_path, ROW))


def test_every_fault_is_told_by_row_and_column(tmp_path: Path) -> None:
    bad = ROW | {"slug": "Mal Escrito", "topic": "deportes", "task": "volar", "valid_until": "mañana", "title": ""}
    few = ROW | {"slug": "mme_otra", "questions_es": "uno"}
    told = {(problem.row, problem.column) for problem in _problems(_csv(tmp_path, ROW, bad, few, ROW))}
    assert told == {
        (3, "slug"),
        (3, "topic"),
        (3, "task"),
        (3, "valid_until"),
        (3, "title"),
        (4, "questions_es"),
        (5, "slug"),
    }


def test_windows_1252_gets_one_message_that_says_what_to_do(tmp_path: Path) -> None:
    (problem,) = _problems(_csv(tmp_path, ROW, encoding="cp1252"))
    assert "save it as «CSV UTF-8»" in problem.message


def test_a_formula_is_refused_by_its_cell(tmp_path: Path) -> None:
    values: list[object] = list((ROW | {"answer_es": '=HYPERLINK("http://example.org")'}).values())
    (problem,) = _problems(_xlsx(tmp_path, list(ROW), values))
    assert (problem.row, problem.column) == (2, "answer_es")
    assert "formula" in problem.message


@pytest.mark.parametrize("change", ["missing", "unknown", "twice"])
def test_a_wrong_heading_is_refused(tmp_path: Path, change: str) -> None:
    heading = {"missing": [*ROW][1:], "unknown": [*ROW, "precio"], "twice": [*ROW, "slug"]}[change]
    (problem,) = _problems(_xlsx(tmp_path, heading, ["x"] * len(heading)))
    assert (problem.row, problem.column) == (1, "precio" if change == "unknown" else "slug")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a package", b"plain text"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "entradas.xlsx"
    path.write_bytes(content)
    assert "not an XLSX file" in _problems(path)[0].message


def test_a_workbook_that_declares_entities_or_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _xlsx(tmp_path, list(ROW))
    monkeypatch.setattr(spreadsheet, "MAXIMUM_UNPACKED_BYTES", 100)
    assert "unpacks to more" in _problems(path)[0].message
    monkeypatch.undo()
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/extra.xml", '<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>')
    assert "not an XLSX file" in _problems(path)[0].message


def test_files_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _csv(tmp_path, ROW, ROW | {"slug": "mme_otra"})
    monkeypatch.setattr(spreadsheet, "MAXIMUM_ROWS", 1)
    assert "more than 1 rows" in _problems(path)[0].message
    monkeypatch.setattr(spreadsheet, "MAXIMUM_BYTES", 10)
    assert "larger than" in _problems(path)[0].message
    assert "No such file" in _problems(tmp_path / "nada.csv")[0].message


def test_rows_with_more_or_fewer_cells_than_the_heading_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "entradas.csv"
    path.write_text(",".join(ROW) + "\na,b\n" + ",".join("x" * (len(ROW) + 1)) + "\n", encoding="utf-8")
    assert [problem.message for problem in _problems(path)] == [
        "the row has fewer cells than the heading",
        "the row has more cells than the heading",
    ]


def test_a_template_has_every_column_and_is_refused_while_it_is_empty(tmp_path: Path) -> None:
    for name in ("plantilla.xlsx", "plantilla.csv"):
        write_template(tmp_path / name)
        assert "no entries" in _problems(tmp_path / name)[0].message
    book = load_workbook(tmp_path / "plantilla.xlsx")
    assert [cell.value for cell in book["Entradas"][1]] == list(COLUMNS)
    assert book["Ayuda"].max_row == len(COLUMNS)
    with pytest.raises(ExchangeError, match="must end in"):
        write_template(tmp_path / "plantilla.ods")
