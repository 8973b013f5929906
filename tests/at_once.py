"""Several who do the same at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Outcome = TypeVar("Outcome")


def at_once(number: int, do: Callable[[int], Outcome]) -> list[Outcome]:
    """What each of so many threads got, which all begin together; a failure of any of them is raised."""
    start = threading.Barrier(number)

    def wait_and_do(each: int) -> Outcome:
        start.wait()
        return do(each)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(wait_and_do, range(number)))
