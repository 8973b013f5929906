"""Dataverse's Web API (OData 4): questions with time limits, retries, a renewed token, pages, and a circuit breaker.

https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors (headers,
status codes), `…/webapi/query/page-results` (pages), `…/api-limits` (429 and `Retry-After`).
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import monotonic

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from desk.cases.dataverse.access_tokens import AccessTokens
from desk.cases.dataverse.answers import answered_object
from desk.cases.dataverse.circuit_breaker import CircuitBreaker
from desk.cases.dataverse.connection import Connection
from desk.cases.dataverse.failures import NoAnswer, RequestRefused
from desk.cases.dataverse.rows import Row

PATH = "/api/data/v9.2/"
ATTEMPTS = 4
PAGE_SIZE = 50
MOST_PAGES = 10
_LARGEST_ANSWER = 4_000_000
_BACK_OFF = wait_random_exponential(multiplier=0.5, min=0.2, max=3)
_UNAUTHORIZED = 401
_HEADERS = {
    "Accept": "application/json",
    "OData-Version": "4.0",
    "OData-MaxVersion": "4.0",
    "If-None-Match": "null",
    "User-Agent": "ConsultaME",
}


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class WebApi:
    """One for a process: it keeps connections, the token, and whether the service answers. Safe among threads."""

    def __init__(self, connection: Connection) -> None:
        self._base = httpx.URL(connection.url)
        self._connection = connection
        self._tokens = AccessTokens(connection)
        self._breaker = CircuitBreaker(connection.pause)
        self._client = httpx.Client(limits=httpx.Limits(max_connections=20))
        # It writes every address it asks, and those hold the citizens' numbers.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        # Microsoft's library tries again by itself and warns of it at length; its last failure is reported.
        logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)

    def answer(self, resource: str, options: Mapping[str, str]) -> dict[str, object]:
        """The object that the resource answers with; a collection's first page.

        Raises:
            DirectoryUnavailable: no answer in time, left in peace, or refused.
        """
        with self._breaker.passage():
            return self._patiently(self._address(resource, options), PAGE_SIZE, self._deadline())

    def rows(
        self, resource: str, options: Mapping[str, str], *, page_size: int = PAGE_SIZE, most_pages: int = MOST_PAGES
    ) -> list[Row]:
        """The rows of a collection, page after page.

        Raises:
            DirectoryUnavailable: no answer in time, left in peace, or refused.
        """
        with self._breaker.passage():
            pages = self._pages(self._address(resource, options), page_size, most_pages)
            return [row for page in pages for row in page]

    def _pages(self, address: httpx.URL, page_size: int, most_pages: int) -> Iterator[list[Row]]:
        deadline = self._deadline()
        for _ in range(most_pages):
            page = self._patiently(address, page_size, deadline, is_collection=True)
            rows = page["value"]
            assert isinstance(rows, list)
            yield [row for row in rows if isinstance(row, dict)]
            following = page.get("@odata.nextLink")
            if not isinstance(following, str):
                return
            address = self._checked(following)

    def _address(self, resource: str, options: Mapping[str, str]) -> httpx.URL:
        return self._base.copy_with(path=PATH + resource, params=dict(options))

    def _checked(self, link: str) -> httpx.URL:
        """The link to the next page. It gets the token, so it may not lead elsewhere."""
        try:
            address = httpx.URL(link)
        except httpx.InvalidURL:
            raise RequestRefused("the link to the next page cannot be read") from None
        if (address.scheme, address.host, address.port) != (self._base.scheme, self._base.host, self._base.port):
            raise RequestRefused("the link to the next page leads to another server")
        return address

    def _deadline(self) -> float:
        return monotonic() + self._connection.patience

    def _patiently(
        self, address: httpx.URL, page_size: int, deadline: float, *, is_collection: bool = False
    ) -> dict[str, object]:
        retrying = Retrying(
            retry=retry_if_exception_type(NoAnswer),
            wait=_wait,
            stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(max(deadline - monotonic(), 0)),
            reraise=True,
        )
        return retrying(self._once, address, page_size, deadline, is_collection)

    def _once(self, address: httpx.URL, page_size: int, deadline: float, is_collection: bool) -> dict[str, object]:
        answer = self._get(address, self._tokens.current(), page_size, deadline)
        if answer.status == _UNAUTHORIZED:
            answer = self._get(address, self._tokens.renewed(), page_size, deadline)
        return answered_object(answer.status, answer.headers, answer.body, is_collection=is_collection)

    def _get(self, address: httpx.URL, token: str, page_size: int, deadline: float) -> Answer:
        headers = _HEADERS | {"Authorization": f"Bearer {token}", "Prefer": f"odata.maxpagesize={page_size}"}
        limit = min(self._connection.timeout, max(deadline - monotonic(), 0.05))
        try:
            with self._client.stream("GET", address, headers=headers, timeout=limit) as response:
                return Answer(response.status_code, response.headers, _body(response, monotonic() + limit))
        except httpx.TimeoutException:
            raise NoAnswer("no answer in time") from None
        except httpx.TransportError as failure:
            raise NoAnswer(f"cannot be reached ({type(failure).__name__})") from None
        except httpx.DecodingError:
            raise NoAnswer("an answer that cannot be unpacked") from None


def _body(response: httpx.Response, deadline: float) -> bytes:
    """All of it. The client's own limit starts anew with each piece, so a trickle would never end."""
    pieces, size = [], 0
    for piece in response.iter_bytes():
        pieces.append(piece)
        size += len(piece)
        if size > _LARGEST_ANSWER:
            raise RequestRefused("an answer larger than any page is")
        if monotonic() > deadline:
            raise NoAnswer("no whole answer in time")
    return b"".join(pieces)


def _wait(state: RetryCallState) -> float:
    failure = state.outcome.exception() if state.outcome else None
    asked = failure.wait if isinstance(failure, NoAnswer) else None
    return asked if asked is not None else _BACK_OFF(state)
