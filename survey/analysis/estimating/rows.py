"""One domain after the other, row by row: statistics of many different answers, and those not known to add up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design
from survey.analysis.errors import SinglePsuError
from survey.analysis.estimating.prepared import Prepared, degrees, degrees_of_freedom
from survey.analysis.estimating.results import Estimate, Linear, Statistic
from survey.analysis.variance.linear import covariance
from survey.analysis.variance.replicates import replicate_covariance, replicate_values

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One domain; its fields are those of `Estimate`, and the totals of its units."""

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


def estimate_by_rows(
    prepared: Prepared, statistic: Statistic, columns: tuple[Floats, ...], by: Ints, domains: int, *, joint: bool
) -> Estimate:
    """Estimate a statistic in each domain.

    Parameters
    ----------
    prepared : Prepared
        A design of n rows.
    statistic : callable
        ``(weights, *columns) -> Linear``.
    columns : tuple of ndarray of float, each of shape (n,) or (n, q)
        What it reads.
    by : ndarray of int, shape (n,)
        Domain of each row, 0..D-1; below 0 for rows of none and for those that did not answer.
    domains : int
        D.
    joint : bool
        Also give the covariance among domains.

    Returns
    -------
    Estimate
        Of every domain.
    """
    parts = [_part(prepared, statistic, columns, rows, joint) for rows in _rows_of(by, domains)]
    return _joined(prepared, parts, by >= 0, joint)


def _rows_of(by: Ints, count: int) -> list[Ints]:
    rows = np.flatnonzero(by >= 0)
    if count <= 1:
        return [rows][:count]
    own = by[rows]
    short = own.astype(np.uint16) if count < np.iinfo(np.uint16).max else own  # sorted by radix
    order = rows[np.argsort(short, kind="stable")]
    ends = np.cumsum(np.bincount(own, minlength=count))
    return np.split(order, ends[:-1])


def _part(prepared: Prepared, statistic: Statistic, columns: tuple[Floats, ...], rows: Ints, joint: bool) -> _Part:
    design = prepared.design
    weights = design.weights[rows]
    own = tuple(column[rows] for column in columns)
    n = float(len(rows) if design.counts is None else design.counts[rows].sum())
    size = float(weights.sum())
    kish = float(n * prepared.squares[rows].sum() / size**2) if size > 0 else np.nan
    weighty = rows if weights.all() else rows[weights != 0]
    inside = prepared.inside(weighty)
    df, units = degrees(design, weighty, inside[0])
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
        degrees=partial(np.array, [part.df for part in parts]),
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
