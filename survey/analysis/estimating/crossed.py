"""Answers of several items, added up by domain and by sampling unit or calibration cell.

A statistic sees weights and answers, only each answer once. What follows costs the same for any number of rows.
Shapes: G rows, D domains, I items, A answers, k values, v kinds of sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.estimating.prepared import Prepared
from survey.analysis.sums import added, adding, sums_by

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
COUNTS, WEIGHTS, SQUARES = 0, 1, -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Answers to one item, added up.

    Attributes
    ----------
    columns : tuple of ndarray of float, each of shape (A,) or (A, q)
        The different answers.
    sums : list of ndarray of float, each of shape (spots or D, A, v)
        By units of each stage, by domain, by domain with the square of the ratio, and by cell if there are cells.
    base : ndarray of float, shape (G, A), optional
        Base weights, or raw rows where replicate weights are whole; kept for designs with replicates.
    present : ndarray of bool, shape (G,), optional
        Whether anybody behind a row has answered and has a weight other than 0; kept for designs with replicates or
        weights below 0.
    """

    columns: tuple[Floats, ...]
    sums: list[Floats]
    base: Floats | None
    present: Flags | None


class Spots:
    """Combinations of a domain and a code that there are, domain by domain.

    Parameters
    ----------
    domain : ndarray of int, shape (G,)
        0..D-1.
    domains : int
        D.
    code : ndarray of int, shape (G,)
        0..count-1: sampling unit or calibration cell.
    count : int
        Number of codes.
    """

    def __init__(self, domain: Ints, domains: int, code: Ints, count: int) -> None:
        self.place, size = codes_of(domain, code)
        first = np.zeros(size, dtype=np.intp)
        first[self.place] = np.arange(len(domain))
        self.domain, self.code = domain[first], code[first]
        self.shape = count, domains
        self._ends = np.searchsorted(self.domain, np.arange(domains + 1))

    def __len__(self) -> int:
        return len(self.code)

    def scored(self, masses: Floats, scores: Floats) -> Floats:
        """Masses of answers times their scores.

        Parameters
        ----------
        masses : ndarray of float, shape (spots, I, A)
            Weights.
        scores : ndarray of float, shape (D, I, A, k)
            Per unit of weight.

        Returns
        -------
        ndarray of float, shape (count, D, I, k)
            Totals.
        """
        found = np.zeros((*self.shape, scores.shape[1], scores.shape[3]))
        for domain, (start, end) in enumerate(pairwise(self._ends)):
            own = np.matmul(masses[start:end].transpose(1, 0, 2), scores[domain])
            found[self.code[start:end], domain] = own.transpose(1, 0, 2)
        return found

    def spread(self, flags: Flags) -> Flags:
        """Flags of spots laid out.

        Parameters
        ----------
        flags : ndarray of bool, shape (spots, I)
            Of each item.

        Returns
        -------
        ndarray of bool, shape (count, D, I)
            False where there is no spot.
        """
        found = np.zeros((*self.shape, flags.shape[1]), dtype=bool)
        found[self.code, self.domain] = flags
        return found


