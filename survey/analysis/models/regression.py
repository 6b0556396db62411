"""Design-based regression: statsmodels finds the coefficients, the influence functions are ours."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationError

from survey.analysis.errors import AnalysisError
from survey.analysis.estimate import Linear
from survey.analysis.models.formula import Column, Factor

Floats = NDArray[np.float64]
Statistic = Callable[..., Linear]

TOLERANCE = 1e-14
ROUNDING = 1e-9
"""A step this small that no longer shrinks is rounding."""
DEPENDENT = 1e-11
MOST_STEPS = 50
BEYOND_BELIEF = 30.0
"""A linear predictor of 30 on the logit scale is a share of 1 - 1e-13: the outcome is separated."""


@dataclass(frozen=True, slots=True)
class Family:
    """A distribution with its canonical link: the mean of a linear predictor and its variance function."""

    name: str
    mean: Callable[[Floats], Floats]
    variance: Callable[[Floats], Floats]
    statsmodels: Callable[[], families.Family]


FAMILIES = {
    "gaussian": Family("gaussian", lambda eta: eta, np.ones_like, families.Gaussian),
    "binomial": Family("binomial", expit, lambda mu: mu * (1 - mu), families.Binomial),
    "poisson": Family("poisson", np.exp, lambda mu: mu, families.Poisson),
}


def regression(family: str) -> Statistic:
    r"""The statistic "coefficients of a generalised linear model with canonical link".

    Parameters
    ----------
    family : {"gaussian", "binomial", "poisson"}
        Identity, logit and log link.

    Returns
    -------
    callable
        ``(weights (n,), y (n,), *x each (n,)) -> Linear`` with `value` (k,) and `scores` (n, k).

    Raises
    ------
    AnalysisError
        When there is no such family; from the statistic, when the fit doesn't converge (as with an
        outcome that a regressor separates).

    Notes
    -----
    The coefficients solve :math:`\sum_i w_i x_i (y_i-\mu_i)=0`; the score of row i is
    :math:`A^{-1}x_i(y_i-\mu_i)` with :math:`A=\sum_i w_i v(\mu_i)x_ix_i'` [1]_. R's `svyglm` takes `A` one
    iteration before the last; ours is taken at the solution, so standard errors can differ in the
    seventh digit unless R is told `epsilon = 1e-15`.

    References
    ----------
    .. [1] Binder (1983), Int. Statist. Rev. 51, 279-292.
    """
    if family not in FAMILIES:
        raise AnalysisError(f"family: there is no {family!r}; there are {', '.join(FAMILIES)}")
    chosen = FAMILIES[family]

    def coefficients(weights: Floats, y: Floats, *x: Floats) -> Linear:
        matrix = np.column_stack(x)
        inside = weights != 0
        basis, back = orthogonal(matrix[inside])
        own, outcome = weights[inside], y[inside]
        value = _solution(chosen, own, outcome, basis)
        mu = chosen.mean(basis @ value)
        bread = basis.T @ (basis * (own * chosen.variance(mu))[:, None])
        scores = np.zeros(matrix.shape)
        scores[inside] = basis * (outcome - mu)[:, None] @ np.linalg.solve(bread, back.T)
        return Linear(back @ value, scores)

    return coefficients


def orthogonal(matrix: Floats) -> tuple[Floats, Floats]:
    """Find columns that span the same space at right angles, and the way back.

    Newton's method then reaches the last digits whatever the units of the regressors are.

    Parameters
    ----------
    matrix : ndarray of float, shape (n, k)
        Columns none of which depends on the others.

    Returns
    -------
    tuple of ndarray
        Basis of shape (n, k), its columns of size 1 on average, and the matrix of shape (k, k) that turns
        coefficients of the basis into those of `matrix`.

    Raises
    ------
    AnalysisError
        When there are fewer rows than columns or a column depends on others.
    """
    rows, count = matrix.shape
    basis, upper = np.linalg.qr(matrix)
    size = np.linalg.norm(matrix, axis=0)
    if rows < count or (np.abs(np.diag(upper)) <= DEPENDENT * size).any():
        raise AnalysisError(f"regression: {rows} rows with a weight can't tell {count} coefficients apart")
    scale = np.sqrt(rows)
    return basis * scale, np.linalg.solve(upper, np.eye(count)) * scale


def _solution(family: Family, weights: Floats, y: Floats, matrix: Floats) -> Floats:
    """The coefficients of an orthogonal basis: from statsmodels, then Newton's steps to the last digits."""
    positive = np.maximum(weights, 0.0)  # a linear calibration can make weights negative: Newton takes them in
    model = GLM(y, matrix, family=family.statsmodels(), var_weights=positive / positive.mean())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the check of convergence is below
            value = np.asarray(model.fit(maxiter=100, tol=1e-8, wls_method="qr").params, dtype=np.float64)
        return _polished(family, weights, y, matrix, value)
    except (PerfectSeparationError, np.linalg.LinAlgError, ValueError) as error:
        raise AnalysisError(_separated(family)) from error


def _polished(family: Family, weights: Floats, y: Floats, matrix: Floats, value: Floats) -> Floats:
    before = np.inf
    for _ in range(MOST_STEPS):
        eta = matrix @ value
        if not np.all(np.isfinite(eta)):
            break
        mu = family.mean(eta)
        bread = matrix.T @ (matrix * (weights * family.variance(mu))[:, None])
        step = np.linalg.solve(bread, matrix.T @ (weights * (y - mu)))
        value = value + step
        size = float(np.max(np.abs(step))) / max(1.0, float(np.max(np.abs(value))))
        if size <= TOLERANCE or (size <= ROUNDING and size >= before):
            if family.name == "binomial" and np.min(np.abs(eta)) > BEYOND_BELIEF:
                break
            return value
        before = size
    raise AnalysisError(_separated(family))


def _separated(family: Family) -> str:
    cause = "; a regressor may separate the outcome" if family.name == "binomial" else ""
    return f"regression: the {family.name} fit does not converge{cause}"


def outcome_numbers(outcome: Column, family: str, inside: NDArray[np.bool_]) -> Floats:
    """Make the left side numbers: texts become 0 (the first level) and 1 in a binomial model, as in R.

    Parameters
    ----------
    outcome : ndarray of float, shape (n,), or Factor
        The left side.
    family : {"gaussian", "binomial", "poisson"}
        What it must suit.
    inside : ndarray of bool, shape (n,)
        Rows that are used.

    Returns
    -------
    ndarray of float, shape (n,)
        NaN where a text has a gap or a row is not used.

    Raises
    ------
    AnalysisError
        When texts meet another family, or the numbers are out of the family's range.
    """
    if isinstance(outcome, Factor):
        present = np.unique(outcome.codes[inside])
        if family != "binomial":
            shown = ", ".join(str(outcome.levels[code]) for code in present[:3])
            raise AnalysisError(f"formula: the left side is text ({shown}), family {family} needs numbers")
        return np.where(inside, outcome.codes != present[0], np.nan)
    numbers = outcome
    known = numbers[inside]
    if family == "binomial" and ((known < 0) | (known > 1)).any():
        wrong = int(((known < 0) | (known > 1)).sum())
        raise AnalysisError(f"formula: the left side of a binomial model lies within 0..1; {wrong} rows do not")
    if family == "poisson" and (known < 0).any():
        wrong = int((known < 0).sum())
        raise AnalysisError(f"formula: the left side of a poisson model is not negative; {wrong} rows are")
    return numbers
