"""Citizens who write at a steady rate to a running server, whatever it is doing: what they see of a publication."""

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count, cycle
from queue import SimpleQueue
from statistics import median

import httpx

MESSAGES_PER_SECOND = 10
# More than are ever under way at once, so that a message waits for the server and never for a citizen.
CITIZENS = 40
TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Said:
    """A message: when it was due (monotonic clock), how long its answer took from then on, and what went wrong ("")."""

    due: float
    seconds: float
    problem: str


@dataclass
class SteadyLoad:
    """Messages every tenth of a second from citizens in conversations of their own.

    Each is timed from the moment it was due, so a server that stands still for a second makes ten of them late.
    """

    web_channel: str
    questions: list[str]
    said: list[Said] = field(default_factory=list)

    def during(self, work: Callable[[], None]) -> None:
        """Open the conversations, then keep it up while this is done."""
        stop = threading.Event()
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        with httpx.Client(base_url=self.web_channel, timeout=TIMEOUT_SECONDS, limits=limits, trust_env=False) as client:
            free: SimpleQueue[_Citizen] = SimpleQueue()
            for _ in range(CITIZENS):
                free.put(_Citizen(client))
            sender = threading.Thread(target=self._send_until, args=(stop, free))
            sender.start()
            try:
                work()
            finally:
                stop.set()
                sender.join()

    @property
    def problems(self) -> list[str]:
        """What went wrong: refused, answered with an error, with nothing, or not at all."""
        return [said.problem for said in self.said if said.problem]

    def usual_seconds(self, until: float) -> float:
        """The median answer of what was said before this moment."""
        return median(said.seconds for said in self.said if said.due < until)

    def longest_seconds(self, since: float, until: float) -> float:
        """The longest answer of what was due between these moments."""
        return max((said.seconds for said in self.said if since <= said.due <= until), default=0.0)

    def _send_until(self, stop: threading.Event, free: "SimpleQueue[_Citizen]") -> None:
        asked = cycle(self.questions)
        with ThreadPoolExecutor(CITIZENS) as pool:
            started = time.monotonic()
            for number in count():
                due = started + number / MESSAGES_PER_SECOND
                if stop.wait(max(0.0, due - time.monotonic())):
                    break
                pool.submit(self._say, free, next(asked), due)

    def _say(self, free: "SimpleQueue[_Citizen]", text: str, due: float) -> None:
        citizen = free.get()
        problem = citizen.say(text)
        self.said.append(Said(due, time.monotonic() - due, problem))
        free.put(citizen)


class _Citizen:
    """One conversation."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        opened = client.post("/session")
        opened.raise_for_status()
        self._headers = {"Authorization": f"Bearer {opened.json()['token']}"}

    def say(self, text: str) -> str:
        """Send a message; returns what went wrong, "" when it was answered."""
        body = {"id": uuid.uuid4().hex, "text": text}
        try:
            answer = self._client.post("/messages", json=body, headers=self._headers)
            if answer.status_code != httpx.codes.OK:
                return f"status {answer.status_code}: {answer.text[:200]}"
            return "" if answer.json()["messages"] else f"no answer: {text}"
        except (httpx.HTTPError, ValueError, KeyError) as error:
            return f"{type(error).__name__}: {error}"
