"""Cases come in from the CRM's export: all of a file, or none and every fault by its row and column."""

import csv
import threading
import time
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from consultame.audit import Action, AuditFilter, events
from consultame.database import read_session, write_session
from desk.cases.case_file import CaseFileRefused
from desk.cases.case_row import COLUMNS
from desk.cases.importing import Imported, RowsRefused, import_cases, read_cases, write_template
from desk.cases.kinds import CaseKind, CaseState, Channel, Gender, RequesterKind
from desk.cases.models import Case, CaseEvent
from tests.running_system import run_command
from tests.unit.case_filings import BOGOTA, MORNING, filed

ROW = {
    "radicado": "1-2026-000120",
    "tipo": "Queja",
    "estado": "En trámite",
    "fecha_recibido": "2026-11-24 10:00",
    "canal": "Módulo PQRDS",
    "dependencia": "Hidrocarburos",
    "tema": "GLP",
    "descripcion": "La pipeta llegó\nvacía; pido revisar",
    "nombre": "Ana Ñáñez",
    "documento": "1.085.245.678",
    "correo": "Ana@Correo.co",
    "telefono": "3001234567",
    "genero": "Femenino",
    "grupo_edad": "18 a 29",
    "codigo_divipola": "52001",
}


def a_csv(folder: Path, *rows: dict[str, str], delimiter: str = ";", encoding: str = "utf-8-sig") -> Path:
    path = folder / "casos.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(COLUMNS), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def an_xlsx(folder: Path, *rows: dict[str, object]) -> Path:
    book = Workbook()
    book.active.append(list(COLUMNS))
    for row in rows:
        book.active.append([row.get(name) for name in COLUMNS])
    path = folder / "casos.xlsx"
    book.save(path)
    return path


def imported(path: Path) -> Imported:
    found = read_cases(path)
    with write_session() as session:
        return import_cases(session, found)


def problems(path: Path) -> list[str]:
    with pytest.raises(RowsRefused) as refused:
        read_cases(path)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_row_becomes_a_case(any_database: str, tmp_path: Path, delimiter: str) -> None:
    assert imported(a_csv(tmp_path, ROW, delimiter=delimiter)) == Imported(1, 0)
    with read_session() as session:
        case = session.scalars(select(Case)).one()
        assert (case.radicado, case.kind, case.state) == ("1-2026-000120", CaseKind.COMPLAINT, CaseState.IN_PROGRESS)
        assert (case.received_at, case.due_on) == (MORNING, date(2026, 12, 16))
        assert (case.channel, case.dependency, case.topic) == (Channel.WEB_FORM, "Hidrocarburos", "GLP")
        assert case.content.description == "La pipeta llegó\nvacía; pido revisar"
        who = case.requester
        assert (who.kind, who.document, who.email) == (RequesterKind.PERSON, "1085245678", "ana@correo.co")
        assert (who.gender, who.age_group, who.place_code) == (Gender.FEMALE, "18-29", "52001")
        assert [event.kind for event in case.events] == ["imported"]


def test_a_spreadsheet_keeps_dates_and_numbers_as_such(sqlite_database: None, tmp_path: Path) -> None:
    row = ROW | {"fecha_recibido": datetime(2026, 11, 24, 10), "documento": 1085245678, "codigo_divipola": "05001"}  # noqa: DTZ001
    assert imported(an_xlsx(tmp_path, row)) == Imported(1, 0)
    with read_session() as session:
        case = session.scalars(select(Case)).one()
        assert (case.received_at, case.requester.document) == (MORNING, "1085245678")


@pytest.mark.parametrize(
    ("written", "received", "due"),
    [
        ("24/11/2026", datetime(2026, 11, 24, 12, tzinfo=BOGOTA), "2026-12-16"),
        ("24/11/2026 18:05", datetime(2026, 11, 24, 18, 5, tzinfo=BOGOTA), "2026-12-17"),
        ("2021-11-24", datetime(2021, 11, 24, 12, tzinfo=BOGOTA), "2022-01-06"),
    ],
)
def test_dates_are_read_in_both_ways_and_give_the_deadline(
    sqlite_database: None, tmp_path: Path, written: str, received: datetime, due: str
) -> None:
    imported(a_csv(tmp_path, ROW | {"fecha_recibido": written}))
    with read_session() as session:
        case = session.scalars(select(Case)).one()
        assert (case.received_at, str(case.due_on)) == (received, due)


