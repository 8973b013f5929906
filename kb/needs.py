"""Which questions ask the same: questions in, groups out. Pure functions, without a database.

Where a sentence embedding is there, two questions are as near as the cosine of their vectors in a space that the
entries teach: the directions in which questions of one entry differ (how people write) count little, the others (what
they ask) count much. Without an embedding, the pieces of words they share decide.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

Similarity = NDArray[np.float32]

# Mean similarity from which questions make one need. Both were read off the first knowledge base, never off the inbox:
# with the space learned from half of the entries, the questions of the other half fell into as many groups as entries.
SAME_NEED_BY_VECTOR = 0.1
SAME_NEED_BY_WORDS = 0.07
# Share of the plain covariance that is mixed in, so that few entries do not stretch the space beyond what they show.
_SHRINKAGE = 0.5


class TextEmbedding(Protocol):
    """Turns texts into vectors; the same name promises the same vectors."""

    name: str

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """One row a text, all of the same length."""


class QuestionSpace:
    """Vectors seen so that what tells needs apart counts more than what tells wordings apart."""

    def __init__(self, examples: NDArray[np.float32], entries: Sequence[int]) -> None:
        """Learn from the vectors of questions and, for each, the entry that answers it."""
        self._mean, self._deviation = examples.mean(axis=0), examples.std(axis=0) + 1e-6
        standard = self._standardised(examples)
        groups = np.unique(np.asarray(entries), return_inverse=True)[1]
        means = np.zeros((groups.max() + 1, standard.shape[1]))
        np.add.at(means, groups, standard)
        means /= np.bincount(groups)[:, None]
        within = standard - means[groups]
        covariance = within.T @ within / len(within)
        size = len(covariance)
        mixed = (1 - _SHRINKAGE) * covariance + _SHRINKAGE * (np.trace(covariance) / size + 1e-9) * np.eye(size)
        variances, directions = np.linalg.eigh(mixed)
        self._projection = directions / np.sqrt(variances)

    def similarity(self, vectors: NDArray[np.float32]) -> Similarity:
        """-1…1 for each pair."""
        placed = _unit_length(self._standardised(vectors) @ self._projection)
        return np.asarray(placed @ placed.T, dtype=np.float32)

    def _standardised(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        # Vectors of one embedding lie in a narrow cone: without this all of them look alike.
        return _unit_length((vectors - self._mean) / self._deviation)


def _unit_length(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9), dtype=np.float32)


def word_similarity(texts: Sequence[str]) -> Similarity:
    """0…1 for each pair: the pieces of words they share, the rare ones counting more."""
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), strip_accents="unicode", sublinear_tf=True)
    rows = pieces.fit_transform([f"{text} ." for text in texts])
    return np.asarray((rows @ rows.T).toarray(), dtype=np.float32)


def placed(similarity: Similarity, needs: Sequence[int | None], same_need: float) -> list[int]:
    """The need of each question, given the needs of those that have one; these never change.

    The new ones are brought together by average linkage first. Each group then joins the need it is nearest to, if the
    mean similarity reaches `same_need`; the others begin needs with negative numbers (-1, -2, …).
    """
    result = [need if need is not None else 0 for need in needs]
    new = [index for index, need in enumerate(needs) if need is None]
    old: dict[int, list[int]] = {}
    for index, need in enumerate(needs):
        if need is not None:
            old.setdefault(need, []).append(index)
    begun = 0
    for group in _grouped(similarity, new, same_need):
        nearness, nearest = max(
            ((float(similarity[np.ix_(group, members)].mean()), need) for need, members in old.items()),
            default=(-1.0, 0),
        )
        if nearness < same_need:
            begun += 1
            nearest = -begun
        for index in group:
            result[index] = nearest
    return result


def _grouped(similarity: Similarity, members: list[int], same_need: float) -> list[list[int]]:
    if len(members) < 2:
        return [members] if members else []
    linkage = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - same_need
    )
    labels = linkage.fit_predict(1 - similarity[np.ix_(members, members)])
    groups: dict[int, list[int]] = {}
    for member, label in zip(members, labels, strict=True):
        groups.setdefault(int(label), []).append(member)
    return list(groups.values())


def fits(similarity: Similarity, needs: Sequence[int]) -> list[float]:
    """How well each question stands for its need: its mean similarity to the other questions there, alone 1."""
    numbers = np.asarray(needs)
    result = []
    for index, need in enumerate(needs):
        others = np.flatnonzero(numbers == need)
        others = others[others != index]
        result.append(float(similarity[index, others].mean()) if len(others) else 1.0)
    return result
