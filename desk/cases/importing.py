"""Cases from the CRM's export: all of a file, or nothing and every fault by its row and column."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.database import Base
from consultame.database import now as present
from desk.cases.case_file import CaseFileRefused, read_rows, write_heading
from desk.cases.case_row import COLUMNS, ImportedCase, RowReader
from desk.cases.filing import FIRST_DEPENDENCY
from desk.cases.kinds import OPEN_STATES, CaseEventKind
from desk.cases.models import Case, CaseContent, CaseEvent, Requester
from desk.cases.numbering import continue_after
from desk.cases.search_text import searched_document, searched_text
from desk.deadlines.business_calendar import local_moment, office_hours
from desk.radicado import Radicado

ROWS_AT_ONCE = 2_000
IMPORT = "import"


Advance = Callable[[float], None]


def _not_shown(_part: float) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class RowProblem:
    """What is wrong, in which row (1 is the heading) and column."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"row {self.row}" + (f", column {self.column}" if self.column else "") + f": {self.message}"


class RowsRefused(Exception):
    """Nothing of the file can be used; every problem that was found is told."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = problems


@dataclass(frozen=True)
class Imported:
    """How many cases came in, and how many were there already."""

    added: int
    known: int


def read_cases(path: Path, advance: Advance = _not_shown) -> list[ImportedCase]:
    """The cases of a CSV (comma or semicolon, UTF-8) or XLSX file. `advance` hears the part read, 0 to 1.

    Raises:
        CaseFileRefused: the file cannot be read.
        RowsRefused: one row or more has a problem.
    """
    rows = read_rows(path, advance)
    first = next(rows, None)
    if first is None:
        raise CaseFileRefused(f"{path}: the file is empty")
    heading = [searched_text(cell).strip().replace(" ", "_") for cell in first[1]]
    while heading and not heading[-1]:
        heading.pop()
    reader, cases, seen = RowReader(heading, office_hours()), list[ImportedCase](), dict[Radicado, int]()
    reader.check_heading()
    if not reader.problems:
        for number, cells in rows:
            case = reader.read(number, cells)
            if case is None:
                continue
            if former := seen.get(case.radicado):
                reader.problems.append((number, "radicado", f"the same number as in row {former}"))
            seen.setdefault(case.radicado, number)
            cases.append(case)
    if reader.problems:
        raise RowsRefused([RowProblem(*problem) for problem in reader.problems])
    return cases


def import_cases(
    session: Session, cases: Sequence[ImportedCase], *, by: str = IMPORT, advance: Advance = _not_shown
) -> Imported:  # fmt: skip
    """Store the cases whose number is not known yet; the others are left as they are.

    The numbers filed here go on after those that were imported.

    Raises:
        RowsRefused: a number was given here to another case.
    """
    moment, added = present(), 0
    # Before the cases are stored: who files meanwhile would take one of their numbers.
    for number in _last_numbers(cases):
        continue_after(session, number)
    check_numbers(session, cases)
    for start in range(0, len(cases), ROWS_AT_ONCE):
        some = cases[start : start + ROWS_AT_ONCE]
        numbers = [str(case.radicado) for case in some]
        known = set(session.scalars(select(Case.radicado).where(Case.radicado.in_(numbers))))
        added += _insert(session, [case for case in some if str(case.radicado) not in known], by, moment)
        advance((start + len(some)) / len(cases))
    record(session, Action.CASES_IMPORTED, SubjectKind.IMPORT, "", cases=added)
    return Imported(added, len(cases) - added)


def check_numbers(session: Session, cases: Sequence[ImportedCase]) -> None:
    """See that no number was given here to another case: another day of receipt, or another document.

    Raises:
        RowsRefused: one or more were.
    """
    problems = []
    for start in range(0, len(cases), ROWS_AT_ONCE):
        some = {str(case.radicado): case for case in cases[start : start + ROWS_AT_ONCE]}
        query = (
            select(Case.radicado, Case.received_at, Requester.document)
            .join(CaseEvent, CaseEvent.case_id == Case.id)
            .join(Requester, Requester.case_id == Case.id)
            .where(Case.radicado.in_(some), CaseEvent.kind == CaseEventKind.FILED)
        )
        for radicado, received_at, document in session.execute(query):
            case, day = some[radicado], local_moment(received_at).date()
            documents = {document, searched_document(case.texts["documento"])} - {""}
            if day != local_moment(case.received_at).date() or len(documents) > 1:
                reason = f"{radicado} was given here to another case, received on {day}"
                problems.append(RowProblem(case.row, "radicado", reason))
    if problems:
        raise RowsRefused(sorted(problems, key=lambda problem: problem.row))


def write_template(path: Path) -> None:
    """An empty file with the heading.

    Raises:
        CaseFileRefused: the name ends neither in .csv nor in .xlsx, or the file cannot be written.
    """
    write_heading(path, COLUMNS)


def _last_numbers(cases: Sequence[ImportedCase]) -> list[Radicado]:
    last: dict[tuple[str, int], Radicado] = {}
    for case in cases:
        number = case.radicado
        former = last.get((number.direction, number.year))
        if former is None or number.sequence > former.sequence:
            last[(number.direction, number.year)] = number
    # In one order, so that two imports do not wait for each other.
    return [last[key] for key in sorted(last)]


def _insert(session: Session, cases: Sequence[ImportedCase], by: str, moment: datetime) -> int:
    if not cases:
        return 0
    # Tables, not classes: the mapper would send rows with and without a value apart from each other.
    table, content, requester, event = map(_table, (Case, CaseContent, Requester, CaseEvent))
    stored = session.execute(
        insert(table).returning(table.c.radicado, table.c.id), [_case(case, moment) for case in cases]
    )
    ids: dict[str, int] = {row.radicado: row.id for row in stored}
    with_ids = [(case, ids[str(case.radicado)]) for case in cases]
    session.execute(insert(content), [_content(case, number) for case, number in with_ids])
    session.execute(insert(requester), [_requester(case, number) for case, number in with_ids])
    told = {"at": moment, "kind": CaseEventKind.IMPORTED, "actor": by, "detail": {}, "note": ""}
    session.execute(insert(event), [{"case_id": number} | told for number in ids.values()])
    return len(cases)


def _table(model: type[Base]) -> Table:
    assert isinstance(model.__table__, Table)
    return model.__table__


def _case(case: ImportedCase, moment: datetime) -> dict[str, object]:
    settled = None if case.state in OPEN_STATES else case.answered_at or case.received_at
    waits = not settled and case.state is OPEN_STATES[-1]
    return {
        "radicado": str(case.radicado),
        "kind": case.kind,
        "topic": case.texts["tema"],
        "channel": case.channel,
        "dependency": case.texts["dependencia"] or FIRST_DEPENDENCY,
        "state": case.state,
        "received_at": case.received_at,
        "filed_on": case.receipt.filed_on,
        "due_on": case.due_on,
        "suspended_on": local_moment(moment).date() if waits else None,
        "authority": case.texts["entidad"],
        "answered_at": case.answered_at,
        "settled_at": settled,
        "attachments": [],
        "created_at": moment,
    }


def _content(case: ImportedCase, number: int) -> dict[str, object]:
    description = case.texts["descripcion"]
    return {
        "case_id": number,
        "description": description,
        "searched": searched_text(description, case.texts["nombre"]),
    }


def _requester(case: ImportedCase, number: int) -> dict[str, object]:
    return {
        "case_id": number,
        "kind": case.requester,
        "gender": case.gender,
        "age_group": case.age_group,
        "place_code": case.texts["codigo_divipola"],
        "name": case.texts["nombre"],
        "document": searched_document(case.texts["documento"]),
        "email": case.texts["correo"].lower(),
        "telephone": case.texts["telefono"],
    }
