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


class Counter:
    """Rows of one block, ready to be added up by group and the codes of any column.

    Parameters
    ----------
    group : ndarray of int, shape (m,)
        Group of each row, 0..G-1.
    groups : int
        G.
    values : ndarray of float, shape (m, v)
        What each row adds.
    """

    def __init__(self, group: Ints, groups: int, values: Floats) -> None:
        self._group, self._groups, self._values, self._width = group, groups, values, 0
        self._rows = sparse.csc_array((0, 0))

    def sums(self, code: Codes, levels: int) -> Floats:
        """Add up by group and code.

        Parameters
        ----------
        code : ndarray of int, shape (m,)
            0..levels-1.
        levels : int
            Number of codes L.

        Returns
        -------
        ndarray of float, shape (G, L, v)
            Sums, each in the order of the rows.
        """
        if levels != self._width:
            rows, self._width = len(self._group), levels
            self._scaled = (self._group * levels).astype(np.int32)
            each = np.arange(rows + 1, dtype=np.int32)
            parts = np.ones(rows), np.empty(rows, dtype=np.int32), each
            self._rows = sparse.csc_array(parts, shape=(self._groups * levels, rows))
        np.add(self._scaled, code, out=self._rows.indices, casting="same_kind")  # each column has a 1 at its key
        sums = np.asarray(self._rows @ self._values)  # adds up all of a row in one pass
        return sums.reshape(self._groups, levels, -1)


class Pack:
    """Columns that are counted together, as one code of all their combinations.

    Parameters
    ----------
    columns : sequence of int
        Their numbers.
    levels : sequence of int
        Codes that each of them has.
    """

    def __init__(self, columns: Sequence[int], levels: Sequence[int]) -> None:
        self._columns, self._levels = list(columns), list(levels)

    def sums(self, counter: Counter, codes: Sequence[Codes]) -> Floats:
        """Count the combinations.

        Parameters
        ----------
        counter : Counter
            Of m rows and G groups.
        codes : sequence of ndarray of int, each of shape (m,)
            Of all columns.

        Returns
        -------
        ndarray of float, shape (G, combinations, v)
            Sums.
        """
        code, width = codes[self._columns[0]], self._levels[0]
        for column, count in zip(self._columns[1:], self._levels[1:], strict=True):
            code, width = code * np.uint8(count) + codes[column], width * count
        return counter.sums(code, width)

    def tables(self, sums: Floats) -> Iterator[Floats]:
        """Part the combinations again.

        Parameters
        ----------
        sums : ndarray of float, shape (G, combinations, v)
            Of all combinations.

        Yields
        ------
        ndarray of float, shape (G, L, v)
            Those of each column, in their order.
        """
        groups, after, width = sums.shape
        before = 1
        for count in self._levels:
            after //= count
            own = sums.reshape(groups, before, -1).sum(axis=1) if before > 1 else sums
            parted = own.reshape(-1, after * width) @ np.tile(np.eye(width), (after, 1)) if after > 1 else own
            yield parted.reshape(groups, count, width)
            before *= count


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
        self._groups, self._packs = groups, packs_of(groups, levels, rows)
        self._sums: dict[int, Floats] = {}

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
        counter = Counter(group, self._groups, values)
        for number, pack in enumerate(self._packs):
            sums = pack.sums(counter, columns)
            if number in self._sums:
                self._sums[number] += sums
            else:
                self._sums[number] = sums

    def tables(self) -> Iterator[Floats]:
        """The sums of every column, shape (G, L, v)."""
        for pack, sums in zip(self._packs, self._sums.values(), strict=True):
            yield from pack.tables(sums)


def packs_of(groups: int, levels: Sequence[int], rows: int) -> list[Pack]:
    """Columns to count together: in the order given, while their combinations are few against the rows.

    Parameters
    ----------
    groups : int
        Number of groups.
    levels : sequence of int
        Codes each column has.
    rows : int
        Rows there are.

    Returns
    -------
    list of Pack
        All columns.
    """
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
    return [Pack(pack, [levels[column] for column in pack]) for pack in packs]
