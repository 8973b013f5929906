"""`consultame kb`: look at the knowledge base, and move entries in and out as YAML, spreadsheets or Rasa files."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy.orm import Session

from consultame.command_line.outcome import WrongInput
from consultame.database import read_session, write_session
from consultame.staff import StaffMember, staff_member_by_email
from kb.entries import entry_by_slug, latest_versions
from kb.exchange import (
    ExchangeError,
    TopicDocument,
    export_entries,
    import_entries,
    read_topic_file,
    topic_files,
)
from kb.models import EntryVersion, Topic
from kb.rasa_import import import_drafts, read_rasa_files
from kb.spreadsheet import SUFFIXES, SpreadsheetRefused, read_spreadsheet, write_template

application = typer.Typer(help="The knowledge base.")


@application.command("list")
def list_entries(topic: Annotated[str | None, typer.Option(help="Only this topic.")] = None) -> None:
    """List every entry: slug, state of its newest version, number of questions, title."""
    if topic is not None and topic not in {known.value for known in Topic}:
        raise WrongInput(f"no topic {topic!r}; topics: {', '.join(Topic)}")
    with read_session() as session:
        versions = [v for v in latest_versions(session) if topic is None or v.entry.topic == topic]
    table = Table("slug", "topic", "version", "state", "questions", "valid until", "title", box=None)
    for version in versions:
        entry, count = version.entry, len(version.questions_es) + len(version.questions_en)
        until = version.valid_until.isoformat() if version.valid_until else ""
        table.add_row(entry.slug, entry.topic, str(version.number), version.state, str(count), until, version.title)
    console = Console()
    console.print(table if console.is_terminal else _plain(versions), soft_wrap=not console.is_terminal)


def _plain(versions: list[EntryVersion]) -> str:
    return "\n".join(
        "\t".join((v.entry.slug, v.entry.topic, str(v.number), v.state, str(len(v.questions_es)), v.title))
        for v in versions
    )


@application.command()
def show(slug: str) -> None:
    """Show the newest version of an entry."""
    with read_session() as session:
        entry = entry_by_slug(session, slug)
        if entry is None:
            raise WrongInput(f"no entry {slug!r}; `consultame kb list` shows all")
        version = entry.versions[-1]
    until = f", valid until {version.valid_until}" if version.valid_until else ""
    typer.echo(f"{slug}  version {version.number}, {version.state}{until}\n{version.title}\nSource: {version.source}\n")
    typer.echo(f"{version.answer_es}\n\n{version.answer_en}\n")
    for question in version.questions_es + version.questions_en:
        typer.echo(f"- {question}")


@application.command("import")
def import_files(
    paths: Annotated[list[Path], typer.Argument(help="YAML, CSV or XLSX files, or folders of YAML files.")],
    author: Annotated[str, typer.Option(help="E-mail of the staff member in whose name they are written.")],
    rasa: Annotated[bool, typer.Option("--rasa", help="The files are Rasa's: nlu and responses.")] = False,
    topic: Annotated[Topic | None, typer.Option(help="Topic of the new entries, for --rasa only.")] = None,
) -> None:
    """Import entries as versions that wait for review. Entries that did not change are left alone.

    With --rasa each intent that has an answer becomes a draft, and what it lacks is listed.
    """
    if rasa != (topic is not None):
        raise WrongInput("--rasa and --topic go together")
    try:
        if topic is not None:
            _import_rasa(paths, author, topic)
            return
        files = [file for path in paths for file in _files(path)]
        console = Console(stderr=True)
        read = track(files, "Reading", console=console, disable=not console.is_terminal)
        documents = [document for file in read for document in _documents(file)]
        with write_session() as session:
            written = import_entries(session, documents, author=_member(session, author))
    except SpreadsheetRefused as refused:
        if not refused.problems[0].row:
            raise WrongInput(str(refused)) from None
        for problem in refused.problems:
            typer.echo(problem, err=True)
        raise WrongInput(f"{len(refused.problems)} problem(s); nothing was imported") from None
    except ExchangeError as error:
        raise WrongInput(str(error)) from None
    typer.echo(f"{len(written)} version(s) wait for review.")


def _files(path: Path) -> list[Path]:
    return [path] if path.suffix.lower() in SUFFIXES else topic_files(path)


def _documents(file: Path) -> list[TopicDocument]:
    return read_spreadsheet(file) if file.suffix.lower() in SUFFIXES else [read_topic_file(file)]


def _import_rasa(paths: list[Path], author: str, topic: Topic) -> None:
    entries, halves = read_rasa_files(paths)
    with write_session() as session:
        drafts = import_drafts(session, entries, topic=topic, author=_member(session, author))
    for draft in drafts:
        typer.echo(f"{draft.slug}: {' '.join(draft.missing)}")
    for name in halves:
        typer.echo(f"{name}: left out, it has questions or an answer only")
    typer.echo(f"{len(drafts)} draft(s) written.")


def _member(session: Session, email: str) -> StaffMember:
    member = staff_member_by_email(session, email)
    if member is None:
        raise WrongInput(f"no staff account {email!r}; add one with `consultame user add`")
    return member


@application.command()
def template(file: Annotated[Path, typer.Argument(help="Where to write it; the name ends in .xlsx or .csv.")]) -> None:
    """Write an empty spreadsheet to fill with entries and import."""
    if file.exists():
        raise WrongInput(f"{file} is there already")
    try:
        write_template(file)
    except ExchangeError as error:
        raise WrongInput(str(error)) from None
    typer.echo(file)


@application.command("export")
def export_files(folder: Annotated[Path, typer.Argument(help="Where to write one YAML file a topic.")]) -> None:
    """Export the newest approved version of every entry."""
    if folder.exists() and not folder.is_dir():
        raise WrongInput(f"{folder} is not a folder")
    with read_session() as session:
        files = export_entries(session, folder)
    for file in files:
        typer.echo(file)
