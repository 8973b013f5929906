"""The two systems without dialogue, nlp.js and BM25: a small HTTP server each, with the routes /parse and /turn."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.json_connection import JsonConnection
from bench.server_process import Server, clean_environment, first_answer_of, free_port
from bench.split import Corpus
from bench.systems.stock_assistant import answers_of
from bench.systems.system import SystemFailed, Understanding, entries_and_tasks, outcome_of_label


class PlainConversation:
    """Turns that know nothing of each other."""

    def __init__(self, port: int) -> None:
        self._connection = JsonConnection(port)

    def say(self, text: str) -> str:
        """One question."""
        return str(self._connection.post("/turn", {"text": text})["answer"])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@dataclass(frozen=True)
class Parsed:
    """What /parse answers."""

    intent: str | None
    ranking: list[tuple[str, float]]


class PlainServer:
    """A server of this kind, running."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], logs: Path) -> None:
        self.port = free_port()
        self._process = Server(name, [*command, str(self.port)], environment, logs)
        self._parsing: JsonConnection | None = None

    def wait_for_first_answer(self) -> float:
        """Returns the seconds since its start."""
        return self._process.wait_for(first_answer_of(self.port, "/turn", {"text": "hola"}))

    def parse(self, text: str) -> Parsed:
        """Intent (None when it refuses) and ranking."""
        if self._parsing is None:
            self._parsing = JsonConnection(self.port)
        answer = self._parsing.post("/parse", {"text": text})
        return Parsed(answer["intent"], [(label, float(score)) for label, score in answer["ranking"]])

    def memory_bytes(self) -> int:
        """Of the server process."""
        return self._process.memory_bytes()

    def stop(self) -> None:
        """Stop it."""
        if self._parsing:
            self._parsing.close()
        self._process.stop()


class LookUpSystem:
    """What nlp.js and BM25 have in common once they are trained: one PlainServer that ranks labels and answers.

    A subclass trains, setting `_folder` and `_slugs`, and names the command that serves what it trained.
    """

    name: str

    def __init__(self) -> None:
        self._folder = Path()
        self._slugs: set[str] = set()
        self._server: PlainServer | None = None

    def serving_command(self) -> list[str]:
        """The command that serves the trained model; the port is added to it."""
        raise NotImplementedError

    def start(self) -> float:
        """The server with the stored model."""
        self._server = PlainServer(self.name, self.serving_command(), clean_environment(), self._folder)
        return self._server.wait_for_first_answer()

    def parse(self, text: str) -> Understanding:
        """Its ranking; it refuses where it gives no intent."""
        parsed = self._running().parse(text)
        ranked = entries_and_tasks(parsed.ranking, self._slugs)
        if parsed.intent is None:
            return Understanding("refused", None, ranked)
        return Understanding(outcome_of_label(parsed.intent, self._slugs), parsed.intent, ranked)

    def open_conversation(self) -> PlainConversation:
        """A connection: it keeps no conversation."""
        return PlainConversation(self._running().port)

    def memory_bytes(self) -> int:
        """Of the server process."""
        return self._running().memory_bytes()

    def stop(self) -> None:
        """The server."""
        if self._server:
            self._server.stop()
        self._server = None

    def _running(self) -> PlainServer:
        if self._server is None:
            raise SystemFailed("the server is not running")
        return self._server


def write_corpus(corpus: Corpus, path: Path, *, renamed: dict[str, str] | None = None) -> None:
    """The labelled training texts and the answers as one JSON file; labels can get another name."""
    names = renamed or {}
    examples = [
        {"text": question.text, "label": names.get(question.label, question.label), "language": question.language}
        for question in corpus.labelled()
    ]
    answers = [
        {"label": names.get(label, label), "language": language, "text": text}
        for label, language, text in answers_of(corpus)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"examples": examples, "answers": answers}, ensure_ascii=False)
    path.write_text(content, encoding="utf-8")
