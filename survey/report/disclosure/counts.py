"""Small counts in a table of two variables whose sums are published: hidden, and not to be had from the sums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from survey.report.disclosure.partition import LEAST_OPEN

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def told_counts(counts: Sequence[int], smallest: int) -> tuple[int | None, ...]:
    """The counts of parts that add up to a known whole, None for those that are not told.

    A count over 0 and under `smallest` is not told, and with it the next smallest ones until two of them, of together
    `LEAST_OPEN`, are left open.
    """
    by_size = sorted((count, place) for place, count in enumerate(counts) if count)
    few = sum(count < smallest for count, _ in by_size)
    while few and few < len(by_size) and (few < 2 or sum(count for count, _ in by_size[:few]) < LEAST_OPEN):
        few += 1
    hidden = {place for _, place in by_size[:few]}
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def hidden_counts(counts: Counts, smallest: int) -> Flags:
    """Which cells of a table to hide when the sums of its rows and columns are known.

    Parameters
    ----------
    counts : ndarray of int, shape (r, c)
    smallest : int
        Counts over 0 and under this are hidden.

    Returns
    -------
    ndarray of bool, shape (r, c)
        With every hidden count go as many others, the smallest of its row or column first, as it takes until linear
        programming over rows and columns leaves at least `LEAST_OPEN` open.
    """
    hidden = (counts > 0) & (counts < smallest)
    while hidden.any():
        low, high = count_bounds(counts, hidden)
        bare = hidden & (high - low < np.minimum(counts, LEAST_OPEN) - 1e-6)
        if not bare.any():
            break
        row, column = np.argwhere(bare)[0]
        near = np.zeros_like(hidden)
        near[row], near[:, column] = True, True
        for candidates in (near & ~hidden & (counts > 0), ~hidden & (counts > 0)):
            if candidates.any():
                place = int(np.argmin(np.where(candidates, counts, np.iinfo(np.int64).max)))
                hidden[np.unravel_index(place, counts.shape)] = True
                break
        else:
            break
    return hidden


def count_bounds(counts: Counts, hidden: Flags) -> tuple[Floats, Floats]:
    """What rows' and columns' sums say about each cell: lowest and highest possible count, each of shape (r, c)."""
    low, high = counts.astype(np.float64), counts.astype(np.float64)
    places = np.argwhere(hidden)
    if not len(places):
        return low, high
    sums = [(places[:, axis] == line).astype(np.float64) for axis in (0, 1) for line in range(counts.shape[axis])]
    known = [float(np.where(hidden, counts, 0).sum(axis=1 - axis)[line])
             for axis in (0, 1) for line in range(counts.shape[axis])]  # fmt: skip
    for number, (row, column) in enumerate(places):
        aim = np.zeros(len(places))
        aim[number] = 1.0
        ends = [np.asarray(linprog(sign * aim, A_eq=np.array(sums), b_eq=known).x) @ aim for sign in (1, -1)]
        low[row, column], high[row, column] = ends
    return low, high