def test_a_deadline_that_is_given_is_kept(sqlite_database: None, tmp_path: Path) -> None:
    imported(a_csv(tmp_path, ROW | {"fecha_limite": "23/12/2026"}))
    with read_session() as session:
        assert session.scalars(select(Case.due_on)).one() == date(2026, 12, 23)


def test_a_settled_case_is_not_open(sqlite_database: None, tmp_path: Path) -> None:
    answered = ROW | {"estado": "Respondido", "fecha_respuesta": "01/12/2026 09:00"}
    closed = ROW | {"radicado": "1-2026-000121", "estado": "Cerrado"}
    imported(a_csv(tmp_path, answered, closed))
    with read_session() as session:
        settled = session.scalars(select(Case.settled_at).order_by(Case.id)).all()
    assert settled == [datetime(2026, 12, 1, 9, tzinfo=BOGOTA), MORNING]


def test_importing_again_adds_what_is_new_only(any_database: str, tmp_path: Path) -> None:
    imported(a_csv(tmp_path, ROW))
    second = ROW | {"radicado": "1 2026 000121"}
    assert imported(a_csv(tmp_path, ROW, second)) == Imported(1, 1)
    with read_session() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 2
        assert session.scalar(select(func.count()).select_from(CaseEvent)) == 2
        assert events(session, AuditFilter(action=Action.CASES_IMPORTED), limit=1)[0].detail == {"cases": 1}


def test_new_cases_are_numbered_after_the_imported_ones(any_database: str, tmp_path: Path) -> None:
    imported(a_csv(tmp_path, ROW, ROW | {"radicado": "1-2026-000007"}, ROW | {"radicado": "2-2026-000500"}))
    assert str(filed().radicado) == "1-2026-000121"


def test_who_files_during_an_import_takes_none_of_its_numbers(any_database: str, tmp_path: Path) -> None:
    rows = read_cases(a_csv(tmp_path, *(ROW | {"radicado": f"1-2026-00000{number}"} for number in range(1, 4))))
    taken, failures = list[str](), list[Exception]()

    def file_one() -> None:
        try:
            taken.append(str(filed().radicado))
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=file_one) for _ in range(5)]

    def file_meanwhile(_part: float) -> None:
        for thread in threads:
            thread.start()
        # Long enough for them to come as far as they get.
        time.sleep(0.3)

    with write_session() as session:
        import_cases(session, rows, advance=file_meanwhile)
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(taken) == [f"1-2026-00000{number}" for number in range(4, 9)]


@pytest.mark.parametrize(
    "changes", [{"fecha_recibido": "2026-11-23"}, {"documento": "27123456"}, {"fecha_recibido": "2026-11-25 10:00"}]
)
def test_a_number_that_was_given_here_to_another_case_refuses_the_file(
    any_database: str, tmp_path: Path, changes: dict[str, str]
) -> None:
    number = str(filed().radicado)
    collides = ROW | {"radicado": number, "dependencia": ""} | changes
    cases = read_cases(a_csv(tmp_path, ROW, collides))
    with pytest.raises(RowsRefused) as refused, write_session() as session:
        import_cases(session, cases)
    assert [str(problem) for problem in refused.value.problems] == [
        f"row 3, column radicado: {number} was given here to another case, received on 2026-11-24"
    ]
    assert str(filed().radicado) == "1-2026-000002"


def test_a_case_that_was_filed_here_and_comes_back_from_the_crm_is_left_as_it_is(
    any_database: str, tmp_path: Path
) -> None:
    number = str(filed().radicado)
    assert imported(a_csv(tmp_path, ROW | {"radicado": number, "estado": "Cerrado"})) == Imported(0, 1)


