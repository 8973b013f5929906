"""Questions that an entry has already, or nearly: by the pieces of words they share, the rare ones counting more."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from kb.models import EntryVersion

# Similarity, 0–1, from which two questions are nearly the same: of the first knowledge base's questions 7 in 1,000
# come so near to one of another entry.
NEARLY_THE_SAME = 0.75
MAXIMUM_COMPARED = 200


@dataclass(frozen=True)
class SimilarQuestion:
    """A question that was asked about, the nearest one of another entry, and how near it comes (0–1, 1 equal)."""

    text: str
    known: str
    slug: str
    similarity: float


class QuestionIndex:
    """The questions of all entries, to be compared with; `written` gives a text the form in which it is compared."""

    def __init__(self, versions: Iterable[EntryVersion], written: Callable[[str], str]) -> None:
        self._written = written
        self._questions: list[str] = []
        self._slugs: list[str] = []
        for version in versions:
            for question in [*version.questions_es, *version.questions_en]:
                self._questions.append(question)
                self._slugs.append(version.entry.slug)
        self._pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)
        self._rows = self._pieces.fit_transform([written(text) for text in self._questions] or ["-"]).T.tocsr()

    def nearly_the_same(self, texts: Sequence[str], *, besides: str = "") -> list[SimilarQuestion]:
        """The texts that come so near to a question of an entry other than `besides`, the nearest first."""
        asked = [text for text in texts if any(char.isalnum() for char in text)][:MAXIMUM_COMPARED]
        others = np.array([slug != besides for slug in self._slugs])
        if not asked or not others.any():
            return []
        rows = self._pieces.transform([self._written(text) for text in asked])
        similarity = (rows @ self._rows).toarray()[:, : len(others)] * others
        found = [
            SimilarQuestion(text, self._questions[column], self._slugs[column], float(similarity[row, column]))
            for row, (text, column) in enumerate(zip(asked, similarity.argmax(axis=1), strict=True))
            if similarity[row, column] >= NEARLY_THE_SAME and _numbers(text) == _numbers(self._questions[column])
        ]
        return sorted(found, key=lambda item: -item.similarity)


def _numbers(text: str) -> set[str]:
    """Two laws or two strata are two things, however alike they are asked for."""
    return set(re.findall(r"\d+", text))
