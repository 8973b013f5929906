"""What stands on the screen while the benchmark works: one line a step, with its time, and a bar where it can be."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

T = TypeVar("T")


class Steps:
    """Steps of work, shown while they are done and left as a line with their time."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A step of unknown length."""
        with self._bar(SpinnerColumn(finished_text="[green]✓")) as bar:
            task = bar.add_task(name, total=None)
            yield
            bar.update(task, total=1, completed=1)

    def track(self, name: str, items: list[T]) -> Iterable[T]:
        """A step that goes through a list."""
        with self._bar(SpinnerColumn(finished_text="[green]✓"), counted=True) as bar:
            yield from bar.track(items, description=name)

    def _bar(self, spinner: SpinnerColumn, *, counted: bool = False) -> Progress:
        columns = [spinner, TextColumn("{task.description:<44}"), TimeElapsedColumn()]
        if counted:
            columns += [BarColumn(), MofNCompleteColumn()]
        return Progress(*columns, console=self.console)
