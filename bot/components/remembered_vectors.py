"""Sentence vectors of the training questions, kept between trainings.

Nearly all questions of a training were in the one before, and computing their vectors is most of its time.
"""

import hashlib
import logging
import os
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.components.embedding import SentenceEmbedding
from bot.components.spanish_text import written_out

log = logging.getLogger(__name__)

# Half the size on disk. New vectors are rounded too, so that a training gives the same model with and without the file.
KEPT_PRECISION = np.float16


class RememberedVectors:
    """An embedding that looks into a file before it computes. The file then holds what was asked for, nothing older."""

    def __init__(self, embedding: SentenceEmbedding, path: Path) -> None:
        self.name = embedding.name
        self._embedding, self._path = embedding, path

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """See SentenceEmbedding."""
        keys = [hashlib.sha256(f"{self.name}\0{text}".encode()).hexdigest()[:32] for text in texts]
        rows, kept = self._read()
        former = set(rows)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in rows}
        if missing:
            fresh = self._embedding.vectors(list(missing.values())).astype(KEPT_PRECISION)
            if former.isdisjoint(keys):
                # Nothing of the file is wanted; what another embedding left there may have another length.
                rows, kept = {}, fresh[:0]
            rows |= {key: len(kept) + place for place, key in enumerate(missing)}
            kept = np.concatenate([kept, fresh])
        if set(keys) != former:
            asked = list(dict.fromkeys(keys))
            self._write(asked, kept[[rows[key] for key in asked]])
        return kept[[rows[key] for key in keys]].astype(np.float32)

    def _read(self) -> tuple[dict[str, int], NDArray[np.float16]]:
        """In which row each text's vector is, by key, and the rows."""
        nothing = np.empty((0, 0), KEPT_PRECISION)
        try:
            with np.load(self._path, allow_pickle=False) as kept:
                keys, vectors = kept["keys"].tolist(), kept["vectors"]
                if vectors.ndim != 2 or len(keys) != len(vectors):
                    raise ValueError(f"{len(keys)} keys for vectors of shape {vectors.shape}")
        except FileNotFoundError:
            return {}, nothing
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            log.warning("the kept sentence vectors cannot be read (%s): computing them anew", error)
            return {}, nothing
        return {key: row for row, key in enumerate(keys)}, vectors

    def _write(self, keys: list[str], vectors: NDArray[np.float16]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with unfinished.open("wb") as file:
            np.savez(file, keys=np.array(keys), vectors=vectors)
        unfinished.replace(self._path)


class KnownVectors:
    """The vectors of these texts, asked for once and kept in memory: for several models over the same questions.

    So are those of `beside`. Another text is asked of `otherwise`; without it there must be none.
    """

    def __init__(
        self,
        embedding: SentenceEmbedding,
        texts: list[str],
        *,
        beside: "KnownVectors | None" = None,
        otherwise: SentenceEmbedding | None = None,
    ) -> None:
        self.name = embedding.name
        self._otherwise = otherwise
        written = [written_out(text) for text in texts]
        self._vectors = dict(beside._vectors) if beside else {}
        self._vectors |= dict(zip(written, embedding.vectors(written), strict=True))

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """See SentenceEmbedding."""
        if self._otherwise is not None:
            missing = [text for text in texts if text not in self._vectors]
            if missing:
                self._vectors |= dict(zip(missing, self._otherwise.vectors(missing), strict=True))
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)
