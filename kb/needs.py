"""Which questions ask the same: questions in, groups out. Pure functions, without a database.

Where a sentence embedding is there, two questions are as near as the cosine of their vectors in a space that the
entries teach: the directions in which questions of one entry differ (how people write) count little, the others (what
they ask) count much. Questions that are near the same entries count as nearer. Without an embedding, the pieces of
words they share decide.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer

Similarity = NDArray[np.float32]
# One row a question, of length 1: the product of two rows is their similarity.
Places = NDArray[np.float32]

# Mean similarity from which questions make one need. By vector: on three sets of 300 everyday questions of 40 needs the
# groups agree best with the needs (adjusted mutual information) from .32 to .34, between which it hardly matters. Not
# lower: two groups of one need come together with one action, a mixed one has to be sorted question by question. By
# words: read off the first knowledge base, whose entries are then as many groups.
SAME_NEED_BY_VECTOR = 0.33
SAME_NEED_BY_WORDS = 0.07
# How much nearer two questions count that are in one need already, compared with two that are not. Without it, ten new
# questions move one in six of the others when all are grouped anew; with it, one in thirty, for .016 less of adjusted
# mutual information on held-out entries.
STAYS_TOGETHER = 0.03
# Share of the plain covariance that is mixed in, so that few entries do not stretch the space beyond what they show.
_SHRINKAGE = 0.5
# How much the entries that both are near to count beside the vectors' cosine, and how few entries a question is near
# to. Like the threshold, chosen on the held-out half of the entries.
_SAME_ENTRIES = 0.4
_SHARPNESS = 12.0


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
        meanings = self._meanings(examples)
        centres = np.zeros((len(means), meanings.shape[1]))
        np.add.at(centres, groups, meanings)
        self._entries = _unit_length(centres.astype(np.float32))

    def places(self, vectors: NDArray[np.float32]) -> Places:
        """Where the questions with these vectors stand; the product of two rows is -1…1."""
        meanings = self._meanings(vectors)
        nearness = np.exp(_SHARPNESS * (meanings @ self._entries.T))
        shares = nearness / nearness.sum(axis=1, keepdims=True)
        # The product of the roots is what two distributions have in common (Bhattacharyya).
        both = np.hstack([meanings, np.sqrt(_SAME_ENTRIES * shares)])
        return np.asarray(both / np.sqrt(1 + _SAME_ENTRIES), dtype=np.float32)

    def _meanings(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        return _unit_length(self._standardised(vectors) @ self._projection)

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


def placed(similarity: Similarity, known: Sequence[int], same_need: float) -> list[int]:
    """The need of each new question, given the needs of those that have one; these never change.

    `similarity` has a row for each new question, and a column for each that has a need, then for each new one. The new
    ones are brought together by average linkage first. Each group then joins the need it is nearest to, if the mean
    similarity reaches `same_need`; the others begin needs with negative numbers (-1, -2, …).
    """
    needs, nearness = _nearness(similarity[:, : len(known)], known)
    groups = _grouped(similarity[:, len(known) :], same_need)
    result = np.zeros(len(groups), dtype=int)
    begun = 0
    for group in range(groups.max(initial=-1) + 1):
        members = groups == group
        means = nearness[members].mean(axis=0)
        if len(needs) and means.max() >= same_need:
            result[members] = needs[means.argmax()]
        else:
            begun += 1
            result[members] = -begun
    return [int(need) for need in result]


def _nearness(similarity: Similarity, known: Sequence[int]) -> tuple[NDArray[np.int_], Similarity]:
    """The needs, and the mean similarity of each row to the questions of each need."""
    needs, counts = np.unique(np.asarray(known, dtype=int), return_counts=True)
    if not len(needs):
        return needs, np.zeros((len(similarity), 0), dtype=np.float32)
    by_need = similarity[:, np.argsort(known, kind="stable")]
    return needs, np.add.reduceat(by_need, np.cumsum(counts) - counts, axis=1) / counts


def regrouped(similarity: Similarity, needs: Sequence[int], same_need: float) -> list[int]:
    """The need of each question when all are grouped anew; those that are in one need now tend to stay together.

    A group goes on as the need it has most questions of, so that most questions keep theirs; the groups that no need is
    left for begin needs with negative numbers.
    """
    known, need_of = np.unique(np.asarray(needs, dtype=int), return_inverse=True)
    # Half of it is taken from the others, so that there are as many groups as without.
    drawn = np.where(need_of[:, None] == need_of, np.float32(STAYS_TOGETHER / 2), np.float32(-STAYS_TOGETHER / 2))
    groups = _grouped(similarity + drawn, same_need)
    shared = np.zeros((groups.max(initial=-1) + 1, len(known)), dtype=int)
    np.add.at(shared, (groups, need_of), 1)
    numbers = -np.arange(1, len(shared) + 1)
    for group, need in zip(*linear_sum_assignment(shared, maximize=True), strict=True):
        if shared[group, need]:
            numbers[group] = known[need]
    return [int(need) for need in numbers[groups]]


def _grouped(similarity: Similarity, same_need: float) -> NDArray[np.int_]:
    """The group (0, 1, …) of each question, by average linkage."""
    if len(similarity) < 2:
        return np.zeros(len(similarity), dtype=int)
    distances = squareform(np.maximum(1 - similarity, 0), checks=False)
    return np.asarray(fcluster(linkage(distances, "average"), 1 - same_need, "distance") - 1, dtype=int)


def fits(similarity: Similarity, needs: Sequence[int]) -> list[float]:
    """How well each question stands for its need: its mean similarity to the other questions there, alone 1."""
    numbers = np.asarray(needs)
    result = []
    for index, need in enumerate(needs):
        others = np.flatnonzero(numbers == need)
        others = others[others != index]
        result.append(float(similarity[index, others].mean()) if len(others) else 1.0)
    return result
