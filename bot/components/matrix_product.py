"""Products of large single-precision matrices by SciPy's BLAS.

NumPy 1.23, the newest that Rasa allows, brings an OpenBLAS of early 2022: on processors that are newer it falls back to
instructions of 2004 and takes four times as long. SciPy brings one of its own, which knows them.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import sgemm

Matrix = NDArray[np.float32]


def product(left: Matrix, right: Matrix) -> Matrix:
    """left · right; both, and the result, row after row in memory (nothing is copied)."""
    # BLAS knows columns after columns only, which is how the transposed matrices lie.
    return np.asarray(sgemm(1.0, right.T, left.T).T)


def product_with_transposed(left: Matrix, right: Matrix) -> Matrix:
    """left · rightᵀ, likewise."""
    return np.asarray(sgemm(1.0, right.T, left.T, trans_a=True).T)


def product_of_transposed(left: Matrix, right: Matrix) -> Matrix:
    """leftᵀ · right, likewise."""
    return np.asarray(sgemm(1.0, right.T, left.T, trans_b=True).T)
