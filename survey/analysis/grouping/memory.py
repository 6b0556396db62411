"""Rows grouped in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.design import Design
from survey.analysis.grouping.answers import Answers, coded_answers
from survey.analysis.grouping.tally import Counter, Sums, behind, packs_of
from survey.analysis.sums import sums_by

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Column = npt.NDArray[np.generic]


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

    def answers(self, columns: Iterable[Column]) -> Iterator[Answers]:
        """Count what was answered behind each group.

        Parameters
        ----------
        columns : iterable of ndarray, each of shape (n,)
            Whole numbers, below 0 where there is no answer; or floats, NaN where there is none.

        Yields
        ------
        Answers
            One for each column, of one column of answers; counted when it is asked for.
        """
        coded = [coded_answers(column) for column in columns]
        codes = [codes for codes, _ in coded]
        values = iter([values for _, values in coded])
        counter = Counter(self.code, len(self), behind(self.weights))
        for pack in packs_of(len(self), [len(values) for _, values in coded], len(self.code)):
            for sums in pack.tables(pack.sums(counter, codes)):
                yield Answers(columns=(next(values),), sums=sums)


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
