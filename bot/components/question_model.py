"""Which answer a question asks for: linear models on characters and words and on sentence embeddings, combined.

The character model knows the citizens' own spelling and words, the embedding knows meaning (and English); their mean
log-probability does better than either. Without the embedding the character model goes on alone.

A model over thousands of answers at once would be slow to train and large, so beyond MAXIMUM_LABELS they are put into
groups of like answers: one model says which group, one a group says which answer.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.components.embedding import SentenceEmbedding
from bot.components.spanish_text import as_it_sounds, normalised, written_out
from bot.components.text_features import TextFeatures

# The best in cross-validation on the first knowledge base, together with the two models they belong to.
CHARACTER_REGULARISATION = 0.3
CHARACTER_SCALE = 4.0
MEANING_REGULARISATION = 0.15
MEANING_DIMENSIONS = 600
MEANING_WHITENING = 0.25
MEANING_WEIGHT = 0.5

WELL_KNOWN = 40.0

MAXIMUM_LABELS = 150
LABELS_IN_A_GROUP = 75
GROUPS_LOOKED_INTO = 3

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Questions:
    """Examples as features, row by row: what they say and how much each counts."""

    labels: NDArray[np.str_]
    weights: Matrix
    characters: csr_matrix
    meaning: Matrix | None

    def __getitem__(self, rows: NDArray[np.bool_]) -> "Questions":
        meaning = self.meaning[rows] if self.meaning is not None else None
        return Questions(self.labels[rows], self.weights[rows], self.characters[rows], meaning)

    def relabelled(self, labels: list[str]) -> "Questions":
        return Questions(np.array(labels), self.weights, self.characters, self.meaning)


@dataclass(frozen=True)
class LinearModel:
    """Weights (features × classes) and intercepts of one linear score a class."""

    weights: Matrix
    intercepts: Matrix

    def log_probabilities(self, features: csr_matrix | Matrix) -> Matrix:
        """The scores as log-probabilities of the classes, one row a text."""
        scores = np.asarray(features @ self.weights) + self.intercepts
        scores -= scores.max(axis=1, keepdims=True)
        return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), dtype=np.float32)


@dataclass(frozen=True)
class LabelModel:
    """Tells some labels apart. `columns` are the character features that occur in their questions, None for all."""

    labels: list[str]
    columns: NDArray[np.int32] | None
    characters: LinearModel
    meaning: LinearModel | None

    @classmethod
    def trained(cls, questions: Questions) -> "LabelModel":
        """Both linear models, trained side by side."""
        occurring = np.flatnonzero(questions.characters.getnnz(axis=0)).astype(np.int32)
        columns = occurring if len(occurring) < questions.characters.shape[1] else None
        features = questions.characters if columns is None else questions.characters[:, columns]
        with ThreadPoolExecutor(2) as pool:
            characters = pool.submit(_fit_characters, features, questions)
            meaning = pool.submit(_fit_meaning, questions)
            return cls(sorted(set(questions.labels)), columns, characters.result(), meaning.result())

    def probabilities(self, characters: csr_matrix, meaning: Matrix | None, temperature: float) -> Matrix:
        """How likely each label is, one row a text, columns as in `labels`."""
        if len(self.labels) == 1:
            return np.ones((characters.shape[0], 1), dtype=np.float32)
        features = characters if self.columns is None else characters[:, self.columns]
        combined = self.characters.log_probabilities(features)
        if self.meaning is not None and meaning is not None:
            combined = (1 - MEANING_WEIGHT) * combined + MEANING_WEIGHT * self.meaning.log_probabilities(meaning)
        likely = np.exp((combined - combined.max(axis=1, keepdims=True)) / temperature)
        return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the model as plain arrays: nothing that runs when it is read."""
        arrays = _named("characters", self.characters)
        if self.columns is not None:
            arrays["columns"] = self.columns
        if self.meaning is not None:
            arrays |= _named("meaning", self.meaning)
        np.savez(path, labels=np.array(self.labels), **arrays)

    @classmethod
    def load(cls, path: Path) -> "LabelModel":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            meaning = _read(arrays, "meaning") if "meaning_weights" in arrays else None
            columns = arrays.get("columns")
            return cls(arrays["labels"].tolist(), columns, _read(arrays, "characters"), meaning)


