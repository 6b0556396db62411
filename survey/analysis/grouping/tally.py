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
    counts, base, squares : ndarray of float
        Raw rows, their base weights and squared base weights, added up; of one shape.
    """

    counts: Floats
    base: Floats
    squares: Floats

    def ravelled(self) -> Sums:
        """The same sums in one row."""
        return Sums(counts=self.counts.ravel(), base=self.base.ravel(), squares=self.squares.ravel())


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
        sizes = [groups * int(np.prod([self._levels[i] for i in pack], dtype=np.int64)) for pack in self._packs]
        self._tables = [np.zeros((size, 3)) for size in sizes]

    def add(self, group: Ints, weights: Floats, columns: Sequence[Codes]) -> None:
        """Count a block of rows.

        Parameters
        ----------
        group : ndarray of int, shape (m,)
            Group of each row, 0..G-1.
        weights : ndarray of float, shape (m,)
            Base weights.
        columns : sequence of ndarray of int, each of shape (m,)
            Code of every column.
        """
        behind = np.column_stack([np.ones(len(group)), weights, np.square(weights)])
        ones, each = behind[:, 0].copy(), np.arange(len(group) + 1, dtype=np.int32)
        scaled, last = group, 1
        for pack, table in zip(self._packs, self._tables, strict=True):
            code, width = columns[pack[0]], self._levels[pack[0]]
            for i in pack[1:]:
                code, width = code * np.uint8(self._levels[i]) + columns[i], width * self._levels[i]
            if width != last:
                scaled, last = (group * width).astype(np.int32), width
            key = (scaled + code).astype(np.int32, copy=False)
            rows = sparse.csc_array((ones, key, each), shape=(len(table), len(key)))  # each column has a 1 at its key
            table += rows @ behind  # adds up all three in one pass, in the order of the rows

    def tables(self) -> Iterator[tuple[int, Sums]]:
        """Every column's number and its sums, shape (G, L)."""
        for pack, table in zip(self._packs, self._tables, strict=True):
            levels = [self._levels[i] for i in pack]
            if len(pack) == 1:
                counts, base, squares = table.T.reshape(3, self._groups, -1)
                yield pack[0], Sums(counts=counts, base=base, squares=squares)
                continue
            codes = np.indices(levels).reshape(len(pack), -1)
            dummies = np.hstack([np.eye(count)[code] for count, code in zip(levels, codes, strict=True)])
            margins = table.T.reshape(-1, len(dummies)) @ dummies  # quicker than sums along short axes
            parts = np.split(margins.reshape(3, self._groups, -1), np.cumsum(levels)[:-1], axis=2)
            for column, (counts, base, squares) in zip(pack, parts, strict=True):
                yield column, Sums(counts=counts, base=base, squares=squares)


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
