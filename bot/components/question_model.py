"""Which answer a question asks for: two linear models, on characters and words and on sentence embeddings, combined.

The character model knows the citizens' own spelling and words, the embedding knows meaning (and English); their mean
log-probability does better than either. Without the embedding the character model goes on alone.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.components.embedding import SentenceEmbedding
from bot.components.spanish_text import normalised, written_out

# Inverse strengths (scikit-learn's C) and the embedding's share, the best in five-fold cross-validation on the first
# knowledge base.
CHARACTER_REGULARISATION = 5.0
EMBEDDING_REGULARISATION = 0.1
EMBEDDING_WEIGHT = 0.65

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class LinearModel:
    """Weights (classes × features) and intercepts of a multinomial logistic regression."""

    weights: Matrix
    intercepts: Matrix

    def log_probabilities(self, features: csr_matrix | Matrix) -> Matrix:
        """Log-probability of each class, one row a text."""
        scores = np.asarray(features @ self.weights.T) + self.intercepts
        scores -= scores.max(axis=1, keepdims=True)
        return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), dtype=np.float32)


class TextFeatures:
    """tf-idf of characters (2–5, within words) and of words (1–2), side by side."""

    def __init__(self, characters: TfidfVectorizer, words: TfidfVectorizer) -> None:
        self._vectorizers = (characters, words)

    @classmethod
    def fitted(cls, texts: list[str]) -> "TextFeatures":
        """The features that occur in these texts, already normalised."""
        return cls(_character_vectorizer().fit(texts), _word_vectorizer().fit(texts))

    def matrix(self, texts: list[str]) -> csr_matrix:
        """One sparse row a text."""
        return hstack([vectorizer.transform(texts) for vectorizer in self._vectorizers], format="csr")

    def save(self, folder: Path) -> None:
        for name, vectorizer in zip(("characters", "words"), self._vectorizers, strict=True):
            terms = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
            (folder / f"{name}.json").write_text(json.dumps(terms), encoding="utf-8")
            np.save(folder / f"{name}_idf.npy", vectorizer.idf_.astype(np.float32))

    @classmethod
    def load(cls, folder: Path) -> "TextFeatures":
        loaded = []
        for name, make in (("characters", _character_vectorizer), ("words", _word_vectorizer)):
            terms = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            vectorizer = make(vocabulary={term: index for index, term in enumerate(terms)})
            vectorizer.idf_ = np.load(folder / f"{name}_idf.npy", allow_pickle=False)
            loaded.append(vectorizer)
        return cls(*loaded)


def _character_vectorizer(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=1 if vocabulary else 2,
        vocabulary=vocabulary, dtype=np.float32,
    )  # fmt: skip


def _word_vectorizer(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        token_pattern=r"\S+",  # noqa: S106
        ngram_range=(1, 2), sublinear_tf=True, min_df=1 if vocabulary else 2,
        vocabulary=vocabulary, dtype=np.float32,
    )  # fmt: skip


class QuestionModel:
    """The trained model: labels, features, and one linear model for each kind of feature."""

    def __init__(
        self, labels: list[str], features: TextFeatures, characters: LinearModel, meaning: LinearModel | None
    ) -> None:
        self.labels = labels
        self._features, self._characters, self._meaning = features, characters, meaning

    @classmethod
    def trained(
        cls, texts: list[str], labels: list[str], weights: list[float], embedding: SentenceEmbedding | None
    ) -> "QuestionModel":
        """Train on texts with their labels; `weights` says how much each counts."""
        plain = [normalised(text) for text in texts]
        features = TextFeatures.fitted(plain)
        characters = _fit(features.matrix(plain), labels, weights, CHARACTER_REGULARISATION)
        meaning = None
        if embedding is not None:
            vectors = embedding.vectors([written_out(text) for text in texts])
            meaning = _fit_standardised(vectors, labels, weights, EMBEDDING_REGULARISATION)
        return cls(sorted(set(labels)), features, characters, meaning)

    def probabilities(self, texts: list[str], embedding: SentenceEmbedding | None) -> Matrix:
        """How likely each label is, one row a text, columns as in `labels`."""
        combined = self._characters.log_probabilities(self._features.matrix([normalised(text) for text in texts]))
        if self._meaning is not None and embedding is not None:
            meaning = self._meaning.log_probabilities(embedding.vectors([written_out(text) for text in texts]))
            combined = (1 - EMBEDDING_WEIGHT) * combined + EMBEDDING_WEIGHT * meaning
        likely = np.exp(combined - combined.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the model as JSON and plain arrays: nothing that runs when it is read."""
        (folder / "labels.json").write_text(json.dumps(self.labels), encoding="utf-8")
        self._features.save(folder)
        for name, model in (("characters", self._characters), ("meaning", self._meaning)):
            if model is not None:
                np.savez(folder / f"{name}_model.npz", weights=model.weights, intercepts=model.intercepts)

    @classmethod
    def load(cls, folder: Path) -> "QuestionModel":
        """Read what `save` wrote."""
        labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        characters = _load_linear(folder / "characters_model.npz")
        meaning = folder / "meaning_model.npz"
        return cls(labels, TextFeatures.load(folder), characters, _load_linear(meaning) if meaning.exists() else None)


def _fit(features: csr_matrix | Matrix, labels: list[str], weights: list[float], regularisation: float) -> LinearModel:
    model = LogisticRegression(C=regularisation, max_iter=300, tol=1e-3)
    model.fit(features, labels, sample_weight=weights)
    return LinearModel(model.coef_.astype(np.float32), model.intercept_.astype(np.float32))


def _fit_standardised(features: Matrix, labels: list[str], weights: list[float], regularisation: float) -> LinearModel:
    """Fit on features of mean 0 and deviation 1 (E5's vectors lie in a narrow cone), given back for plain features."""
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-6
    model = _fit((features - mean) / deviation, labels, weights, regularisation)
    scaled = model.weights / deviation
    return LinearModel(scaled, model.intercepts - scaled @ mean)


def _load_linear(path: Path) -> LinearModel:
    with np.load(path, allow_pickle=False) as arrays:
        return LinearModel(arrays["weights"], arrays["intercepts"])
