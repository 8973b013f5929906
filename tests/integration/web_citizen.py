"""A citizen who speaks to the web channel of a real Rasa server, as the widget does."""

import itertools
import sqlite3
import uuid
from typing import Any

import httpx

from tests.running_system import RunningSystem

_numbers = itertools.count()


def message_id() -> str:
    return f"message-{next(_numbers):04d}-{uuid.uuid4().hex[:8]}"


class Citizen:
    """A conversation with the server."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        opened = client.post("/session")
        assert opened.status_code == 201, opened.text
        self.token = opened.json()["token"]
        self.greeting = opened.json()["messages"]

    def post(self, body: dict[str, Any]) -> httpx.Response:
        return self.client.post("/messages", json=body, headers={"Authorization": f"Bearer {self.token}"})

    def says(self, text: str) -> dict[str, Any]:
        return self._ok(self.post({"id": message_id(), "text": text}))

    def presses(self, button: dict[str, str]) -> dict[str, Any]:
        return self._ok(self.post({"id": message_id(), "button": button["button"]}))

    def judges(self, route: str, body: dict[str, Any]) -> httpx.Response:
        return self.client.post(route, json=body, headers={"Authorization": f"Bearer {self.token}"})

    def history(self) -> list[dict[str, Any]]:
        answer = self.client.get("/history", headers={"Authorization": f"Bearer {self.token}"})
        messages: list[dict[str, Any]] = self._ok(answer)["messages"]
        return messages

    @staticmethod
    def _ok(answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


def texts_of(body: dict[str, Any]) -> str:
    return "\n".join(message["text"] for message in body["messages"])


def error_of(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert "Traceback" not in answer.text
    return answer.status_code, body["error"]["code"]


def stored(system: RunningSystem, query: str, *values: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(system.data_directory / "consultame.db") as connection:
        return connection.execute(query, values).fetchall()
