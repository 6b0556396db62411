"""The one door: domains, gaps, clusters, calibration and variance for every statistic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.controls import sums_by
from survey.analysis.design import Design
from survey.analysis.errors import SinglePsuError
from survey.analysis.stages import Stage
from survey.analysis.variance.linear import covariance
from survey.analysis.variance.rank import rank
from survey.analysis.variance.replicates import replicate_covariance, replicate_values

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Linear:
    """A statistic and its linearisation.

    Attributes
    ----------
    value : ndarray of float, shape (k,)
        The estimate; shape (k, R) when the weights came as a matrix of R replicates.
    scores : ndarray of float, shape (n, k)
        Influence of each row per unit of weight: the estimate varies like the total of weight · score.
    """

    value: Floats
    scores: Floats


Statistic = Callable[..., Linear]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Estimates of D domains, k values each.

    Attributes
    ----------
    value : ndarray of float, shape (D, k)
        NaN where nobody answered or all weights are 0.
    variance : ndarray of float, shape (D, k)
        Design-based variances; NaN where there is no estimate or `failed` tells why.
    covariance : ndarray of float, shape (D·k, D·k), optional
        Domain by domain, when `joint` was asked for.
    df : ndarray of float, shape (D,)
        Sampling units less strata with members; rank of the replicate weights less 1.
    whole_df : float
        The same for all domains together, when `joint` was asked for.
    n : ndarray of float, shape (D,)
        Raw rows that answered.
    units : ndarray of float, shape (D,)
        First-stage units with members.
    size : ndarray of float, shape (D,)
        Sum of the weights of the rows that answered.
    kish : ndarray of float, shape (D,)
        Design effect of the unequal weights alone, n Σw² / (Σw)².
    simple : ndarray of float, shape (D, k)
        Variance under simple random sampling of n with replacement.
    failed : tuple of str or None, length D
        Why a domain has no variance.
    replicates : tuple of ndarray or None, length D
        Values of each replicate, shape (R, k), when the design has them.
    """

    value: Floats
    variance: Floats
    covariance: Floats | None
    df: Floats
    whole_df: float
    n: Floats
    units: Floats
    size: Floats
    kish: Floats
    simple: Floats
    failed: tuple[str | None, ...]
    replicates: tuple[Floats | None, ...]

    @property
    def se(self) -> Floats:
        """Standard errors, shape (D, k)."""
        return np.sqrt(self.variance)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One domain on its way through the door."""

    value: Floats
    variance: Floats
    totals: list[Floats] | None
    df: float
    n: float
    units: float
    size: float
    kish: float
    simple: Floats
    failed: str | None
    replicates: Floats | None


def estimate(
    design: Design,
    statistic: Statistic,
    *columns: Floats,
    by: Ints | None = None,
    domains: int | None = None,
    joint: bool = False,
) -> Estimate:
    """Estimate a statistic in each domain, with its design-based variance.

    Parameters
    ----------
    design : Design
        Of n rows, raw or grouped.
    statistic : callable
        ``(weights (m,), *columns) -> Linear``, pure; called with the rows that answered.
    *columns : ndarray of float, shape (n,) or (n, q)
        What it reads; a row with NaN in one of them did not answer.
    by : ndarray of int, shape (n,), optional
        Domain of each row, 0..D-1; below 0 for rows of no domain.
    domains : int, optional
        D, when the last domains may be empty.
    joint : bool
        Also give the covariance among domains.

    Returns
    -------
    Estimate
        Of every domain.

    Raises
    ------
    AnalysisError
        What a statistic raises for its columns. A domain whose variance the single-PSU rule refuses is told in
        `failed` instead.

    Notes
    -----
    Rows outside a domain stay in the design with score 0, so that sampling units and strata without members
    count as they should [1]_.

    References
    ----------
    .. [1] Lumley (2010), Complex Surveys, section 2.2.1.

    Examples
    --------
    By district, after raking to district and sex::

        design = design_of(weights, strata, [community])
        raked = rake(design, [Margin(("district",), district, targets), Margin(("sex",), sex, sexes)])
        done = estimate(raked, mean, overall, by=district)
        done.value[:, 0], done.se[:, 0], done.df        # one entry per district
    """
    known = _answered(design, columns)
    if by is not None:
        known &= by >= 0
    count = domains if domains is not None else 1 if by is None else int(by.max(initial=-1)) + 1
    prepared = Prepared.of(design)
    parts = [_part(prepared, statistic, columns, rows, joint) for rows in _rows_of(known, by, count)]
    return _joined(prepared, parts, known, joint)


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


def _answered(design: Design, columns: tuple[Floats, ...]) -> Flags:
    known = np.ones(design.rows, dtype=bool)
    for column in columns:
        finite = np.isfinite(column)
        known &= finite if finite.ndim == 1 else finite.all(axis=1)
    return known


def _rows_of(known: Flags, by: Ints | None, count: int) -> list[Ints]:
    rows = np.flatnonzero(known)
    if by is None:
        return [rows]
    own = by[rows]
    short = own.astype(np.uint16) if count < np.iinfo(np.uint16).max else own  # sorted by radix
    order = rows[np.argsort(short, kind="stable")]
    ends = np.cumsum(np.bincount(own, minlength=count))
    return np.split(order, ends[:-1]) if count else []


def _part(prepared: Prepared, statistic: Statistic, columns: tuple[Floats, ...], rows: Ints, joint: bool) -> _Part:
    design = prepared.design
    weights = design.weights[rows]
    own = tuple(column[rows] for column in columns)
    n = float(len(rows) if design.counts is None else design.counts[rows].sum())
    size = float(weights.sum())
    kish = float(n * prepared.squares[rows].sum() / size**2) if size > 0 else np.nan
    weighty = rows if weights.all() else rows[weights != 0]
    inside = prepared.inside(weighty)
    df, units = _degrees(design, weighty, inside[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        linear = statistic(weights, *own)
        simple = _simple(linear, weights, n, size)
    totals, values, failed = None, None, None
    if not weights.any():
        linear = Linear(
            linear.value if np.isfinite(linear.value).all() else np.full_like(linear.value, np.nan), linear.scores
        )
        variance = np.zeros_like(linear.value)
    elif design.replicates is not None:
        values = replicate_values(design, statistic, own, rows)
        variance = np.diag(replicate_covariance(design.replicates, values, linear.value))
    else:
        totals = prepared.totals(linear, rows)
        variance, failed = _linearised(design, totals, inside)
    if joint and totals is None:
        totals = [np.zeros((stage.units, len(linear.value))) for stage in prepared.stages]
    return _Part(
        value=linear.value,
        variance=variance,
        totals=totals if joint else None,
        df=df,
        n=n,
        units=units,
        size=size,
        kish=kish,
        simple=simple,
        failed=failed,
        replicates=values,
    )


def _linearised(design: Design, totals: list[Floats], inside: list[Flags]) -> tuple[Floats, str | None]:
    try:
        return np.diag(covariance(design, totals, inside)), None
    except SinglePsuError as problem:
        return np.full(totals[0].shape[1], np.nan), str(problem)


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
    return _degrees(design, rows, np.bincount(stage.unit[rows], minlength=stage.units) > 0)


def _degrees(design: Design, rows: Ints, inside: Flags) -> tuple[float, float]:
    units = float(np.count_nonzero(inside))
    if design.replicates is not None:
        return float(rank(design, rows) - 1), units
    strata = np.bincount(design.stages[0].stratum[inside], minlength=1) > 0
    return units - float(np.count_nonzero(strata)), units


def _simple(linear: Linear, weights: Floats, n: float, size: float) -> Floats:
    if n < 2 or size <= 0:
        return np.full_like(linear.value, np.nan)
    centre = weights @ linear.scores / size
    spread = weights @ np.square(linear.scores - centre) / size
    return np.asarray(n / (n - 1) * spread * size**2 / n)


def _joined(prepared: Prepared, parts: list[_Part], known: Flags, joint: bool) -> Estimate:
    design = prepared.design
    width = len(parts[0].value) if parts else 1
    values = np.array([part.value for part in parts]).reshape(-1, width)
    spread = np.array([part.variance for part in parts]).reshape(-1, width)
    whole = np.flatnonzero(known & (design.weights != 0))
    return Estimate(
        value=values,
        variance=np.where(np.isfinite(values), spread, np.nan),
        covariance=_joint(prepared, parts, whole) if joint and parts else None,
        df=np.array([part.df for part in parts]),
        whole_df=degrees_of_freedom(design, whole)[0] if joint else np.nan,
        n=np.array([part.n for part in parts]),
        units=np.array([part.units for part in parts]),
        size=np.array([part.size for part in parts]),
        kish=np.array([part.kish for part in parts]),
        simple=np.array([part.simple for part in parts]).reshape(-1, width),
        failed=tuple(part.failed for part in parts),
        replicates=tuple(part.replicates for part in parts),
    )


def _joint(prepared: Prepared, parts: list[_Part], whole: Ints) -> Floats:
    design = prepared.design
    if design.replicates is not None:
        width = design.replicates.factors.shape[1]
        values = np.hstack(
            [np.zeros((width, len(part.value))) if part.replicates is None else part.replicates for part in parts]
        )
        centre = np.concatenate([part.value for part in parts])
        return replicate_covariance(design.replicates, values, centre)
    domains = [part.totals for part in parts if part.totals is not None]
    stacked = [np.hstack(totals) for totals in zip(*domains, strict=True)]
    return covariance(design, stacked, prepared.inside(whole))
