"""`consultame releases` and `consultame rollback`: what was in service, and how to go back to it."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from consultame.command_line.outcome import CommandFailed
from consultame.database import read_session, write_session
from kb.releases import promoted_releases
from kb.rollback import RollbackRefused, restorable_releases, roll_back


def releases() -> None:
    """List the releases that are or were live, the latest first."""
    with read_session() as session:
        former = promoted_releases(session)
        restorable = {release.id for release in restorable_releases(session)}
    table = Table("release", "state", "entries", "live since", "restores", "rollback", box=None)
    for release in former:
        since = release.promoted_at.isoformat(timespec="seconds") if release.promoted_at else ""
        possible = "" if release.live else ("possible" if release.id in restorable else "model is gone")
        restores = str(release.restores_id or "")
        table.add_row(str(release.id), release.state, str(len(release.versions)), since, restores, possible)
    Console().print(table)


def rollback(release: Annotated[int, typer.Argument(help="Number of an earlier release.")]) -> None:
    """Put an earlier release back into service, with its model; nothing is trained."""
    try:
        with write_session() as session:
            restored = roll_back(session, release, by=None)
    except RollbackRefused:
        raise CommandFailed(
            f"release {release} cannot be put back into service; `consultame releases` shows which can"
        ) from None
    typer.echo(f"Release {release} is live again, as release {restored.id}.")
