"""`consultame train`: publish what is approved, training when the model is out of date."""

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from consultame.command_line.outcome import CommandFailed
from consultame.database import write_session
from kb.publication_progress import STEPS
from kb.publishing import PublishingError, is_up_to_date, request_publication, run_publication

_STEP_LABELS = {
    "prepare": "Preparing the data",
    "validate": "Validating the data",
    "train": "Training the model",
    "gate": "Testing the conversations",
    "promote": "Going live",
}


def train(verbose: bool = False) -> None:
    """Validate, train, test and put into service what is approved. Does nothing when the model is up to date."""
    console = Console()
    if is_up_to_date():
        console.print("The model is up to date.")
        return
    publish_now(console, verbose=verbose)


def publish_now(console: Console, *, verbose: bool = False) -> None:
    """Publish in this process, with a progress bar.

    Raises:
        CommandFailed: another publication is running, or a step failed; what was live stays live.
    """
    tail: list[str] = []
    try:
        with write_session() as session:
            publication_id = request_publication(session, by=None).id
        with _bar(console) as bar:
            task = bar.add_task("", total=100)

            def report(step: str, percent: int, line: str) -> None:
                bar.update(task, completed=percent, description=_STEP_LABELS[step])
                tail.append(line)
                if verbose:
                    console.print(line, markup=False, highlight=False, emoji=False)

            run_publication(publication_id, report)
            bar.update(task, completed=100, description="Live")
    except PublishingError as error:
        if not verbose:
            console.print("\n".join(tail[-25:]), markup=False, highlight=False, emoji=False)
        raise CommandFailed(str(error)) from None


def _bar(console: Console) -> Progress:
    width = max(len(_STEP_LABELS[step.name]) for step in STEPS)
    return Progress(
        TextColumn(f"{{task.description:<{width}}}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console,
    )