class Ground:
    """Rows that items are counted behind, and where they are added up.

    Parameters
    ----------
    prepared : Prepared
        A design.
    rows : ndarray of int, shape (G,)
        A row of the design for each row of the tables.
    domain : ndarray of int, shape (G,)
        0..D-1.
    domains : int
        D.
    ratio : ndarray of float, shape (G,), optional
        New to old weights where tables have old ones in the place of weights, and no other.
    """

    def __init__(self, prepared: Prepared, rows: Ints, domain: Ints, domains: int, ratio: Floats | None = None) -> None:
        design, controls = prepared.design, prepared.design.controls
        self.prepared, self.rows, self.domain, self.domains = prepared, rows, domain, domains
        self._base = WEIGHTS if ratio is not None else WEIGHTS + 1
        self.old = COUNTS if controls is not None and controls.unweighted else self._base
        self.units = [Spots(domain, domains, stage.unit[rows], stage.units) for stage in prepared.stages]
        self.cells = None if controls is None else Spots(domain, domains, controls.cell[rows], controls.cells)
        ones = np.ones(len(rows))
        self._ratio = ones if ratio is None else ratio
        parts = [(spots.place, len(spots), self._ratio) for spots in self.units]
        parts += [(domain, domains, ones), (domain, domains, np.square(self._ratio))]
        parts += [] if self.cells is None else [(self.cells.place, len(self.cells), ones)]
        self._ends, self._adding = np.cumsum([size for _, size, _ in parts])[:-1], adding(parts)
        self._replicates = design.replicates
        self._telling = design.replicates is not None or bool(design.weights.min(initial=0.0) < 0)

    def table(self, columns: tuple[Floats, ...], known: slice | Ints, sums: Floats) -> Table:
        """Add up what was answered to an item.

        Parameters
        ----------
        columns : tuple of ndarray of float, each of shape (A,) or (A, q)
            The different answers.
        known : slice or ndarray of int
            Where they are among the codes; the others are gaps.
        sums : ndarray of float, shape (G, L, v)
            By code: raw rows first, weights second, squared weights last.

        Returns
        -------
        Table
            What estimates are made from.
        """
        base, present = None, None
        if self._telling:
            present = np.asarray((sums[:, known, WEIGHTS] != 0).any(axis=1) & (self._ratio != 0))
        if self._replicates is not None:
            base = sums[:, :, COUNTS if self._replicates.whole else self._base][:, known]
        each = np.split(added(self._adding, sums)[:, known], self._ends)
        return Table(columns=columns, sums=each, base=base, present=present)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """Items with equally many answers, side by side.

    Attributes
    ----------
    ground : Ground
    tables : tuple of Table
        I items.
    sums, numbers : ndarray of float, shape (D, I, A)
        Final weights and raw rows.
    squares : ndarray of float, shape (D, I)
        Squared final weights.
    masses : list of ndarray of float, each of shape (spots, I, A)
        Final weights by units of each stage.
    old : ndarray of float, shape (spots, I, A), optional
        Base weights by calibration cell, or raw rows for a variance as R's ``rake()`` has it.
    """

    ground: Ground
    tables: tuple[Table, ...]
    sums: Floats
    numbers: Floats
    squares: Floats
    masses: list[Floats]
    old: Floats | None

    @classmethod
    def of(cls, ground: Ground, tables: Sequence[Table]) -> Crossed:
        """Lay items side by side.

        Parameters
        ----------
        ground : Ground
            Of G rows.
        tables : sequence of Table
            Items with equally many answers.

        Returns
        -------
        Crossed
            Of all of them.
        """
        stages, first = len(ground.units), ground.units[0]
        masses = [_side_by_side(tables, stage, WEIGHTS) for stage in range(stages)]
        return cls(
            ground=ground,
            tables=tuple(tables),
            sums=sums_by(first.domain, masses[0].reshape(len(first), -1), ground.domains).reshape(
                -1, *masses[0].shape[1:]
            ),
            numbers=_side_by_side(tables, stages, COUNTS),
            squares=_side_by_side(tables, stages + 1, SQUARES).sum(axis=2),
            masses=masses,
            old=None if ground.cells is None else _side_by_side(tables, stages + 2, ground.old),
        )

    def present(self) -> Flags:
        """Whether anybody behind a row has answered and has a weight other than 0, shape (G, I)."""
        return np.column_stack([table.present for table in self.tables if table.present is not None])

    def inside(self) -> list[Flags]:
        """Units of each stage with somebody present, each of shape (U, D, I)."""
        ground = self.ground
        if any(table.present is None for table in self.tables):
            there = [masses @ np.ones(masses.shape[2]) > 0 for masses in self.masses]
        else:  # a sum can be 0 though no weight is
            present = self.present().astype(float)
            there = [sums_by(spots.place, present, len(spots)) > 0 for spots in ground.units]
        return [spots.spread(flags) for spots, flags in zip(ground.units, there, strict=True)]


def _side_by_side(tables: Sequence[Table], part: int, kind: int) -> Floats:
    return np.stack([table.sums[part][:, :, kind] for table in tables], axis=1)
