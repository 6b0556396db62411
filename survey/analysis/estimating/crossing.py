"""Items counted by domain, sampling units and calibration cell: as many together as is worth it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from survey.analysis.estimating.crossed import Crossed, Ground, Table
from survey.analysis.estimating.prepared import Prepared
from survey.analysis.estimating.results import Statistic
from survey.analysis.grouping.answers import Answers, answered, crossed_answers, flat
from survey.analysis.variance.replicates import BATCHED, COUNTED

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Value = TypeVar("Value", bound=np.generic)
Item = tuple[Floats, ...] | Answers
FEW, SAMPLE, SPARSE, SMALL = 128, 512, 8, 1_000_000
TOGETHER = 2_000_000
"""Largest number of sums of items estimated together."""


class Crossing:
    """Items of a design, counted as they come.

    Parameters
    ----------
    prepared : Prepared
        A design of n rows.
    statistic : callable
        ``(weights, *columns) -> Linear``.
    by : ndarray of int, shape (n,), optional
        Domain of each row, below 0 for none.
    domains : int
        Number of domains D.
    """

    def __init__(self, prepared: Prepared, statistic: Statistic, by: Ints | None, domains: int) -> None:
        design = prepared.design
        self._prepared, self._domains = prepared, domains
        self._domain = np.zeros(design.rows, dtype=np.intp) if by is None else by
        self._rows = np.flatnonzero(self._domain >= 0)
        self._all = len(self._rows) == design.rows
        widths = [stage.units for stage in prepared.stages]
        widths += [] if design.controls is None else [design.controls.cells]
        self._size = domains * max(widths)
        plain = getattr(statistic, "func", statistic)
        self._adds_up = plain in BATCHED and plain not in COUNTED and len(self._rows) > 0
        self._tables: dict[tuple[tuple[int, ...], ...], dict[int, Table]] = {}

    def takes(self, key: int, item: Item) -> bool:
        """Count an item, if that is worth it.

        Parameters
        ----------
        key : int
            What to call it.
        item : tuple of ndarray of float, or Answers
            Columns of shape (n,) or (n, q), or answers counted behind the n rows.

        Returns
        -------
        bool
            False with a statistic that is not known to depend on the weights of equal answers only through their sum
            (`batched`, not `counted`), and for more different answers than is worth it.
        """
        if not self._adds_up or not item:
            return False
        table = self._of_groups(item) if isinstance(item, Answers) else self._of_rows(item)
        if table is not None:
            self._tables.setdefault(tuple(column.shape for column in table.columns), {})[key] = table
        return table is not None

    def crossed(self) -> Iterator[tuple[list[int], Crossed]]:
        """Items of one shape side by side, as many as is worth it, with their keys."""
        for tables in self._tables.values():
            keys = list(tables)
            step = max(1, TOGETHER // (len(tables[keys[0]].columns[0]) * self._size))
            for start in range(0, len(keys), step):
                own = keys[start : start + step]
                yield own, Crossed.of(self._ground, [tables[key] for key in own])

    def _worth(self, answers: int) -> bool:
        return 0 < answers * self._size <= max(SPARSE * len(self._rows), SMALL)

    def _chosen(self, column: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """Those of the rows that are in a domain."""
        return column if self._all else column[self._rows]

    def _of_groups(self, item: Answers) -> Table | None:
        """Answers counted behind the rows of the design."""
        known = np.flatnonzero(answered(item.columns))
        if not self._worth(len(known)):
            return None
        own = slice(len(known)) if known[-1] == len(known) - 1 else known
        return self._ground.of_groups(tuple(column[known] for column in item.columns), own, self._chosen(item.sums))

    def _of_rows(self, item: tuple[Floats, ...]) -> Table | None:
        """Columns of the rows."""
        own = tuple(map(self._chosen, item))
        known = answered(own)
        if not _few_answers(own, known):
            return None
        codes, answers = crossed_answers(own, known)
        if not self._worth(len(answers[0])):
            return None
        return self._ground.of_rows(answers, codes)

    @cached_property
    def _ground(self) -> Ground:
        return Ground(self._prepared, self._rows, self._chosen(self._domain), self._domains)


def _few_answers(columns: tuple[Floats, ...], known: Flags) -> bool:
    some = np.flatnonzero(known)[:SAMPLE]
    return len(some) > 0 and all(len(np.unique(part[some])) <= FEW for part in flat(columns))
