"""How a sample was drawn: weights, strata, sampling units and finite populations, as codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from survey.analysis.controls import Controls, Projection
from survey.analysis.errors import DesignError
from survey.analysis.stages import Stage, stages_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
DENSE = 20_000_000
SinglePsuRule = Literal["fail", "adjust", "certainty", "average", "remove"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicates:
    """Replicate weights, as factors of sampling units.

    Attributes
    ----------
    unit : ndarray of int, shape (n,)
        Row of `factors` that belongs to each row of the data.
    factors : ndarray of float, shape (U, R)
        Factors on the base weight; whole weights when `whole`.
    scale : float
    rscales : ndarray of float, shape (R,)
        Variance is scale · Σ rscale · (θ_r - centre)².
    mse : bool
        Centre at the full-sample estimate instead of at the replicates' mean.
    whole : bool
        The factors are weights already.
    ratios : ndarray of float, shape (C, R), optional
        New to old weight of each calibration cell in each replicate.
    memo : dict
        Ranks found so far.
    """

    unit: Ints
    factors: Floats
    scale: float
    rscales: Floats
    mse: bool = False
    whole: bool = False
    ratios: Floats | None = None
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A sample with its weights: raw rows, or grouped rows that stand for several.

    Attributes
    ----------
    weights : ndarray of float, shape (n,)
        Final weights: how many people a row stands for; of grouped rows, their sum.
    base : ndarray of float, shape (n,)
        Design weights before any adjustment.
    stages : tuple of Stage
        Outermost first; stages that add nothing to the variance are left out.
    single : str
        What a stratum with one sampling unit does to the variance.
    single_in_domains : bool
        Whether the rule also holds for strata with one sampling unit inside the domain.
    counts, squares : ndarray of float, shape (n,), optional
        Of grouped rows: raw rows behind each, and the sum of their squared base weights.
    controls, projection
        What the weights were calibrated to, if they were.
    replicates : Replicates, optional
        Takes the place of the linearised variance.
    """

    weights: Floats
    base: Floats
    stages: tuple[Stage, ...]
    single: SinglePsuRule = "fail"
    single_in_domains: bool = False
    counts: Floats | None = None
    squares: Floats | None = None
    controls: Controls | None = None
    projection: Projection | None = None
    replicates: Replicates | None = None

    @property
    def rows(self) -> int:
        """Rows, grouped or raw."""
        return len(self.weights)

    def numbers(self) -> Floats:
        """Raw rows behind each row, shape (n,)."""
        return np.ones(self.rows) if self.counts is None else self.counts

    def tally(self, code: Ints, count: int) -> Floats:
        """Count raw rows by code.

        Parameters
        ----------
        code : ndarray of int, shape (n,)
            0..count-1.
        count : int
            Number of codes.

        Returns
        -------
        ndarray of float, shape (count,)
            Raw rows.
        """
        return np.asarray(np.bincount(code, self.counts, count), dtype=float)

    def squared(self) -> Floats:
        """Sum of squared final weights behind each row, shape (n,)."""
        if self.squares is None:
            return np.square(self.weights)
        ratio = np.divide(self.weights, self.base, out=np.zeros(self.rows), where=self.base > 0)
        return np.square(ratio) * self.squares


def design_of(
    weights: Floats,
    strata: npt.NDArray[np.generic] | None = None,
    clusters: Sequence[npt.NDArray[np.generic]] = (),
    fpc: Sequence[Floats] = (),
    *,
    single: SinglePsuRule = "fail",
    single_in_domains: bool = False,
) -> Design:
    """A design from columns of labels.

    Parameters
    ----------
    weights : ndarray of float, shape (n,)
        Design weights, 0 or more.
    strata : ndarray, shape (n,), optional
        Stratum labels (cross several columns with `codes_of` first).
    clusters : sequence of ndarray, each of shape (n,)
        Labels of the sampling units, outermost stage first; none: each row is its own unit. The same label
        in two strata, or in two units of the stage before, is two units.
    fpc : sequence of ndarray of float, each of shape (n,)
        Units the population has at each stage; missing stages count as infinite.
    single : {"fail", "adjust", "certainty", "average", "remove"}
        Rule for strata with one sampling unit.
    single_in_domains : bool
        Apply the rule inside domains too.

    Returns
    -------
    Design
        Of n rows, not adjusted, with linearised variance.

    Raises
    ------
    DesignError
        Weights below 0 or missing, or fewer units in the population than in the sample.
    """
    weights = np.asarray(weights, dtype=float)
    bad = ~(np.isfinite(weights) & (weights >= 0))
    if bad.any():
        raise DesignError(f"weights: {bad.sum()} of {len(bad)} rows are missing or below 0")
    stages = stages_of(strata, clusters, fpc, len(weights))
    return Design(weights=weights, base=weights, stages=stages, single=single, single_in_domains=single_in_domains)


def adjusted(design: Design, controls: Controls, weights: Floats) -> Design:
    """A design with calibrated weights, which remembers its base weights and controls.

    Parameters
    ----------
    design : Design
        Of n rows.
    controls : Controls
        What the weights meet.
    weights : ndarray of float, shape (n,)
        New weights.

    Returns
    -------
    Design
        Its variances are those of residuals on the controls.
    """
    rows = design.tally(controls.cell, controls.cells) if controls.unweighted else np.zeros(0)
    projection = Projection.of(controls, design.weights, weights, rows)
    return replace(design, weights=weights, base=design.weights, controls=controls, projection=projection)


def calibrated(design: Design, controls: Controls) -> Design:
    """Solve the controls for a design and, when it has replicates, again for each of them.

    Parameters
    ----------
    design : Design
        Of n rows; its weights become the base weights.
    controls : Controls
        Totals to meet.

    Returns
    -------
    Design
        With final weights, base weights and controls.

    Raises
    ------
    AnalysisError
        What `controls.solve` raises: totals that can't be met, or an iteration that stalls.
    """
    ratio = controls.solve(controls.sums(design.weights))
    done = adjusted(design, controls, design.weights * ratio[controls.cell])
    if design.replicates is None:
        return done
    return replace(done, replicates=replace(design.replicates, ratios=replicate_ratios(design, controls), memo={}))


def replicate_ratios(design: Design, controls: Controls) -> Floats:
    """Ratios of new to old weight of every cell in every replicate.

    Parameters
    ----------
    design : Design
        With R replicates.
    controls : Controls
        Of C cells.

    Returns
    -------
    ndarray of float, shape (C, R)
        Each replicate calibrated on its own.

    Raises
    ------
    DesignError
        The design has no replicates.
    AnalysisError
        A replicate that can't be calibrated; names the margin, the level and the replicate.
    """
    replicates = design.replicates
    if replicates is None:
        raise DesignError("the design has no replicates")
    units, count = len(replicates.factors), controls.cells
    base = np.ones(design.rows) if replicates.whole else design.base
    if units * count <= DENSE:
        key = controls.cell * units + replicates.unit
        mass = np.bincount(key, base, units * count).reshape(count, units)
        return controls.solve(mass @ replicates.factors)
    sums = [controls.sums(base * factor[replicates.unit]) for factor in replicates.factors.T]
    return controls.solve(np.column_stack(sums))
