"""Calibration controls, held compactly: rows fall into cells, cells carry the covariates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.sums import sums_by

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
SWEEPS = 10
SPARSE, SMALL = 8, 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """What a design was calibrated to.

    Rows of one cell share their covariates, so they share the ratio of new to old weight; everything
    below works on cells and costs the same for any number of rows.

    Attributes
    ----------
    cell : ndarray of int, shape (n,)
        Cell of each row, 0..C-1.
    covariates : ndarray of float, shape (C, p)
        Calibration variables of each cell (dummies of the margins, or numbers).
    targets : ndarray of float, shape (p,)
        Population totals of the covariates.
    names : tuple of str, length p
        What each covariate is, for messages: ``stype = E``.
    solve : callable (C,) or (C, R) -> same shape
        Ratios of new to old weight for cells with these sums of old weights; raises `AnalysisError`.
    margins : tuple of ndarray of int, shape (C,)
        Level of each cell on each margin; empty unless raked.
    unweighted : bool
        Variance as R's ``rake()`` has it: sweeps of unweighted means.
    averaged : ndarray of float, shape (n,), optional
        Old weights averaged within clusters (equal weights within clusters).
    """

    cell: Ints
    covariates: Floats
    targets: Floats
    names: tuple[str, ...]
    solve: Callable[[Floats], Floats]
    margins: tuple[Ints, ...] = ()
    unweighted: bool = False
    averaged: Floats | None = None

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.covariates)

    def sums(self, rows: Floats) -> Floats:
        """Add up over the rows of each cell.

        Parameters
        ----------
        rows : ndarray of float, shape (n,)
            Weights.

        Returns
        -------
        ndarray of float, shape (C,)
            Sum of weights of each cell.
        """
        return sums_by(self.cell, rows, self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    r"""Regression of scores on the controls, prepared once for a design.

    Notes
    -----
    The calibrated estimator varies like the total of :math:`g_k d_k (z_k - x_k'\hat B)` with
    :math:`\hat B = (\sum d_k x_k x_k')^{-1} \sum d_k x_k z_k` [1]_. Under ``unweighted`` the fitted values
    come from ten sweeps of unweighted means over the margins, as in R's ``rake()``.

    References
    ----------
    .. [1] Deville, Särndal (1992), J. Amer. Statist. Assoc. 87, 376-382; Deville, Särndal, Sautory (1993),
       J. Amer. Statist. Assoc. 88, 1013-1020.
    """

    controls: Controls
    base: Floats
    counts: Floats
    inverse: Floats
    weight: Floats

    @classmethod
    def of(cls, controls: Controls, base: Floats, weights: Floats, counts: Floats) -> Projection:
        """Prepare the regression.

        Parameters
        ----------
        controls : Controls
            Of n rows, C cells and p covariates.
        base, weights : ndarray of float, shape (n,)
            Old and new weights.
        counts : ndarray of float, shape (C,)
            Raw rows of each cell; read under ``unweighted`` only.

        Returns
        -------
        Projection
            With the inverse of the weighted cross products, pseudo-inverse where margins determine each other.
        """
        sums = controls.sums(base if controls.averaged is None else controls.averaged)
        scale = np.sqrt(sums @ np.square(controls.covariates))
        scale = np.where(scale > 0, scale, 1.0)
        scaled = controls.covariates / scale
        inverse = np.linalg.pinv(scaled.T @ (sums[:, None] * scaled), rcond=1e-11, hermitian=True)
        weight = weights
        if controls.averaged is not None:
            ratio = np.ones(controls.cells)  # of the cell: rows of weight 0 have their part in its average too
            old = controls.sums(base)
            np.divide(controls.sums(weights), old, out=ratio, where=old > 0)
            weight = ratio[controls.cell] * controls.averaged
        return cls(
            controls=controls,
            base=sums,
            counts=counts,
            inverse=inverse / np.outer(scale, scale),
            weight=weight,
        )

    def masses(self, unit: Ints, units: int) -> Floats | None:
        """Sum the weights to units by cells.

        Parameters
        ----------
        unit : ndarray of int, shape (n,)
            Sampling unit of each row, 0..U-1.
        units : int
            U.

        Returns
        -------
        ndarray of float, shape (U, C), or None
            None when that is much larger than the rows.
        """
        count = self.controls.cells
        if units * count > max(SPARSE * len(unit), SMALL):
            return None
        sums = np.bincount(unit * count + self.controls.cell, self.weight, units * count)
        return np.asarray(sums, dtype=float).reshape(units, count)

    def explained(self, unit: Ints, units: int, masses: Floats | None, fitted: Floats) -> Floats:
        """Total by unit what the controls explain.

        Parameters
        ----------
        unit : ndarray of int, shape (n,)
            Sampling unit of each row, 0..U-1.
        units : int
            U.
        masses : ndarray of float, shape (U, C), or None
            From `masses`.
        fitted : ndarray of float, shape (C, k)
            Fitted scores of each cell.

        Returns
        -------
        ndarray of float, shape (U, k)
            To be taken from the units' totals of weighted scores.
        """
        if masses is not None:
            return masses @ fitted
        return sums_by(unit, self.weight[:, None] * fitted[self.controls.cell], units)

    def fitted(self, cell: Ints, base: Floats, counts: Floats | None, scores: Floats) -> Floats:
        """Fit scores on the controls.

        Parameters
        ----------
        cell, base, counts : ndarray, shape (m,)
            Cell, old weight and number of raw rows (None: 1) of the rows whose scores are not 0.
        scores : ndarray of float, shape (m, k)
            Their scores.

        Returns
        -------
        ndarray of float, shape (C, k)
            Fitted score of every cell.
        """
        mass = counts if self.controls.unweighted else base
        return self.fit(sums_by(cell, scores if mass is None else mass[:, None] * scores, self.controls.cells))

    def fit(self, sums: Floats) -> Floats:
        """Fit scores that were added up.

        Parameters
        ----------
        sums : ndarray of float, shape (C, k)
            Sums of scores by cell, each times its old weight, or under ``unweighted`` its number of raw rows.

        Returns
        -------
        ndarray of float, shape (C, k)
            Fitted score of every cell.
        """
        return self._swept(sums) if self.controls.unweighted else self._regressed(sums)

    def _regressed(self, sums: Floats) -> Floats:
        x = self.controls.covariates
        fitted = np.zeros_like(sums)
        for _ in range(2):  # the second round removes the rounding of the first
            fitted = fitted + x @ (self.inverse @ (x.T @ (sums - self.base[:, None] * fitted)))
        return fitted

    def _swept(self, sums: Floats) -> Floats:
        fitted = np.zeros_like(sums)
        for _ in range(SWEEPS):
            for level in self.controls.margins:
                left = sums - self.counts[:, None] * fitted
                count = int(level.max()) + 1
                rows = np.maximum(sums_by(level, self.counts, count), 1.0)
                fitted = fitted + (sums_by(level, left, count) / rows[:, None])[level]
        return fitted
