"""Differences, ranks and thresholds: what estimates say about each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from survey.analysis.intervals import Interval, t_interval, t_quantile

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
NOTHING = 1e-10
TIED = 1e-13
Verdict = Literal["meets", "can't tell", "fails"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A difference with its t test.

    Attributes
    ----------
    estimate, se, df : float
        Difference and standard error in the unit of the answers; degrees of freedom.
    t, p : float
        Statistic and two-sided p value; NaN without standard error or degrees of freedom.
    ci : (float, float), optional
        Interval in the unit of the answers.
    """

    estimate: float
    se: float
    df: float
    t: float
    p: float
    ci: Interval


def difference(estimate: float, variance: float, df: float, level: float, size: float = 0.0) -> Difference:
    """Test a difference against 0 by t.

    Parameters
    ----------
    estimate : float
        Difference, in the unit of the answers.
    variance : float
        Its variance, in that unit squared.
    df : float
        Degrees of freedom.
    level : float
        Confidence level of the interval, such as 0.95.
    size : float
        The larger of what is subtracted, in the unit of the answers: what rounding is measured by.

    Returns
    -------
    Difference
        With standard error 0 where the variance is rounding alone, and then estimate 0 where that is, too.
    """
    se = float(np.sqrt(variance))
    if se <= NOTHING * max(abs(estimate), size):
        se = 0.0
        estimate = estimate if abs(estimate) > NOTHING * size else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        t = float(np.divide(estimate, se)) if se > 0 else float("nan")
    p = float(2 * stdtr(df, -abs(t))) if df > 0 and np.isfinite(t) else float("nan")
    return Difference(estimate=estimate, se=se, df=df, t=t, p=p, ci=t_interval(estimate, se, df, level))


def contrast(value: Floats, covariance: Floats, weights: Floats, df: float, level: float) -> Difference:
    r"""Test a linear combination of estimates against 0.

    Parameters
    ----------
    value : ndarray of float, shape (K,)
        Estimates.
    covariance : ndarray of float, shape (K, K)
        Their covariance: what two of them share by common sampling units is in it.
    weights : ndarray of float, shape (K,)
        Coefficients of the combination.
    df : float
        Degrees of freedom.
    level : float
        Confidence level of the interval, such as 0.95.

    Returns
    -------
    Difference
        In the unit of the combination.

    Notes
    -----
    :math:`c'\hat\theta` with variance :math:`c'Vc`.
    """
    variance = max(float(weights @ covariance @ weights), 0.0)
    return difference(float(weights @ value), variance, df, level, float(np.abs(weights * value).max()))


def satterthwaite(variances: Sequence[float], dfs: Sequence[float]) -> float:
    r"""Degrees of freedom of a sum of independent variances.

    Parameters
    ----------
    variances : sequence of float
        Variances v of the parts.
    dfs : sequence of float
        Degrees of freedom ν of each.

    Returns
    -------
    float
        Never more than their sum, which it is where all variances are 0; 0 where a part has none, whose variance,
        0 or not, is not known.

    Notes
    -----
    :math:`(\sum v)^2/\sum(v^2/\nu)` [1]_.

    References
    ----------
    .. [1] Satterthwaite (1946), Biometrics Bulletin 2, 110-114.
    """
    if min(dfs) <= 0:
        return 0.0
    total = sum(variances)
    parts = [v * v / df for v, df in zip(variances, dfs, strict=True) if v > 0]
    if not parts:
        return float(sum(dfs))
    return float(total * total / sum(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """Ranks of K domains, 1 the highest estimate; 0 where there is none.

    Attributes
    ----------
    rank, best, worst : ndarray of int, shape (K,)
        Rank of the estimate, and the best and worst rank it can't be told from.
    """

    rank: Ints
    best: Ints
    worst: Ints


def ranks(value: Floats, covariance: Floats, df: float, level: float) -> Ranks:
    """Ranks with simultaneous ranges.

    Parameters
    ----------
    value : ndarray of float, shape (K,)
        Estimates; NaN where a domain has none.
    covariance : ndarray of float, shape (K, K)
        Their covariance.
    df : float
        Degrees of freedom of the whole.
    level : float
        Probability that all ranges hold their true rank together.

    Returns
    -------
    Ranks
        1 the highest estimate.

    Notes
    -----
    Domain k can be no better than one more than the domains that are surely above it, no worse than those
    that are not surely below it. "Surely": all K(K-1)/2 differences tested together by t with Bonferroni's
    correction, which holds for any dependence; the idea is Klein, Wright and Wieczorek's [1]_, with
    differences in place of separate intervals so that shared sampling units count [2]_.

    References
    ----------
    .. [1] Klein, Wright, Wieczorek (2020), J. Roy. Statist. Soc. A 183, 589-606.
    .. [2] Mohamad, Goeman, van Zwet (2022), Statist. Med. 41, 1042-1056.
    """
    known = np.flatnonzero(np.isfinite(value))
    count = len(known)
    rank, best, worst = (np.zeros(len(value), dtype=np.intp) for _ in range(3))
    theta, cov = value[known], covariance[np.ix_(known, known)]
    pairs = max(count * (count - 1) // 2, 1)
    critical = t_quantile(df, 1 - (1 - level) / pairs)
    spread = np.diag(cov)
    se = np.sqrt(np.maximum(spread[:, None] + spread[None, :] - 2 * cov, 0.0))
    gap = theta[:, None] - theta[None, :]
    rounding = TIED * np.maximum(np.abs(theta)[:, None], np.abs(theta)[None, :])
    with np.errstate(invalid="ignore"):
        sure = np.maximum(critical * se, rounding)
        above = gap > sure if np.isfinite(critical) else np.zeros_like(gap, dtype=bool)
    rank[known] = 1 + (gap < -rounding).sum(axis=1)
    best[known] = 1 + above.sum(axis=0)
    worst[known] = count - above.sum(axis=1)
    return Ranks(rank=rank, best=best, worst=worst)


def against(interval: Interval, threshold: float) -> Verdict:
    """Tell whether an interval lies at or over a threshold, under it, or across it.

    Parameters
    ----------
    interval : (float, float), optional
        In the unit of the threshold.
    threshold : float
        What should be reached.

    Returns
    -------
    {"meets", "can't tell", "fails"}
        "can't tell" also where there is no interval.
    """
    if interval is None:
        return "can't tell"
    if interval[0] >= threshold:
        return "meets"
    return "fails" if interval[1] < threshold else "can't tell"
