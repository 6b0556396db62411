"""Items counted by domain, sampling units and calibration cell: as many together as is worth it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.estimating.crossed import Crossed, Ground, Table
from survey.analysis.estimating.prepared import Prepared
from survey.analysis.estimating.results import Statistic
from survey.analysis.grouping.answers import Answers, answered, crossed_answers, flat
from survey.analysis.grouping.tally import Tally
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
    """Rows of a design by domain.

    Parameters
    ----------
    prepared : Prepared
        A design of n rows.
    by : ndarray of int, shape (n,), optional
        Domain of each row, below 0 for none.
    domains : int
        Number of domains D.
    """

    def __init__(self, prepared: Prepared, by: Ints | None, domains: int) -> None:
        design = prepared.design
        self._prepared, self._domains = prepared, domains
        self._domain = np.zeros(design.rows, dtype=np.intp) if by is None else by
        self._rows = np.flatnonzero(self._domain >= 0)
        self._all = len(self._rows) == design.rows
        widths = [stage.units for stage in prepared.stages]
        widths += [] if design.controls is None else [design.controls.cells]
        self._size = domains * max(widths)

    def crossed(self, statistic: Statistic, items: Mapping[int, Item]) -> Iterator[tuple[list[int], Crossed]]:
        """Count items.

        Parameters
        ----------
        statistic : callable
            ``(weights, *columns) -> Linear``.
        items : mapping of int to tuple of ndarray of float, or Answers
            Columns of shape (n,) or (n, q), or answers counted behind the n rows.

        Yields
        ------
        (list of int, Crossed)
            Keys of the items and their answers. Left out are those of a statistic that is not known to depend on the
            weights of equal answers only through their sum (`batched`, not `counted`), and items with more different
            answers than is worth it.
        """
        plain = getattr(statistic, "func", statistic)
        if plain not in BATCHED or plain in COUNTED or not len(self._rows):
            return
        counted = {key: item for key, item in items.items() if isinstance(item, Answers)}
        if counted:
            yield from self._together(*self._of_groups(counted))
        columns = {key: item for key, item in items.items() if not isinstance(item, Answers) and item}
        if columns:
            yield from self._together(*self._of_rows(columns))

    def _together(self, ground: Ground, tables: Mapping[int, Table]) -> Iterator[tuple[list[int], Crossed]]:
        """Items of one shape side by side."""
        shapes: dict[tuple[tuple[int, ...], ...], list[int]] = {}
        for key, table in tables.items():
            shapes.setdefault(tuple(column.shape for column in table.columns), []).append(key)
        for alike in shapes.values():
            step = max(1, TOGETHER // (len(tables[alike[0]].columns[0]) * self._size))
            for start in range(0, len(alike), step):
                keys = alike[start : start + step]
                yield keys, Crossed.of(ground, [tables[key] for key in keys])

    def _worth(self, answers: int) -> bool:
        return 0 < answers * self._size <= max(SPARSE * len(self._rows), SMALL)

    def _of_groups(self, items: Mapping[int, Answers]) -> tuple[Ground, dict[int, Table]]:
        """Answers counted behind the rows of the design."""
        rows, tables = self._rows, {}
        for key, answers in items.items():
            known = np.flatnonzero(answered(answers.columns))
            if self._worth(len(known)):
                columns = tuple(column[known] for column in answers.columns)
                own = slice(len(known)) if known[-1] == len(known) - 1 else known
                tables[key] = Table(columns=columns, known=own, sums=self._chosen(answers.sums))
        ratio = self._prepared.ratio[rows]
        ground = Ground(self._prepared, rows, self._domain[rows], self._domains, old=1, ratio=ratio)
        return ground, tables

    def _chosen(self, column: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """Those of the rows that are in a domain."""
        return column if self._all else column[self._rows]

    def _of_rows(self, items: Mapping[int, tuple[Floats, ...]]) -> tuple[Ground, dict[int, Table]]:
        """Columns counted behind rows that are alike."""
        coded = {}
        for key, columns in items.items():
            own = tuple(map(self._chosen, columns))
            known = answered(own)
            if _few_answers(own, known):
                codes, answers = crossed_answers(own, known)
                if self._worth(len(answers[0])):
                    coded[key] = codes, answers
        code, first, values = self._alike()
        tally = Tally(len(first), [len(answers[0]) + 1 for _, answers in coded.values()], len(code))
        tally.add(code, values, [codes for codes, _ in coded.values()])
        tables = {
            key: Table(columns=answers, known=slice(len(answers[0])), sums=sums)
            for (key, (_, answers)), sums in zip(coded.items(), tally.tables(), strict=True)
        }
        ratio = np.ones(len(first))
        return Ground(self._prepared, first, self._domain[first], self._domains, old=2, ratio=ratio), tables

    def _alike(self) -> tuple[Ints, Ints, Floats]:
        """Which kind each row is of, one row of each kind, and what each row adds to its kind."""
        prepared, design, rows = self._prepared, self._prepared.design, self._rows
        keys = [self._domain, *(stage.unit for stage in prepared.stages)]
        keys += [] if design.controls is None else [design.controls.cell]
        keys += [] if design.replicates is None else [design.replicates.unit]
        if design.weights.min(initial=0.0) < 0:
            keys.append(np.sign(design.weights).astype(np.intp))
        code, count = codes_of(*map(self._chosen, keys))
        first = np.zeros(count, dtype=np.intp)
        first[code] = rows
        values = np.empty((len(rows), 4))
        for place, column in enumerate((design.numbers(), design.weights, design.base, prepared.squares)):
            values[:, place] = self._chosen(column)
        return code, first, values


def _few_answers(columns: tuple[Floats, ...], known: Flags) -> bool:
    some = np.flatnonzero(known)[:SAMPLE]
    return len(some) > 0 and all(len(np.unique(part[some])) <= FEW for part in flat(columns))