class QuestionModel:
    """The trained model: the features, the model one looks into first, and one for each group of answers."""

    def __init__(self, features: TextFeatures, first: LabelModel, groups: dict[str, LabelModel]) -> None:
        self._features, self._first, self._groups = features, first, groups

    @classmethod
    def trained(
        cls,
        texts: list[str],
        labels: list[str],
        weights: list[float],
        embedding: SentenceEmbedding | None,
        *,
        never_grouped: Iterable[str] = (),
    ) -> "QuestionModel":
        """Train on texts with their labels; `weights` says how much each counts."""
        spoken = [as_it_sounds(normalised(text)) for text in texts]
        features = TextFeatures.fitted(spoken)
        meaning = embedding.vectors([written_out(text) for text in texts]) if embedding else None
        balanced = _balanced(labels, weights, set(never_grouped))
        questions = Questions(np.array(labels), balanced, features.matrix(spoken), meaning)
        groups = _groups_of_labels(questions, set(never_grouped))
        group_names = sorted(set(groups.values()))
        first = questions.relabelled([groups.get(label, label) for label in labels])
        inner = {
            name: LabelModel.trained(questions[np.array([groups.get(label) == name for label in labels])])
            for name in group_names
        }
        return cls(features, LabelModel.trained(first), inner)

    def likeliest(
        self,
        text: str,
        embedding: SentenceEmbedding | None,
        count: int,
        *,
        temperature: float = 1.0,
        sure_by_wording: float = 1.0,
    ) -> list[tuple[str, float]]:
        """The `count` likeliest labels with their probabilities, the likeliest first.

        The models' own probabilities are too timid where two of them agree; a temperature under 1 makes them bolder.
        Where the wording alone makes a label more likely than `sure_by_wording`, the embedding is not asked: it takes
        most of the time.
        """
        characters = self._features.matrix([as_it_sounds(normalised(text))])
        by_wording = self._ranking(characters, None, temperature, count)
        if embedding is None or by_wording[0][1] > sure_by_wording:
            return by_wording
        return self._ranking(characters, embedding.vectors([written_out(text)]), temperature, count)

    def first_labels(
        self, texts: list[str], embedding: SentenceEmbedding | None, *, temperature: float, sure_by_wording: float
    ) -> list[str]:
        """The likeliest label of each text, as `likeliest` would say it, in much less time for many."""
        if self._groups:
            ask = partial(self.likeliest, temperature=temperature, sure_by_wording=sure_by_wording)
            return [ask(text, embedding, 1)[0][0] for text in texts]
        characters = self._features.matrix([as_it_sounds(normalised(text)) for text in texts])
        probabilities = self._first.probabilities(characters, None, temperature)
        unsure = np.flatnonzero(probabilities.max(axis=1) <= sure_by_wording)
        if embedding is not None and len(unsure):
            meaning = embedding.vectors([written_out(texts[row]) for row in unsure])
            probabilities[unsure] = self._first.probabilities(characters[unsure], meaning, temperature)
        return [self._first.labels[column] for column in probabilities.argmax(axis=1)]

    def _ranking(
        self, characters: csr_matrix, meaning: Matrix | None, temperature: float, count: int
    ) -> list[tuple[str, float]]:
        ranking = _ranked(self._first, characters, meaning, temperature)
        opened = [name for name, _ in ranking if name in self._groups][:GROUPS_LOOKED_INTO]
        found: list[tuple[str, float]] = []
        for name, probability in ranking:
            if name in opened:
                inner = _ranked(self._groups[name], characters, meaning, temperature)
                found += [(label, probability * within) for label, within in inner[:count]]
            elif name not in self._groups:
                found.append((name, probability))
        return sorted(found, key=lambda pair: -pair[1])[:count]

    def save(self, folder: Path) -> None:
        """Write everything into a folder."""
        self._features.save(folder)
        self._first.save(folder / "first.npz")
        (folder / "groups.json").write_text(json.dumps(list(self._groups)), encoding="utf-8")
        for number, model in enumerate(self._groups.values()):
            model.save(folder / f"group_{number}.npz")

    @classmethod
    def load(cls, folder: Path) -> "QuestionModel":
        """Read what `save` wrote."""
        names = json.loads((folder / "groups.json").read_text(encoding="utf-8"))
        groups = {name: LabelModel.load(folder / f"group_{number}.npz") for number, name in enumerate(names)}
        return cls(TextFeatures.load(folder), LabelModel.load(folder / "first.npz"), groups)


def _ranked(
    model: LabelModel, characters: csr_matrix, meaning: Matrix | None, temperature: float
) -> list[tuple[str, float]]:
    probabilities = model.probabilities(characters, meaning, temperature)[0]
    return [(model.labels[index], float(probabilities[index])) for index in probabilities.argsort()[::-1]]


