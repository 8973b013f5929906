"""BM25 (PyPI: bm25s) over the training questions: the label of the most similar one."""

import importlib.util
import sys
from pathlib import Path

from bench.server_process import clean_environment, run_timed
from bench.split import Corpus
from bench.systems.plain_server import PlainConversation, PlainServer, write_corpus
from bench.systems.system import SystemFailed, Understanding, entries_and_tasks, outcome_of_label


class Bm25:
    """The program `bench.bm25_server`."""

    name = "bm25"

    def __init__(self) -> None:
        self._folder = Path()
        self._slugs: set[str] = set()
        self._server: PlainServer | None = None

    def train(self, corpus: Corpus, folder: Path) -> float:
        """Index the training questions and choose the threshold, as a command of its own (timed as a whole)."""
        if not (importlib.util.find_spec("bm25s") and importlib.util.find_spec("Stemmer")):
            raise SystemFailed("bm25s and PyStemmer are not installed (uv sync --group bench)")
        self._folder, self._slugs = folder, {entry.slug for entry in corpus.entries}
        write_corpus(corpus, folder / "corpus.json")
        command = [
            sys.executable,
            "-m",
            "bench.bm25_server",
            "train",
            str(folder / "corpus.json"),
            str(folder / "index"),
        ]
        return run_timed("bm25-train", command, clean_environment(), folder)

    def start(self) -> float:
        """The server with the stored index."""
        command = [sys.executable, "-m", "bench.bm25_server", "serve", str(self._folder / "index")]
        self._server = PlainServer("bm25", command, clean_environment(), self._folder)
        return self._server.wait_for_first_answer()

    def parse(self, text: str) -> Understanding:
        """Labels by their most similar question; no label below the threshold."""
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
