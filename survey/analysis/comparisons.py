"""Which domains differ from the whole, with the number of comparisons accounted for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.contrasts import Difference, difference
from survey.analysis.design import Design
from survey.analysis.errors import SinglePsuError
from survey.analysis.estimate import estimate
from survey.analysis.statistics import departure

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A domain against the whole.

    Attributes
    ----------
    difference : Difference
        Domain less whole, with its own t test.
    adjusted_p : float
        p value that holds for all domains together.
    differs : bool
        Whether it is under 1 - level.
    """

    difference: Difference
    adjusted_p: float
    differs: bool


def departures(
    design: Design, y: Floats, by: Ints, domains: int, *, level: float = 0.95, method: str = "holm"
) -> list[Departure]:
    """Compare the mean of each domain with the mean of all.

    Parameters
    ----------
    design : Design
    y : ndarray of float, shape (n,)
        Answers, NaN where there is none.
    by : ndarray of int, shape (n,)
        Domain of each row, 0..D-1.
    domains : int
        D.
    level : float
        Confidence level of the intervals and of the family of tests.
    method : str
        Any of statsmodels' ``multipletests``: ``holm`` (family-wise), ``fdr_bh`` (false discoveries), ...

    Returns
    -------
    list of Departure
        One per domain; NaN and False where nobody answered.

    Raises
    ------
    SinglePsuError
        The design's rule refuses a stratum with one sampling unit.
    """
    from statsmodels.stats.multitest import multipletests  # seconds to load, and only this needs it

    found = [_departure(design, y, np.where(by == d, 1.0, 0.0), level) for d in range(domains)]
    p = np.array([one.p for one in found])
    known = np.isfinite(p)
    adjusted = np.full(domains, np.nan)
    if known.any():
        adjusted[known] = multipletests(p[known], alpha=1 - level, method=method)[1]
    return [
        Departure(difference=one, adjusted_p=float(q), differs=bool(q < 1 - level))
        for one, q in zip(found, adjusted, strict=True)
    ]


def _departure(design: Design, y: Floats, inside: Floats, level: float) -> Difference:
    done = estimate(design, departure, y, inside)
    if done.failed[0] is not None:
        raise SinglePsuError(done.failed[0])
    return difference(float(done.value[0, 0]), float(done.variance[0, 0]), float(done.df[0]), level)
