"""`consultame kb`: look at the knowledge base, and move entries in and out as YAML."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from consultame.command_line.outcome import WrongInput
from consultame.database import read_session, write_session
from consultame.staff import staff_member_by_email
from kb.entries import entry_by_slug, latest_versions
from kb.exchange import ExchangeError, export_entries, import_entries, read_topic_file, topic_files
from kb.models import EntryVersion, Topic

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
    path: Annotated[Path, typer.Argument(help="A YAML file, or a folder of them.")],
    author: Annotated[str, typer.Option(help="E-mail of the staff member in whose name they are written.")],
) -> None:
    """Import entries as versions that wait for review. Entries that did not change are left alone."""
    try:
        documents = [
            read_topic_file(file) for file in track(topic_files(path), "Reading", console=Console(stderr=True))
        ]
        with write_session() as session:
            member = staff_member_by_email(session, author)
            if member is None:
                raise WrongInput(f"no staff account {author!r}; add one with `consultame user add`")
            written = import_entries(session, documents, author=member)
    except ExchangeError as error:
        raise WrongInput(str(error)) from None
    typer.echo(f"{len(written)} version(s) wait for review.")


@application.command("export")
def export_files(folder: Annotated[Path, typer.Argument(help="Where to write one YAML file a topic.")]) -> None:
    """Export the newest approved version of every entry."""
    if folder.exists() and not folder.is_dir():
        raise WrongInput(f"{folder} is not a folder")
    with read_session() as session:
        files = export_entries(session, folder)
    for file in files:
        typer.echo(file)
