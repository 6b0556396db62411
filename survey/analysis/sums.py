"""Adding rows up by their codes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
NARROW = 32


def sums_by(code: Ints, values: npt.NDArray[np.generic], count: int) -> Floats:
    """Add values up by code.

    Parameters
    ----------
    code : ndarray of int, shape (n,)
        0..count-1.
    values : ndarray, shape (n,) or (n, k)
        What to add.
    count : int
        Number of codes.

    Returns
    -------
    ndarray of float, shape (count,) or (count, k)
        Sums, 0 where nobody has the code.
    """
    if values.ndim == 1:
        return np.asarray(np.bincount(code, values, count), dtype=float)
    if values.shape[1] > NARROW:
        return added(adding([(code, count, np.ones(len(code)))]), values.astype(float, copy=False))
    return np.column_stack([np.bincount(code, column, count) for column in values.T]).astype(float, copy=False)


def adding(parts: Sequence[tuple[Ints, int, Floats]]) -> sparse.csc_array:
    """A matrix that adds rows up by several codes at once.

    Parameters
    ----------
    parts : sequence of (ndarray of int, shape (n,), int, ndarray of float, shape (n,))
        Of each code: the code of the rows, 0..count-1; the number of codes; a factor for each row.

    Returns
    -------
    sparse array, shape (sum of counts, n)
        Sums by the first code first.
    """
    starts = np.cumsum([0, *(count for _, count, _ in parts)])
    index = np.column_stack([code + start for (code, _, _), start in zip(parts, starts, strict=False)])
    factors = np.column_stack([factor for _, _, factor in parts])
    ends = np.arange(0, index.size + 1, len(parts))
    return sparse.csc_array((factors.ravel(), index.ravel(), ends), shape=(int(starts[-1]), len(index)))


def added(matrix: sparse.csc_array, values: Floats) -> Floats:
    """Add rows up.

    Parameters
    ----------
    matrix : sparse array, shape (count, n)
        From `adding`.
    values : ndarray of float, shape (n, ...)
        What to add.

    Returns
    -------
    ndarray of float, shape (count, ...)
        Sums, each in the order of the rows.
    """
    sums = matrix @ values.reshape(len(values), int(np.prod(values.shape[1:])))
    return np.asarray(sums, dtype=float).reshape(matrix.shape[0], *values.shape[1:])
