"""Strengths and weaknesses: how strongly an index goes with overall satisfaction, and how satisfied residents are.

Both are compared with the average of the indices, each with an interval that holds for all indices and both
directions together (Bonferroni), because the reader picks out the extremes. What is not surely above or below the
average in both is "not distinguishable". Importance is a standardised regression coefficient with the other indices
held: it tells what goes together, not what causes what.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    head, *others = sample.results.findings
    indices = [finding for finding in others if finding.measure.is_index]
    used = [one for one in indices if one.city.score.shown and _asked_of_all(sample, one)]
    if len(used) < FEWEST or not head.city.score.shown:
        return None
    try:
        return _placed(sample, head, used, tuple(one for one in indices if one not in used))
    except AnalysisError:  # an index that never varies, or fewer sampling units than indices
        return None


def _asked_of_all(sample: Sample, finding: Finding) -> bool:
    return bool(np.isfinite(finding.measure.score(sample.frame)[sample.frame.inside]).mean() >= MOSTLY)


def _placed(sample: Sample, head: Finding, used: Sequence[Finding], left_out: tuple[Finding, ...]) -> Priorities | None:
    frame, design = sample.frame, sample.results.weighting.design
    level = sample.results.wave.analysis.confidence_level
    overall, items = head.measure.score(frame), {one.measure.id: one.measure.score(frame) for one in used}
    columns = np.column_stack(list(items.values()))
    inside = np.where(frame.inside, 0, -1).astype(np.intp)
    drivers = {one.name: one for one in key_drivers(design, overall, items, inside=inside, level=level)}
    importance = estimate(design, centred_coefficients, overall, columns, by=inside, domains=1)
    satisfaction = estimate(design, centred_means, columns, by=inside, domains=1)
    df = next(iter(drivers.values())).df
    together = 1 - (1 - level) / (2 * len(used))
    first, second = _against(importance, df, together), _against(satisfaction, float(satisfaction.df[0]), together)
    if first is None or second is None:
        return None
    return Priorities(
        placed=tuple(
            Priority(finding=one, driver=drivers[one.measure.id], importance=x, satisfaction=y)
            for one, x, y in zip(used, first, second, strict=True)
        ),
        left_out=left_out,
        n=int(importance.n[0]),
        df=df,
        level=level,
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
