"""A text as counts of its characters and words, weighted by how rare they are (tf-idf)."""

import json
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer


class TextFeatures:
    """tf-idf of characters (2–4, within words) and of words (1–2), side by side. Texts come normalised."""

    def __init__(self, characters: TfidfVectorizer, words: TfidfVectorizer) -> None:
        self._vectorizers = (characters, words)

    @classmethod
    def fitted(cls, texts: list[str]) -> "TextFeatures":
        """The features that occur in at least two of these texts."""
        return cls(_character_vectorizer().fit(texts), _word_vectorizer().fit(texts))

    def matrix(self, texts: list[str]) -> csr_matrix:
        """One sparse row a text."""
        return hstack([vectorizer.transform(texts) for vectorizer in self._vectorizers], format="csr")

    def save(self, folder: Path) -> None:
        """Write the terms and their weights as JSON and plain arrays."""
        for name, vectorizer in zip(("characters", "words"), self._vectorizers, strict=True):
            terms = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
            (folder / f"{name}.json").write_text(json.dumps(terms), encoding="utf-8")
            np.save(folder / f"{name}_idf.npy", vectorizer.idf_.astype(np.float32))

    @classmethod
    def load(cls, folder: Path) -> "TextFeatures":
        """Read what `save` wrote."""
        loaded = []
        for name, make in (("characters", _character_vectorizer), ("words", _word_vectorizer)):
            terms = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            vectorizer = make(vocabulary={term: index for index, term in enumerate(terms)})
            vectorizer.idf_ = np.load(folder / f"{name}_idf.npy", allow_pickle=False)
            loaded.append(vectorizer)
        return cls(*loaded)


def _character_vectorizer(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=1 if vocabulary else 2,
        vocabulary=vocabulary, dtype=np.float32,
    )  # fmt: skip


def _word_vectorizer(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        token_pattern=r"\S+",  # noqa: S106
        ngram_range=(1, 2), sublinear_tf=True, min_df=1 if vocabulary else 2,
        vocabulary=vocabulary, dtype=np.float32,
    )  # fmt: skip
