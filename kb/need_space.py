"""The space in which questions are compared, kept by the worker from one run of its job to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consultame.database import read_session
from kb.entries import approved_versions
from kb.needs import Places, QuestionSpace, TextEmbedding

# So many questions an entry teach what tells needs apart; with 20 the held-out half is grouped worse (.641 of adjusted
# mutual information instead of .654), with all no better.
QUESTIONS_AN_ENTRY = 60
MINIMUM_ENTRIES = 10


@dataclass(frozen=True)
class Embeddings:
    """One for the questions of citizens, one for those of the entries, which may keep what it has computed."""

    questions: TextEmbedding
    entries: TextEmbedding


class KnownSpace:
    """What the approved entries teach, learned again when they change, and where questions stand in it."""

    def __init__(self, embeddings: Embeddings) -> None:
        self.embedding = embeddings.questions
        self._entries = embeddings.entries
        self._examples: tuple[list[str], list[int]] = ([], [])
        self._space: QuestionSpace | None = None
        self._places: dict[bytes, NDArray[np.float32]] = {}

    def learn(self) -> bool:
        """Learn from the entries as they are now; False where they are too few to teach anything."""
        examples = _examples()
        if examples != self._examples:
            texts, entries = examples
            enough = len(set(entries)) >= MINIMUM_ENTRIES
            self._space = QuestionSpace(self._entries.vectors(texts), entries) if enough else None
            self._examples, self._places = examples, {}
        return self._space is not None

    def places(self, vectors: Sequence[bytes]) -> Places:
        """Where the questions with these kept vectors stand. It remembers them, and forgets what nobody asks for.

        Raises:
            RuntimeError: it has learned nothing.
        """
        if self._space is None:
            raise RuntimeError("no entry has taught what tells needs apart")
        missing = [vector for vector in dict.fromkeys(vectors) if vector not in self._places]
        if missing:
            rows = self._space.places(np.array([_unpacked(vector) for vector in missing]))
            self._places.update(zip(missing, rows, strict=True))
        if len(self._places) > 2 * len(vectors):
            self._places = {vector: self._places[vector] for vector in vectors}
        return np.array([self._places[vector] for vector in vectors])


def packed(vector: NDArray[np.float32]) -> bytes:
    """A vector as it is kept beside its question: half-precision numbers."""
    return vector.astype(np.float16).tobytes()


def _unpacked(vector: bytes) -> NDArray[np.float32]:
    return np.frombuffer(vector, dtype=np.float16).astype(np.float32)


def _examples() -> tuple[list[str], list[int]]:
    """Questions of the approved entries, and for each its entry."""
    texts: list[str] = []
    entries: list[int] = []
    with read_session() as session:
        for version in approved_versions(session):
            step = max(1, len(version.questions_es) // QUESTIONS_AN_ENTRY)
            chosen = version.questions_es[::step][:QUESTIONS_AN_ENTRY]
            texts += chosen
            entries += [version.entry_id] * len(chosen)
    return texts, entries
