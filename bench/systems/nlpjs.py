"""nlp.js (npm: node-nlp) with its own defaults: two languages, its threshold, `None` for what is out of scope."""

import json
import shutil
from pathlib import Path

from bench.server_process import clean_environment, run_timed
from bench.split import Corpus
from bench.systems.plain_server import LookUpSystem, write_corpus
from bench.systems.system import SystemFailed
from bot.intents import OUT_OF_SCOPE
from consultame.settings import PROJECT_DIRECTORY

PROGRAM = PROJECT_DIRECTORY / "bench" / "nlpjs"
NO_INTENT = "None"


class NlpJs(LookUpSystem):
    """The Node program `bench/nlpjs/server.js`; it gives no intent for `None`, trained or below its threshold."""

    name = "nlp.js"

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

    def serving_command(self) -> list[str]:
        """The program with the stored model."""
        return ["node", str(PROGRAM / "server.js"), "serve", str(self._folder / "model.json")]
