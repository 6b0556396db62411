"""Small areas: Fay and Herriot's model, by REML or ML, and its benchmark to the district."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.analysis.errors import AnalysisError, NotConvergedError

Floats = NDArray[np.float64]

MOST_STEPS = 500
SETTLED, ROUNDING = 1e-14, 1e-9
SAME = 1e-9
"""Log-likelihoods closer than this are one: the first start then decides."""
GRID = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallAreas:
    """Estimates of small areas, in the order they were given.

    Attributes
    ----------
    area_variance : float
        Variance of the area effects, in the squared unit of the direct estimates.
    coefficients, standard_errors : ndarray of float, shape (k,)
        Of the regressors.
    estimates, mse : ndarray of float, shape (m,)
        Empirical best linear unbiased predictors and their mean squared errors.
    shrinkage : ndarray of float, shape (m,)
        Weight of the direct estimate in each prediction, 0 to 1.
    """

    area_variance: float
    coefficients: Floats
    standard_errors: Floats
    estimates: Floats
    mse: Floats
    shrinkage: Floats


def fay_herriot(direct: Floats, standard_errors: Floats, regressors: Floats, method: str = "REML") -> SmallAreas:
    r"""Borrow strength among areas.

    Parameters
    ----------
    direct : ndarray of float, shape (m,)
        Direct estimates, one per area.
    standard_errors : ndarray of float, shape (m,)
        Theirs, in the same unit, taken as known.
    regressors : ndarray of float, shape (m, k)
        Known properties of the areas, with the intercept.
    method : {"REML", "ML"}
        How the variance of the area effects is found.

    Returns
    -------
    SmallAreas
        The predictors with their mean squared errors.

    Raises
    ------
    AnalysisError
        When a standard error is not over 0, there are not more areas than regressors, or `method` is unknown.
    NotConvergedError
        When Fisher's scoring settles from no start.

    Notes
    -----
    :math:`y_i=x_i'\beta+v_i+e_i`, :math:`v_i\sim(0,A)`, :math:`e_i\sim(0,D_i)`, D known [1]_. MSE:
    :math:`g_1+g_2+2g_3` (REML), less :math:`B_i^2` times the bias of A for ML [2]_ [3]_. A is the highest maximum
    itself: R's `sae` stops at a relative change of 1e-4, and at the maximum that its one start leads to.

    References
    ----------
    .. [1] Fay and Herriot (1979), J. Amer. Statist. Assoc. 74, 269-277.
    .. [2] Datta and Lahiri (2000), Statist. Sinica 10, 613-627.
    .. [3] Datta, Rao and Smith (2005), Biometrika 92, 183-196.
    """
    known = standard_errors**2
    _check(direct, standard_errors, regressors, method)
    variance = _area_variance(direct, known, regressors, method == "REML")
    inverse = 1 / (variance + known)
    spread = np.linalg.inv(regressors.T @ (regressors * inverse[:, None]))
    beta = spread @ (regressors.T @ (inverse * direct))
    fitted = regressors @ beta
    own = variance * inverse
    left = 1 - own
    information = float((inverse**2).sum())
    g1 = own * known
    g2 = left**2 * np.einsum("ij,jk,ik->i", regressors, spread, regressors)
    g3 = left**2 * inverse * 2 / information
    mse = g1 + g2 + 2 * g3
    if method == "ML":
        bias = -float(np.trace(spread @ (regressors.T @ (regressors * (inverse**2)[:, None])))) / information
        mse = mse - bias * left**2
    return SmallAreas(
        area_variance=variance,
        coefficients=beta,
        standard_errors=np.sqrt(np.diag(spread)),
        estimates=fitted + own * (direct - fitted),
        mse=mse,
        shrinkage=own,
    )


def _check(direct: Floats, standard_errors: Floats, regressors: Floats, method: str) -> None:
    if method not in ("REML", "ML"):
        raise AnalysisError(f"method: there is no {method!r}; there are REML and ML")
    if not (standard_errors > 0).all():
        raise AnalysisError(f"se: {int((~(standard_errors > 0)).sum())} areas have no standard error over 0")
    areas, count = regressors.shape
    if len(direct) != areas or areas <= count:
        raise AnalysisError(f"regressors: {areas} areas are too few for {count} regressors")


def _area_variance(y: Floats, known: Floats, x: Floats, restricted: bool) -> float:
    """Where the likelihood is highest: it can have several tops, so the highest of a grid is climbed too."""
    grid = np.append(0.0, np.geomspace(known.min() / 100, 10 * known.max() + np.var(y), GRID))
    best = int(np.argmax([_likelihood(y, 1 / (variance + known), x, restricted) for variance in grid]))
    around = float(grid[best - 1]) if best else -1.0, float(grid[best + 1]) if best < GRID else np.inf
    tops = []
    problem = NotConvergedError("")
    for start, limits in ((float(np.median(known)), (-1.0, np.inf)), (float(grid[best]), around)):
        try:
            tops.append(_top(y, known, x, restricted, start, limits))
        except NotConvergedError as stuck:
            problem = stuck
    if not tops:
        raise problem
    heights = np.array([_likelihood(y, 1 / (top + known), x, restricted) for top in tops])
    return tops[int(np.argmax(heights > heights.max() - SAME))]


def _top(y: Floats, known: Floats, x: Floats, restricted: bool, variance: float, limits: tuple[float, float]) -> float:
    """Fisher's scoring from one variance, halving between a rise and a fall; below zero is zero."""
    (low, high), before = limits, np.inf
    for _ in range(MOST_STEPS):
        score, information = _score(y, 1 / (variance + known), x, restricted)
        low, high = (variance, high) if score > 0 else (low, variance)
        moved = max(variance + score / information, 0.0)
        scale = max(variance, float(known.min()))
        if not low < moved < high and abs(moved - variance) > ROUNDING * scale:
            moved = (max(low, 0.0) + min(high, 2 * moved)) / 2
        step = abs(moved - variance) / scale
        if step <= SETTLED or (step <= ROUNDING and step >= before):
            return moved
        variance, before = moved, step
    raise NotConvergedError(f"small_area: the variance of the areas does not settle (it stands at {variance:.6g})")


