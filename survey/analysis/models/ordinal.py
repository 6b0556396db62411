"""Proportional odds: an ordered answer on regressors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from survey.analysis.errors import AnalysisError
from survey.analysis.estimate import Linear
from survey.analysis.models.formula import Column, Factor, factor_of_numbers
from survey.analysis.models.regression import BEYOND_BELIEF, MOST_STEPS, ROUNDING, TOLERANCE, Statistic, orthogonal

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Likelihood:
    """The weighted log-likelihood with the scores of each row and the (negative definite) Hessian."""

    value: float
    scores: Floats
    hessian: Floats


def proportional_odds(levels: int) -> Statistic:
    r"""The statistic "coefficients and cuts of a proportional odds model".

    Parameters
    ----------
    levels : int
        How many ordered levels the answer has; codes run from 0 to `levels` - 1.

    Returns
    -------
    callable
        ``(weights (n,), codes (n,), *x each (n,)) -> Linear``: `value` holds the coefficients of the x (no
        intercept among them), then the `levels` - 1 cuts; `scores` (n, k).

    Raises
    ------
    AnalysisError
        From the statistic, when a level has no row with a weight, or the fit doesn't converge.

    Notes
    -----
    :math:`P(Y\le k)=\mathrm{logistic}(\theta_k-x\beta)` [1]_. The likelihood is concave, so Newton's method
    started at the cuts of the weighted margin finds its top; statsmodels' `OrderedModel` takes no weights.
    The score of a row is :math:`-H^{-1}\partial\ell_i`, with the analytic Hessian (R's `svyolr` has a
    numeric one, good to about five digits).

    References
    ----------
    .. [1] McCullagh (1980), J. Roy. Statist. Soc. B 42, 109-142.
    """

    def coefficients(weights: Floats, codes: Floats, *x: Floats) -> Linear:
        matrix = np.column_stack(x) if x else np.zeros((len(weights), 0))
        inside = weights != 0
        own, code = weights[inside], codes[inside].astype(np.int64)
        basis, back = _centred(own, matrix[inside], levels - 1)
        value = _top(own, code, basis, levels)
        every = _likelihood(value, own, code, basis, levels)
        scores = np.zeros((len(weights), value.size))
        scores[inside] = -every.scores @ np.linalg.solve(every.hessian, back.T)
        return Linear(back @ value, scores)

    return coefficients


def _centred(weights: Floats, matrix: Floats, cuts: int) -> tuple[Floats, Floats]:
    """Orthogonal columns around their mean, and the way back for coefficients and cuts."""
    count = matrix.shape[1]
    back = np.eye(count + cuts)
    if not count:
        return matrix, back
    centre = weights @ matrix / weights.sum()
    basis, turn = orthogonal(matrix - centre)
    back[:count, :count] = turn
    back[count:, :count] = centre @ turn
    return basis, back


def _top(weights: Floats, code: NDArray[np.int64], matrix: Floats, levels: int) -> Floats:
    """Newton's method with halved steps from the cuts of the margin."""
    counts = np.bincount(code, weights, minlength=levels)
    if (counts <= 0).any():
        raise AnalysisError(f"ordinal: level {int(np.argmin(counts)) + 1} of {levels} has no weight")
    scale = weights / counts.sum()
    value = np.concatenate([np.zeros(matrix.shape[1]), logit(np.cumsum(counts)[:-1] / counts.sum())])
    here, before = _likelihood(value, scale, code, matrix, levels), np.inf
    for _ in range(MOST_STEPS):
        step = _uphill(value, here, scale, code, matrix)
        value = value + step
        here = _likelihood(value, scale, code, matrix, levels)
        size = float(np.max(np.abs(step))) / max(1.0, float(np.max(np.abs(value))))
        if size <= TOLERANCE or (size <= ROUNDING and size >= before):
            if np.max(np.abs(matrix @ value[: matrix.shape[1]]), initial=0.0) > BEYOND_BELIEF:
                break
            return value
        before = size
    raise AnalysisError("ordinal: the fit does not converge; a regressor may separate the levels")


