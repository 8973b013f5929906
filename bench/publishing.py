"""`make bench-publish`: from an approval to the bot that answers with it, on the running system, beside `rasa train`.

python -m bench.publishing [--sizes 70,1000] [--stock-epochs N] [--stock-share N] [--skip-stock] [--repeat N]
"""

import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.command_line import INTERRUPTED, RESULTS, WIDTH
from bench.generated_entries import generated_topics, largest_number
from bench.progress import Steps
from bench.publishing_measurement import PublishingMeasurement
from bench.publishing_measures import Measured, claims, print_measures
from bench.split import Sources, read_sources
from bench.surroundings import machine_facts
from consultame.command_line.outcome import WrongInput
from consultame.processes import StopRequested, stop_signals_as_exception

STOCK_EPOCHS = 100
application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@application.command()
def bench_publishing(
    sizes: Annotated[
        str, typer.Option(help="Numbers of entries, separated by commas; generated ones are added to the real.")
    ] = "70,1000",
    stock_epochs: Annotated[
        int,
        typer.Option(
            min=2, max=STOCK_EPOCHS,
            help="Train stock Rasa so many epochs and once with one; from both the time of all 100 is extrapolated.",
        ),
    ] = 2,
    stock_share: Annotated[
        int,
        typer.Option(
            min=1, help="Train stock Rasa with one in so many entries and examples: sooner done, and less than ours."
        ),
    ] = 1,
    skip_stock: Annotated[bool, typer.Option("--skip-stock", help="Do not train stock Rasa.")] = False,
    repeat: Annotated[int, typer.Option(min=1, max=20, help="Publications of each kind.")] = 3,
    output: Annotated[Path, typer.Option(help="Folder for the results.")] = RESULTS,
) -> None:  # fmt: skip
    """Publish changes on the running system and time them; train stock Rasa on the same."""
    sources = read_sources()
    numbers = _sizes(sizes, sources)
    if output.exists() and not output.is_dir():
        raise WrongInput(f"--output: {output} is not a folder")
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    facts = machine_facts(datetime.now().astimezone()) | {"publications of each kind": repeat}
    folder = Path(tempfile.mkdtemp(prefix="consultame-bench-"))
    measured: list[Measured] = []
    try:
        with stop_signals_as_exception():
            for number in numbers:
                measurement = PublishingMeasurement(
                    _enlarged(sources, number), folder / str(number), Steps(console), repeat=repeat
                )
                measured.append(measurement.measured)
                measurement.run()
                if not skip_stock:
                    measurement.train_stock(stock_epochs, STOCK_EPOCHS, stock_share)
    finally:
        for one in measured:
            print_measures(one, console)
        output.mkdir(parents=True, exist_ok=True)
        path = output / "publishing.json"
        path.write_text(json.dumps(facts | {"sizes": [_as_json(one) for one in measured]}, indent=2) + "\n")
        console.print(f"Written: {path}", highlight=False, soft_wrap=True)
    shutil.rmtree(folder, ignore_errors=True)


def _as_json(measured: Measured) -> dict[str, object]:
    judged = [{"claim": claim, "measured": value, "met": met} for claim, value, met in claims(measured)]
    return asdict(measured) | {"claims": judged}


def _sizes(text: str, sources: Sources) -> list[int]:
    real = sum(len(topic.entries) for topic in sources.topics)
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        raise WrongInput(f"--sizes: {text!r} is not numbers separated by commas") from None
    if not all(real <= number <= real + largest_number() for number in numbers):
        raise WrongInput(f"--sizes: from {real} (the real entries) to {real + largest_number()}")
    return numbers


def _enlarged(sources: Sources, number: int) -> Sources:
    """The real entries with generated ones up to this number: the test stories need the real ones."""
    real = sum(len(topic.entries) for topic in sources.topics)
    added = generated_topics(number - real)
    return Sources([*sources.topics, *added], sources.intents, sources.ambiguous, sources.never_trained)


def main() -> None:
    """Run; the process ends with 0, 1 (it could not be measured), 2 (wrong option) or 130 (interrupted)."""
    sys.exit(_run())


def _run() -> int:
    try:
        application(standalone_mode=False)
    except (StopRequested, KeyboardInterrupt, typer.Abort):
        return _complain("interrupted", INTERRUPTED)
    except typer.TyperException as mistake:
        return _complain(mistake.format_message(), 2)
    except WrongInput as mistake:
        return _complain(str(mistake), 2)
    except Exception as failure:
        return _complain(str(failure), 1)
    return 0


def _complain(message: str, status: int) -> int:
    typer.echo(f"bench: {' '.join(message.split())}", err=True)
    return status


if __name__ == "__main__":
    main()
