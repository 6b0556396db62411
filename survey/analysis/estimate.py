"""The one door: domains, gaps, clusters, calibration and variance for every statistic."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design
from survey.analysis.estimating.crossing import Crossing, Item
from survey.analysis.estimating.domains import estimates_of
from survey.analysis.estimating.prepared import Prepared, degrees_of_freedom
from survey.analysis.estimating.results import Estimate, Linear, Statistic
from survey.analysis.estimating.rows import estimate_by_rows
from survey.analysis.grouping.answers import Answers, answered, divided

__all__ = ["Estimate", "Item", "Linear", "Prepared", "Statistic", "degrees_of_freedom", "estimate", "estimates"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


def estimate(
    design: Design,
    statistic: Statistic,
    *columns: Floats,
    by: Ints | None = None,
    domains: int | None = None,
    joint: bool = False,
) -> Estimate:
    """Estimate a statistic in each domain, with its design-based variance.

    Parameters
    ----------
    design : Design
        Of n rows, raw or grouped.
    statistic : callable
        ``(weights (m,), *columns) -> Linear``, pure; called with the rows that answered.
    *columns : ndarray of float, shape (n,) or (n, q)
        What it reads; a row with NaN in one of them did not answer.
    by : ndarray of int, shape (n,), optional
        Domain of each row, 0..D-1; below 0 for rows of no domain.
    domains : int, optional
        D, when the last domains may be empty.
    joint : bool
        Also give the covariance among domains.

    Returns
    -------
    Estimate
        Of every domain.

    Raises
    ------
    AnalysisError
        What a statistic raises for its columns. A domain whose variance the single-PSU rule refuses is told in
        `failed` instead.

    Notes
    -----
    Rows outside a domain stay in the design with score 0, so that sampling units and strata without members
    count as they should [1]_.

    References
    ----------
    .. [1] Lumley (2010), Complex Surveys, section 2.2.1.

    Examples
    --------
    By district, after raking to district and sex::

        design = design_of(weights, strata, [community])
        raked = rake(design, [Margin(("district",), district, targets), Margin(("sex",), sex, sexes)])
        done = estimate(raked, mean, overall, by=district)
        done.value[:, 0], done.se[:, 0], done.df        # one entry per district
    """
    return estimates(design, statistic, [columns], by=by, domains=domains, joint=joint)[0]


def estimates(
    design: Design,
    statistic: Statistic,
    items: Iterable[Item],
    *,
    by: Ints | None = None,
    domains: int | None = None,
    joint: bool = False,
) -> list[Estimate]:
    """Estimate one statistic of several items, each with its own gaps, in each domain.

    What design and domains alone decide is done once, and items with equally many different answers go side by side;
    every estimate is that of `estimate`.

    Parameters
    ----------
    design : Design
        Of n rows, raw or grouped.
    statistic : callable
        ``(weights (m,), *columns) -> Linear``, pure.
    items : iterable of tuple of ndarray of float, or of Answers
        Of each item the columns that the statistic reads, of shape (n,) or (n, q), a row with NaN in one of them not
        having answered; or the answers counted behind the n rows (`survey.analysis.grouping`).
    by : ndarray of int, shape (n,), optional
        Domain of each row, 0..D-1; below 0 for rows of no domain.
    domains : int, optional
        D, when the last domains may be empty.
    joint : bool
        Also give the covariance among domains.

    Returns
    -------
    list of Estimate
        Of each item, every domain.

    Raises
    ------
    AnalysisError
        What a statistic raises for its columns.

    Examples
    --------
    Mean and top-two share of thirty items by district::

        both = [(np.column_stack([y, np.where(np.isfinite(y), y >= 4, np.nan)]),) for y in items]
        for done in estimates(raked, mean, both, by=district):
            done.value, done.se, done.df                # mean and share of each district
    """
    count = domains if domains is not None else 1 if by is None else int(by.max(initial=-1)) + 1
    prepared = Prepared.of(design)
    crossing = Crossing(prepared, statistic, by, count)
    found: dict[int, Estimate] = {}
    for key, item in enumerate(items):
        if not crossing.takes(key, item):
            found[key] = _by_rows(prepared, statistic, item, by, count, joint=joint)
    for keys, cross in crossing.crossed():
        found |= zip(keys, estimates_of(cross, statistic, joint=joint), strict=True)
    return [found[key] for key in sorted(found)]


def _by_rows(
    prepared: Prepared, statistic: Statistic, item: Item, by: Ints | None, count: int, *, joint: bool
) -> Estimate:
    domain = np.zeros(prepared.design.rows, dtype=np.intp) if by is None else by
    if isinstance(item, Answers):
        design, columns, row = divided(prepared.design, item)
        prepared, domain = Prepared.of(design), domain[row]
    else:
        columns = item
    known = answered(columns) if columns else np.ones(len(domain), dtype=bool)
    return estimate_by_rows(prepared, statistic, columns, np.where(known, domain, -1), count, joint=joint)
