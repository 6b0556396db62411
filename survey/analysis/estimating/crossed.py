"""Answers of several items, added up by domain and by sampling unit or calibration cell.

A statistic sees weights and answers, only each answer once. What follows costs the same for any number of rows.
Shapes: n rows, D domains, I items, A answers, k values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from survey.analysis.estimating.prepared import Prepared
from survey.analysis.estimating.spots import Spots
from survey.analysis.grouping.tally import Codes
from survey.analysis.sums import added, adding, sums_by
from survey.analysis.variance.rank import pairs_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Columns = tuple[Floats, ...]


class Kind(Enum):
    """What is added up."""

    ROWS = "raw rows"
    WEIGHTS = "final weights"
    BASE = "base weights"
    SQUARES = "squared final weights"
    SIZES = "final weights without their sign"


COUNTED = {Kind.ROWS: 0, Kind.WEIGHTS: 1, Kind.BASE: 1, Kind.SQUARES: 2, Kind.SIZES: 1}
"""Which of the sums of counted answers each is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Answers to one item, added up.

    Attributes
    ----------
    columns : tuple of ndarray of float, each of shape (A,) or (A, q)
        The different answers.
    sums : list of ndarray of float, each of shape (places, A)
        For each part of the ground; of sizes by pair there can be one column for all answers.
    """

    columns: Columns
    sums: list[Floats]


class Ground:
    """Where the answers behind the rows of a design are added up, and what of them.

    Parameters
    ----------
    prepared : Prepared
        A design.
    rows : ndarray of int, shape (n,)
        Its rows that are in a domain.
    domain : ndarray of int, shape (n,)
        Domain of each, 0..D-1.
    domains : int
        D.
    """

    def __init__(self, prepared: Prepared, rows: Ints, domain: Ints, domains: int) -> None:
        design, controls, replicates = prepared.design, prepared.design.controls, prepared.design.replicates
        self.prepared, self.domains, self._rows = prepared, domains, rows
        self.units = [Spots(domain, domains, stage.unit[rows], stage.units) for stage in prepared.stages]
        self.cells = None if controls is None else Spots(domain, domains, controls.cell[rows], controls.cells)
        pairs = np.zeros(1, dtype=np.intp) if replicates is None else pairs_of(design)[rows]
        self.pairs = None if replicates is None else Spots(domain, domains, pairs, int(pairs.max()) + 1)
        self.signed = bool(design.weights.min(initial=0.0) < 0)
        parts = [(spots.place, len(spots), Kind.WEIGHTS) for spots in self.units]
        parts += [(domain, domains, Kind.ROWS), (domain, domains, Kind.SQUARES)]
        if self.cells is not None and controls is not None:
            parts.append((self.cells.place, len(self.cells), Kind.ROWS if controls.unweighted else Kind.BASE))
        if self.signed:
            parts += [(spots.place, len(spots), Kind.SIZES) for spots in self.units]
        self._parts, self._paired = parts, []
        if self.pairs is not None and replicates is not None:
            kind = Kind.ROWS if replicates.whole else Kind.BASE
            self._paired = [(self.pairs.place, len(self.pairs), each) for each in (kind, Kind.SIZES)]

    def of_rows(self, columns: Columns, codes: Codes) -> Table:
        """Add up answers of the rows.

        Parameters
        ----------
        columns : tuple of ndarray of float, each of shape (A,) or (A, q)
            The different answers.
        codes : ndarray of int, shape (n,)
            0..A-1; A for rows that did not answer.

        Returns
        -------
        Table
            What estimates are made from.
        """
        levels = len(columns[0]) + 1
        found = []
        for place, count, kind in [*self._parts, *self._paired]:
            sums = np.bincount(place * levels + codes, self._values[kind], count * levels)
            found.append(sums.reshape(count, levels)[:, :-1].astype(float, copy=False))
        return Table(columns=columns, sums=found)

    def of_groups(self, columns: Columns, known: slice | Ints, sums: Floats) -> Table:
        """Add up answers counted behind the rows.

        Parameters
        ----------
        columns : tuple of ndarray of float, each of shape (A,) or (A, q)
            The different answers.
        known : slice or ndarray of int
            Where they are among those counted; the others are gaps.
        sums : ndarray of float, shape (n, L, 3)
            As `survey.analysis.grouping.answers.Answers` has them.

        Returns
        -------
        Table
            What estimates are made from.
        """
        ends = np.cumsum([count for _, count, _ in self._parts])[:-1]
        parts = zip(np.split(added(self._adding, sums)[:, known], ends), self._parts, strict=True)
        found = [part[:, :, COUNTED[kind]] for part, (_, _, kind) in parts]
        for place, count, kind in self._paired:
            own = sums[:, known, COUNTED[kind]]
            if kind is Kind.SIZES:  # of all answers together
                own = own @ np.ones((own.shape[1], 1)) * np.abs(self._ratio)[:, None]
            found.append(sums_by(place, own, count))
        return Table(columns=columns, sums=found)

    @cached_property
    def _values(self) -> dict[Kind, Floats | None]:
        """What each row adds."""
        design = self.prepared.design
        every: dict[Kind, Floats | None] = {
            Kind.ROWS: design.counts,
            Kind.WEIGHTS: design.weights,
            Kind.BASE: design.base,
            Kind.SQUARES: self.prepared.squares,
            Kind.SIZES: np.abs(design.weights),
        }
        if len(self._rows) == design.rows:
            return every
        return {kind: None if values is None else values[self._rows] for kind, values in every.items()}

    @cached_property
    def _ratio(self) -> Floats:
        return self.prepared.ratio[self._rows]

    @cached_property
    def _adding(self) -> sparse.csc_array:
        """Adds up what was counted behind the rows, in base weights: the ratio makes final weights of them."""
        ratio = self._ratio
        factors = {Kind.WEIGHTS: ratio, Kind.SQUARES: np.square(ratio), Kind.SIZES: np.abs(ratio)}
        ones = np.ones(len(ratio))
        return adding([(place, count, factors.get(kind, ones)) for place, count, kind in self._parts])


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """Items with equally many answers, side by side.

    Attributes
    ----------
    ground : Ground
    columns : tuple of tuple of ndarray of float
        The different answers to each of I items.
    sums, numbers : ndarray of float, shape (D, I, A)
        Final weights and raw rows.
    squares : ndarray of float, shape (D, I)
        Squared final weights.
    masses : list of ndarray of float, each of shape (spots, I, A)
        Final weights by units of each stage.
    inside : list of ndarray of bool, each of shape (U, D, I)
        Units of each stage with somebody who answered and whose weight is not 0.
    old : ndarray of float, shape (spots, I, A), optional
        Base weights by calibration cell, or raw rows for a variance as R's ``rake()`` has it.
    paired : ndarray of float, shape (spots, I, A), optional
        Base weights by pair of replicates' unit and cell, or raw rows where replicate weights are whole.
    present : ndarray of bool, shape (spots, I), optional
        Pairs with somebody who answered and whose weight is not 0.
    """

    ground: Ground
    columns: tuple[Columns, ...]
    sums: Floats
    numbers: Floats
    squares: Floats
    masses: list[Floats]
    inside: list[Flags]
    old: Floats | None
    paired: Floats | None
    present: Flags | None

    @classmethod
    def of(cls, ground: Ground, tables: Sequence[Table]) -> Crossed:
        """Lay items side by side.

        Parameters
        ----------
        ground : Ground
            Where they were added up.
        tables : sequence of Table
            Items with equally many answers.

        Returns
        -------
        Crossed
            Of all of them.
        """
        parts = iter([np.stack(sums, axis=1) for sums in zip(*(table.sums for table in tables), strict=True)])
        masses = [next(parts) for _ in ground.units]
        numbers, squares = next(parts), next(parts).sum(axis=2)
        old = None if ground.cells is None else next(parts)
        weighty = [next(parts) for _ in ground.units] if ground.signed else masses
        paired, sizes = (None, None) if ground.pairs is None else parts
        first, shape = ground.units[0], masses[0].shape
        sums = sums_by(first.domain, masses[0].reshape(len(first), -1), ground.domains)
        return cls(
            ground=ground,
            columns=tuple(table.columns for table in tables),
            sums=sums.reshape(-1, *shape[1:]),
            numbers=numbers,
            squares=squares,
            masses=masses,
            inside=[spots.spread(_some(each)) for spots, each in zip(ground.units, weighty, strict=True)],
            old=old,
            paired=paired,
            present=None if sizes is None else _some(sizes),
        )


def _some(sizes: Floats) -> Flags:
    """Whether there is anything in any answer."""
    return np.asarray(sizes @ np.ones(sizes.shape[2]) > 0)