def _balanced(labels: list[str], weights: list[float], never_grouped: set[str]) -> Matrix:
    """The weights, those of an answer with few questions raised to count as WELL_KNOWN together.

    Else a new answer of five questions would not be heard beside the many examples of what nobody answered before.
    """
    counted: dict[str, float] = defaultdict(float)
    for label, weight in zip(labels, weights, strict=True):
        counted[label] += weight
    factors = {
        label: 1.0 if label in never_grouped else max(1.0, WELL_KNOWN / total) for label, total in counted.items()
    }
    return np.array([weight * factors[label] for label, weight in zip(labels, weights, strict=True)], np.float32)


def _groups_of_labels(questions: Questions, never_grouped: set[str]) -> dict[str, str]:
    """The group of each label that is in one: none while all labels fit into one model."""
    labels = sorted(set(questions.labels) - never_grouped)
    if len(labels) + len(never_grouped) <= MAXIMUM_LABELS:
        return {}
    rows = questions.meaning if questions.meaning is not None else questions.characters
    centres = np.vstack([np.asarray(rows[questions.labels == label].mean(axis=0)).ravel() for label in labels])
    clusters = KMeans(-(-len(labels) // LABELS_IN_A_GROUP), n_init=1, random_state=0).fit_predict(centres)
    return {label: f"group {cluster}" for label, cluster in zip(labels, clusters, strict=True)}


def _fit_characters(features: csr_matrix, questions: Questions) -> LinearModel:
    """A support vector machine for each class: ten times as fast on sparse features as logistic regression, and better.

    Its distances are brought to the scale of log-odds by one factor.
    """
    model = LinearSVC(C=CHARACTER_REGULARISATION, random_state=0)
    return _scaled(_fitted(model, features, questions), CHARACTER_SCALE)


def _fit_meaning(questions: Questions) -> LinearModel | None:
    """Logistic regression on the main directions of the embedding, given back for the embedding itself.

    E5's vectors lie in a narrow cone: unless their mean is brought to 0 and their directions nearer to one scale, most
    of what tells questions apart is lost.
    """
    if questions.meaning is None:
        return None
    mean, deviation = questions.meaning.mean(axis=0), questions.meaning.std(axis=0) + 1e-6
    directions = _main_directions((questions.meaning - mean) / deviation) / deviation[:, np.newaxis]
    model = LogisticRegression(C=MEANING_REGULARISATION, max_iter=300, tol=1e-3)
    inner = _fitted(model, (questions.meaning - mean) @ directions, questions)
    weights = directions @ inner.weights
    return LinearModel(weights, inner.intercepts - mean @ weights)


def _main_directions(rows: Matrix) -> Matrix:
    """The directions with most variance (features × directions), the stronger ones weakened, near a deviation of 1."""
    variances, directions = np.linalg.eigh(rows.T @ rows / len(rows))
    kept = np.flatnonzero(variances > variances[-1] * 1e-5)[-MEANING_DIMENSIONS:]
    weakened = directions[:, kept] * variances[kept] ** -MEANING_WHITENING
    overall = np.sqrt(np.mean(variances[kept] ** (1 - 2 * MEANING_WHITENING)))
    return np.asarray(weakened / overall, dtype=np.float32)


def _fitted(model: LinearSVC | LogisticRegression, features: csr_matrix | Matrix, questions: Questions) -> LinearModel:
    classes = sorted(set(questions.labels))
    if len(classes) == 1:
        return LinearModel(np.zeros((features.shape[1], 1), np.float32), np.zeros(1, np.float32))
    model.fit(features, questions.labels, sample_weight=questions.weights)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(classes) == 2:
        # For two classes scikit-learn gives the second one's weights only, against the first one's zeros.
        coefficients, intercepts = np.vstack([0 * coefficients, coefficients]), np.append([0.0], intercepts)
    return LinearModel(np.ascontiguousarray(coefficients.T, np.float32), intercepts.astype(np.float32))


def _scaled(model: LinearModel, factor: float) -> LinearModel:
    return LinearModel(model.weights * np.float32(factor), model.intercepts * np.float32(factor))


def _named(name: str, model: LinearModel) -> dict[str, Matrix]:
    return {f"{name}_weights": model.weights, f"{name}_intercepts": model.intercepts}


def _read(arrays: "np.lib.npyio.NpzFile", name: str) -> LinearModel:
    return LinearModel(arrays[f"{name}_weights"], arrays[f"{name}_intercepts"])
