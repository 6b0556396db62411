"""Strengths and weaknesses: how strongly an index goes with overall satisfaction, and how satisfied residents are.

Both are compared with the average of the indices, each with an interval that holds for all indices and both
directions together (Bonferroni), because the reader picks out the extremes. What is not surely above or below the
average in both is "not distinguishable". Importance is a standardised regression coefficient with the other indices
held: it tells what goes together, not what causes what.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from survey.analysis.errors import AnalysisError
from survey.analysis.estimate import Estimate, Linear, estimate
from survey.analysis.intervals import t_interval
from survey.analysis.models.drivers import Driver, key_drivers, standardised_coefficients
from survey.report.figures import Finding
from survey.report.results import Sample

Floats = npt.NDArray[np.float64]
MOSTLY = 0.6
"""Part of the residents inside the margins who must have a value, so that the question was asked of everybody."""
FEWEST = 3


class Zone(StrEnum):
    """Where an index lies for sure."""

    IMPROVE = "improve"
    """Important, and below the average: first to improve."""
    KEEP = "keep"
    """Important, and above: a strength to keep."""
    WATCH = "watch"
    """Less important, and below."""
    FINE = "fine"
    """Less important, and above."""
    OPEN = "open"
    """Not distinguishable from the average in one of the two, or in both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A value less the average of all indices, with its interval for all together."""

    estimate: float
    low: float
    high: float

    @property
    def side(self) -> int:
        """1 surely above, -1 surely below, 0 not distinguishable."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """One index: its key-driver coefficient with its own interval, and both positions against the average."""

    finding: Finding
    driver: Driver
    importance: Against
    satisfaction: Against

    @property
    def zone(self) -> Zone:
        """The zone it surely lies in."""
        sides = (self.importance.side, self.satisfaction.side)
        if 0 in sides:
            return Zone.OPEN
        return {(1, -1): Zone.IMPROVE, (1, 1): Zone.KEEP, (-1, -1): Zone.WATCH, (-1, 1): Zone.FINE}[sides]


@dataclass(frozen=True, slots=True, kw_only=True)
class Priorities:
    """All indices that could be placed, in the plan's order, and what they were judged by."""

    placed: tuple[Priority, ...]
    left_out: tuple[Finding, ...]
    """Indices asked of some residents only, or hidden."""
    n: int
    df: float
    level: float


def priorities(sample: Sample) -> Priorities | None:
    """Importance and satisfaction of the indices; None where there are too few indices or answers."""
    frame, results = sample.frame, sample.results
    plan = results.wave.analysis
    head, *others = results.findings
    indices = [finding for finding in others if finding.measure.is_index]
    scores = {finding.measure.id: finding.measure.score(frame) for finding in indices}
    asked = {name: np.isfinite(column[frame.inside]).mean() >= MOSTLY for name, column in scores.items()}
    used = [one for one in indices if asked[one.measure.id] and one.city.score.shown]
    left = tuple(one for one in indices if one not in used)
    if len(used) < FEWEST or not head.city.score.shown:
        return None
    columns = np.column_stack([scores[one.measure.id] for one in used])
    overall = head.measure.score(frame)
    inside = np.where(frame.inside, 0, -1).astype(np.intp)
    design = results.weighting.design
    try:
        drivers = {
            driver.name: driver
            for driver in key_drivers(
                design,
                overall,
                {one.measure.id: column for one, column in zip(used, columns.T, strict=True)},
                inside=inside,
                level=plan.confidence_level,
            )
        }
        importance = estimate(design, centred_coefficients, overall, columns, by=inside, domains=1)
        satisfaction = estimate(design, centred_means, columns, by=inside, domains=1)
    except AnalysisError:
        return None
    df = next(iter(drivers.values())).df
    together = 1 - (1 - plan.confidence_level) / (2 * len(used))
    first, second = _against(importance, df, together), _against(satisfaction, float(satisfaction.df[0]), together)
    if first is None or second is None:
        return None
    return Priorities(
        placed=tuple(
            Priority(finding=one, driver=drivers[one.measure.id], importance=x, satisfaction=y)
            for one, x, y in zip(used, first, second, strict=True)
        ),
        left_out=left,
        n=int(importance.n[0]),
        df=df,
        level=plan.confidence_level,
    )


def centred_coefficients(weights: Floats, y: Floats, x: Floats) -> Linear:
    """Standardised coefficients less their average; shapes as in `standardised_coefficients`."""
    return _centred(standardised_coefficients(weights, y, x))


def centred_means(weights: Floats, x: Floats) -> Linear:
    """Means of the columns of `x`, shape (n, k), less their average."""
    size = weights.sum()
    value = weights @ x / size
    return _centred(Linear(value, (x - value) / size))


def _centred(one: Linear) -> Linear:
    return Linear(one.value - one.value.mean(), one.scores - one.scores.mean(axis=1, keepdims=True))


def _against(done: Estimate, df: float, level: float) -> list[Against] | None:
    found = []
    for value, se in zip(done.value[0], done.se[0], strict=True):
        interval = t_interval(float(value), float(se), df, level)
        if interval is None:
            return None
        found.append(Against(estimate=float(value), low=interval[0], high=interval[1]))
    return found
