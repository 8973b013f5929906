"""Which answer a question asks for: one model tells the labels apart (bot/components/label_model.py), or a few do.

A model over thousands of answers at once would be slow to train and large, so beyond MAXIMUM_LABELS they are put into
groups of like answers: one model says which group, one a group says which answer.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from bot.components.asked_part import asked_part
from bot.components.embedding import SentenceEmbedding
from bot.components.label_model import LabelModel, Matrix, MeaningTraining, Questions, fit_meaning
from bot.components.near_questions import CANDIDATES, NearQuestions, Ranking
from bot.components.spanish_text import as_it_sounds, normalised, written_out
from bot.components.text_features import TextFeatures

WELL_KNOWN = 40.0

MAXIMUM_LABELS = 150
LABELS_IN_A_GROUP = 75
GROUPS_LOOKED_INTO = 3
# So many models on the embedding are fitted beside the one on characters that is.
MODELS_AT_ONCE = 2
# So many labels are looked at where two rankings of one text are brought together.
LABELS_WEIGHED = 20
NEAR_QUESTIONS_FILE = "near_questions.npz"


@dataclass(frozen=True)
class _Training:
    """What is left of a training, for training once more without some of its questions."""

    labels: NDArray[np.str_]
    rows_of_groups: dict[str, NDArray[np.bool_]]


class QuestionModel:
    """The trained model: the features, the model one looks into first, and one for each group of answers.

    Where an embedding is there, the training questions near to the one asked decide between the likeliest of all.
    """

    def __init__(
        self,
        features: TextFeatures,
        first: LabelModel,
        groups: dict[str, LabelModel],
        near: NearQuestions | None,
        training: _Training | None = None,
    ) -> None:
        self._features, self._first, self._groups, self._near = features, first, groups, near
        self._training = training

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
        meaning = embedding.vectors([written_out(text) for text in texts]) if embedding else None
        weighed, never = _balanced(labels, weights, set(never_grouped)), set(never_grouped)
        # With an embedding its models are fitted in threads from here on: texts are cut up and support vector machines
        # fitted meanwhile.
        fitted = _fitted_features(texts) if meaning is None else None
        groups = _groups_of_labels(fitted[1] if fitted else meaning, np.array(labels), never)
        group_of = np.array([groups.get(label, "") for label in labels])
        labels_of_first = [group or label for group, label in zip(group_of, labels, strict=True)]
        rows_of_groups = {name: group_of == name for name in sorted(set(groups.values()))}
        uncut = Questions(np.array(labels), weighed, csr_matrix((len(labels), 0)), meaning)
        with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(MODELS_AT_ONCE) as beside:
            of_first = beside.submit(fit_meaning, uncut.relabelled(labels_of_first))
            of_groups = {name: beside.submit(fit_meaning, uncut[rows]) for name, rows in rows_of_groups.items()}
            features, characters = fitted or _fitted_features(texts)
            questions = replace(uncut, characters=characters)
            inner = {
                name: LabelModel.trained(questions[rows], of_groups[name]) for name, rows in rows_of_groups.items()
            }
            first = LabelModel.trained(questions.relabelled(labels_of_first), of_first)
        near = _near_questions(of_first.result(), uncut.labels)
        return cls(features, first, inner, near, _Training(uncut.labels, rows_of_groups))

    def trained_without(self, left_out: NDArray[np.bool_]) -> "QuestionModel":
        """The model as it would be without these rows of what it was trained on; only one that was just trained can.

        Features, groups and weights stay: the labels that lose questions count a little less than they would.
        """
        assert self._training is not None
        groups = dict(self._groups)
        for name, rows in self._training.rows_of_groups.items():
            if left_out[rows].any():
                groups[name] = self._groups[name].trained_without(left_out[rows])
        first, of_first = self._first.trained_without(left_out), self._first.training
        near = _near_questions(of_first.meaning, self._training.labels, ~left_out) if of_first else None
        return QuestionModel(self._features, first, groups, near)

    def known_rows(self, trained: "QuestionModel") -> csr_matrix | None:
        """The features of what the other model was just trained on, where they are this one's features too, else None.

        They come as a training gave them: one row a text, in its order.
        """
        training = trained._first.training
        return training.questions.characters if training and self._features == trained._features else None

    def likeliest(
        self,
        texts: list[str],
        embedding: SentenceEmbedding | None,
        count: int,
        *,
        temperature: float = 1.0,
        sure_by_wording: float = 1.0,
        characters: csr_matrix | None = None,
    ) -> list[Ranking]:
        """For each text the `count` likeliest labels with their probabilities, the likeliest first.

        The models' own probabilities are too timid where two of them agree; a temperature under 1 makes them bolder.
        Where the wording alone makes a label more likely than `sure_by_wording`, the embedding is not asked: it takes
        most of the time. `characters` are the texts' rows of features where they are known (`known_rows`).
        A text that says what it does not ask is ranked as a whole and without that, and both count the same.
        """
        parts = {row: part for row, text in enumerate(texts) if (part := asked_part(text)) is not None}
        ranked = max(count, LABELS_WEIGHED) if parts else count
        rankings = self._likeliest(texts, embedding, ranked, temperature, sure_by_wording, characters)
        if parts:
            of_parts = self._likeliest([*parts.values()], embedding, ranked, temperature, sure_by_wording)
            for row, ranking in zip(parts, of_parts, strict=True):
                rankings[row] = _weighed(rankings[row], ranking)
        return [ranking[:count] for ranking in rankings]

    def _likeliest(
        self,
        texts: list[str],
        embedding: SentenceEmbedding | None,
        count: int,
        temperature: float,
        sure_by_wording: float,
        characters: csr_matrix | None = None,
    ) -> list[Ranking]:
        if characters is None:
            characters = self._features.matrix([as_it_sounds(normalised(text)) for text in texts])
        by_wording = self._first.by_wording(characters)
        if embedding is None:
            return self._rankings(characters, by_wording, None, temperature, count)
        found = self._sure_by_wording(characters, by_wording, temperature, count, sure_by_wording)
        if unsure := [row for row in range(len(texts)) if row not in found]:
            meaning = embedding.vectors([written_out(texts[row]) for row in unsure])
            of_unsure, most = _of_rows(characters, unsure), max(count, CANDIDATES)
            by_both = self._rankings(of_unsure, by_wording[unsure], meaning, temperature, most)
            for row, ranking, asked in zip(unsure, by_both, meaning, strict=True):
                found[row] = self._near.decided(ranking, asked, temperature) if self._near else ranking
        return [found[row] for row in range(len(texts))]

    def _sure_by_wording(
        self, characters: csr_matrix, by_wording: Matrix, temperature: float, count: int, sure: float
    ) -> dict[int, Ranking]:
        """The rankings by wording alone, by row, where the first is likelier than `sure`.

        No label is likelier than its group, so groups are looked into only where one of them is likely enough.
        """
        likeliest = self._first.joined(by_wording, None, temperature).max(axis=1)
        rows = np.flatnonzero(likeliest > sure).tolist()
        if not rows:
            return {}
        rankings = self._rankings(_of_rows(characters, rows), by_wording[rows], None, temperature, count)
        return {row: ranking for row, ranking in zip(rows, rankings, strict=True) if ranking[0][1] > sure}

    def _rankings(
        self, characters: csr_matrix, by_wording: Matrix, meaning: Matrix | None, temperature: float, count: int
    ) -> list[Ranking]:
        """The likeliest labels of each row; `by_wording` is what the first model says of it by wording."""
        probabilities = self._first.joined(by_wording, meaning, temperature)
        names = self._first.labels
        if not self._groups:
            return _ranked(names, probabilities, count)
        grouped = np.flatnonzero([name in self._groups for name in names])
        apart = np.flatnonzero([name not in self._groups for name in names])
        found = [[(names[column], float(row[column])) for column in apart] for row in probabilities]
        order = (-probabilities[:, grouped]).argsort(axis=1, kind="stable")
        opened = grouped[order[:, :GROUPS_LOOKED_INTO]]
        for column in np.unique(opened):
            rows = np.flatnonzero((opened == column).any(axis=1))
            own_meaning = meaning[rows] if meaning is not None else None
            group = self._groups[names[column]]
            inner = group.probabilities(_of_rows(characters, rows), own_meaning, temperature)
            for row, ranking in zip(rows, _ranked(group.labels, inner, count), strict=True):
                found[row] += [(label, float(probabilities[row, column]) * within) for label, within in ranking]
        return [sorted(ranking, key=lambda pair: -pair[1])[:count] for ranking in found]

    def save(self, folder: Path) -> None:
        """Write everything into a folder."""
        self._features.save(folder)
        self._first.save(folder / "first.npz")
        (folder / "groups.json").write_text(json.dumps(list(self._groups)), encoding="utf-8")
        for number, model in enumerate(self._groups.values()):
            model.save(folder / f"group_{number}.npz")
        if self._near is not None:
            self._near.save(folder / NEAR_QUESTIONS_FILE)

    @classmethod
    def load(cls, folder: Path) -> "QuestionModel":
        """Read what `save` wrote."""
        names = json.loads((folder / "groups.json").read_text(encoding="utf-8"))
        groups = {name: LabelModel.load(folder / f"group_{number}.npz") for number, name in enumerate(names)}
        near_file = folder / NEAR_QUESTIONS_FILE
        near = NearQuestions.load(near_file) if near_file.exists() else None
        return cls(TextFeatures.load(folder), LabelModel.load(folder / "first.npz"), groups, near)


def _fitted_features(texts: list[str]) -> tuple[TextFeatures, csr_matrix]:
    return TextFeatures.fitted([as_it_sounds(normalised(text)) for text in texts])


def _near_questions(
    training: MeaningTraining | None, labels: NDArray[np.str_], kept: NDArray[np.bool_] | slice = slice(None)
) -> NearQuestions | None:
    if training is None:
        return None
    return NearQuestions.of(training.mean, training.directions, training.rows[kept], labels[kept])


def _of_rows(matrix: csr_matrix, rows: Sequence[int] | NDArray[np.intp]) -> csr_matrix:
    """These rows, in ascending order. Taking some of a sparse matrix costs as much as ranking one text."""
    return matrix if len(rows) == matrix.shape[0] else matrix[rows]


def _ranked(labels: list[str], probabilities: Matrix, count: int) -> list[Ranking]:
    best = probabilities.argsort(axis=1)[:, : -count - 1 : -1]
    return [
        [(labels[column], float(row[column])) for column in columns]
        for row, columns in zip(probabilities, best, strict=True)
    ]


def _weighed(first: Ranking, second: Ranking) -> Ranking:
    """Both rankings as one, by the mean of the logarithms of their probabilities."""
    others = dict(second)
    # What a ranking leaves out is less likely than its last.
    least_first, least_second = first[-1][1], second[-1][1]
    products = {label: probability * others.get(label, least_second) for label, probability in first}
    products |= {label: least_first * probability for label, probability in second if label not in products}
    roots = {label: product**0.5 for label, product in products.items()}
    total = sum(roots.values()) or 1.0
    return sorted(((label, root / total) for label, root in roots.items()), key=lambda pair: -pair[1])


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


def _groups_of_labels(rows: Matrix | csr_matrix, own: NDArray[np.str_], never_grouped: set[str]) -> dict[str, str]:
    """The group of each label that is in one, by the mean of its rows: none while all labels fit into one model."""
    labels = sorted(set(own) - never_grouped)
    if len(labels) + len(never_grouped) <= MAXIMUM_LABELS:
        return {}
    centres = np.vstack([np.asarray(rows[own == label].mean(axis=0)).ravel() for label in labels])
    clusters = KMeans(-(-len(labels) // LABELS_IN_A_GROUP), n_init=1, random_state=0).fit_predict(centres)
    return {label: f"group {cluster}" for label, cluster in zip(labels, clusters, strict=True)}
