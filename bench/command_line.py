"""`python -m bench`: the options, and how it ends."""

import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.effort import FULL, QUICK, Effort
from bench.generated_entries import largest_number
from bench.measurement import SYSTEM_NAMES, Measurement
from bench.progress import Steps
from bench.report import print_report, write_report
from bench.split import Sources, divided, read_sources, thinned
from bench.surroundings import facts_of_run
from consultame.command_line.outcome import WrongInput
from consultame.processes import StopRequested, stop_signals_as_exception
from consultame.settings import PROJECT_DIRECTORY
from kb.exchange import ExchangeError

INTERRUPTED = 130
WIDTH = 150
QUICK_SHARE = 10
RESULTS = PROJECT_DIRECTORY / "bench" / "results"

application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@application.command()
def bench(
    systems: Annotated[str, typer.Option(help="Which, separated by commas.")] = ",".join(SYSTEM_NAMES),
    skip_growth: Annotated[
        bool, typer.Option("--skip-growth", help="No long conversations, no added entries.")
    ] = False,
    sizes: Annotated[str | None, typer.Option(help="Numbers of entries to grow to, separated by commas.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A little of everything, to try the benchmark itself.")
    ] = False,
    share: Annotated[
        int, typer.Option(min=1, help="Measure with one in so many of the entries and examples: stock trains faster.")
    ] = 1,
    stock_epochs: Annotated[
        int | None,
        typer.Option(
            min=1, help="Train stock Rasa so many epochs: its speed and memory are the same, its rest is not."
        ),
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder for the results.")] = RESULTS,
) -> None:
    """Train, ask and time this assistant, stock Rasa, nlp.js and BM25 on the same questions."""
    names = _system_names(systems)
    sources = read_sources()
    share = QUICK_SHARE if quick else share
    if share > 1:
        sources = thinned(sources, share)
    effort = _effort(quick, sizes, sources)
    if stock_epochs is not None:
        effort = replace(effort, stock_epochs=stock_epochs)
    if output.exists() and not output.is_dir():
        raise WrongInput(f"--output: {output} is not a folder")
    _measure(sources, effort, names, growth=not skip_growth, output=output, share=share)


def _system_names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in SYSTEM_NAMES]
    if unknown or not names:
        raise WrongInput(f"--systems: {unknown[0] if unknown else 'nothing'!r}; systems: {', '.join(SYSTEM_NAMES)}")
    return names


def _effort(quick: bool, sizes: str | None, sources: Sources) -> Effort:
    effort = QUICK if quick else FULL
    if sizes is None:
        return effort
    real = sum(len(topic.entries) for topic in sources.topics)
    try:
        chosen = tuple(int(part) for part in sizes.split(","))
    except ValueError:
        raise WrongInput(f"--sizes: {sizes!r} is not numbers separated by commas") from None
    if not all(real <= size <= real + largest_number() for size in chosen):
        raise WrongInput(f"--sizes: from {real} (the real entries) to {real + largest_number()}")
    return replace(effort, sizes=chosen)


def _measure(sources: Sources, effort: Effort, names: list[str], *, growth: bool, output: Path, share: int) -> None:
    # Written to a file or a pipe, the tables get the room they need.
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    started = datetime.now().astimezone()
    facts = facts_of_run(effort, divided(sources), started, names, share)
    folder = Path(tempfile.mkdtemp(prefix="consultame-bench-"))
    measurement = Measurement(sources, effort, folder, Steps(console), growth=growth)
    try:
        with stop_signals_as_exception():
            measurement.run(names)
    except StopRequested:
        facts["interrupted"] = True
    if measurement.results.complete:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        console.print(f"Kept for its logs: {folder}", highlight=False, soft_wrap=True)
    print_report(measurement.results, console, quick=effort.quick)
    for path in write_report(measurement.results, facts, output, started.strftime("%Y-%m-%d-%H%M%S")):
        console.print(f"Written: {path}", highlight=False, soft_wrap=True)
    if facts["interrupted"]:
        raise StopRequested


def main() -> None:
    """Run; the process ends with 0, 2 (wrong option) or 130 (interrupted)."""
    sys.exit(_run())


def _run() -> int:
    try:
        application(standalone_mode=False)
    except (StopRequested, KeyboardInterrupt, typer.Abort):
        return _complain("interrupted", INTERRUPTED)
    except typer.TyperException as mistake:
        return _complain(mistake.format_message(), 2)
    except (WrongInput, ExchangeError) as mistake:
        return _complain(str(mistake), 2)
    return 0


def _complain(message: str, status: int) -> int:
    typer.echo(f"bench: {' '.join(message.split())}", err=True)
    return status
