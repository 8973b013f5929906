"""`consultame cases`: existing cases in, from the CRM's export; whether the CRM can be asked for cases."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from consultame.command_line.outcome import CommandFailed, WrongInput
from consultame.database import read_session, write_session
from consultame.settings import load_settings
from desk.cases.case_file import CaseFileRefused
from desk.cases.directory import DirectoryUnavailable
from desk.cases.importing import RowsRefused, check_numbers, import_cases, read_cases, write_template

application = typer.Typer(help="Cases.")


@application.callback()
def cases() -> None:
    """Cases."""


@application.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file with the columns of `consultame cases template`.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the file and store nothing.")] = False,
) -> None:
    """Import cases: all of the file or nothing. Cases whose number is there already are left alone."""
    try:
        with _bar() as bar:
            reading = bar.add_task("Reading", total=1.0)
            found = read_cases(file, lambda part: bar.update(reading, completed=part))
            if dry_run:
                with read_session() as session:
                    check_numbers(session, found)
            else:
                storing = bar.add_task("Storing", total=1.0)
                with write_session() as session:
                    done = import_cases(session, found, advance=lambda part: bar.update(storing, completed=part))
    except RowsRefused as refused:
        for problem in refused.problems:
            typer.echo(problem, err=True)
        raise WrongInput(f"{len(refused.problems)} problem(s); nothing was imported") from None
    except CaseFileRefused as refused:
        raise WrongInput(str(refused)) from None
    typer.echo(
        f"{len(found)} case(s) could be imported." if dry_run
        else f"{done.added} case(s) imported, {done.known} were there already."
    )  # fmt: skip


@application.command()
def template(file: Annotated[Path, typer.Argument(help="Where to write it; the name ends in .xlsx or .csv.")]) -> None:
    """Write an empty spreadsheet to fill with cases and import."""
    if file.exists():
        raise WrongInput(f"{file} is there already")
    try:
        write_template(file)
    except CaseFileRefused as refused:
        raise WrongInput(str(refused)) from None
    typer.echo(file)


@application.command()
def check() -> None:
    """Say whether cases can be looked up where the settings say: what is reached, and each attribute."""
    settings = load_settings()
    if settings.case_directory == "local":
        typer.echo("Cases are looked up in this system's database (CONSULTAME_CASE_DIRECTORY=local).")
        return
    # Loads Microsoft's library, which the other commands do not need.
    from desk.cases.dataverse.check import findings

    faults = 0
    try:
        for finding in findings(settings):
            typer.echo(f"{'ok   ' if finding.is_fine else 'FAULT'} {finding.subject}: {finding.found}")
            faults += not finding.is_fine
    except DirectoryUnavailable as failure:
        raise CommandFailed(f"{settings.dataverse_url}: {failure}") from None
    if faults:
        raise CommandFailed(f"{faults} fault(s); cases cannot be looked up as the settings say")


def _bar() -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )
