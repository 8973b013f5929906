"""nlp.js (npm: node-nlp) with its own defaults: two languages, its threshold, `None` for what is out of scope."""

import json
import shutil
from pathlib import Path

from bench.server_process import clean_environment, run_timed
from bench.split import Corpus
from bench.systems.plain_server import PlainConversation, PlainServer, write_corpus
from bench.systems.system import SystemFailed, Understanding, entries_and_tasks, outcome_of_label
from bot.intents import OUT_OF_SCOPE
from consultame.settings import PROJECT_DIRECTORY

PROGRAM = PROJECT_DIRECTORY / "bench" / "nlpjs"
NO_INTENT = "None"


class NlpJs:
    """The Node program `bench/nlpjs/server.js`."""

    name = "nlp.js"

    def __init__(self) -> None:
        self._folder = Path()
        self._slugs: set[str] = set()
        self._server: PlainServer | None = None

    def train(self, corpus: Corpus, folder: Path) -> float:
        """`npm ci` on first use (not timed), then training (its own clock, without the start of Node)."""
        if not (shutil.which("node") and shutil.which("npm")):
            raise SystemFailed("node and npm are not installed")
        self._folder, self._slugs = folder, {entry.slug for entry in corpus.entries}
        write_corpus(corpus, folder / "corpus.json", renamed={OUT_OF_SCOPE: NO_INTENT})
        environment = clean_environment()
        if not (PROGRAM / "node_modules" / "node-nlp").is_dir():
            install = ["npm", "ci", "--prefix", str(PROGRAM), "--no-audit", "--no-fund", "--ignore-scripts"]
            run_timed("npm-ci", install, environment, folder)
        command = ["node", str(PROGRAM / "server.js"), "train", str(folder / "corpus.json"), str(folder / "model.json")]
        run_timed("nlpjs-train", command, environment, folder)
        report = (folder / "nlpjs-train.log").read_text(encoding="utf-8").strip().splitlines()[-1]
        return float(json.loads(report)["training_seconds"])

    def start(self) -> float:
        """The server with the stored model."""
        command = ["node", str(PROGRAM / "server.js"), "serve", str(self._folder / "model.json")]
        self._server = PlainServer("nlpjs", command, clean_environment(), self._folder)
        return self._server.wait_for_first_answer()

    def parse(self, text: str) -> Understanding:
        """Its classifications; `None`, trained or below its threshold, refuses."""
        parsed = self._running().parse(text)
        ranked = entries_and_tasks(parsed.ranking, self._slugs)
        if parsed.intent in (None, NO_INTENT):
            return Understanding("refused", None, ranked)
        assert parsed.intent is not None
        return Understanding(outcome_of_label(parsed.intent, self._slugs), parsed.intent, ranked)

    def open_conversation(self) -> PlainConversation:
        """A connection: it keeps no conversation."""
        return PlainConversation(self._running().port)

    def memory_bytes(self) -> int:
        """Of the Node process."""
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
