"""Who responds: a logistic model of response on what the frame knows about communities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from survey.analysis.errors import AnalysisError
from survey.analysis.models.formula import independent
from survey.analysis.models.regression import regression

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def response_propensities(invited: Floats, responded: Floats, frame_variables: Floats) -> Floats:
    r"""Modelled probability of response, of communities or of people of the frame.

    Parameters
    ----------
    invited : ndarray of float, shape (C,)
        People sampled in each community (sum of their design weights, or their number); of single people the
        design weight.
    responded : ndarray of float, shape (C,)
        Those of them who answered, in the same unit; of single people the weight or 0.
    frame_variables : ndarray of float, shape (C, k)
        What the frame knows: share of old people, year of building, no intercept.

    Returns
    -------
    ndarray of float, shape (C,)
        Between 0 and 1.

    Raises
    ------
    AnalysisError
        When a community has more answers than invitations, or the fit doesn't converge.

    Notes
    -----
    Logistic regression of the response rates weighted by `invited`: the propensity of Rosenbaum and Rubin for
    non-response [1]_. Variables that are combinations of others are left out.

    References
    ----------
    .. [1] Little (1986), Int. Statist. Rev. 54, 139-157.
    """
    wrong = (invited <= 0) | (responded < 0) | (responded > invited)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise AnalysisError(
            f"response: number {place + 1} has {responded[place]:g} answers from {invited[place]:g} invitations"
            f" ({int(wrong.sum())} of {len(wrong)} are impossible)"
        )
    matrix = np.column_stack([np.ones(len(invited)), frame_variables])
    kept, _ = independent(matrix)
    fit = regression("binomial")(invited, responded / invited, matrix[:, kept])
    return np.asarray(expit(matrix[:, kept] @ fit.value), dtype=np.float64)


def community_propensities(propensity: Floats, invited: Floats, community: Ints) -> Floats:
    """Average the propensities of single people by community: classes are never finer.

    Parameters
    ----------
    propensity, invited : ndarray of float, shape (n,)
        Modelled probability and design weight of everybody in the sample.
    community : ndarray of int, shape (n,)
        Community of each, 0..C-1, none empty.

    Returns
    -------
    ndarray of float, shape (C,)
        Mean propensity, weighted by `invited`.
    """
    return np.asarray(np.bincount(community, invited * propensity) / np.bincount(community, invited))
