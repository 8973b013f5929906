"""How often somebody may ask for slots on the booking page, by network address."""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_PAGES = RateLimitItemPerMinute(120, 1, namespace="booking page")
# Several citizens may share an address: an office, a library, a mobile network.
_SLOTS = RateLimitItemPerMinute(20, 10, namespace="booking slot")


class BookingLimits:
    """Counts in the memory of this process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def may_go_on(self, address: str) -> bool:
        """Whether another page may be asked for; counts it."""
        return self._limiter.hit(_PAGES, address)

    def may_take_slot(self, address: str) -> bool:
        """Whether another slot may be held, or a place in a waiting list taken; counts it."""
        return self._limiter.hit(_SLOTS, address)
