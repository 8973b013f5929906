"""Products of large single-precision matrices by SciPy's BLAS.

NumPy 1.23, the newest that Rasa allows, brings an OpenBLAS of early 2022: on processors that are newer it falls back to
instructions of 2004 and takes four times as long. SciPy brings one of its own, which knows them. It is called as Numba
does, by the function's address: scipy.linalg.blas would keep Python's lock meanwhile, and other threads waiting.
"""

import ctypes

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cython_blas

Matrix = NDArray[np.float32]

_CAPSULE = cython_blas.__pyx_capi__["sgemm"]
_NAME_OF = ctypes.PYFUNCTYPE(ctypes.c_char_p, ctypes.py_object)(("PyCapsule_GetName", ctypes.pythonapi))
_ADDRESS_OF = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
# transa, transb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc: everything by address.
_SGEMM = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 13)(_ADDRESS_OF(_CAPSULE, _NAME_OF(_CAPSULE)))


def product(left: Matrix, right: Matrix) -> Matrix:
    """left · right. Nothing is copied where both lie row after row in memory, as the result does."""
    return _product(left, right, len(left), right.shape[1], len(right))


def product_with_transposed(left: Matrix, right: Matrix) -> Matrix:
    """left · rightᵀ, likewise."""
    return _product(left, right, len(left), len(right), left.shape[1], right_transposed=True)


def product_of_transposed(left: Matrix, right: Matrix) -> Matrix:
    """leftᵀ · right, likewise."""
    return _product(left, right, left.shape[1], right.shape[1], len(left), left_transposed=True)


def _product(
    left: Matrix,
    right: Matrix,
    rows: int,
    columns: int,
    inner: int,
    *,
    left_transposed: bool = False,
    right_transposed: bool = False,
) -> Matrix:
    # BLAS takes matrices column after column. Read so, ours are transposed, and rightᵀ · leftᵀ is the result's.
    left, right = np.ascontiguousarray(left, np.float32), np.ascontiguousarray(right, np.float32)
    if left.shape != ((inner, rows) if left_transposed else (rows, inner)) or right.shape != (
        (columns, inner) if right_transposed else (inner, columns)
    ):
        raise ValueError(f"no product of matrices with shapes {left.shape} and {right.shape}")
    result = np.zeros((rows, columns), np.float32)
    if not result.size or not inner:
        return result
    widths = [ctypes.c_int(matrix.shape[1]) for matrix in (right, left, result)]
    sizes = [ctypes.c_int(size) for size in (columns, rows, inner)]
    one, nothing = ctypes.c_float(1), ctypes.c_float(0)
    ways = [ctypes.c_char(b"T" if transposed else b"N") for transposed in (right_transposed, left_transposed)]
    _SGEMM(
        *map(ctypes.addressof, (*ways, *sizes, one)), right.ctypes.data, ctypes.addressof(widths[0]),
        left.ctypes.data, ctypes.addressof(widths[1]), ctypes.addressof(nothing), result.ctypes.data,
        ctypes.addressof(widths[2]),
    )  # fmt: skip
    return result
