"""Estimates of all domains at once, from weights added up by domain, answer and unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.estimating.crossed import Crossed
from survey.analysis.estimating.replicated import ranks, values_of_replicates
from survey.analysis.estimating.results import Linear, Part, Statistic
from survey.analysis.variance.linear import variances
from survey.analysis.variance.replicates import replicate_covariance

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def parts_of(cross: Crossed, statistic: Statistic, *, joint: bool) -> list[Part]:
    """Estimate every domain.

    Parameters
    ----------
    cross : Crossed
        D domains.
    statistic : callable
        ``(weights, *columns) -> Linear`` with k values.
    joint : bool
        Keep the totals of the units.

    Returns
    -------
    list of Part
        D of them.
    """
    prepared, rows = cross.prepared, cross.rows
    weights = prepared.design.weights[rows]
    masses = [cross.by(stage.unit[rows], stage.units, weights) for stage in prepared.stages]
    sums, numbers = masses[0].sum(axis=2), _numbers(cross)
    inside = _inside(cross, masses, weights)
    n, size = numbers.sum(axis=1), sums.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        values, scores = _evaluated(cross, statistic, sums, numbers > 0)
        kish = n * np.bincount(cross.domain, prepared.squares[rows], cross.domains) / size**2
        simple = _simple(sums, scores, n, size)
    empty = ~np.asarray(inside[0].any(axis=1))
    values[empty & ~np.isfinite(values).all(axis=1)] = np.nan
    scores[empty] = 0.0
    df, units = _degrees(cross, inside[0], weights != 0)
    found = _Spread.of(cross, statistic, masses, inside, Linear(values, scores))
    return [
        Part(
            value=values[i],
            variance=np.zeros_like(values[i]) if empty[i] else found.variance[i],
            totals=found.own(cross, i) if joint else None,
            df=float(df[i]),
            n=float(n[i]),
            units=float(units[i]),
            size=float(size[i]),
            kish=float(kish[i]) if size[i] > 0 else np.nan,
            simple=simple[i],
            failed=None if empty[i] else found.failed[i],
            replicates=None if empty[i] or found.replicated is None else found.replicated[i],
        )
        for i in range(cross.domains)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spread:
    """Variances of shape (D, k), why one is refused, and what they come from: units' totals or replicates."""

    variance: Floats
    failed: list[str | None]
    totals: list[Floats] | None = None
    replicated: list[Floats] | None = None

    @classmethod
    def of(
        cls, cross: Crossed, statistic: Statistic, masses: list[Floats], inside: list[Flags], linear: Linear
    ) -> _Spread:
        design = cross.prepared.design
        if design.replicates is None:
            totals = _totals(cross, masses, linear.scores)
            variance, failed = variances(design, totals, inside)
            return cls(variance=variance, failed=failed, totals=totals)
        found = values_of_replicates(cross, statistic)
        pairs = zip(found, linear.value, strict=True)
        diagonals = [np.diag(replicate_covariance(design.replicates, values, centre)) for values, centre in pairs]
        return cls(variance=np.array(diagonals), failed=[None] * cross.domains, replicated=found)

    def own(self, cross: Crossed, domain: int) -> list[Floats]:
        """Totals of one domain, 0 with replicates."""
        width = self.variance.shape[1]
        if self.totals is None:
            return [np.zeros((stage.units, width)) for stage in cross.prepared.stages]
        return [sums[:, domain * width : (domain + 1) * width] for sums in self.totals]


def _numbers(cross: Crossed) -> Floats:
    """Raw rows of each domain and answer, shape (D, A)."""
    counts = cross.prepared.design.counts
    found = np.bincount(cross.cell, None if counts is None else counts[cross.rows], cross.domains * cross.answers)
    return np.asarray(found, dtype=float).reshape(cross.domains, -1)


def _inside(cross: Crossed, masses: list[Floats], weights: Floats) -> list[Flags]:
    """Units of each stage with members whose weight is not 0, each of shape (D, U)."""
    if weights.min() >= 0:
        return [np.asarray(mass.any(axis=1)) for mass in masses]
    weighty = weights != 0  # a sum can be 0 though no weight is
    units = [(stage.unit[cross.rows], stage.units) for stage in cross.prepared.stages]
    return [np.asarray(cross.by(unit, count, weighty.astype(float)).any(axis=1)) for unit, count in units]


def _evaluated(cross: Crossed, statistic: Statistic, sums: Floats, present: Flags) -> tuple[Floats, Floats]:
    """Values, shape (D, k), and scores of every answer, shape (D, A, k), 0 for answers nobody gave."""
    values, scores = [], []
    for weights, there in zip(sums, present, strict=True):
        if there.all():
            linear = statistic(weights, *cross.columns)
            scores.append(linear.scores)
        else:
            linear = statistic(weights[there], *(column[there] for column in cross.columns))
            own = np.zeros((len(there), len(linear.value)))
            own[there] = linear.scores
            scores.append(own)
        values.append(linear.value)
    return np.array(values), np.array(scores)


def _simple(sums: Floats, scores: Floats, n: Floats, size: Floats) -> Floats:
    """Variance under simple random sampling, shape (D, k)."""
    centre = np.einsum("da,dak->dk", sums, scores) / size[:, None]
    spread = np.einsum("da,dak->dk", sums, np.square(scores - centre[:, None]))
    simple = spread * (size / (n - 1))[:, None]
    return np.where(((n < 2) | (size <= 0))[:, None], np.nan, simple)


def _degrees(cross: Crossed, inside: Flags, weighty: Flags) -> tuple[Floats, Floats]:
    """Degrees of freedom and first-stage units of each domain."""
    design, units = cross.prepared.design, inside.sum(axis=1).astype(float)
    if design.replicates is not None:
        return ranks(cross, weighty) - 1, units
    first = cross.prepared.stages[0]
    domain, unit = np.nonzero(inside)
    shape = cross.domains, len(first.sampled)
    strata = np.bincount(domain * shape[1] + first.stratum[unit], minlength=shape[0] * shape[1]).reshape(shape) > 0
    return np.asarray(units - strata.sum(axis=1)), units


def _totals(cross: Crossed, masses: list[Floats], scores: Floats) -> list[Floats]:
    """Totals of weighted scores less what the controls explain, by unit of each stage, each of shape (U, D·k)."""
    prepared = cross.prepared
    design, projection = prepared.design, prepared.design.projection
    sums = [_spread(mass, scores) for mass in masses]
    if projection is None or design.controls is None:
        return sums
    controls, rows = projection.controls, cross.rows
    old = design.base if not controls.unweighted else design.counts
    mass = cross.by(controls.cell[rows], controls.cells, None if old is None else old[rows])
    fitted = projection.fit(_spread(mass, scores))
    parts = zip(prepared.stages, prepared.masses, sums, strict=True)
    return [own - projection.explained(stage.unit, stage.units, whole, fitted) for stage, whole, own in parts]


def _spread(mass: Floats, scores: Floats) -> Floats:
    """Scores times the masses of their answers, (D, A, U) and (D, A, k) to (U, D·k)."""
    return np.asarray(np.matmul(mass.transpose(0, 2, 1), scores).transpose(1, 0, 2).reshape(mass.shape[2], -1))
