"""Multinomial logistic regression as scikit-learn's does it, in single precision: the same model in half the time.

scikit-learn brings everything to double precision for this solver (L-BFGS), which stays where the loss and the
coefficients are added up: products of the questions with the coefficients are most of the work and need no more than
single precision.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.components.matrix_product import product, product_of_transposed

MAXIMUM_ITERATIONS = 300
# As scikit-learn asks of the solver: how often it tries along one direction, and what change counts as none.
MAXIMUM_LINE_SEARCH = 50
SMALLEST_CHANGE = 64 * np.finfo(np.float64).eps

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class SoftmaxModel:
    """Coefficients (features × classes) and intercepts; the classes are sorted."""

    classes: list[str]
    coefficients: Matrix
    intercepts: Matrix


def fit_softmax(
    rows: Matrix, labels: NDArray[np.str_], weights: Matrix, *, regularisation: float, tolerance: float
) -> SoftmaxModel:
    """Fit from the beginning, so that the same questions always give the same model.

    `regularisation` is scikit-learn's C, `tolerance` the greatest slope at which the solver stops: stopping early is
    part of the model.
    """
    classes, columns = np.unique(labels, return_inverse=True)
    objective = _Objective(rows, columns, weights, len(classes), regularisation)
    found = minimize(
        objective, np.zeros(objective.shape).ravel(), method="L-BFGS-B", jac=True,
        options={
            "maxiter": MAXIMUM_ITERATIONS, "maxls": MAXIMUM_LINE_SEARCH, "gtol": tolerance, "ftol": SMALLEST_CHANGE,
        },
    )  # fmt: skip
    solution = found.x.reshape(objective.shape).astype(np.float32)
    return SoftmaxModel(classes.tolist(), np.ascontiguousarray(solution[:-1]), solution[-1])


class _Objective:
    """The mean loss with its penalty, and the slope, at coefficients whose last row are the intercepts."""

    def __init__(
        self, rows: Matrix, columns: NDArray[np.intp], weights: Matrix, classes: int, regularisation: float
    ) -> None:
        total = float(weights.sum(dtype=np.float64))
        self.shape = (rows.shape[1] + 1, classes)
        self._rows, self._columns, self._every = rows, columns, np.arange(len(rows))
        self._shares = (weights / total).astype(np.float32)
        self._penalty = 1 / (regularisation * total)

    def __call__(self, flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        solution = flat.reshape(self.shape)
        scores = product(self._rows, solution[:-1].astype(np.float32))
        scores += solution[-1].astype(np.float32)
        scores -= scores.max(axis=1, keepdims=True)
        own = scores[self._every, self._columns]
        likely = np.exp(scores, out=scores)
        totals = likely.sum(axis=1)
        loss = np.dot(self._shares.astype(np.float64), np.log(totals) - own)
        loss += self._penalty / 2 * np.square(solution[:-1]).sum()
        errors = np.multiply(likely, (self._shares / totals)[:, np.newaxis], out=likely)
        errors[self._every, self._columns] -= self._shares
        slope = np.empty(self.shape)
        slope[:-1] = product_of_transposed(self._rows, errors)
        slope[:-1] += self._penalty * solution[:-1]
        slope[-1] = errors.sum(axis=0, dtype=np.float64)
        return float(loss), slope.ravel()
