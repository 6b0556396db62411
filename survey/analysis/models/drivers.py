"""Key drivers: how strongly each item goes with overall satisfaction, on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from survey.analysis.design import Design
from survey.analysis.errors import AnalysisError
from survey.analysis.estimate import Linear, estimate
from survey.analysis.intervals import Interval, t_interval
from survey.analysis.models.formula import independent
from survey.analysis.models.regression import regression

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

LEAST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One item's standardised coefficient.

    Attributes
    ----------
    name : str
    coefficient : float
        Standard deviations of overall satisfaction per standard deviation of the item, others held.
    se, df, p : float
    ci : (float, float) or None
    n : float
        Rows that answered all items.
    """

    name: str
    coefficient: float
    se: float
    df: float
    p: float
    ci: Interval
    n: float


def standardised_coefficients(weights: Floats, y: Floats, x: Floats) -> Linear:
    r"""Regression coefficients in standard deviations, linearised with the standard deviations.

    Parameters
    ----------
    weights : ndarray of float, shape (n,)
        Residents each row stands for.
    y : ndarray of float, shape (n,)
        Overall satisfaction.
    x : ndarray of float, shape (n, k)
        The items, no intercept among them.

    Returns
    -------
    Linear
        `value` (k,), `scores` (n, k).

    Notes
    -----
    :math:`\theta_j=b_js_j/s_y` with weighted standard deviations s, whose scores are
    :math:`\{(x-\bar x)^2-s^2\}/(2s\sum w)`; the product rule gives the score of :math:`\theta_j` [1]_.

    References
    ----------
    .. [1] Deville (1999), Survey Methodology 25, 193-203.
    """
    fit = regression("gaussian")(weights, y, np.ones(len(y)), x)
    slopes, slope_scores = fit.value[1:], fit.scores[:, 1:]
    spread, spread_scores = _deviation(weights, x)
    whole, whole_scores = _deviation(weights, y[:, None])
    value = slopes * spread / whole
    scores = (slope_scores * spread + slopes * spread_scores - value * whole_scores) / whole
    return Linear(value, scores)


def _deviation(weights: Floats, x: Floats) -> tuple[Floats, Floats]:
    size = weights.sum()
    centred = x - weights @ x / size
    square = weights @ np.square(centred) / size
    if (square <= 0).any():
        raise AnalysisError(f"drivers: {int((square <= 0).sum())} items have the same answer in all rows")
    deviation = np.sqrt(square)
    return deviation, (np.square(centred) - square) / (2 * deviation * size)


def key_drivers(
    design: Design, overall: Floats, items: Mapping[str, Floats], *, inside: Ints | None = None, level: float = 0.95
) -> tuple[Driver, ...]:
    """Rank items by how strongly they go with overall satisfaction.

    Parameters
    ----------
    design : Design
        Of n rows.
    overall : ndarray of float, shape (n,)
        NaN where not answered.
    items : mapping of str to ndarray of float, each of shape (n,)
        NaN where not answered; rows with a gap in any item are outside the domain.
    inside : ndarray of int, shape (n,), optional
        0 for rows of the domain, below 0 for others.
    level : float
        Of the intervals, each on its own.

    Returns
    -------
    tuple of Driver
        Strongest first, by absolute coefficient.

    Raises
    ------
    AnalysisError
        When there are fewer than two items, too few rows or sampling units, or an item that is a
        combination of others, by name.
    """
    names = list(items)
    if len(names) < LEAST:
        raise AnalysisError(f"drivers: {len(names)} items are too few to compare")
    x = np.column_stack([items[name] for name in names])
    known = np.isfinite(x).all(axis=1) & np.isfinite(overall) & (design.weights != 0)
    known &= (inside >= 0) if inside is not None else True
    if known.sum() <= len(names) + 1:
        raise AnalysisError(f"drivers: {int(known.sum())} rows answered all {len(names)} items; that is too few")
    _, aliased = independent(np.column_stack([np.ones(int(known.sum())), x[known]]))
    if aliased:
        named = ", ".join(names[place - 1] for place in aliased)
        raise AnalysisError(f"drivers: {named} is a combination of the other items")
    done = estimate(design, standardised_coefficients, overall, x, by=np.where(known, 0, -1), domains=1)
    if done.failed[0] is not None:
        raise AnalysisError(f"drivers: {done.failed[0]}")
    df = float(done.df[0]) - (len(names) - 1)
    found = [_driver(name, value, se, df, done.n[0], level) for name, value, se in
             zip(names, done.value[0].tolist(), done.se[0].tolist(), strict=True)]  # fmt: skip
    return tuple(sorted(found, key=lambda driver: -abs(driver.coefficient)))


def _driver(name: str, value: float, se: float, df: float, n: float, level: float) -> Driver:
    p = float(2 * stdtr(df, -abs(value) / se)) if df > 0 and se > 0 else float("nan")
    ci = t_interval(value, se, df, level)
    return Driver(name=name, coefficient=value, se=se, df=df, p=p, ci=ci, n=float(n))
