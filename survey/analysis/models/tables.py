"""Tests of association and of coefficients: Rao and Scott, Koch, Freeman and Freeman, Wald."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc

from survey.analysis.errors import AnalysisError
from survey.analysis.estimate import Linear

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WaldTest:
    """An F statistic with its degrees of freedom and p value."""

    statistic: float
    df1: int
    df2: float
    p: float


@dataclass(frozen=True, slots=True)
class Independence:
    """A test of independence; `df` are one or two degrees of freedom."""

    statistic: float
    df: tuple[float, ...]
    p: float


def weighted_counts(weights: Floats, codes: Floats, categories: Floats) -> Linear:
    """Weighted counts of several categories.

    Parameters
    ----------
    weights : ndarray of float, shape (n,)
        Residents each row stands for.
    codes : ndarray of float, shape (n,)
        Category of each row, 0..k-1.
    categories : ndarray of float, shape (n, k) or (0, k)
        Only its width is read: how many categories there are.

    Returns
    -------
    Linear
        `value` (k,) in people; `scores` (n, k), 1 where the row is in the category.
    """
    dummies = (codes[:, None] == np.arange(categories.shape[1])).astype(np.float64)
    return Linear(weights @ dummies, dummies)


def wald(coefficients: Floats, covariance: Floats, df2: float) -> WaldTest:
    r"""Test that all `coefficients` are zero.

    Parameters
    ----------
    coefficients : ndarray of float, shape (q,)
        Those under test.
    covariance : ndarray of float, shape (q, q)
        Their design-based covariance.
    df2 : float
        Denominator degrees of freedom.

    Returns
    -------
    WaldTest
        :math:`F=b'V^{-1}b/q` on q and `df2` degrees of freedom, unadjusted.

    Raises
    ------
    AnalysisError
        When the covariance is singular (more coefficients than the sampling units can tell apart).
    """
    count = len(coefficients)
    size = np.sqrt(np.diag(covariance))
    if not np.all(size > 0):
        raise AnalysisError("terms: a coefficient has no variance, so it can't be tested")
    scaled = covariance / np.outer(size, size)
    if np.linalg.matrix_rank(scaled, hermitian=True) < count:
        raise AnalysisError(f"terms: the covariance of the {count} coefficients is singular; there are too few PSUs")
    standard = coefficients / size
    statistic = float(standard @ np.linalg.solve(scaled, standard)) / count
    p = float(fdtrc(count, df2, statistic)) if df2 > 0 else float("nan")
    return WaldTest(statistic, count, df2, p)


def rao_scott(shares: Floats, covariance: Floats, n: float, df: float, kind: str = "F") -> Independence:
    r"""Rao and Scott's corrections of Pearson's test of independence.

    Parameters
    ----------
    shares : ndarray of float, shape (r, c)
        Weighted shares of the whole table, no row or column empty.
    covariance : ndarray of float, shape (r * c, r * c)
        Design-based covariance of ``shares.ravel()``.
    n : float
        Rows of the table, unweighted.
    df : float
        Degrees of freedom of the design for these rows.
    kind : {"F", "Chisq"}
        The second-order correction on F, or the first-order correction.

    Returns
    -------
    Independence
        `F`: X²/tr(Δ) on d = tr(Δ)²/tr(Δ²) and d·df. `Chisq`: X² itself, p from X² ÷ mean(Δ) on (r-1)(c-1).

    Notes
    -----
    :math:`X^2=n\sum(p-e)^2/e`; :math:`\Delta=(C'D^{-1}C/n)^{-1}(C'D^{-1}VD^{-1}C)` with C the interaction
    contrasts orthogonal to the margins and D the diagonal of the *observed* shares; where nobody is in a
    combination 1/p counts as 0 [1]_. This is R's `svychisq`.

    References
    ----------
    .. [1] Rao and Scott (1984), Ann. Statist. 12, 46-60.
    """
    rows, columns = _shape(shares)
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0)) / shares.sum()
    pearson = float(n * ((shares - expected) ** 2 / expected).sum())
    contrasts = _interaction_contrasts(rows, columns)
    flat = shares.ravel()
    inverse = np.divide(1.0, flat, out=np.zeros_like(flat), where=flat != 0)
    weighted = contrasts * inverse[:, None]
    bread = contrasts.T @ weighted / n
    if np.linalg.matrix_rank(bread, hermitian=True) < len(bread):
        raise AnalysisError("independence: too many combinations are empty for a test")
    effects = np.linalg.solve(bread, weighted.T @ covariance @ weighted)
    trace = float(np.trace(effects))
    if trace <= 0:
        raise AnalysisError("independence: the shares of the table have no variance")
    count = (rows - 1) * (columns - 1)
    if kind == "Chisq":
        return Independence(pearson, (count,), float(chdtrc(count, pearson / (trace / count))))
    first = trace**2 / float(np.trace(effects @ effects))
    p = float(fdtrc(first, first * df, pearson / trace)) if df > 0 else float("nan")
    return Independence(pearson / trace, (first, first * df), p)


def koch_wald(counts: Floats, covariance: Floats, df: float) -> Independence:
    r"""Test whether weighted counts equal those expected from their margins (Wald).

    Parameters
    ----------
    counts : ndarray of float, shape (r, c)
        Weighted counts.
    covariance : ndarray of float, shape (r * c, r * c)
        Design-based covariance of ``counts.ravel()``.
    df : float
        Degrees of freedom of the design for these rows.

    Returns
    -------
    Independence
        :math:`Y'V_Y^{-1}Y/q` on q = (r-1)(c-1) and `df`, with :math:`Y_{ij}=N_{ij}-N_{i+}N_{+j}/N`, the
        population size N random too [1]_.

    References
    ----------
    .. [1] Koch, Freeman and Freeman (1975), Int. Statist. Rev. 43, 59-78.
    """
    rows, columns = _shape(counts)
    size, down, across = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    residual = counts - np.outer(down, across) / size
    same_row = np.kron(np.eye(rows), np.ones((columns, columns)))
    same_column = np.kron(np.ones((rows, rows)), np.eye(columns))
    jacobian = (
        np.eye(rows * columns)
        - same_row * np.tile(across, rows)[:, None] / size
        - same_column * np.repeat(down, columns)[:, None] / size
        + (np.outer(down, across) / size**2).ravel()[:, None]
    )
    inner = (np.arange(rows) > 0)[:, None] & (np.arange(columns) > 0)
    kept = np.flatnonzero(inner.ravel())
    spread = (jacobian @ covariance @ jacobian.T)[np.ix_(kept, kept)]
    test = wald(residual.ravel()[kept], spread, df)
    return Independence(test.statistic, (test.df1, test.df2), test.p)


def _shape(table: Floats) -> tuple[int, int]:
    rows, columns = table.shape
    if rows < 2 or columns < 2:
        raise AnalysisError(f"independence: a table of {rows} by {columns} levels has nothing to test")
    return rows, columns


def _interaction_contrasts(rows: int, columns: int) -> Floats:
    """A basis of the interaction space, orthogonal to both margins, cells row by row."""
    down = np.eye(rows)[:, 1:] - 1 / rows
    across = np.eye(columns)[:, 1:] - 1 / columns
    return np.asarray(np.kron(down, across), dtype=np.float64)
