"""Tells the labels of questions apart: a linear model on characters and words and one on sentence embeddings, combined.

The character model knows the citizens' own spelling and words, the embedding knows meaning (and English); their mean
log-probability does better than either. Without the embedding the character model goes on alone.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.components.matrix_product import product, product_of_transposed
from bot.components.softmax_regression import SoftmaxModel, fit_softmax

# The best in cross-validation on the first knowledge base, together with the two models they belong to.
CHARACTER_REGULARISATION = 0.3
# The usual 1e-4 takes a quarter longer and is right as often (held out: .8751 by wording, .9292 together).
CHARACTER_TOLERANCE = 1e-2
CHARACTER_SCALE = 4.0
MEANING_REGULARISATION = 0.15
MEANING_TOLERANCE = 1e-3
MEANING_DIMENSIONS = 1000
MEANING_WHITENING = 0.25
MEANING_WEIGHT = 0.4
# So many of the likeliest labels of a question that is left out are trained once more (LabelModel.trained_without).
NEAR_LABELS = 6
# A question farther than 1 on its side of a support vector machine's border is no support vector; with what the solver
# leaves open added.
SUPPORT_MARGIN = 1.01

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
class MeaningTraining:
    """What is left of training on the embedding: the directions, the questions along them, the model among them."""

    mean: Matrix
    directions: Matrix
    rows: Matrix
    fitted: SoftmaxModel

    def model(self) -> LinearModel:
        """The model, for the embedding itself."""
        weights = self.directions @ self.fitted.coefficients
        return LinearModel(weights, self.fitted.intercepts - self.mean @ weights)


@dataclass(frozen=True)
class LabelTraining:
    """What is left of a LabelModel's training, for training it once more without some of its questions."""

    questions: Questions
    meaning: MeaningTraining | None


@dataclass(frozen=True)
class LabelModel:
    """Tells some labels apart. `columns` are the character features that occur in their questions, None for all.

    `training` is there until the model is saved and read again.
    """

    labels: list[str]
    columns: NDArray[np.int32] | None
    characters: LinearModel
    meaning: LinearModel | None
    training: LabelTraining | None = None

    @classmethod
    def trained(cls, questions: Questions, fitting: "Future[MeaningTraining | None]") -> "LabelModel":
        """The linear model on characters, trained here, with the one on the embedding (`fit_meaning`).

        Not in two threads at once: liblinear draws random numbers for the whole process.
        """
        occurring = np.flatnonzero(questions.characters.getnnz(axis=0)).astype(np.int32)
        columns = occurring if len(occurring) < questions.characters.shape[1] else None
        characters = _fit_characters(_chosen(questions.characters, columns), questions)
        training = fitting.result()
        meaning = training.model() if training else None
        labels = sorted(set(questions.labels))
        return cls(labels, columns, characters, meaning, LabelTraining(questions, training))

    def trained_without(self, left_out: NDArray[np.bool_]) -> "LabelModel":
        """The model trained without these rows of its questions.

        The main directions of the embedding stay. Of the support vector machines, which stand for themselves, those are
        trained that this changes and that have a say in what the questions left out are taken for: their own label's
        and those of the NEAR_LABELS that are likeliest for each.
        """
        assert self.training is not None
        questions, meaning = self.training.questions, self.training.meaning
        if len(self.labels) == 1 or not left_out.any():
            return self
        asked = questions[left_out]
        likely = self.probabilities(asked.characters, asked.meaning, 1.0).argsort(axis=1)[:, -NEAR_LABELS:]
        near = {self.labels[column] for column in np.unique(likely)} | set(asked.labels)
        near &= self._labels_that_lean_on(asked)
        with ThreadPoolExecutor(2) as pool:
            fitting = pool.submit(self._refitted_characters, questions[~left_out], near)
            refitted = pool.submit(_refit_meaning, meaning, questions, ~left_out).result()
            characters = fitting.result()
        return LabelModel(self.labels, self.columns, characters, refitted)

    def _labels_that_lean_on(self, questions: Questions) -> set[str]:
        """The labels with support vectors among these questions; for the others nothing changes without them."""
        features = _chosen(questions.characters, self.columns)
        distances = (features @ self.characters.weights + self.characters.intercepts) / CHARACTER_SCALE
        own = np.array(self.labels)[np.newaxis, :] == questions.labels[:, np.newaxis]
        margins = np.where(own, distances, -distances)
        return {label for label, least in zip(self.labels, margins.min(axis=0), strict=True) if least < SUPPORT_MARGIN}

    def _refitted_characters(self, kept: Questions, labels: set[str]) -> LinearModel:
        features = _chosen(kept.characters, self.columns)
        if len(self.labels) == 2:
            return _fit_characters(features, kept)
        weights, intercepts = self.characters.weights.copy(), self.characters.intercepts.copy()
        # What one support vector machine is to tell apart stays the same when the other labels go by one name.
        present = sorted(labels & set(kept.labels))
        apart = np.where(np.isin(kept.labels, present), kept.labels, "")
        refitted = _fit_characters(features, kept.relabelled(apart.tolist()))
        for column, label in enumerate(sorted(set(apart))):
            if label:
                weights[:, self.labels.index(label)] = refitted.weights[:, column]
                intercepts[self.labels.index(label)] = refitted.intercepts[column]
        return LinearModel(weights, intercepts)

    def probabilities(self, characters: csr_matrix, meaning: Matrix | None, temperature: float) -> Matrix:
        """How likely each label is, one row a text, columns as in `labels`."""
        return self.joined(self.by_wording(characters), meaning, temperature)

    def by_wording(self, characters: csr_matrix) -> Matrix:
        """The log-probabilities of the labels by characters and words alone."""
        if len(self.labels) == 1:
            return np.zeros((characters.shape[0], 1), dtype=np.float32)
        return self.characters.log_probabilities(_chosen(characters, self.columns))

    def joined(self, by_wording: Matrix, meaning: Matrix | None, temperature: float) -> Matrix:
        """The probabilities by wording (`by_wording`) and, where it is there, meaning together."""
        combined = by_wording
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


