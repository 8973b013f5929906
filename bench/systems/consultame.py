"""This project's own assistant: trained and served as in production, with limits of rate out of the way."""

import shutil
import sys
import uuid
from pathlib import Path
from typing import Any

import yaml

from bench.json_connection import JsonConnection
from bench.server_process import Server, clean_environment, free_port, run_timed
from bench.split import Corpus
from bench.systems.rasa_server import PARSE_PATH, run_rasa, train_rasa
from bench.systems.system import Outcome, Understanding
from bench.training_files import as_examples, write_nlu, write_yaml
from bot.intents import AMBIGUOUS, MATCH_KEY, Candidate, KnowledgeBaseMatch
from consultame.settings import BOT_DIRECTORY

UNLIMITED = "1000000"


class Consultame:
    """`rasa train` and `rasa run` of a copy of `bot/`, the `web` channel, our conversation store, the action server."""

    name = "consultame"

    def __init__(self) -> None:
        self._project = self._data = Path()
        self._server: Server | None = None
        self._actions: Server | None = None
        self._port = 0
        self._parsing: JsonConnection | None = None

    def train(self, corpus: Corpus, folder: Path) -> float:
        """Seed a fresh database (not timed), then `rasa train` (timed)."""
        self._project, self._data = folder / "bot", folder / "var"
        write_assistant(corpus, self._project)
        write_topics(corpus, folder / "entries")
        seeding = [sys.executable, "-m", "bench.knowledge_base_seeding", str(folder / "entries"), str(self._project)]
        run_timed("seeding", seeding, self._environment(), folder)
        return train_rasa(self._project, self._environment(), folder)

    def start(self) -> float:
        """The action server first, then `rasa run` (timed)."""
        self._port, actions_port = free_port(), free_port()
        environment = self._environment(
            CONSULTAME_ACTIONS_URL=f"http://127.0.0.1:{actions_port}/webhook", CONSULTAME_RASA_PORT=str(self._port)
        )
        command = [sys.executable, "-m", "rasa_sdk", "--actions", "bot.actions", "--port", str(actions_port)]
        logs = self._project.parent
        # rasa-sdk takes the address to listen on from the environment only.
        self._actions = Server("actions", command, environment | {"SANIC_HOST": "127.0.0.1"}, logs)
        self._actions.wait_for(lambda: JsonConnection(actions_port).close())
        self._server = run_rasa(self._project, self._port, environment, logs)
        return self._server.wait_for(self._first_answer)

    def _first_answer(self) -> str:
        conversation = self.open_conversation()
        try:
            return conversation.say("hola")
        finally:
            conversation.close()

    def parse(self, text: str) -> Understanding:
        """What KnowledgeBaseSelector decided; its candidates are the first three entries and tasks."""
        if self._parsing is None:
            self._parsing = JsonConnection(self._port)
        return understood(self._parsing.post(PARSE_PATH, {"text": text}))

    def open_conversation(self) -> "WebConversation":
        """A session of the web channel."""
        return WebConversation(self._port)

    def memory_bytes(self) -> int:
        """Of `rasa run`; the action server is not counted."""
        return self._server.memory_bytes() if self._server else 0

    def stop(self) -> None:
        """Rasa and the action server."""
        if self._parsing:
            self._parsing.close()
        for server in (self._server, self._actions):
            if server:
                server.stop()
        self._server = self._actions = self._parsing = None

    def _environment(self, **extra: str) -> dict[str, str]:
        # An .env file of the operator must not lead to another database: everything it could name is set here.
        return clean_environment(
            CONSULTAME_ENVIRONMENT="development",
            CONSULTAME_SECRET_KEY="benchmark" * 8,
            CONSULTAME_DATA_DIRECTORY=str(self._data),
            CONSULTAME_DATABASE_URL=f"sqlite:///{self._data / 'consultame.db'}",
            CONSULTAME_MESSAGES_PER_MINUTE=UNLIMITED,
            CONSULTAME_SESSIONS_PER_MINUTE=UNLIMITED,
            SANIC_REQUEST_MAX_SIZE="65536",
            **extra,
        )


class WebConversation:
    """A conversation over the web channel, as the widget holds it."""

    def __init__(self, port: int) -> None:
        opening = JsonConnection(port)
        token = opening.post("/webhooks/web/session", {})["token"]
        opening.close()
        self._connection = JsonConnection(port, {"Authorization": f"Bearer {token}"})

    def say(self, text: str) -> str:
        """One message."""
        answer = self._connection.post("/webhooks/web/messages", {"id": uuid.uuid4().hex, "text": text})
        return "\n".join(message["text"] for message in answer["messages"])

    def close(self) -> None:
        """Close the connection; the conversation stays stored."""
        self._connection.close()


def understood(parsed: dict[str, Any]) -> Understanding:
    """The parse data as an Understanding."""
    match: KnowledgeBaseMatch = parsed[MATCH_KEY]
    intent = parsed["intent"]["name"]
    outcome: Outcome = "refused" if match["outcome"] == "unanswered" else match["outcome"]
    label = match["slug"] or (None if intent == AMBIGUOUS else intent)
    return Understanding(outcome, label, [(_label(c), c["confidence"]) for c in match["candidates"]])


def _label(candidate: Candidate) -> str:
    return candidate["slug"] or candidate["intent"]


def write_assistant(corpus: Corpus, project: Path) -> None:
    """A copy of `bot/` whose NLU files hold the training part only."""
    shutil.copytree(BOT_DIRECTORY / "data", project / "data", ignore=shutil.ignore_patterns("kb", "nlu"))
    for name in ("config.yml", "domain.yml", "credentials.yml"):
        shutil.copy(BOT_DIRECTORY / name, project / name)
    endpoints = yaml.safe_load((BOT_DIRECTORY / "endpoints.yml").read_text(encoding="utf-8"))
    del endpoints["models"]  # the model comes from its file
    write_yaml(project / "endpoints.yml", endpoints)
    items: list[dict[str, object]] = [
        {"intent": intent, "examples": as_examples(texts)} for intent, texts in corpus.intents.items()
    ]
    items += [
        {"intent": AMBIGUOUS, "metadata": {"candidates": group.candidates}, "examples": as_examples(group.examples)}
        for group in corpus.ambiguous
    ]
    write_nlu(project / "data" / "nlu" / "intents.yml", items)


def write_topics(corpus: Corpus, folder: Path) -> None:
    """The entries with their training questions, as files that can be imported."""
    for number, topic in enumerate(corpus.topics):
        write_yaml(folder / f"{number:03}.yml", topic.model_dump(mode="json", exclude_none=True))
