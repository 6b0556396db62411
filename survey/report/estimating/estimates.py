"""From the engine's estimates to figures: interval, effective sample, quality and reason of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from survey.analysis import quality
from survey.analysis.design import Design
from survey.analysis.estimate import Estimate, estimate, estimates
from survey.analysis.intervals import Interval, Share, chosen, share_intervals, t_interval
from survey.analysis.quality import quality_of_mean, quality_of_share
from survey.analysis.statistics import mean
from survey.report.estimating.suppression import Estimated
from survey.report.figures import Figure, Quality, Reason
from survey.report.frame import Floats

SHARE, SCORE = 0, 1
"""Columns of what is estimated together."""
STANDARD_LEVEL = 0.95
"""The presentation standards judge the 95 % interval, whatever level the wave shows."""
NOTHING = 1e-10
"""A standard error under this part of the estimate is rounding: the margins fix the figure."""


def figures(
    design: Design, counted: Floats, scores: Floats, by: npt.NDArray[np.intp], domains: int, level: float
) -> list[Estimated]:
    """Share and score of each domain, nothing hidden yet: `every_figure` of one measure."""
    (found,) = every_figure(design, [np.column_stack([counted, scores])], by, domains, level)
    return found


def every_figure(
    design: Design, answers: Sequence[Floats], by: npt.NDArray[np.intp], domains: int, level: float
) -> list[list[Estimated]]:
    """Share and score of each measure in each domain, nothing hidden yet.

    Parameters
    ----------
    design : Design
        Of n rows.
    answers : sequence of ndarray of float, shape (n, 2)
        For each measure 1 or 0 for what counts, and 0–100; nan where there is no answer, in the same rows. Logit or
        Korn–Graubard intervals for the share, t intervals for the score.
    by : ndarray of int, shape (n,)
        Domain of each row, 0..domains-1; below 0 for rows of none.
    level : float
        Confidence level.
    """
    return [
        [
            Estimated(share=_share(done, place, level), score=_score(done, place, level), size=float(done.size[place]))
            for place in range(domains)
        ]
        for done in estimates(design, mean, [(columns,) for columns in answers], by=by, domains=domains)
    ]


def share_figures(
    design: Design, counted: Floats, by: npt.NDArray[np.intp], domains: int, level: float
) -> list[Figure]:
    """Shares of each domain alone; `counted` is 1, 0 or nan, shape (n,)."""
    done = estimate(design, mean, counted, by=by, domains=domains)
    return [_share(done, place, level) for place in range(domains)]


def _share(done: Estimate, place: int, level: float) -> Figure:
    if _empty(done, place):
        return _nothing(done, place)
    p, se = float(done.value[place, SHARE]), _standard_error(done, place, SHARE)
    n, df = float(done.n[place]), float(done.df[place])
    logit_se = se / (p * (1 - p)) if 0 < p < 1 else float("nan")
    share = Share(p=p, se=se, n=n, df=df, level=level, logit_se=logit_se)
    if se == 0.0 and 0 < p < 1:
        return _figure(done, (place, SHARE), (p, p), quality.Quality("ok", quality.FIXED))
    standard = share_intervals(replace(share, level=STANDARD_LEVEL))["korn_graubard"]
    mark = quality_of_share(p, n, _effective(done, (place, SHARE), se), df, standard)
    return _figure(done, (place, SHARE), share_intervals(share)[chosen(share)], mark)


def _score(done: Estimate, place: int, level: float) -> Figure:
    if _empty(done, place):
        return _nothing(done, place)
    value, se, df = float(done.value[place, SCORE]), _standard_error(done, place, SCORE), float(done.df[place])
    mark = quality_of_mean(float(done.n[place]), _effective(done, (place, SCORE), se), df)
    return _figure(done, (place, SCORE), t_interval(value, se, df, level), mark)


def _figure(done: Estimate, at: tuple[int, int], interval: Interval, mark: quality.Quality) -> Figure:
    place, column = at
    se, simple = _standard_error(done, place, column), float(done.simple[place, column])
    lonely = done.units[place] <= 1
    if lonely or done.df[place] <= 0:
        mark, interval = quality.Quality("suppress", quality.ONE_UNIT if lonely else quality.NO_DF), None
    return Figure(
        estimate=float(done.value[place, column]),
        se=se,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        n=int(done.n[place]),
        n_eff=_effective(done, at, se),
        df=int(done.df[place]),
        deff=se**2 / simple if np.isfinite(simple) and simple > 0 else None,
        quality=Quality(mark.mark),
        reason=Reason(mark.reason) if mark.reason else None,
    )


def _standard_error(done: Estimate, place: int, column: int) -> float:
    se = float(np.sqrt(done.variance[place, column]))
    return 0.0 if se <= NOTHING * abs(float(done.value[place, column])) else se


def _effective(done: Estimate, at: tuple[int, int], se: float) -> float | None:
    place, column = at
    simple = float(done.simple[place, column])
    return float(done.n[place]) * simple / se**2 if se > 0 and np.isfinite(simple) else None


def _empty(done: Estimate, place: int) -> bool:
    return not np.isfinite(done.value[place, 0]) or done.size[place] <= 0


def _nothing(done: Estimate, place: int) -> Figure:
    """Nobody answered; the released figure says so."""
    return Figure(
        estimate=None,
        se=None,
        low=None,
        high=None,
        n=int(done.n[place]),
        n_eff=None,
        df=0,
        deff=None,
        quality=Quality.SUPPRESS,
        reason=Reason.NO_DATA,
    )
