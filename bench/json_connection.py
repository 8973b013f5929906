"""JSON over one kept HTTP connection, with as little of its own in the measured time as the standard library allows."""

import http.client
import json
from typing import Any

from bench.systems.system import SystemFailed

TIMEOUT_SECONDS = 60


class JsonConnection:
    """A connection to one server; opened at once, opened again when the server has closed it in between."""

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self._headers = {"Content-Type": "application/json"} | (headers or {})
        self._connection.connect()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON that is answered.

        Raises:
            SystemFailed: the server refuses, or answers something else.
        """
        payload = json.dumps(body).encode()
        try:
            status, content = self._exchange(path, payload)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # An idle connection that the server closed: the request was not taken.
            self._connection.close()
            status, content = self._exchange(path, payload)
        if status not in (200, 201):
            raise SystemFailed(f"{path} answered {status}: {content[:200].decode(errors='replace')}")
        try:
            return json.loads(content)
        except ValueError:
            raise SystemFailed(f"{path} answered no JSON: {content[:200].decode(errors='replace')}") from None

    def _exchange(self, path: str, payload: bytes) -> tuple[int, bytes]:
        self._connection.request("POST", path, payload, self._headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def close(self) -> None:
        """Close it."""
        self._connection.close()
