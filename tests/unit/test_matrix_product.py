"""SciPy's products of large matrices are NumPy's, in whatever way the matrices lie in memory."""

import numpy as np
import pytest

from bot.components.matrix_product import Matrix, product, product_of_transposed, product_with_transposed


@pytest.fixture(params=["rows", "columns", "every second"])
def left(request: pytest.FixtureRequest) -> Matrix:
    numbers = np.random.default_rng(0).normal(size=(14, 5)).astype(np.float32)
    ways = {"rows": numbers[:7], "columns": np.asfortranarray(numbers[:7]), "every second": numbers[::2]}
    return ways[str(request.param)]


@pytest.fixture
def right() -> Matrix:
    return np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)


def test_products_are_numpys(left: Matrix, right: Matrix) -> None:
    assert product(left, right) == pytest.approx(left @ right, abs=1e-5)
    assert product_with_transposed(left, np.ascontiguousarray(right.T)) == pytest.approx(left @ right, abs=1e-5)
    assert product_of_transposed(np.ascontiguousarray(left.T), right) == pytest.approx(left @ right, abs=1e-5)


def test_a_product_lies_row_after_row(left: Matrix, right: Matrix) -> None:
    assert product(left, right).flags.c_contiguous
    assert product_of_transposed(np.ascontiguousarray(left.T), right).flags.c_contiguous


def test_matrices_that_do_not_fit_are_refused(left: Matrix) -> None:
    with pytest.raises(ValueError, match="shapes"):
        product(left, left)


def test_an_empty_matrix_has_a_product() -> None:
    nothing = np.zeros((0, 4), np.float32)
    assert product(nothing, np.ones((4, 3), np.float32)).shape == (0, 3)
    assert product_of_transposed(nothing, np.zeros((0, 3), np.float32)) == pytest.approx(np.zeros((4, 3)))
