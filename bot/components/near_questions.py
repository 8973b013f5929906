"""Decides between the likeliest labels of a question by the training questions that are nearest to it.

A linear model has one straight border between two labels; where their questions lie among each other, single ones know
better. Kernel ridge regression among the nearest (a Gaussian process's mean, Rasmussen and Williams 2006, eq. 2.25) is
computed when a question comes, so nothing is trained and leaving a question out costs nothing.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

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
SURE = 2.0
_LARGEST = 127


@dataclass(frozen=True)
class NearQuestions:
    """Training questions along the DIMENSIONS main directions of the embedding, of length 1, those of a label together.

    The questions of a label stand in `rows` where `places` says. On disk they are 8-bit integers, and as exact as that
    in memory too, so that a model answers the same before and after it is saved.
    """

    mean: Matrix
    directions: Matrix
    rows: Matrix
    places: dict[str, slice]

    @classmethod
    def of(cls, mean: Matrix, directions: Matrix, rows: Matrix, labels: NDArray[np.str_]) -> "NearQuestions":
        """Those with these labels; `rows` lie along `directions` already, the strongest of which come last."""
        names, counts = np.unique(labels, return_counts=True)
        ordered = _of_length_1(rows[labels.argsort(kind="stable"), -DIMENSIONS:])
        strongest = np.ascontiguousarray(directions[:, -DIMENSIONS:])
        return cls(mean, strongest, _product(*_as_integers(ordered)), _places(names.tolist(), counts))

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
        places = [self.places.get(label, slice(0, 0)) for label in labels]
        # Label by label: bringing all these rows together would take longer than what is done with them.
        nearness = np.concatenate([self.rows[place] @ asked for place in places])
        if not len(nearness):
            return np.zeros(len(labels))
        nearest = np.argsort(-nearness, kind="stable")[:NEAREST]
        own = np.repeat(np.arange(len(labels)), [place.stop - place.start for place in places])[nearest]
        numbers = np.concatenate([np.arange(place.start, place.stop) for place in places])[nearest]
        among = self.rows[numbers]
        similarity = np.exp(among @ among.T - 1)
        similarity.flat[:: len(nearest) + 1] += REGULARISATION
        factor, _ = lapack.spotrf(similarity, lower=True)
        shares, _ = lapack.spotrs(factor, np.exp(nearness[nearest] - 1), lower=True)
        targets = np.where(own[:, np.newaxis] == np.arange(len(labels)), 1.0, -1.0)
        usual = targets.mean(axis=0)
        return np.asarray(shares.ravel() @ (targets - usual) + usual)

    def save(self, path: Path) -> None:
        """Write plain arrays: nothing that runs when it is read."""
        integers, scales = _as_integers(self.rows)
        counts = [place.stop - place.start for place in self.places.values()]
        np.savez(
            path, mean=self.mean, directions=self.directions, rows=integers, scales=scales,
            labels=np.array([*self.places]), counts=np.array(counts),
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> "NearQuestions":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            rows = _product(arrays["rows"], arrays["scales"])
            return cls(arrays["mean"], arrays["directions"], rows, _places(arrays["labels"].tolist(), arrays["counts"]))


def _places(labels: list[str], counts: NDArray[np.int64]) -> dict[str, slice]:
    ends = counts.cumsum()
    return {label: slice(int(end - count), int(end)) for label, count, end in zip(labels, counts, ends, strict=True)}


def _as_integers(rows: Matrix) -> tuple[NDArray[np.int8], Matrix]:
    """Integers of 8 bits, and for each row what they are to be multiplied by."""
    scales = np.abs(rows).max(axis=1) / _LARGEST + np.float32(1e-12)
    return np.rint(rows / scales[:, np.newaxis]).astype(np.int8), scales


def _product(integers: NDArray[np.int8], scales: Matrix) -> Matrix:
    return np.asarray(integers * scales[:, np.newaxis], dtype=np.float32)


def _of_length_1(rows: Matrix) -> Matrix:
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9), dtype=np.float32)
