"""Rows grouped in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.controls import sums_by
from survey.analysis.design import Design
from survey.analysis.grouping.split import split
from survey.analysis.grouping.tally import Codes, Sums, Tally

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Column = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Groups divided by an answer.

    Attributes
    ----------
    design : Design
        Of m rows, each of one group and one answer.
    y : ndarray of float, shape (m,)
        Answers, NaN for those who gave none.
    row : ndarray of int, shape (m,)
        Group of each row.
    """

    design: Design
    y: Floats
    row: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Raw rows by everything that makes them alike but their answers.

    Attributes
    ----------
    code : ndarray of int, shape (n,)
        Group of each raw row, 0..G-1.
    first : ndarray of int, shape (G,)
        One raw row of each group: ``column[first]`` is a key column by group.
    weights : ndarray of float, shape (n,)
        Base weights of the raw rows.
    sums : Sums
        Raw rows, base weights and squared base weights of each group, each of shape (G,).
    """

    code: Ints
    first: Ints
    weights: Floats
    sums: Sums

    def __len__(self) -> int:
        return len(self.first)

    @property
    def base(self) -> Floats:
        """Base weights of the groups, shape (G,)."""
        return self.sums.base

    def counted(self, design: Design) -> Design:
        """A design drawn up for the groups, told how many raw rows are behind each.

        Parameters
        ----------
        design : Design
            Of the G groups, from their key columns and `base`.

        Returns
        -------
        Design
            The same with counts and squared weights.
        """
        return replace(design, counts=self.sums.counts, squares=self.sums.squares)

    def weights_of(self, design: Design) -> Floats:
        """Final weights of the raw rows.

        Parameters
        ----------
        design : Design
            Of the G groups, adjusted.

        Returns
        -------
        ndarray of float, shape (n,)
            Base weight of each row times the ratio of its group.
        """
        ratio = np.divide(design.weights, self.base, out=np.zeros(len(self)), where=self.base > 0)
        return np.asarray(self.weights * ratio[self.code])

    def answers(self, design: Design, columns: Sequence[Column]) -> Iterator[Answered]:
        """Divide the groups by what was answered, one column after the other.

        Parameters
        ----------
        design : Design
            Of the G groups, adjusted or not.
        columns : sequence of ndarray, each of shape (n,)
            Whole numbers, below 0 where there is no answer; or floats, NaN where there is none.

        Yields
        ------
        Answered
        """
        coded = [_coded(column) for column in columns]
        tally = Tally(len(self), [len(values) for _, values in coded], len(self.code))
        tally.add(self.code, self.weights, [codes for codes, _ in coded])
        found = dict(tally.tables())
        for number, (_, values) in enumerate(coded):
            yield divided(design, found[number], values)


def divided(design: Design, sums: Sums, values: Floats) -> Answered:
    """Divide the rows of a design by what was answered.

    Parameters
    ----------
    design : Design
        Of G groups.
    sums : Sums
        Their tables by answer, of shape (G, L).
    values : ndarray of float, shape (L,)
        The answers, NaN for none.

    Returns
    -------
    Answered
        One row for each group and answer that somebody gave.
    """
    there = np.flatnonzero(sums.counts)
    row, code = np.divmod(there, len(values))
    parts = (part.ravel()[there] for part in (sums.base, sums.counts, sums.squares))
    return Answered(design=split(design, row, *parts), y=values[code], row=row)


def group(weights: Floats, *keys: Column) -> Groups:
    """Group rows by their keys.

    Parameters
    ----------
    weights : ndarray of float, shape (n,)
        Base weights.
    *keys : ndarray, each of shape (n,)
        Codes or labels of all that a design, its calibration and its domains read: strata, sampling units,
        margins, domains. Without gaps.

    Returns
    -------
    Groups
        G of them, in sorted order of the keys.

    Notes
    -----
    Rows with equal sampling units, calibration cell, domain and answer have equal scores, so their weighted count
    stands for them exactly. Linearised and replicate variances, degrees of freedom, effective sizes and
    calibration come out the same from the groups as from the rows.
    """
    code, count = codes_of(*keys)
    first = np.zeros(count, dtype=np.intp)
    first[code] = np.arange(len(code))
    sums = Sums(
        counts=np.bincount(code, minlength=count).astype(float),
        base=sums_by(code, weights, count),
        squares=sums_by(code, np.square(weights), count),
    )
    return Groups(code=code, first=first, weights=weights, sums=sums)


def _coded(column: Column) -> tuple[Codes, Floats]:
    """Codes 0..L-1 of a column and the answer each stands for, NaN the last if there are gaps."""
    if column.dtype.kind in "iu" and len(column):
        bare = column.view(column.dtype.str.replace("i", "u"))  # below 0 becomes larger than any answer
        low, high = int(bare.min()), int(column.max())
        width = high - low + 1
        if high >= 0 and width < np.iinfo(np.uint8).max:
            codes = np.minimum(bare - bare.dtype.type(low), bare.dtype.type(width)).astype(np.uint8, copy=False)
            return codes, np.append(np.arange(low, high + 1, dtype=float), np.nan)
    known = np.isfinite(column.astype(float, copy=False))
    values, place = np.unique(column[known], return_inverse=True)
    codes = np.full(len(column), len(values), dtype=np.intp)
    codes[known] = place
    return codes, np.append(values.astype(float), np.nan)
