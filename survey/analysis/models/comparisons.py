"""Which districts differ from the city: differences with their covariance, tested together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from survey.analysis.contrasts import Difference, difference
from survey.analysis.design import Design
from survey.analysis.errors import AnalysisError
from survey.analysis.estimate import Linear, estimate
from survey.analysis.multiple import METHODS, adjusted

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One domain less the whole.

    Attributes
    ----------
    domain : int
    difference : Difference
        Estimate, standard error, degrees of freedom, t, p and interval on its own.
    adjusted_p : float
        For all domains together; NaN where there is no test.
    differs : bool
        Whether it differs at the level all tests hold together.
    """

    domain: int
    difference: Difference
    adjusted_p: float
    differs: bool


def means_less_the_whole(weights: Floats, y: Floats, domain: Floats, domains: Floats) -> Linear:
    r"""Each domain's mean less that of all domains together.

    Parameters
    ----------
    weights : ndarray of float, shape (n,)
        Residents each row stands for.
    y : ndarray of float, shape (n,)
        Answers; 1 and 0 for a share.
    domain : ndarray of float, shape (n,)
        Domain of each row, 0..D-1.
    domains : ndarray of float, shape (n, D) or (0, D)
        Only its width is read: how many domains there are.

    Returns
    -------
    Linear
        `value` (D,) in the unit of `y`; `scores` (n, D): the domain's score less the whole's, so that rows
        that belong to both count as they should.
    """
    inside = (domain[:, None] == np.arange(domains.shape[1])).astype(np.float64)
    sizes, size = weights @ inside, weights.sum()
    means, mean = (weights * y) @ inside / sizes, weights @ y / size
    scores = inside * (y[:, None] - means) / sizes - ((y - mean) / size)[:, None]
    return Linear(means - mean, scores)


def compare_with_whole(
    design: Design, y: Floats, by: Ints, *, method: str = "holm", level: float = 0.95
) -> tuple[Compared, ...]:
    """Test every domain's mean against the mean of all.

    Parameters
    ----------
    design : Design
        Of n rows.
    y : ndarray of float, shape (n,)
        Answers, or 1 and 0; NaN where not answered.
    by : ndarray of int, shape (n,)
        Domain of each row, 0..D-1; below 0 for rows of no domain, which the whole leaves out too.
    method : {"holm", "bonferroni", "fdr_bh", "fdr_by"}
        Holm and Bonferroni keep the chance of any false claim, Benjamini's the share of false claims; Holm
        needs no independence of the domains and is never weaker than Bonferroni.
    level : float
        1 less the chance (or share) of false claims.

    Returns
    -------
    tuple of Compared
        In the order of the domains; those nobody answered in are left out.

    Raises
    ------
    AnalysisError
        When `method` is unknown or fewer than two domains have answers.

    References
    ----------
    .. [1] Holm (1979), Scand. J. Statist. 6, 65-70.
    """
    if method not in METHODS:
        raise AnalysisError(f"comparisons: there is no method {method!r}; there are {', '.join(METHODS)}")
    answered = np.isfinite(y) & (by >= 0) & (design.weights > 0)
    present, code = np.unique(by[answered], return_inverse=True)
    if len(present) <= 1:
        raise AnalysisError(f"comparisons: {len(present)} domain has answers; there is nothing to compare")
    domain = np.full(design.rows, np.nan)
    domain[answered] = code
    statistic = partial(means_less_the_whole, domains=np.zeros((0, len(present))))
    done = estimate(design, statistic, y, domain)
    if done.failed[0] is not None:
        raise AnalysisError(f"comparisons: {done.failed[0]}")
    found = [difference(float(value), float(variance), float(done.df[0]), level)
             for value, variance in zip(done.value[0], done.variance[0], strict=True)]  # fmt: skip
    p = adjusted(np.array([each.p for each in found]), method)
    return tuple(
        Compared(domain=int(place), difference=each, adjusted_p=float(own), differs=bool(own <= 1 - level))
        for place, each, own in zip(present, found, p, strict=True)
    )
