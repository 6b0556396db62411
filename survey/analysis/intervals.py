"""Confidence intervals: t, and four for shares, each corrected for the design once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, stdtrit

Interval = tuple[float, float] | None


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
    return float(stdtrit(df, (1 + level) / 2)) if df > 0 else float("nan")


def t_interval(estimate: float, se: float, df: float, level: float) -> Interval:
    """Estimate ± t·se.

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
    half = t_quantile(df, level) * se
    return (estimate - half, estimate + half) if np.isfinite(half) else None


def logit(share: Share) -> Interval:
    r"""Interval on the logit scale.

    Parameters
    ----------
    share : Share
        The share with its standard error, rows and degrees of freedom.

    Returns
    -------
    (float, float) or None
        Between 0 and 1; None for a share of 0 or 1.

    Notes
    -----
    :math:`\mathrm{expit}(\mathrm{logit}\,p \pm t\,se/\{p(1-p)\})` [1]_; with replicates the standard error of the
    logit is that of the replicates' logits.

    References
    ----------
    .. [1] Korn, Graubard (1999), Analysis of Health Surveys, section 3.2.
    """
    if not 0 < share.p < 1:
        return None
    half = t_quantile(share.df, share.level) * share.logit_se
    centre = np.log(share.p / (1 - share.p))
    if not np.isfinite(half):
        return None
    return tuple_of(1 / (1 + np.exp(half - centre)), 1 / (1 + np.exp(-half - centre)))


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
    return tuple_of(centre - half, centre + half)


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
    return tuple_of(low, high)


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
    return "korn_graubard" if min(share.n * share.p, share.n * (1 - share.p)) < 10 else "logit"


def tuple_of(low: float, high: float) -> tuple[float, float]:
    """A pair of plain floats.

    Parameters
    ----------
    low, high : float
        Limits, of any numpy kind.

    Returns
    -------
    (float, float)
        The same.
    """
    return float(low), float(high)
