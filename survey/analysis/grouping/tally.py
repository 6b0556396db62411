"""Counting answers by group: rows, sums of weights and of their squares, of several columns in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Codes = npt.NDArray[np.integer]
TOGETHER = 40
"""Largest number of combinations of columns counted together: their table should stay in the processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What is kept of the rows behind grouped rows.

    Attributes
    ----------
    counts, base, squares : ndarray of float, shape (G,)
        Raw rows, their base weights and squared base weights, added up.
    """

    counts: Floats
    base: Floats
    squares: Floats


def behind(weights: Floats) -> Floats:
    """What each raw row adds to its group.

    Parameters
    ----------
    weights : ndarray of float, shape (m,)
        Base weights.

    Returns
    -------
    ndarray of float, shape (m, 3)
        One row, its weight, and that squared.
    """
    found = np.ones((len(weights), 3))
    found[:, 1] = weights
    np.multiply(weights, weights, out=found[:, 2])
    return found


class Tally:
    """Tables of group × code for many columns, filled block by block.

    Parameters
    ----------
    groups : int
        Number of groups G.
    levels : sequence of int
        Codes each column has, L.
    rows : int
        Rows that will come, to choose how many columns are counted together.
    """

    def __init__(self, groups: int, levels: Sequence[int], rows: int) -> None:
        self._groups, self._levels = groups, list(levels)
        self._packs = _packs(groups, self._levels, rows)
        self._tables: dict[int, Floats] = {}

    def add(self, group: Ints, values: Floats, columns: Sequence[Codes]) -> None:
        """Count a block of rows.

        Parameters
        ----------
        group : ndarray of int, shape (m,)
            Group of each row, 0..G-1.
        values : ndarray of float, shape (m, v)
            What each row adds.
        columns : sequence of ndarray of int, each of shape (m,)
            Code of every column.
        """
        ones, each = np.ones(len(group)), np.arange(len(group) + 1, dtype=np.int32)
        scaled, last, rows = group, 0, sparse.csc_array((0, 0))
        for number, pack in enumerate(self._packs):
            code, width = columns[pack[0]], self._levels[pack[0]]
            for i in pack[1:]:
                code, width = code * np.uint8(self._levels[i]) + columns[i], width * self._levels[i]
            if width != last:
                scaled, last = (group * width).astype(np.int32), width
                rows = sparse.csc_array((ones, scaled, each), shape=(self._groups * width, len(group)))
            rows.indices = (scaled + code).astype(np.int32, copy=False)  # each column has a 1 at its key
            sums = np.asarray(rows @ values)  # adds up all of a row in one pass, in the order of the rows
            if number in self._tables:
                self._tables[number] += sums
            else:
                self._tables[number] = sums

    def tables(self) -> Iterator[Floats]:
        """The sums of every column, shape (G, L, v)."""
        for pack, table in zip(self._packs, self._tables.values(), strict=True):
            levels, width = [self._levels[i] for i in pack], table.shape[1]
            if len(pack) > 1:
                codes = np.indices(levels).reshape(len(pack), -1)
                dummies = np.hstack([np.eye(count)[code] for count, code in zip(levels, codes, strict=True)])
                table = table.reshape(self._groups, -1) @ np.kron(dummies, np.eye(width))
            parts = np.split(table.reshape(self._groups, -1, width), np.cumsum(levels)[:-1], axis=1)
            yield from parts


def _packs(groups: int, levels: list[int], rows: int) -> list[list[int]]:
    """Columns to count together: in the order given, while their combinations are few against the rows."""
    most = min(TOGETHER, rows // max(4 * groups, 1))
    packs: list[list[int]] = []
    width = 0
    for column, count in enumerate(levels):
        if packs and width * count <= most:
            packs[-1].append(column)
            width *= count
        else:
            packs.append([column])
            width = count
    return packs
