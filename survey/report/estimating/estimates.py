"""From the engine's estimates to figures: interval, effective sample, quality and reason of each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from survey.analysis import quality
from survey.analysis.design import Design
from survey.analysis.estimate import Estimate, estimate
from survey.analysis.intervals import Interval, Share, chosen, share_intervals, t_interval
from survey.analysis.quality import quality_of_mean, quality_of_share
from survey.analysis.statistics import mean, proportion
from survey.report.figures import Figure, Quality, Reason
from survey.report.frame import Floats

STANDARD_LEVEL = 0.95
"""The presentation standards judge the 95 % interval, whatever level the wave shows."""
NOTHING = 1e-10
"""A standard error under this part of the estimate is rounding: the margins fix the figure."""


def share_figures(
    design: Design, counted: Floats, by: npt.NDArray[np.intp], domains: int, level: float
) -> list[Figure]:
    """Shares of each domain; `counted` is 1, 0 or nan, shape (n,). Logit or Korn–Graubard intervals."""
    done = estimate(design, proportion, counted, by=by, domains=domains)
    return [_share(done, place, level) for place in range(domains)]


def score_figures(design: Design, scores: Floats, by: npt.NDArray[np.intp], domains: int, level: float) -> list[Figure]:
    """Means of each domain, with t intervals; `scores` of shape (n,), nan without an answer."""
    done = estimate(design, mean, scores, by=by, domains=domains)
    return [_score(done, place, level) for place in range(domains)]


def _share(done: Estimate, place: int, level: float) -> Figure:
    if _empty(done, place):
        return _nothing(done, place)
    p, se = float(done.value[place, 0]), _standard_error(done, place)
    n, df = float(done.n[place]), float(done.df[place])
    logit_se = se / (p * (1 - p)) if 0 < p < 1 else float("nan")
    share = Share(p=p, se=se, n=n, df=df, level=level, logit_se=logit_se)
    if se == 0.0 and 0 < p < 1:
        return _figure(done, place, (p, p), quality.Quality("ok", quality.FIXED))
    standard = share_intervals(replace(share, level=STANDARD_LEVEL))["korn_graubard"]
    mark = quality_of_share(p, n, _effective(done, place, se), df, standard)
    return _figure(done, place, share_intervals(share)[chosen(share)], mark)


def _score(done: Estimate, place: int, level: float) -> Figure:
    if _empty(done, place):
        return _nothing(done, place)
    value, se, df = float(done.value[place, 0]), _standard_error(done, place), float(done.df[place])
    mark = quality_of_mean(float(done.n[place]), _effective(done, place, se), df)
    return _figure(done, place, t_interval(value, se, df, level), mark)


def _figure(done: Estimate, place: int, interval: Interval, mark: quality.Quality) -> Figure:
    se, simple = _standard_error(done, place), float(done.simple[place, 0])
    lonely = done.units[place] <= 1
    if lonely or done.df[place] <= 0:
        mark, interval = quality.Quality("suppress", quality.ONE_UNIT if lonely else quality.NO_DF), None
    return Figure(
        estimate=float(done.value[place, 0]),
        se=se,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        n=int(done.n[place]),
        n_eff=_effective(done, place, se),
        df=int(done.df[place]),
        deff=se**2 / simple if np.isfinite(simple) and simple > 0 else None,
        quality=Quality(mark.mark),
        reason=Reason(mark.reason) if mark.reason else None,
    )


def _standard_error(done: Estimate, place: int) -> float:
    se = float(done.se[place, 0])
    return 0.0 if se <= NOTHING * abs(float(done.value[place, 0])) else se


def _effective(done: Estimate, place: int, se: float) -> float | None:
    simple = float(done.simple[place, 0])
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
