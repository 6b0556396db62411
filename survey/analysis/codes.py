"""Labels made into codes, without sorting where the labels are small whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.intp]
SPARSE, SMALL = 4, 65_536


def codes_of(*labels: npt.NDArray[np.generic]) -> tuple[Ints, int]:
    """Cross columns of labels to codes in sorted order.

    Parameters
    ----------
    *labels : ndarray, each of shape (n,)
        Numbers or texts without gaps; the first column changes slowest.

    Returns
    -------
    codes : ndarray of int, shape (n,)
        0..C-1, every one of them somebody's.
    count : int
        C.
    """
    rows = len(labels[0])
    codes, count = np.zeros(rows, dtype=np.intp), min(rows, 1)
    for column in labels:
        own, width = _own_codes(column)
        if count * width > max(SPARSE * rows, SMALL):
            codes, count = _closed(codes, count)
        codes, count = codes * width + own, count * width
    return _closed(codes, count)


def _own_codes(column: npt.NDArray[Any]) -> tuple[npt.NDArray[np.integer[Any]], int]:
    """Codes of one column and a count that none of them reaches; whole numbers need no sorting."""
    if column.dtype.kind in "iub" and len(column):
        low, high = int(column.min()), int(column.max())
        if high - low <= max(SPARSE * len(column), SMALL):
            own = column.view(np.uint8) if column.dtype.kind == "b" else column
            return (own if low == 0 else own.astype(np.intp) - low), high - low + 1
    if column.dtype.kind == "f" and len(column):
        whole = _whole(column)
        if whole is not None:
            return _own_codes(whole)
    levels, own = np.unique(column, return_inverse=True)
    return own, len(levels)


def _whole(column: npt.NDArray[np.generic]) -> Ints | None:
    """Floats as whole numbers, if they are all whole and near 0."""
    numbers = np.asarray(column, dtype=float)
    if not (np.abs(numbers).max() < SMALL):
        return None
    whole = numbers.astype(np.intp)
    return whole if np.array_equal(whole, numbers) else None


def _closed(codes: Ints, count: int) -> tuple[Ints, int]:
    """Codes without the numbers that nobody has."""
    if count > max(SPARSE * len(codes), SMALL):
        distinct, codes = np.unique(codes, return_inverse=True)
        return codes.astype(np.intp, copy=False), len(distinct)
    present = np.bincount(codes, minlength=count) > 0
    found = int(np.count_nonzero(present))
    return (codes, count) if found == count else ((np.cumsum(present) - 1)[codes], found)