def _likelihood(y: Floats, inverse: Floats, x: Floats, restricted: bool) -> float:
    """(Restricted) log-likelihood, but for a constant."""
    weighted = x * inverse[:, None]
    gram = x.T @ weighted
    left = y - x @ np.linalg.solve(gram, weighted.T @ y)
    found = float(np.log(inverse).sum() - inverse @ np.square(left)) / 2
    return found - float(np.linalg.slogdet(gram)[1]) / 2 if restricted else found


def _score(y: Floats, inverse: Floats, x: Floats, restricted: bool) -> tuple[float, float]:
    """Derivative of the (restricted) log-likelihood by A and its expected information."""
    weighted = x * inverse[:, None]
    spread = np.linalg.inv(x.T @ weighted)
    residual = inverse * (y - x @ (spread @ (weighted.T @ y)))
    if not restricted:
        return float(residual @ residual - inverse.sum()) / 2, float((inverse**2).sum()) / 2
    projection = np.diag(inverse) - weighted @ spread @ weighted.T
    return (
        float(residual @ residual - np.trace(projection)) / 2,
        float((projection**2).sum()) / 2,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmarked:
    """Small areas that add up to their district, with the direct estimate beside each."""

    direct: Floats
    estimates: Floats
    mse: Floats
    factor: float


def benchmark(areas: SmallAreas, direct: Floats, sizes: Floats, district: float) -> Benchmarked:
    r"""Make the areas' estimates agree with the district's own.

    Parameters
    ----------
    areas : SmallAreas
        Of one district.
    direct : ndarray of float, shape (m,)
        The areas' direct estimates (means or shares), shown beside the result.
    sizes : ndarray of float, shape (m,)
        Residents of each area.
    district : float
        The district's direct estimate, which has answers enough to be trusted.

    Returns
    -------
    Benchmarked
        Ratio-adjusted estimates :math:`\hat\theta_i\cdot\hat\theta_d/\sum_i(N_i/N)\hat\theta_i` [1]_ ; `mse` is
        the predictors' plus the squared shift, which keeps it on the careful side.

    Raises
    ------
    AnalysisError
        When the areas' mean is 0, so that no ratio exists.

    References
    ----------
    .. [1] Pfeffermann and Barnard (1991), J. Bus. Econ. Statist. 9, 73-84.
    """
    mean = float(sizes @ areas.estimates / sizes.sum())
    if mean == 0:
        raise AnalysisError("benchmark: the areas' mean is 0, so no ratio to the district exists")
    factor = district / mean
    moved = areas.estimates * factor
    return Benchmarked(direct=direct, estimates=moved, mse=areas.mse + (moved - areas.estimates) ** 2, factor=factor)
