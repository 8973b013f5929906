"""How often one conversation or address may ask: so many times in any minute, in this server process.

`limits` is not used here: at each hit its store in memory walks over all who asked in the last minute, with a thread
for each of them, which took a tenth of a busy server's time. Here each key is forgotten by itself.
"""

import time
from collections import deque
from collections.abc import Callable

from cachetools import TTLCache

_WINDOW_SECONDS = 60.0
# Whoever opens more conversations than this in a minute pushes out the ones that asked longest ago.
_REMEMBERED_KEYS = 100_000


class MessageRate:
    """The moments of the last minute for each key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._moments: TTLCache[tuple[str, str], deque[float]] = TTLCache(_REMEMBERED_KEYS, _WINDOW_SECONDS, clock)

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._moments)

    def admits(self, kind: str, who: str, per_minute: int) -> bool:
        """Whether one more is within the limit; it is counted if so."""
        moment = self._clock()
        moments = self._moments.get((kind, who)) or deque()
        while moments and moments[0] <= moment - _WINDOW_SECONDS:
            moments.popleft()
        admitted = len(moments) < per_minute
        if admitted:
            moments.append(moment)
            # Kept anew, so that it lives a minute from now.
            self._moments[kind, who] = moments
        return admitted
