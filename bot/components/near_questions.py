"""Decides between the likeliest labels of a question by the training questions that are nearest to it.

A linear model has one straight border between two labels; where their questions lie among each other, single ones know
better. Kernel ridge regression among the nearest (a Gaussian process's mean, Rasmussen and Williams 2006, eq. 2.25) is
computed when a question comes, so nothing is trained and leaving a question out costs nothing.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve

Matrix = NDArray[np.float32]
Ranking = list[tuple[str, float]]

# The best in cross-validation on the first knowledge base, beside the two linear models. Twice as many candidates or
# questions, or weighing the questions, change nothing.
CANDIDATES = 6
NEAREST = 64
DIMENSIONS = 600
REGULARISATION = 0.01
# What a difference of 1 between the estimates for two labels adds to their difference in log-odds.
GAIN = 2.0
# Log-odds between the first two labels from which the linear models are believed: beyond, nothing changes its place.
SURE = 3.0
_LARGEST = 127


@dataclass(frozen=True)
class NearQuestions:
    """Training questions along the DIMENSIONS main directions of the embedding, of length 1, those of a label together.

    `rows` are 8-bit integers, to be multiplied by `scales` row by row; the questions of `labels[i]` begin at
    `starts[i]` and end before `starts[i + 1]`.
    """

    mean: Matrix
    directions: Matrix
    rows: NDArray[np.int8]
    scales: Matrix
    labels: list[str]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, mean: Matrix, directions: Matrix, rows: Matrix, labels: NDArray[np.str_]) -> "NearQuestions":
        """Those with these labels; `rows` lie along `directions` already, the strongest of which come last."""
        names, counts = np.unique(labels, return_counts=True)
        ordered = _of_length_1(rows[labels.argsort(kind="stable"), -DIMENSIONS:])
        scales = np.abs(ordered).max(axis=1) / _LARGEST + np.float32(1e-12)
        integers = np.rint(ordered / scales[:, np.newaxis]).astype(np.int8)
        strongest = np.ascontiguousarray(directions[:, -DIMENSIONS:])
        return cls(mean, strongest, integers, scales, names.tolist(), np.append(0, counts.cumsum()))

    def decided(self, ranking: Ranking, meaning: Matrix, temperature: float) -> Ranking:
        """The ranking of one question with its first CANDIDATES ranked anew; all of them together stay as likely."""
        first, rest = ranking[:CANDIDATES], ranking[CANDIDATES:]
        before = temperature * np.log([max(probability, 1e-12) for _, probability in first])
        if len(first) == 1 or before[0] - before[1] > SURE:
            return ranking
        after = before + GAIN * self.estimates([label for label, _ in first], meaning)
        after += np.logaddexp.reduce(before) - np.logaddexp.reduce(after)
        powers = np.exp(after / temperature)
        total = powers.sum() + max(0.0, 1 - sum(probability for _, probability in first))
        again = [(label, float(power / total)) for (label, _), power in zip(first, powers, strict=True)]
        others = [(label, float(probability / total)) for label, probability in rest]
        return sorted(again + others, key=lambda pair: -pair[1])

    def estimates(self, labels: list[str], meaning: Matrix) -> NDArray[np.float64]:
        """For each label how much the question is its own: about 1 if it is, -1 if it is another's."""
        asked = _of_length_1(((meaning - self.mean) @ self.directions)[np.newaxis])[0]
        rows, own = self._questions_of(labels)
        if not len(rows):
            return np.zeros(len(labels))
        nearness = rows @ asked
        nearest = np.argsort(-nearness, kind="stable")[:NEAREST]
        among = rows[nearest]
        similarity = np.exp(among @ among.T - 1)
        similarity[np.diag_indices_from(similarity)] += REGULARISATION
        shares = solve(similarity, np.exp(nearness[nearest] - 1), assume_a="pos", check_finite=False)
        targets = np.where(own[nearest][:, np.newaxis] == np.arange(len(labels)), 1.0, -1.0)
        usual = targets.mean(axis=0)
        return np.asarray(shares @ (targets - usual) + usual)

    def _questions_of(self, labels: list[str]) -> tuple[Matrix, NDArray[np.int64]]:
        """Their rows, and for each the number of its label."""
        spans = [self._span(label) for label in labels]
        places = np.concatenate([np.arange(span.start, span.stop) for span in spans])
        rows = self.rows[places] * self.scales[places, np.newaxis]
        return rows, np.repeat(np.arange(len(labels)), [span.stop - span.start for span in spans])

    def _span(self, label: str) -> slice:
        number = int(np.searchsorted(self.labels, label))
        if number == len(self.labels) or self.labels[number] != label:
            return slice(0, 0)
        return slice(int(self.starts[number]), int(self.starts[number + 1]))

    def save(self, path: Path) -> None:
        """Write plain arrays: nothing that runs when it is read."""
        np.savez(
            path, mean=self.mean, directions=self.directions, rows=self.rows, scales=self.scales,
            labels=np.array(self.labels), starts=self.starts,
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> "NearQuestions":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                arrays["mean"], arrays["directions"], arrays["rows"], arrays["scales"], arrays["labels"].tolist(),
                arrays["starts"],
            )  # fmt: skip


def _of_length_1(rows: Matrix) -> Matrix:
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9), dtype=np.float32)
