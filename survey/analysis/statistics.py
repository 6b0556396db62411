"""Estimators: weights and columns in, a value and its linearised scores out.

Every function takes weights of shape (n,), or of shape (n, R) for R replicates at once (values only).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.analysis.estimate import Linear
from survey.analysis.variance.replicates import batched, counted

Floats = npt.NDArray[np.float64]
NO_SCORES: Floats = np.zeros((0, 1))


@batched
def mean(weights: Floats, y: Floats) -> Linear:
    r"""Weighted mean.

    Parameters
    ----------
    weights : ndarray of float, shape (n,) or (n, R)
        People each answer stands for.
    y : ndarray of float, shape (n,) or (n, k)
        Answers, in the question's unit; several columns are several means of the same rows.

    Returns
    -------
    Linear
        `value` (k,) in the unit of `y`; `scores` (n, k), that unit per person.

    Notes
    -----
    :math:`\hat\theta=\sum w y/\sum w`, score :math:`(y-\hat\theta)/\sum w` [1]_.

    References
    ----------
    .. [1] Woodruff (1971), J. Amer. Statist. Assoc. 66, 411-414.
    """
    size = weights.sum(axis=0)
    columns = y[:, None] if y.ndim == 1 else y
    value = columns.T @ weights / size
    return Linear(value, NO_SCORES if weights.ndim > 1 else (columns - value) / size)


@batched
def total(weights: Floats, y: Floats) -> Linear:
    r"""Weighted total.

    Parameters
    ----------
    weights : ndarray of float, shape (n,) or (n, R)
        People each answer stands for; a matrix of R replicates gives values of shape (k, R) and no scores.
    y : ndarray of float, shape (n,)
        Answers, in the question's unit.

    Returns
    -------
    Linear
        `value` (1,) in the unit of `y` times people; `scores` (n, 1), the unit of `y`.

    Notes
    -----
    :math:`\hat t=\sum w y`, score y [1]_.

    References
    ----------
    .. [1] Horvitz, Thompson (1952), J. Amer. Statist. Assoc. 47, 663-685.
    """
    if weights.ndim > 1:
        return Linear((weights.T @ y)[None], NO_SCORES)
    return Linear(np.array([weights @ y]), y[:, None])


@batched
def ratio(weights: Floats, y: Floats, x: Floats) -> Linear:
    r"""Ratio of two totals.

    Parameters
    ----------
    weights : ndarray of float, shape (n,) or (n, R)
        People each answer stands for; a matrix of R replicates gives values of shape (k, R) and no scores.
    y, x : ndarray of float, shape (n,)
        Numerator and denominator of each row.

    Returns
    -------
    Linear
        `value` (1,) in the unit of `y` per unit of `x`; `scores` (n, 1). Infinite or NaN where the denominator is 0.

    Notes
    -----
    :math:`\hat R=\sum wy/\sum wx`, score :math:`(y-\hat R x)/\sum wx` [1]_.

    References
    ----------
    .. [1] Woodruff (1971), J. Amer. Statist. Assoc. 66, 411-414.
    """
    size = weights.T @ x
    value = weights.T @ y / size
    if weights.ndim > 1:
        return Linear(value[None], NO_SCORES)
    return Linear(np.array([value]), ((y - value * x) / size)[:, None])


proportion = mean


@batched
def shares(weights: Floats, codes: Floats, categories: Floats) -> Linear:
    """Shares of several categories that add to 1.

    Parameters
    ----------
    weights : ndarray of float, shape (n,) or (n, R)
        People each answer stands for; a matrix of R replicates gives values of shape (k, R) and no scores.
    codes : ndarray of float, shape (n,)
        Category of each row, 0..k-1.
    categories : ndarray of float, shape (n, k) or (0, k)
        Only its width is read: how many categories there are.

    Returns
    -------
    Linear
        `value` (k,), shares; `scores` (n, k), per person.

    Notes
    -----
    Each is the mean of a dummy, as in `mean`.
    """
    count = categories.shape[1]
    dummies = (codes[:, None] == np.arange(count)).astype(float)
    size = weights.sum(axis=0)
    if weights.ndim > 1:
        return Linear(dummies.T @ weights / size, NO_SCORES)
    value = weights @ dummies / size
    return Linear(value, (dummies - value) / size)


@counted
@batched
def population_variance(weights: Floats, y: Floats, counts: Floats) -> Linear:
    r"""Population variance.

    Parameters
    ----------
    weights : ndarray of float, shape (n,) or (n, R)
        People each answer stands for; a matrix of R replicates gives values of shape (k, R) and no scores.
    y : ndarray of float, shape (n,)
        Answers, in the question's unit.
    counts : ndarray of float, shape (n,)
        Raw rows behind each row: 1, or more where rows are grouped.

    Returns
    -------
    Linear
        `value` (1,) in the unit of `y` squared; `scores` (n, 1), that unit per person. NaN for one row.

    Notes
    -----
    :math:`\hat\sigma^2=\frac{n}{n-1}\sum w(y-\bar y)^2/\sum w` with n the raw rows that answered; score
    :math:`\{\frac{n}{n-1}(y-\bar y)^2-\hat\sigma^2\}/\sum w`, as R's ``svyvar`` [1]_ has it.

    References
    ----------
    .. [1] Lumley (2010), Complex Surveys, section 2.3.
    """
    n = counts.sum()
    size = weights.sum(axis=0)
    centred = y - weights.T @ y / size if weights.ndim == 1 else y[:, None] - weights.T @ y / size
    square = (n / (n - 1) if n > 1 else np.nan) * np.square(centred)
    value = (weights * square).sum(axis=0) / size
    if weights.ndim > 1:
        return Linear(value[None], NO_SCORES)
    return Linear(np.array([value]), ((square - value) / size)[:, None])


@batched
def difference_of_means(weights: Floats, first: Floats, second: Floats) -> Linear:
    """Mean of the differences between two answers of the same row.

    Parameters
    ----------
    weights : ndarray of float, shape (n,) or (n, R)
        People each answer stands for; a matrix of R replicates gives values of shape (k, R) and no scores.
    first, second : ndarray of float, shape (n,)
        Answers to two items on one scale.

    Returns
    -------
    Linear
        First less second: `value` (1,) in their unit; `scores` (n, 1).

    Notes
    -----
    `mean` of the differences, so their correlation is accounted for.
    """
    return mean(weights, first - second)
