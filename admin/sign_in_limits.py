"""How often somebody may try to sign in."""

import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

WINDOW_MINUTES = 15
_PER_EMAIL = RateLimitItemPerMinute(5, WINDOW_MINUTES, namespace="e-mail")
_PER_ADDRESS = RateLimitItemPerMinute(20, WINDOW_MINUTES, namespace="address")
_NOTED = RateLimitItemPerMinute(1, WINDOW_MINUTES, namespace="noted")


class SignInLimits:
    """Counts failed attempts by e-mail and by network address, in the memory of this process."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)

    def minutes_to_wait(self, email: str, address: str) -> int:
        """Register an attempt; 0 when it may go on, else how many minutes to wait.

        The attempt counts for the e-mail before the password is checked, so that parallel guesses count too.
        """
        if minutes := self.minutes_to_wait_at(address):
            return minutes
        if not self._limiter.hit(_PER_EMAIL, email):
            return self._minutes_left(_PER_EMAIL, email)
        return 0

    def minutes_to_wait_at(self, address: str) -> int:
        """0 when an attempt from this address may go on, else how many minutes to wait; registers nothing."""
        return 0 if self._limiter.test(_PER_ADDRESS, address) else self._minutes_left(_PER_ADDRESS, address)

    def failed(self, address: str) -> None:
        """The attempt did not open an account."""
        self._limiter.hit(_PER_ADDRESS, address)

    def succeeded(self, email: str) -> None:
        """The attempt opened the account: its former failures are forgotten."""
        self._limiter.clear(_PER_EMAIL, email)

    def is_first_refusal(self, email: str, address: str) -> bool:
        """Whether this lock-out, of an address or an e-mail, is refused for the first time in its window."""
        return self._limiter.hit(_NOTED, email if self._limiter.test(_PER_ADDRESS, address) else address)

    def is_first_outage(self, address: str) -> bool:
        """Whether somebody at this address meets with an outage of the provider for the first time in its window."""
        return self._limiter.hit(_NOTED, "outage", address)

    def _minutes_left(self, item: RateLimitItemPerMinute, key: str) -> int:
        reset_at = self._limiter.get_window_stats(item, key).reset_time
        return max(1, -int((time.time() - reset_at) // 60))
