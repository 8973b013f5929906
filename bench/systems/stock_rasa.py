"""The same assistant as one builds it with what Rasa brings: default pipeline and policies, retrieval intents."""

import uuid
from pathlib import Path
from typing import Any, Literal

from bench.json_connection import JsonConnection
from bench.server_process import Server, clean_environment, first_answer_of, free_port
from bench.split import Corpus
from bench.systems.rasa_server import PARSE_PATH, ranking_of, run_rasa, train_rasa
from bench.systems.stock_assistant import FALLBACK, RETRIEVAL, write_endpoints, write_stock_assistant
from bench.systems.system import Understanding, entries_and_tasks, outcome_of_label

TrackerStore = Literal["memory", "sql"]
WEBHOOK = "/webhooks/rest/webhook"


class StockRasa:
    """`rasa train` and `rasa run` with the channel `rest` and one of Rasa's tracker stores."""

    def __init__(self, name: str, store: TrackerStore, *, epochs: int | None = None) -> None:
        self.name = name
        self._store, self._epochs = store, epochs
        self._project = Path()
        self._slugs: set[str] = set()
        self._server: Server | None = None
        self._port = 0
        self._parsing: JsonConnection | None = None

    def train(self, corpus: Corpus, folder: Path) -> float:
        """Write the assistant (not timed), then `rasa train` (timed)."""
        self._project = folder / "stock"
        self._slugs = {entry.slug for entry in corpus.entries}
        write_stock_assistant(corpus, self._project, epochs=self._epochs)
        return train_rasa(self._project, clean_environment(), folder)

    def serving_model_of(self, other: "StockRasa") -> "StockRasa":
        """This system with the model that another one has trained."""
        self._project, self._slugs = other._project, other._slugs
        return self

    def start(self) -> float:
        """`rasa run`."""
        self._port = free_port()
        database = self._project / "conversations.db" if self._store == "sql" else None
        write_endpoints(self._project, database)
        self._server = run_rasa(self._project, self._port, clean_environment(), self._project.parent)
        return self._server.wait_for(first_answer_of(self._port, WEBHOOK, {"sender": "first", "message": "hola"}))

    def parse(self, text: str) -> Understanding:
        """The intent ranking, with the response selector's in the place of the retrieval intent."""
        if self._parsing is None:
            self._parsing = JsonConnection(self._port)
        return understood(self._parsing.post(PARSE_PATH, {"text": text}), self._slugs)

    def open_conversation(self) -> "RestConversation":
        """A new sender of the channel `rest`."""
        return RestConversation(self._port)

    def memory_bytes(self) -> int:
        """Of `rasa run`."""
        return self._server.memory_bytes() if self._server else 0

    def stop(self) -> None:
        """The server."""
        if self._parsing:
            self._parsing.close()
        if self._server:
            self._server.stop()
        self._server = self._parsing = None


class RestConversation:
    """A conversation over Rasa's channel `rest`."""

    def __init__(self, port: int) -> None:
        self._sender = uuid.uuid4().hex
        self._connection = JsonConnection(port)

    def say(self, text: str) -> str:
        """One message."""
        answers = self._connection.post(WEBHOOK, {"sender": self._sender, "message": text})
        return "\n".join(answer.get("text", "") for answer in answers)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def understood(parsed: dict[str, Any], slugs: set[str]) -> Understanding:
    """The parse data as an Understanding: Rasa answers with whatever is first, or falls back."""
    intents = ranking_of(parsed["intent_ranking"], "name")
    selected = ranking_of(parsed["response_selector"]["default"]["ranking"], "intent_response_key")
    entries = [(key.removeprefix(f"{RETRIEVAL}/"), confidence) for key, confidence in selected]
    ranking = [candidate for intent in intents for candidate in (entries if intent[0] == RETRIEVAL else [intent])]
    first = parsed["intent"]["name"]
    ranked = entries_and_tasks(ranking, slugs)
    if first == FALLBACK:
        return Understanding("refused", None, ranked)
    label = entries[0][0] if first == RETRIEVAL else first
    return Understanding(outcome_of_label(label, slugs), label, ranked)
