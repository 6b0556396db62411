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
    """Answers to one item, counted.

    Attributes
    ----------
    columns : tuple of ndarray of float, each of shape (A,) or (A, q)
        The different answers.
    known : slice or ndarray of int
        Where they are among the columns of `sums`; the others are gaps.
    sums : ndarray of float, shape (G, L, v)
        Raw rows first, weights second, squared weights last.
    """

    columns: tuple[Floats, ...]
    known: slice | Ints
    sums: Floats


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
    old : int
        Which of a table's sums are base weights.
    ratio : ndarray of float, shape (G,)
        What a table's weights are to be multiplied by.
    """

    def __init__(self, prepared: Prepared, rows: Ints, domain: Ints, domains: int, *, old: int, ratio: Floats) -> None:
        controls = prepared.design.controls
        self.prepared, self.rows, self.domain, self.domains, self.ratio = prepared, rows, domain, domains, ratio
        self.old = COUNTS if controls is not None and controls.unweighted else old
        self.base = old
        self.units = [Spots(domain, domains, stage.unit[rows], stage.units) for stage in prepared.stages]
        cells = None if controls is None else Spots(domain, domains, controls.cell[rows], controls.cells)
        self.cells = cells
        ones = np.ones(len(rows))
        parts = [(spots.place, len(spots), ratio) for spots in self.units]
        parts += [(domain, domains, ones), (domain, domains, np.square(ratio))]
        parts += [] if cells is None else [(cells.place, len(cells), ones)]
        self._ends = np.cumsum([size for _, size, _ in parts])
        self._adding = adding(parts)

    def added(self, tables: Sequence[Table]) -> list[Floats]:
        """Add tables up.

        Parameters
        ----------
        tables : sequence of Table
            I items.

        Returns
        -------
        list of ndarray of float, each of shape (spots or D, I, A, v)
            By units of each stage, by domain, by domain with the square of the ratio, and by cell if there are cells.
        """
        each = [added(self._adding, table.sums)[:, table.known] for table in tables]
        return np.split(np.stack(each, axis=1), self._ends[:-1])


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
        """Add up what was counted.

        Parameters
        ----------
        ground : Ground
            Of G rows.
        tables : sequence of Table
            Items with equally many answers.

        Returns
        -------
        Crossed
            Side by side.
        """
        parts = ground.added(tables)
        stages = len(ground.units)
        whole, squared = parts[stages : stages + 2]
        masses = [np.ascontiguousarray(sums[..., WEIGHTS]) for sums in parts[:stages]]
        first = ground.units[0]
        return cls(
            ground=ground,
            tables=tuple(tables),
            sums=added(adding([(first.domain, ground.domains, np.ones(len(first)))]), masses[0]),
            numbers=whole[..., COUNTS],
            squares=squared[..., SQUARES].sum(axis=2),
            masses=masses,
            old=None if ground.cells is None else np.ascontiguousarray(parts[-1][..., ground.old]),
        )

    def present(self) -> Flags:
        """Whether anybody behind a row has answered and has a weight other than 0, shape (G, I)."""
        weighty = [(table.sums[:, table.known, WEIGHTS] != 0).any(axis=1) for table in self.tables]
        return np.asarray(np.column_stack(weighty) & (self.ground.ratio != 0)[:, None])

    def inside(self) -> list[Flags]:
        """Units of each stage with somebody present, each of shape (U, D, I)."""
        ground = self.ground
        if min(masses.min(initial=0.0) for masses in self.masses) >= 0:
            there = [masses @ np.ones(masses.shape[2]) > 0 for masses in self.masses]
        else:  # a sum can be 0 though no weight is
            present = self.present().astype(float)
            there = [sums_by(spots.place, present, len(spots)) > 0 for spots in ground.units]
        return [spots.spread(flags) for spots, flags in zip(ground.units, there, strict=True)]
