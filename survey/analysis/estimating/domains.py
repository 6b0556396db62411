"""Estimates of all domains of several items at once, from weights added up by domain, answer and unit.

Shapes: G rows, D domains, I items, A answers, k values, U units of a stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from survey.analysis.estimating.crossed import Crossed, Ground
from survey.analysis.estimating.replicated import rank_of_part, values_of_replicates
from survey.analysis.estimating.results import Estimate, Linear, Statistic
from survey.analysis.sums import sums_by
from survey.analysis.variance.linear import covariance, variances
from survey.analysis.variance.replicates import replicate_covariance, replicate_variances

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def estimates_of(cross: Crossed, statistic: Statistic, *, joint: bool) -> list[Estimate]:
    """Estimate every item in every domain.

    Parameters
    ----------
    cross : Crossed
        I items, D domains.
    statistic : callable
        ``(weights, *columns) -> Linear`` with k values.
    joint : bool
        Also give the covariance among domains.

    Returns
    -------
    list of Estimate
        I of them.
    """
    every = _Evaluated.of(cross, statistic)
    spread = _Spread.of(cross, statistic, every)
    return [_estimate(cross, every, spread, item, joint=joint) for item in range(len(cross.columns))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evaluated:
    """What needs no variance: values and scores, who is there, and what describes the sample."""

    values: Floats  # (D, I, k)
    scores: Floats  # (D, I, A, k)
    empty: Flags  # (D, I), as all that follow
    n: Floats
    size: Floats
    kish: Floats
    units: Floats
    df: Floats | None  # None with replicates: found when asked for
    simple: Floats  # (D, I, k)

    @classmethod
    def of(cls, cross: Crossed, statistic: Statistic) -> _Evaluated:
        """Evaluate the statistic in every domain."""
        empty, n, size = ~np.asarray(cross.inside[0].any(axis=0)), cross.numbers.sum(axis=2), cross.sums.sum(axis=2)
        with np.errstate(divide="ignore", invalid="ignore"):
            values, scores = _values(cross, statistic)
            kish = np.where(size > 0, n * cross.squares / size**2, np.nan)
            simple = _simple(cross.sums, scores, n, size)
        values[empty & ~np.isfinite(values).all(axis=2)] = np.nan
        scores[empty] = 0.0
        return cls(
            values=values,
            scores=scores,
            empty=empty,
            n=n,
            size=size,
            kish=kish,
            units=cross.inside[0].sum(axis=0).astype(float),
            df=None if cross.ground.pairs is not None else _units_less_strata(cross.ground, cross.inside[0]),
            simple=simple,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spread:
    """Variances, why one is refused, and what they come from: totals of units, or replicates."""

    variance: Floats  # (D, I, k)
    failed: list[str | None]  # domain by domain, in each item by item
    totals: list[Floats] | None = None  # of each stage, (U, D, I, k)
    replicated: Floats | None = None  # (D, I, R, k)

    @classmethod
    def of(cls, cross: Crossed, statistic: Statistic, every: _Evaluated) -> _Spread:
        """Variances of what was evaluated."""
        design, shape = cross.ground.prepared.design, every.values.shape
        if design.replicates is None:
            totals = _totals(cross, every.scores)
            inside = [flags.reshape(len(flags), -1).T for flags in cross.inside]
            variance, failed = variances(design, [sums.reshape(len(sums), -1) for sums in totals], inside)
            return cls(variance=variance.reshape(shape), failed=failed, totals=totals)
        found = values_of_replicates(cross, statistic)
        each = found.reshape(-1, *found.shape[2:])
        variance = replicate_variances(design.replicates, each, every.values.reshape(len(each), -1))
        return cls(variance=variance.reshape(shape), failed=[None] * len(each), replicated=found)


def _estimate(cross: Crossed, every: _Evaluated, spread: _Spread, item: int, *, joint: bool) -> Estimate:
    items, value, empty = len(cross.columns), every.values[:, item], every.empty[:, item]
    variance = np.where(empty[:, None], 0.0, spread.variance[:, item])
    replicated = [None] * len(empty) if spread.replicated is None else list(spread.replicated[:, item])
    return Estimate(
        value=value,
        variance=np.where(np.isfinite(value), variance, np.nan),
        covariance=_joint(cross, every, spread, item) if joint else None,
        degrees=partial(_ranks, cross, item) if every.df is None else partial(np.asarray, every.df[:, item]),
        whole_df=_whole_df(cross, item) if joint else np.nan,
        n=every.n[:, item],
        units=every.units[:, item],
        size=every.size[:, item],
        kish=every.kish[:, item],
        simple=every.simple[:, item],
        failed=tuple(None if gone else why for gone, why in zip(empty, spread.failed[item::items], strict=True)),
        replicates=tuple(None if gone else values for gone, values in zip(empty, replicated, strict=True)),
    )


def _values(cross: Crossed, statistic: Statistic) -> tuple[Floats, Floats]:
    """Values and scores of every answer, 0 for answers nobody gave."""
    found, present = [], cross.numbers > 0
    full = np.asarray(present.all(axis=2))
    for domain, item in np.ndindex(full.shape):
        weights, columns = cross.sums[domain, item], cross.columns[item]
        if full[domain, item]:
            found.append(statistic(weights, *columns))
            continue
        there = present[domain, item]
        linear = statistic(weights[there], *(column[there] for column in columns))
        scores = np.zeros((len(there), len(linear.value)))
        scores[there] = linear.scores
        found.append(Linear(linear.value, scores))
    values, scores = np.array([linear.value for linear in found]), np.array([linear.scores for linear in found])
    return values.reshape(*full.shape, -1), scores.reshape(*present.shape, -1)


def _simple(sums: Floats, scores: Floats, n: Floats, size: Floats) -> Floats:
    """Variance under simple random sampling."""
    weights = sums[:, :, None]
    centre = weights @ scores / size[:, :, None, None]
    spread = (weights @ np.square(scores - centre))[:, :, 0]
    simple = spread * (size / (n - 1))[:, :, None]
    return np.where(((n < 2) | (size <= 0))[:, :, None], np.nan, simple)


def _totals(cross: Crossed, scores: Floats) -> list[Floats]:
    """Totals of weighted scores less what the controls explain, by unit of each stage, each of shape (U, D, I, k)."""
    ground, projection = cross.ground, cross.ground.prepared.design.projection
    sums = [spots.scored(masses, scores) for spots, masses in zip(ground.units, cross.masses, strict=True)]
    if projection is None or ground.cells is None or cross.old is None:
        return sums
    fitted = projection.fit(ground.cells.scored(cross.old, scores).reshape(projection.controls.cells, -1))
    parts = zip(ground.prepared.stages, ground.prepared.masses, sums, strict=True)
    return [
        own - projection.explained(stage.unit, stage.units, masses, fitted).reshape(own.shape)
        for stage, masses, own in parts
    ]


def _ranks(cross: Crossed, item: int) -> Floats:
    """Degrees of freedom of each domain with replicates."""
    own = [] if cross.ground.pairs is None else map(cross.ground.pairs.of, range(cross.ground.domains))
    return np.array([rank_of_part(cross, item, part) - 1 for part in own], dtype=float)


def _whole_df(cross: Crossed, item: int) -> float:
    """Degrees of freedom of all domains together."""
    if cross.ground.pairs is not None:
        return float(rank_of_part(cross, item, slice(None)) - 1)
    return float(_units_less_strata(cross.ground, np.asarray(cross.inside[0][:, :, item].any(axis=1))))


def _units_less_strata(ground: Ground, inside: Flags) -> Floats:
    """First-stage units with members less strata with members, for flags of shape (U, ...)."""
    stage, units = ground.prepared.stages[0], inside.sum(axis=0)
    if len(stage.sampled) == 1:
        return np.asarray(units - (units > 0), dtype=float)
    strata = sums_by(stage.stratum, inside.reshape(len(inside), -1), len(stage.sampled)) > 0
    return np.asarray(units - strata.sum(axis=0).reshape(inside.shape[1:]), dtype=float)


def _joint(cross: Crossed, every: _Evaluated, spread: _Spread, item: int) -> Floats:
    """Covariance of an item's values, domain by domain."""
    design, values = cross.ground.prepared.design, every.values[:, item]
    if design.replicates is None or spread.replicated is None:
        totals = [sums[:, :, item].reshape(len(sums), -1) for sums in spread.totals or []]
        return covariance(design, totals, [np.asarray(flags[:, :, item].any(axis=1)) for flags in cross.inside])
    replicated = np.where(every.empty[:, item, None, None], 0.0, spread.replicated[:, item])
    replicated = np.moveaxis(replicated, 1, 0).reshape(replicated.shape[1], -1)
    return replicate_covariance(design.replicates, replicated, values.ravel())
