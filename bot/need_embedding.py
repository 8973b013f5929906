"""The embedding by which questions are grouped: the later layers, which know meaning, of the spelled-out text."""

import numpy as np
from numpy.typing import NDArray

from bot.components.embedding import SentenceEmbedding, load_embedding
from bot.components.remembered_vectors import RememberedVectors
from bot.components.spanish_text import written_out
from consultame.settings import load_settings


class MeaningVectors:
    """The later half of the layers: the earlier ones know wording, which differs within one need."""

    def __init__(self, embedding: SentenceEmbedding) -> None:
        self._embedding = embedding
        self.name = f"{embedding.name}-later-layers"

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """See SentenceEmbedding."""
        rows = self._embedding.vectors([written_out(text) for text in texts])
        return rows[:, rows.shape[1] // 2 :]


def load_question_embedding() -> MeaningVectors | None:
    """For the questions of citizens; None where there is no embedding."""
    embedding = load_embedding()
    return MeaningVectors(embedding) if embedding else None


def load_entry_embedding() -> RememberedVectors | None:
    """For the questions of the entries, which are the same each time: their vectors are kept in a file."""
    embedding = load_question_embedding()
    return RememberedVectors(embedding, load_settings().data_directory / "need_vectors.npz") if embedding else None
