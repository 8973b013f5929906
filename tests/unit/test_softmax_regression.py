"""The logistic regression on the embedding is scikit-learn's, in single precision."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bot.components.softmax_regression import fit_softmax


def test_the_model_is_scikit_learns() -> None:
    random = np.random.default_rng(0)
    rows = random.normal(size=(300, 12)).astype(np.float32)
    labels = np.array(["cita", "radicado", "subsidio"])[(rows @ random.normal(size=(12, 3))).argmax(axis=1)]
    weights = random.uniform(0.5, 3, size=300).astype(np.float32)
    expected = LogisticRegression(C=0.15, tol=1e-3, max_iter=300).fit(rows, labels, sample_weight=weights)
    fitted = fit_softmax(rows, labels, weights, regularisation=0.15, tolerance=1e-3)
    assert fitted.classes == expected.classes_.tolist()
    assert pytest.approx(expected.coef_, abs=1e-4) == fitted.coefficients.T
    assert fitted.intercepts == pytest.approx(expected.intercept_, abs=1e-4)
