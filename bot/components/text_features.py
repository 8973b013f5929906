"""A text as counts of its characters and words, weighted by how rare they are (tf-idf)."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

_KINDS = ("characters", "words")
_WORD = r"\S+"
# Terms of fewer texts tell nothing about others.
TEXTS_WITH_A_TERM = 2


@dataclass(frozen=True)
class _Terms:
    """The terms of one kind that count, with their weights."""

    cut: Callable[[str], list[str]]
    columns: dict[str, int]
    weights: NDArray[np.float32]

    def row(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The columns of the text's terms and their values, which have a length of 1 together."""
        counts = Counter(column for term in self.cut(text) if (column := self.columns.get(term)) is not None)
        columns = np.fromiter(counts.keys(), np.int32, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.weights[columns]
        return columns, values / np.float32(np.linalg.norm(values) or 1.0)


class TextFeatures:
    """tf-idf of characters (2–4, within words) and of words (1–2), side by side. Texts come normalised, as they sound.

    scikit-learn cuts the texts and chooses the terms; the rows are counted here, because its way to a row takes three
    times as long for one text, which is what a turn has.
    """

    def __init__(self, kinds: tuple[_Terms, ...]) -> None:
        self._kinds = kinds

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TextFeatures) and all(
            own.columns == its.columns and np.array_equal(own.weights, its.weights)
            for own, its in zip(self._kinds, other._kinds, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def fitted(cls, texts: list[str]) -> tuple["TextFeatures", csr_matrix]:
        """The terms in at least TEXTS_WITH_A_TERM of the texts, and the texts' rows, as `matrix` gives them."""
        kinds, rows = [], []
        for name, (terms, counts) in zip(_KINDS, (_characters_counted(texts), _words_counted(texts)), strict=True):
            kept = np.flatnonzero(counts.getnnz(axis=0) >= TEXTS_WITH_A_TERM)
            weighting = TfidfTransformer(sublinear_tf=True)
            rows.append(weighting.fit_transform(counts[:, kept]))
            columns = {terms[term]: column for column, term in enumerate(kept)}
            kinds.append(_Terms(_counter(name).build_analyzer(), columns, weighting.idf_.astype(np.float32)))
        matrix = csr_matrix(hstack(rows, format="csr", dtype=np.float32))
        matrix.sort_indices()
        return cls(tuple(kinds)), matrix

    def matrix(self, texts: list[str]) -> csr_matrix:
        """One sparse row a text."""
        columns, values, ends = [], [], [0]
        for text in texts:
            offset = 0
            for kind in self._kinds:
                own_columns, own_values = kind.row(text)
                columns.append(own_columns + offset)
                values.append(own_values)
                offset += len(kind.columns)
            ends.append(ends[-1] + len(columns[-2]) + len(columns[-1]))
        shape = (len(texts), sum(len(kind.columns) for kind in self._kinds))
        matrix = csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape, dtype=np.float32)
        matrix.sort_indices()
        return matrix

    def save(self, folder: Path) -> None:
        """Write the terms and their weights as JSON and plain arrays."""
        for name, kind in zip(_KINDS, self._kinds, strict=True):
            terms = sorted(kind.columns, key=kind.columns.__getitem__)
            (folder / f"{name}.json").write_text(json.dumps(terms), encoding="utf-8")
            np.save(folder / f"{name}_idf.npy", kind.weights.astype(np.float32))

    @classmethod
    def load(cls, folder: Path) -> "TextFeatures":
        """Read what `save` wrote."""
        kinds = []
        for name in _KINDS:
            terms = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            columns = {term: column for column, term in enumerate(terms)}
            weights = np.load(folder / f"{name}_idf.npy", allow_pickle=False)
            kinds.append(_Terms(_counter(name).build_analyzer(), columns, weights))
        return cls(tuple(kinds))


def _characters_counted(texts: list[str]) -> tuple[NDArray[np.str_], csr_matrix]:
    """The terms within words, and how often each text has each: a word is cut up once, however often it is written."""
    words = CountVectorizer(token_pattern=_WORD, dtype=np.float32)
    words_of_texts = words.fit_transform(texts)
    characters = _counter("characters")
    characters_of_words = characters.fit_transform(words.get_feature_names_out())
    return characters.get_feature_names_out(), csr_matrix(words_of_texts @ characters_of_words)


def _words_counted(texts: list[str]) -> tuple[NDArray[np.str_], csr_matrix]:
    words = _counter("words")
    counts = words.fit_transform(texts)
    return words.get_feature_names_out(), counts


def _counter(kind: str) -> CountVectorizer:
    if kind == "characters":
        return CountVectorizer(analyzer="char_wb", ngram_range=(2, 4), dtype=np.float32)
    return CountVectorizer(token_pattern=_WORD, ngram_range=(1, 2), dtype=np.float32)
