"""BM25 (PyPI: bm25s) over the training questions: the label of the most similar one."""

import importlib.util
import sys
from pathlib import Path

from bench.server_process import clean_environment, run_timed
from bench.split import Corpus
from bench.systems.plain_server import LookUpSystem, write_corpus
from bench.systems.system import SystemFailed


class Bm25(LookUpSystem):
    """The program `bench.bm25_server`."""

    name = "bm25"

    def train(self, corpus: Corpus, folder: Path) -> float:
        """Index the training questions and choose the threshold, as a command of its own (timed as a whole)."""
        if not (importlib.util.find_spec("bm25s") and importlib.util.find_spec("Stemmer")):
            raise SystemFailed("bm25s and PyStemmer are not installed (uv sync)")
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

    def serving_command(self) -> list[str]:
        """The program with the stored index."""
        return [sys.executable, "-m", "bench.bm25_server", "serve", str(self._folder / "index")]