def _chosen(features: csr_matrix, columns: NDArray[np.int32] | None) -> csr_matrix:
    """These columns, in ascending order, or all of them."""
    if columns is None:
        return features
    if features.shape[0] != 1:
        return features[:, columns]
    # For one row, which is what a turn has, SciPy's way takes four times as long.
    places = columns.searchsorted(features.indices).astype(np.int32)
    places[places == len(columns)] = 0
    among = columns[places] == features.indices
    return csr_matrix((features.data[among], places[among], [0, among.sum()]), shape=(1, len(columns)))


def _character_classifier() -> LinearSVC:
    return LinearSVC(C=CHARACTER_REGULARISATION, tol=CHARACTER_TOLERANCE, random_state=0)


def _fit_characters(features: csr_matrix, questions: Questions) -> LinearModel:
    """A support vector machine for each class: ten times as fast on sparse features as logistic regression, and better.

    Its distances are brought to the scale of log-odds by one factor.
    """
    if len(set(questions.labels)) == 1:
        return LinearModel(np.zeros((features.shape[1], 1), np.float32), np.zeros(1, np.float32))
    model = _linear_model(_character_classifier().fit(features, questions.labels, sample_weight=questions.weights))
    return LinearModel(model.weights * np.float32(CHARACTER_SCALE), model.intercepts * np.float32(CHARACTER_SCALE))


def fit_meaning(questions: Questions) -> MeaningTraining | None:
    """Logistic regression on the main directions of the embedding; None without one, and where there is one label only.

    E5's vectors lie in a narrow cone: unless their mean is brought to 0 and their directions nearer to one scale, most
    of what tells questions apart is lost.
    """
    if questions.meaning is None or len(set(questions.labels)) == 1:
        return None
    mean = questions.meaning.mean(axis=0)
    centred = questions.meaning - mean
    directions = _main_directions(centred)
    rows = product(centred, directions)
    return MeaningTraining(mean, directions, rows, _fit_directions(rows, questions.labels, questions.weights))


def _fit_directions(rows: Matrix, labels: NDArray[np.str_], weights: Matrix) -> SoftmaxModel:
    return fit_softmax(rows, labels, weights, regularisation=MEANING_REGULARISATION, tolerance=MEANING_TOLERANCE)


def _refit_meaning(
    training: MeaningTraining | None, questions: Questions, kept: NDArray[np.bool_]
) -> LinearModel | None:
    if training is None:
        return None
    # From the beginning: from where the whole model stands the solver would stop at once, and forget nothing.
    fitted = _fit_directions(training.rows[kept], questions.labels[kept], questions.weights[kept])
    return replace(training, fitted=fitted).model()


def _main_directions(centred: Matrix) -> Matrix:
    """The directions with most variance (features × directions), the stronger ones weakened, near a deviation of 1.

    They are sought among the features brought to a deviation of 1, and taken by the features as they are.
    """
    size = centred.shape[1]
    strongest = (max(0, size - MEANING_DIMENSIONS), size - 1)
    # Asking for these alone takes a quarter of the time that all directions take.
    covariances = product_of_transposed(centred, centred) / len(centred)
    deviation = np.sqrt(covariances.diagonal()) + 1e-6
    correlations = covariances / np.outer(deviation, deviation)
    variances, directions = eigh(correlations, overwrite_a=True, subset_by_index=strongest)
    kept = np.flatnonzero(variances > variances[-1] * 1e-5)
    weakened = directions[:, kept] * variances[kept] ** -MEANING_WHITENING
    overall = np.sqrt(np.mean(variances[kept] ** (1 - 2 * MEANING_WHITENING)))
    return np.asarray(weakened / overall / deviation[:, np.newaxis], dtype=np.float32)


def _linear_model(classifier: LinearSVC) -> LinearModel:
    coefficients, intercepts = classifier.coef_, classifier.intercept_
    if len(classifier.classes_) == 2:
        # For two classes scikit-learn gives the second one's weights only, against the first one's zeros.
        coefficients, intercepts = np.vstack([0 * coefficients, coefficients]), np.append([0.0], intercepts)
    return LinearModel(np.ascontiguousarray(coefficients.T, np.float32), intercepts.astype(np.float32))


def _named(name: str, model: LinearModel) -> dict[str, Matrix]:
    return {f"{name}_weights": model.weights, f"{name}_intercepts": model.intercepts}


def _read(arrays: "np.lib.npyio.NpzFile", name: str) -> LinearModel:
    return LinearModel(arrays[f"{name}_weights"], arrays[f"{name}_intercepts"])
