"""Leaving a service in peace that does not answer.

Written by hand: `pybreaker` 1.4 holds a lock for as long as a call lasts, so that one slow answer makes every citizen
wait; `purgatory` 3.0 shares its state between threads without one, and lets everybody through at once to try again.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from desk.cases.dataverse.failures import NoAnswer, NotAsked, RequestRefused

MOST_FAILURES = 5
# Nobody is kept away for longer, whatever the service asks for.
LONGEST_PAUSE = 600.0


class CircuitBreaker:
    """Lets calls pass until five in a row got no answer; then none for a pause, and after it one, to try.

    A service that says how long to wait is left in peace for as long, at once.
    """

    def __init__(self, pause: float, clock: Callable[[], float] = monotonic) -> None:
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._shut_until: float | None = None
        self._is_trying = False

    @contextmanager
    def passage(self) -> Iterator[None]:
        """Around a call.

        Raises:
            NotAsked: the service is left in peace.
        """
        is_trial = self._enter()
        try:
            yield
        except NoAnswer as failure:
            self._failed(failure.wait)
            raise
        except RequestRefused:
            self._answered()
            raise
        else:
            self._answered()
        finally:
            if is_trial:
                with self._lock:
                    self._is_trying = False

    def _enter(self) -> bool:
        with self._lock:
            if self._shut_until is None:
                return False
            left = self._shut_until - self._clock()
            if left > 0:
                raise NotAsked(f"not asked for another {left:.0f} s, after it did not answer")
            if self._is_trying:
                raise NotAsked("not asked while another request tries whether it answers again")
            self._is_trying = True
            return True

    def _failed(self, wait: float | None) -> None:
        with self._lock:
            self._failures += 1
            is_open = self._shut_until is not None
            if is_open or wait is not None or self._failures >= MOST_FAILURES:
                self._shut_until = self._clock() + min(max(wait or 0, self._pause), LONGEST_PAUSE)

    def _answered(self) -> None:
        with self._lock:
            self._failures = 0
            self._shut_until = None
