"""Confidence intervals: t, and four for shares, each corrected for the design once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, stdtrit

Floats = npt.NDArray[np.float64]
Interval = tuple[float, float] | None
FEWEST = 10
"""Expected answers of either kind from which on the logit interval is published."""
ROUNDING = 1e-9
"""By how much less than a limit counts as the limit: 25 times a share of 0.4 is not under 10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What an interval of a share needs.

    Attributes
    ----------
    p, se : float
        Share and its standard error.
    n : float
        Rows that answered.
    df : float
        Degrees of freedom of the domain.
    level : float
        Confidence level.
    logit_se : float
        Standard error of the logit, by the delta method or from replicates.
    """

    p: float
    se: float
    n: float
    df: float
    level: float
    logit_se: float


def t_quantile(df: float, level: float) -> float:
    """Two-sided quantile of t.

    Parameters
    ----------
    df : float
        Degrees of freedom.
    level : float
        Confidence level, such as 0.95.

    Returns
    -------
    float
        The quantile at (1 + level)/2; NaN without degrees of freedom.
    """
    return float(stdtrit(df, (1 + level) / 2))


def t_limits(estimate: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    """Estimates ± t·se.

    Parameters
    ----------
    estimate, se, df : ndarray of float
        Estimates and standard errors in one unit, and degrees of freedom, of shapes that go together.
    level : float
        Confidence level, such as 0.95.

    Returns
    -------
    (ndarray of float, ndarray of float)
        Low and high, in the same unit; NaN without degrees of freedom or standard error.
    """
    half = stdtrit(df, (1 + level) / 2) * se
    return estimate - half, estimate + half


def t_interval(estimate: float, se: float, df: float, level: float) -> Interval:
    """Estimate ± t·se: `t_limits` of one.

    Parameters
    ----------
    estimate, se : float
        In one unit.
    df : float
        Degrees of freedom.
    level : float
        Confidence level, such as 0.95.

    Returns
    -------
    (float, float) or None
        In the same unit; None without degrees of freedom or standard error.
    """
    return _interval(*t_limits(np.asarray(estimate), np.asarray(se), np.asarray(df), level))


def logit_limits(p: Floats, logit_se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    r"""Intervals of shares on the logit scale.

    Parameters
    ----------
    p, logit_se, df : ndarray of float
        Shares, standard errors of their logits, and degrees of freedom, of shapes that go together.
    level : float
        Confidence level, such as 0.95.

    Returns
    -------
    (ndarray of float, ndarray of float)
        Low and high, between 0 and 1; NaN for a share of 0 or 1.

    Notes
    -----
    :math:`\mathrm{expit}(\mathrm{logit}\,p \pm t\,se/\{p(1-p)\})` [1]_; with replicates the standard error of the
    logit is that of the replicates' logits.

    References
    ----------
    .. [1] Korn, Graubard (1999), Analysis of Health Surveys, section 3.2.
    """
    inside = np.where((p > 0) & (p < 1), p, np.nan)
    low, high = t_limits(np.log(inside / (1 - inside)), logit_se, df, level)
    return 1 / (1 + np.exp(-low)), 1 / (1 + np.exp(-high))


def logit(share: Share) -> Interval:
    """Interval on the logit scale: `logit_limits` of one.

    Parameters
    ----------
    share : Share
        The share with its standard error, rows and degrees of freedom.

    Returns
    -------
    (float, float) or None
        Between 0 and 1; None for a share of 0 or 1.
    """
    return _interval(*logit_limits(np.asarray(share.p), np.asarray(share.logit_se), np.asarray(share.df), share.level))


def wilson(share: Share) -> Interval:
    """Score interval with an effective size and t in place of z.

    Parameters
    ----------
    share : Share
        The share with its standard error, rows and degrees of freedom.

    Returns
    -------
    (float, float) or None
        Between 0 and 1; None for a share of 0 or 1 or without standard error.

    Notes
    -----
    Wilson's limits [1]_ with :math:`n^*=p(1-p)/se^2`.

    References
    ----------
    .. [1] Wilson (1927), J. Amer. Statist. Assoc. 22, 209-212.
    """
    t = t_quantile(share.df, share.level)
    if not (0 < share.p < 1 and share.se > 0 and np.isfinite(t)):
        return None
    size = share.p * (1 - share.p) / share.se**2
    centre = (share.p + t * t / (2 * size)) / (1 + t * t / size)
    half = t * np.sqrt(share.p * (1 - share.p) / size + t * t / (4 * size * size)) / (1 + t * t / size)
    return _interval(centre - half, centre + half)


def korn_graubard(share: Share) -> Interval:
    r"""Clopper and Pearson's limits with an effective size.

    Parameters
    ----------
    share : Share
        The share with its standard error, rows and degrees of freedom.

    Returns
    -------
    (float, float) or None
        Between 0 and 1; None without degrees of freedom or standard error.

    Notes
    -----
    Beta quantiles with :math:`n^*=\min\{n, p(1-p)/se^2\,(t_{n-1}/t_{df})^2\}` [1]_; for a share of 0 or 1, n times that
    factor.

    References
    ----------
    .. [1] Korn, Graubard (1998), Survey Methodology 24, 193-201.
    """
    t = t_quantile(share.df, share.level)
    factor = (t_quantile(share.n - 1, share.level) / t) ** 2
    inside = 0 < share.p < 1
    if not np.isfinite(factor) or (inside and share.se <= 0):
        return None
    size = min(share.n, (share.p * (1 - share.p) / share.se**2 if inside else share.n) * factor)
    alpha, x = (1 - share.level) / 2, share.p * size
    low = 0.0 if share.p <= 0 else float(betaincinv(x, size - x + 1, alpha))
    high = 1.0 if share.p >= 1 else float(betaincinv(x + 1, size - x, 1 - alpha))
    return _interval(low, high)


def share_intervals(share: Share) -> dict[str, Interval]:
    """All intervals of a share.

    Parameters
    ----------
    share : Share
        The share with its standard error, rows and degrees of freedom.

    Returns
    -------
    dict of str to (float, float) or None
        By name: ``wald``, ``logit``, ``wilson``, ``korn_graubard``; each corrected for the design once.
    """
    return {
        "wald": t_interval(share.p, share.se, share.df, share.level),
        "logit": logit(share),
        "wilson": wilson(share),
        "korn_graubard": korn_graubard(share),
    }


def chosen(share: Share) -> str:
    """Name of the interval to publish.

    Parameters
    ----------
    share : Share
        The share with its standard error, rows and degrees of freedom.

    Returns
    -------
    str
        ``korn_graubard`` where n·p or n·(1-p) is under 10, else ``logit``.
    """
    fewer = min(share.n * share.p, share.n * (1 - share.p))
    return "korn_graubard" if fewer < FEWEST * (1 - ROUNDING) else "logit"


def _interval(low: float | Floats, high: float | Floats) -> Interval:
    return (float(low), float(high)) if np.isfinite(low) and np.isfinite(high) else None
