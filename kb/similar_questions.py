"""Questions that an entry has already, or nearly: by the pieces of words they share, the rare ones counting more."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from kb.models import EntryVersion

# Similarity, 0–1, from which two questions are nearly the same, and from which entries are worth a look. Read off the
# first knowledge base: docs/architecture.md has the figures.
NEARLY_THE_SAME = 0.75
ALIKE = 0.35
MAXIMUM_COMPARED = 200


@dataclass(frozen=True)
class SimilarQuestion:
    """A question that was asked about, the question of another entry that comes near, and how near (0–1, 1 equal)."""

    text: str
    known: str
    slug: str
    similarity: float

    @property
    def is_nearly_the_same(self) -> bool:
        """Whether both are the same but for spelling or a word."""
        return self.similarity >= NEARLY_THE_SAME


class QuestionIndex:
    """The questions of all entries, to be compared with."""

    def __init__(self, versions: Iterable[EntryVersion]) -> None:
        self._questions: list[str] = []
        self._slugs: list[str] = []
        for version in versions:
            for question in [*version.questions_es, *version.questions_en]:
                self._questions.append(question)
                self._slugs.append(version.entry.slug)
        self._pieces = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), strip_accents="unicode", sublinear_tf=True, dtype=np.float32
        )
        self._rows = self._pieces.fit_transform(self._questions or ["-"]).T.tocsr()

    def similar(self, texts: Sequence[str], *, besides: str = "") -> list[SimilarQuestion]:
        """For each text the nearest question of an entry other than `besides`, when it is ALIKE; the nearest first."""
        asked = [text for text in texts if any(char.isalnum() for char in text)][:MAXIMUM_COMPARED]
        others = np.array([slug != besides for slug in self._slugs])
        if not asked or not others.any():
            return []
        similarity = (self._pieces.transform(asked) @ self._rows).toarray()[:, : len(others)] * others
        nearest = similarity.argmax(axis=1)
        found = [
            SimilarQuestion(text, self._questions[column], self._slugs[column], float(similarity[row, column]))
            for row, (text, column) in enumerate(zip(asked, nearest, strict=True))
            if similarity[row, column] >= ALIKE
        ]
        return sorted(found, key=lambda item: -item.similarity)

    def similar_entries(self, texts: Sequence[str], *, besides: str = "", count: int = 3) -> list[tuple[str, float]]:
        """The entries that come near to most of the texts, with the share of them (0–1) that they come near to."""
        asked = [text for text in texts if any(char.isalnum() for char in text)][:MAXIMUM_COMPARED]
        shares: dict[str, float] = defaultdict(float)
        for item in self.similar(asked, besides=besides):
            shares[item.slug] += 1 / len(asked)
        return sorted(shares.items(), key=lambda pair: -pair[1])[:count]
