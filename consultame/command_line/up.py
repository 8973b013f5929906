"""`consultame up`: everything on one machine, from an empty folder to a conversation."""

import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from consultame.command_line.installation import DEMO_ACCOUNTS, DEMO_PASSWORD, install
from consultame.command_line.outcome import CommandFailed
from consultame.command_line.training import publish_now
from consultame.database import read_session
from consultame.processes import (
    ProcessError,
    RunningProcess,
    StopRequested,
    check_ports_are_free,
    process_environment,
    process_plans,
    stop_all,
    stop_signals_as_exception,
)
from consultame.settings import Settings, load_settings
from desk.cases.chosen_directory import check_directory_settings
from kb.publishing import is_up_to_date
from kb.releases import live_release_identity
from kb.rollback import is_rolled_back

WATCH_SECONDS = 1.0


def up() -> None:
    """Prepare what is missing, start the four processes, and stop them all at Ctrl-C."""
    settings, console = load_settings(), Console()
    check_directory_settings()
    running: list[RunningProcess] = []
    try:
        with stop_signals_as_exception():
            try:
                check_ports_are_free(settings)
                _prepare(console)
                _start(settings, console, running)
                _print_addresses(settings, console)
                _watch(running)
            except StopRequested:
                console.print("Stopping…")
            finally:
                stop_all(running)
    except ProcessError as error:
        raise CommandFailed(str(error)) from None
    console.print("Stopped.")


def _prepare(console: Console) -> None:
    with console.status("Preparing the database…"):
        added = install()
    console.print(f"Database ready ({added} entries added).")
    if is_up_to_date():
        console.print("Model up to date.")
    elif is_rolled_back():
        console.print("An earlier release was put back into service; `consultame train` publishes what is approved.")
    else:
        publish_now(console)


def _start(settings: Settings, console: Console, running: list[RunningProcess]) -> None:
    """Start all, then wait for each: their start-up times overlap."""
    with read_session() as session:
        identity = live_release_identity(session)
    if identity is None:
        raise ProcessError("there is no live release")
    environment = process_environment(settings)
    for plan in process_plans(settings, worker_answers=_worker_check(), model=identity[1]):
        running.append(RunningProcess(plan, environment, settings.data_directory / "logs"))
    with console.status("Starting…") as status:
        for process in running:
            status.update(f"Waiting for {process.plan.name}…")
            process.wait_until_it_answers(settings.startup_timeout_seconds)
            console.print(f"{process.plan.name} answers.")


def _worker_check() -> Callable[[], bool]:
    """Put a job into the queue; the worker answers once it has done it."""
    from consultame.worker import ping

    result = ping()
    return lambda: bool(result.get(blocking=False) == "pong")


def _print_addresses(settings: Settings, console: Console) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_row("Citizen page", settings.admin_url + "/")
    table.add_row("Staff screens", settings.admin_url + "/personal/")
    if settings.environment == "development":
        for account in DEMO_ACCOUNTS:
            table.add_row(f"Demo {account.role}", f"{account.email}  {DEMO_PASSWORD}")
    console.print(table)
    console.print("Ctrl-C stops everything.")


def _watch(running: list[RunningProcess]) -> None:
    while True:
        for process in running:
            process.check_alive()
        time.sleep(WATCH_SECONDS)
