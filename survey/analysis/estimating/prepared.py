"""A design with what all domains share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design
from survey.analysis.estimating.results import Linear
from survey.analysis.stages import Stage
from survey.analysis.sums import sums_by
from survey.analysis.variance.rank import rank

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A design with what all domains share.

    Attributes
    ----------
    design : Design
    stages : tuple of Stage
        Where the scores are summed.
    masses : tuple of ndarray of float, each of shape (U, C), or None
        Weights of each stage's units by calibration cell.
    squares : ndarray of float, shape (n,)
        Sums of squared weights.
    """

    design: Design
    stages: tuple[Stage, ...]
    masses: tuple[Floats | None, ...]
    squares: Floats

    @classmethod
    def of(cls, design: Design, stages: tuple[Stage, ...] | None = None) -> Prepared:
        """Prepare a design.

        Parameters
        ----------
        design : Design
            Of n rows.
        stages : tuple of Stage, optional
            Where its rows are part of a larger sample: the stages of that.

        Returns
        -------
        Prepared
            For any number of domains and statistics.
        """
        stages = design.stages if stages is None else stages
        projection = design.projection
        masses = [None if projection is None else projection.masses(stage.unit, stage.units) for stage in stages]
        return cls(design=design, stages=stages, masses=tuple(masses), squares=design.squared())

    @property
    def ratio(self) -> Floats:
        """New to old weight of each row, 0 where the old is 0; shape (n,)."""
        design = self.design
        return np.divide(design.weights, design.base, out=np.zeros(design.rows), where=design.base > 0)

    def totals(self, linear: Linear, rows: Ints) -> list[Floats]:
        """Sum weighted scores, less what the controls explain, to the units of each stage.

        Parameters
        ----------
        linear : Linear
            A statistic of m rows, k values.
        rows : ndarray of int, shape (m,)
            Which rows of the design they are.

        Returns
        -------
        list of ndarray of float, each of shape (U, k)
            For each stage.
        """
        design, projection = self.design, self.design.projection
        scores = design.weights[rows, None] * linear.scores
        sums = [sums_by(stage.unit[rows], scores, stage.units) for stage in self.stages]
        if projection is None:
            return sums
        counts = None if design.counts is None else design.counts[rows]
        cell = projection.controls.cell[rows]
        fitted = projection.fitted(cell, design.base[rows], counts, linear.scores)
        parts = zip(self.stages, self.masses, sums, strict=True)
        return [own - projection.explained(stage.unit, stage.units, mass, fitted) for stage, mass, own in parts]

    def inside(self, rows: Ints) -> list[Flags]:
        """Units of each stage that some rows are in.

        Parameters
        ----------
        rows : ndarray of int, shape (m,)
            Rows of the design.

        Returns
        -------
        list of ndarray of bool, each of shape (U,)
            For each stage.
        """
        return [np.bincount(stage.unit[rows], minlength=stage.units) > 0 for stage in self.stages]


def degrees_of_freedom(design: Design, rows: Ints) -> tuple[float, float]:
    """Degrees of freedom of rows with answers and a weight over 0.

    Parameters
    ----------
    design : Design
        Of n rows.
    rows : ndarray of int, shape (m,)
        Which of them.

    Returns
    -------
    df : float
        Sampling units less strata with members; with replicates the rank of their weights less 1.
    units : float
        First-stage units the rows are in.
    """
    stage = design.stages[0]
    return degrees(design, rows, np.bincount(stage.unit[rows], minlength=stage.units) > 0)


def degrees(design: Design, rows: Ints, inside: Flags) -> tuple[float, float]:
    units = float(np.count_nonzero(inside))
    if design.replicates is not None:
        return float(rank(design, rows) - 1), units
    strata = np.bincount(design.stages[0].stratum[inside], minlength=1) > 0
    return units - float(np.count_nonzero(strata)), units