def test_every_fault_is_told_with_its_row_and_column_and_nothing_is_stored(
    sqlite_database: None, tmp_path: Path
) -> None:
    wrong = {
        "radicado": "12",
        "tipo": "Carta",
        "estado": "",
        "fecha_recibido": "31/02/2026",
        "canal": "paloma",
        "correo": "ana",
        "codigo_divipola": "98",
        "tema": "x" * 121,
        "fecha_limite": "1900-01-01",
    }
    path = a_csv(tmp_path, ROW, ROW | wrong, ROW)
    told = problems(path)
    assert {line.split(":")[0] for line in told} == {f"row 3, column {name}" for name in wrong} | {
        "row 4, column radicado"
    }
    assert "the same number as in row 2" in told[-1]
    done = run_command(tmp_path, "cases", "import", str(path))
    assert done.returncode == 2
    assert done.stderr.splitlines() == [*told, f"consultame: {len(told)} problem(s); nothing was imported"]
    with read_session() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_an_answered_case_has_a_date_and_a_transferred_one_an_authority(data_directory: Path) -> None:
    rows = [ROW | {"estado": "Respondido"}, ROW | {"radicado": "1-2026-000121", "estado": "Trasladado"}]
    assert problems(a_csv(data_directory, *rows)) == [
        "row 2, column fecha_respuesta: missing for a case that was answered",
        "row 3, column entidad: missing for a case that was sent elsewhere",
    ]


def test_a_formula_is_refused(data_directory: Path) -> None:
    assert problems(an_xlsx(data_directory, ROW | {"tema": "=1+1"})) == [
        "row 2, column tema: a formula; paste its value instead"
    ]


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("radicado;tipo;estado", "row 1, column fecha_recibido: the column is missing"),
        ("radicado;tipo;estado;fecha_recibido;color", "row 1, column color: no such column"),
        ("radicado;tipo;estado;fecha_recibido;tipo", "row 1, column tipo: the column is there twice"),
    ],
)
def test_a_wrong_heading_is_told(data_directory: Path, heading: str, told: str) -> None:
    path = data_directory / "casos.csv"
    path.write_text(f"{heading}\n1;2;3\n")
    assert problems(path) == [told]


def test_a_heading_is_read_with_accents_capitals_and_spaces(data_directory: Path) -> None:
    path = data_directory / "casos.csv"
    path.write_text("Radicado;TIPO;Estado;Fecha recibido;Descripción\n1-2026-000120;queja;cerrado;2026-11-24;Hola\n")
    (case,) = read_cases(path)
    assert case.texts["descripcion"] == "Hola"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("casos.csv", b""),
        ("casos.csv", "radicado;descripción\n".encode("latin-1")),
        ("casos.csv", b'radicado;tipo;estado;fecha_recibido\n"abierto'),
        ("casos.xlsx", b"PK\x03\x04 not a workbook"),
        ("casos.xlsx", b"radicado"),
        ("casos.ods", b"radicado"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    done = run_command(tmp_path, "cases", "import", str(path))
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "Traceback" not in done.stderr


def test_a_dry_run_stores_nothing_and_the_real_one_tells_what_it_did(sqlite_database: None, tmp_path: Path) -> None:
    path = a_csv(tmp_path, ROW)
    assert run_command(tmp_path, "cases", "import", str(path), "--dry-run").stdout == "1 case(s) could be imported.\n"
    done = run_command(tmp_path, "cases", "import", str(path))
    assert done.stdout == "1 case(s) imported, 0 were there already.\n"
    assert run_command(tmp_path, "cases", "import", str(path)).stdout.startswith("0 case(s) imported, 1 were")


@pytest.mark.parametrize("name", ["plantilla.csv", "plantilla.xlsx"])
def test_the_template_holds_the_columns(data_directory: Path, name: str) -> None:
    path = data_directory / name
    write_template(path)
    assert read_cases(path) == []
    if name.endswith("xlsx"):
        explained = {row[0]: row[1] for row in load_workbook(path)["Ayuda"].values}
        assert explained == COLUMNS


def test_a_template_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plantilla.csv"
    path.write_text("mío")
    done = run_command(tmp_path, "cases", "template", str(path))
    assert (done.returncode, path.read_text()) == (2, "mío")
    with pytest.raises(CaseFileRefused, match="must end in"):
        write_template(tmp_path / "plantilla.ods")
