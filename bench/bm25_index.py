"""Questions by similarity: BM25 over accent-stripped, stemmed words without stop words, and when to say nothing.

The threshold is chosen on the training questions alone. Each is asked with itself left out; the threshold is the score
at which the share of entry and task questions still answered, less the share of out-of-scope questions answered, is
greatest (Youden's J).
"""

import json
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_SPANISH
from numpy.typing import NDArray

from bench.split import normal_form
from bot.intents import OUT_OF_SCOPE, TASKS

STOP_WORDS = frozenset(normal_form(word) for word in (*STOPWORDS_SPANISH, *STOPWORDS_EN))
Scores = NDArray[np.float32]


class QuestionIndex:
    """The training questions, each with its label."""

    def __init__(self, retriever: Any, labels: list[str], threshold: float) -> None:
        self._retriever, self.threshold = retriever, threshold
        self._labels = np.array(labels)
        self._names, self._owners = np.unique(self._labels, return_inverse=True)
        self._stemmer = Stemmer.Stemmer("spanish")

    @classmethod
    def built(cls, texts: list[str], labels: list[str], slugs: set[str]) -> "QuestionIndex":
        """Index the questions and choose the threshold."""
        index = cls(bm25s.BM25(), labels, 0.0)
        index._retriever.index([index.terms(text) for text in texts], show_progress=False)
        index.threshold = index._best_threshold(texts, labels, {*slugs, *TASKS})
        return index

    def terms(self, text: str) -> list[str]:
        """The stems of a text, stop words only where there is nothing else."""
        words = normal_form(text).split()
        return [str(stem) for stem in self._stemmer.stemWords([w for w in words if w not in STOP_WORDS] or words)]

    def answer(self, text: str) -> tuple[str | None, list[tuple[str, float]]]:
        """The label to answer with, or None, and all labels by their most similar question."""
        ranking = self._ranking(self._scores(text))
        label, score = ranking[0]
        return (label if score >= self.threshold and label != OUT_OF_SCOPE else None), ranking

    def _scores(self, text: str) -> Scores:
        return np.asarray(self._retriever.get_scores(self.terms(text)), dtype=np.float32)

    def _ranking(self, scores: Scores) -> list[tuple[str, float]]:
        best = np.zeros(len(self._names), dtype=np.float32)
        np.maximum.at(best, self._owners, scores)
        order = np.argsort(-best, kind="stable")[:20]
        return [(str(self._names[position]), float(best[position])) for position in order]

    def _best_threshold(self, texts: list[str], labels: list[str], in_scope: set[str]) -> float:
        answerable: list[float] = []
        others: list[float] = []
        for position, (text, label) in enumerate(zip(texts, labels, strict=True)):
            if label not in in_scope and label != OUT_OF_SCOPE:
                continue
            scores = self._scores(text)
            scores[position] = 0.0
            nearest = int(scores.argmax())
            score = 0.0 if self._labels[nearest] == OUT_OF_SCOPE else float(scores[nearest])
            (answerable if label in in_scope else others).append(score)
        return _youden_threshold(np.array(answerable), np.array(others))

    def save(self, folder: Path) -> None:
        """Write the index."""
        self._retriever.save(str(folder), show_progress=False)
        content = {"labels": self._labels.tolist(), "threshold": self.threshold}
        (folder / "labels.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "QuestionIndex":
        """Read what `save` wrote."""
        content = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        retriever = bm25s.BM25.load(str(folder), show_progress=False)
        return cls(retriever, content["labels"], content["threshold"])


def _youden_threshold(answerable: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    if not len(answerable) or not len(others):
        return 0.0
    possible = np.unique(answerable[answerable > 0])
    gains = [(answerable >= score).mean() - (others >= score).mean() for score in possible]
    return float(possible[int(np.argmax(gains))]) if gains else 0.0