def _uphill(value: Floats, here: _Likelihood, weights: Floats, code: NDArray[np.int64], matrix: Floats) -> Floats:
    """Newton's step, halved until it does not lead downhill."""
    try:
        step = -np.linalg.solve(here.hessian, weights @ here.scores)
    except np.linalg.LinAlgError as error:
        raise AnalysisError("ordinal: the fit does not converge; a regressor may separate the levels") from error
    levels = len(value) - matrix.shape[1] + 1
    while np.max(np.abs(step)) > ROUNDING:
        there = _likelihood(value + step, weights, code, matrix, levels)
        if there.value >= here.value - ROUNDING * abs(here.value):
            break
        step = step / 2
    return np.asarray(step)


def _likelihood(value: Floats, weights: Floats, code: NDArray[np.int64], x: Floats, levels: int) -> _Likelihood:
    cuts = value[x.shape[1] :]
    shift = x @ value[: x.shape[1]]
    edges = np.concatenate([[-np.inf], cuts, [np.inf]])
    with np.errstate(invalid="ignore"):
        upper, lower = expit(edges[code + 1] - shift), expit(edges[code] - shift)
    share = upper - lower
    if (share[weights != 0] <= 0).any():
        return _Likelihood(-np.inf, np.zeros((len(code), value.size)), -np.eye(value.size))
    share = np.where(share > 0, share, 1.0)
    slope_up, slope_low = upper * (1 - upper), lower * (1 - lower)
    toward_up = _directions(code, x, levels)
    toward_low = _directions(code - 1, x, levels)
    rate_up, rate_low = slope_up / share, slope_low / share
    bend_up = slope_up * (1 - 2 * upper) / share - rate_up**2
    bend_low = -slope_low * (1 - 2 * lower) / share - rate_low**2
    crossed = toward_up.T @ (toward_low * (weights * rate_up * rate_low)[:, None])
    hessian = (
        toward_up.T @ (toward_up * (weights * bend_up)[:, None])
        + toward_low.T @ (toward_low * (weights * bend_low)[:, None])
        + crossed
        + crossed.T
    )
    scores = toward_up * rate_up[:, None] - toward_low * rate_low[:, None]
    return _Likelihood(float(weights @ np.log(share)), scores, hessian)


def _directions(cut: NDArray[np.int64], x: Floats, levels: int) -> Floats:
    """Derivative of (cut - x beta) by coefficients and cuts; the outer cuts are fixed at infinity."""
    at = np.zeros((len(cut), levels - 1))
    inner = (cut >= 0) & (cut < levels - 1)
    at[np.flatnonzero(inner), cut[inner]] = 1.0
    return np.hstack([-x, at])


def ordered_codes(outcome: Column, inside: NDArray[np.bool_]) -> tuple[Floats, tuple[str, ...]]:
    """Order the levels of a left side: by their numbers, or sorted as texts.

    Parameters
    ----------
    outcome : ndarray of float, shape (n,), or Factor
        The left side.
    inside : ndarray of bool, shape (n,)
        Rows that are used.

    Returns
    -------
    tuple
        Codes 0, 1, .. of shape (n,), nan where a row is not used, and the levels as the file has them.

    Raises
    ------
    AnalysisError
        When there are fewer than two levels.
    """
    if not isinstance(outcome, Factor):
        outcome = factor_of_numbers(np.where(inside, outcome, np.nan), np.unique(outcome[inside]))
    present = [str(outcome.levels[code]) for code in np.unique(outcome.codes[inside])]
    try:
        levels = tuple(sorted(present, key=float))
    except ValueError:
        levels = tuple(sorted(present))
    if len(levels) < 2:
        raise AnalysisError(f"formula: the left side has only the level {levels}; an ordinal model needs two")
    place = {level: float(code) for code, level in enumerate(levels)}
    recoded = np.array([*(place.get(str(level), np.nan) for level in outcome.levels), np.nan])
    return np.where(inside, recoded[outcome.codes], np.nan), levels
