"""Districts against the city and against each other: only what the tests say, all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from survey.analysis.contrasts import Difference, difference, ranks
from survey.analysis.estimate import Estimate, estimate, estimates
from survey.analysis.intervals import t_quantile
from survey.analysis.models.comparisons import means_less_the_whole
from survey.analysis.multiple import adjusted
from survey.analysis.statistics import mean
from survey.report.figures import Finding, Row
from survey.report.frame import Frame
from survey.report.results import Codes, Sample, domains

Floats = npt.NDArray[np.float64]
METHOD = "holm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One district's share of one measure against the city's.

    `own` is district less city, −1 to 1, with its interval alone; `adjusted_p` holds for all comparisons made together.
    """

    finding: Finding
    district: Row
    own: Difference
    adjusted_p: float
    differs: bool

    @property
    def difference(self) -> float:
        """District less city, −1 to 1."""
        return self.own.estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsOut:
    """All comparisons of a wave's headline and indices, and how many were made together."""

    compared: tuple[Standing, ...]
    measures: int
    level: float

    @property
    def sure(self) -> tuple[Standing, ...]:
        """Those that differ."""
        return tuple(one for one in self.compared if one.differs)


def stands_out(sample: Sample, findings: Sequence[Finding]) -> StandsOut:
    """Compare every shown district with the city in every measure, all together by Holm's method.

    Hidden districts, and measures whose city is hidden, are not compared. The whole a district is compared with is
    the published one: residents who did not state their district count in it. A difference has no more degrees of
    freedom than its district, whose few sampling units are most of what it varies by.
    """
    level = sample.results.wave.analysis.confidence_level
    compared = [finding for finding in findings if finding.city.share.shown]
    found = [one for asked, done in _less_the_city(sample, compared) for one in _compared(asked, done, level)]
    together = adjusted(np.array([one.p for _, _, one in found], dtype=np.float64), METHOD)
    return StandsOut(
        compared=tuple(
            Standing(finding=finding, district=row, own=one, adjusted_p=float(p), differs=bool(p <= 1 - level))
            for (finding, row, one), p in zip(found, together, strict=True)
        ),
        measures=len(compared),
        level=level,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A measure, whether each respondent counts as satisfied, and which of the districts `present` each lives in."""

    finding: Finding
    counted: Floats
    present: tuple[int, ...]
    """Positions of the districts somebody answered from; last, who did not state theirs."""
    domain: Floats

    @classmethod
    def of(cls, finding: Finding, frame: Frame, place: Codes) -> _Asked:
        counted = finding.measure.counted(frame)
        known = frame.inside & np.isfinite(counted)
        present, code = np.unique(place[known], return_inverse=True)
        domain = np.full(frame.rows, np.nan)
        domain[known] = code
        return cls(finding=finding, counted=counted, present=tuple(present.tolist()), domain=domain)


def _less_the_city(sample: Sample, findings: Sequence[Finding]) -> list[tuple[_Asked, Estimate]]:
    """Each district's share less the city's, measures answered from equally many districts in one call."""
    frame = sample.frame
    _, parts = domains(frame)
    place = np.where(parts < 0, len(frame.wave.districts), parts)  # not stated, but in the city all the same
    every = [_Asked.of(finding, frame, place) for finding in findings]
    done: dict[str, Estimate] = {}
    for width in {len(one.present) for one in every if len(one.present) > 1}:
        alike = [one for one in every if len(one.present) == width]
        statistic = partial(means_less_the_whole, domains=np.zeros((0, width)))
        items = [(one.counted, one.domain) for one in alike]
        found = estimates(sample.results.weighting.design, statistic, items)
        done |= zip([one.finding.measure.id for one in alike], found, strict=True)
    return [(one, done[one.finding.measure.id]) for one in every if one.finding.measure.id in done]


def _compared(asked: _Asked, done: Estimate, level: float) -> list[tuple[Finding, Row, Difference]]:
    if done.failed[0] is not None:
        return []
    finding, whole_df = asked.finding, float(done.df[0])
    own_df = [row.share.df for row in finding.districts] + [whole_df]
    parts_of = zip(asked.present, done.value[0].tolist(), done.variance[0].tolist(), strict=True)
    tested = [
        (own, difference(value, variance, min(own_df[own], whole_df), level)) for own, value, variance in parts_of
    ]
    return [
        (finding, finding.districts[own], one)
        for own, one in tested
        if own < len(finding.districts) and finding.districts[own].share.shown
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Districts that share one range of ranks, 1 the highest share."""

    best: int
    worst: int
    districts: tuple[Row, ...]


def rank_ranges(sample: Sample, finding: Finding) -> tuple[Ranked, ...]:
    """Ranges of ranks that hold together, best first; districts of one range stand together, hidden ones nowhere.

    Within a range districts keep the wave's order: the point estimates say nothing about it. Variances of districts
    with few sampling units are enlarged (`_careful`).
    """
    frame, results = sample.frame, sample.results
    shown = [place for place, row in enumerate(finding.districts) if row.share.shown and row.share.low is not None]
    if len(shown) < 2:
        return ()
    _, parts = domains(frame)
    code = np.full(len(finding.districts) + 2, -1, dtype=np.intp)
    code[shown] = np.arange(len(shown))
    done = estimate(
        results.weighting.design, mean, finding.measure.counted(frame), by=code[parts], domains=len(shown), joint=True
    )
    level = results.wave.analysis.confidence_level
    order = ranks(done.value[:, 0], _careful(done, level), done.whole_df, level)
    ranges = [(int(best), int(worst)) for best, worst in zip(order.best, order.worst, strict=True)]
    return tuple(
        Ranked(
            best=best,
            worst=worst,
            districts=tuple(
                finding.districts[place] for place, own in zip(shown, ranges, strict=True) if own == (best, worst)
            ),
        )
        for best, worst in sorted(set(ranges))
    )


def _careful(done: Estimate, level: float) -> Floats:
    """The covariance of the districts, each variance times the square of its own t quantile over that of all.

    All pairs are judged by the quantile of the whole sample's degrees of freedom; a district with few sampling units
    has fewer, and its variance is worth less (Cochran and Cox's weighting of quantiles).
    """
    covariance: Floats = np.zeros((len(done.df), len(done.df))) if done.covariance is None else done.covariance.copy()
    pairs = max(len(done.df) * (len(done.df) - 1) // 2, 1)
    quantile = [t_quantile(float(df), 1 - (1 - level) / pairs) for df in (*done.df, done.whole_df)]
    covariance[np.diag_indices_from(covariance)] *= np.square(np.maximum(np.array(quantile[:-1]) / quantile[-1], 1.0))
    return covariance
