"""Variance from replicate weights: the same statistic once for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.design import Design, Replicates
from survey.analysis.errors import DesignError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
CHUNK = 16_000_000
Wrapped = TypeVar("Wrapped", bound=Callable[..., Any])
BATCHED: set[Callable[..., Any]] = set()
COUNTED: set[Callable[..., Any]] = set()
FEW, WORTH = 256, 64


def batched(statistic: Wrapped) -> Wrapped:
    """Mark a statistic that also takes weights of shape (n, R) and then gives values of shape (k, R).

    Parameters
    ----------
    statistic : callable
        As `estimate` reads it.

    Returns
    -------
    callable
        The same.
    """
    BATCHED.add(statistic)
    return statistic


def counted(statistic: Wrapped) -> Wrapped:
    """Mark a statistic that also reads how many rows there are, not only what they weigh.

    Parameters
    ----------
    statistic : callable
        As `estimate` reads it.

    Returns
    -------
    callable
        The same.
    """
    COUNTED.add(statistic)
    return statistic


def replicate_weights(design: Design, rows: Ints, columns: slice = slice(None)) -> Floats:
    """Replicate weights of some rows, adjusted again in each replicate.

    Parameters
    ----------
    design : Design
        With R replicates.
    rows : ndarray of int, shape (m,)
        Which of its rows.
    columns : slice
        Which of the replicates.

    Returns
    -------
    ndarray of float, shape (m, R)
        Weights.

    Raises
    ------
    DesignError
        The design has no replicates.
    """
    replicates = design.replicates
    if replicates is None:
        raise DesignError("the design has no replicates")
    weights = replicates.factors[:, columns][replicates.unit[rows]]
    if not replicates.whole:
        weights = weights * design.base[rows, None]
    if replicates.ratios is not None and design.controls is not None:
        weights = weights * replicates.ratios[:, columns][design.controls.cell[rows]]
    return weights


def replicate_values(design: Design, statistic: Callable[..., Any], columns: tuple[Floats, ...], rows: Ints) -> Floats:
    """The statistic in every replicate.

    Parameters
    ----------
    design : Design
        With R replicates.
    statistic : callable
        ``(weights, *columns) -> Linear`` with k values.
    columns : tuple of ndarray of float, each of shape (m,) or (m, q)
        What it reads.
    rows : ndarray of int, shape (m,)
        Rows of the design they belong to.

    Returns
    -------
    ndarray of float, shape (R, k)
        NaN where a replicate has nobody.

    Raises
    ------
    DesignError
        The design has no replicates.
    """
    replicates = design.replicates
    if replicates is None:
        raise DesignError("the design has no replicates")
    plain = getattr(statistic, "func", statistic)
    count = replicates.factors.shape[1]
    step = max(1, CHUNK // max(1, len(rows)))
    summed = None if plain in COUNTED else answer_weights(design, columns, rows)
    parts = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for start in range(0, count, step) if summed is None else (0,):
            if summed is None:
                weights = replicate_weights(design, rows, slice(start, start + step))
            else:
                weights, columns = summed
            if plain in BATCHED:
                parts.append(statistic(weights, *columns).value.T)
            else:
                parts.extend(statistic(column, *columns).value[None] for column in weights.T)
    return np.concatenate(parts)


def answer_weights(design: Design, columns: tuple[Floats, ...], rows: Ints) -> tuple[Floats, tuple[Floats, ...]] | None:
    """Replicate weights of rows with equal answers added up.

    Parameters
    ----------
    design : Design
        With R replicates.
    columns : tuple of ndarray of float, each of shape (m,) or (m, q)
        Answers.
    rows : ndarray of int, shape (m,)
        Rows of the design they belong to.

    Returns
    -------
    (ndarray of float, shape (A, R), tuple of ndarray) or None
        Weights of the A different answers, and those answers in the shape of `columns`; None where that would not
        be less work, because answers nearly all differ.
    """
    replicates = design.replicates
    if replicates is None or len(rows) < FEW:
        return None
    flat = [part for column in columns for part in (column.T if column.ndim > 1 else column[None])]
    answer, answers = codes_of(*flat)
    unit, factors = _spanned(replicates.unit[rows], replicates.factors)
    units, cells, cell = len(factors), 1, np.zeros(1, dtype=np.intp)
    ratios = replicates.ratios
    if ratios is not None and design.controls is not None:
        cell, ratios = _spanned(design.controls.cell[rows], ratios)
        cells = len(ratios)
    if answers * cells * units > WORTH * len(rows):
        return None
    base = None if replicates.whole else design.base[rows]
    masses = np.bincount((answer * cells + cell) * units + unit, base, answers * cells * units)
    weights = (masses.reshape(-1, units) @ factors).reshape(answers, cells, -1)
    first = np.zeros(answers, dtype=np.intp)
    first[answer] = np.arange(len(rows))
    summed = weights[:, 0] if ratios is None else np.einsum("acr,cr->ar", weights, ratios)
    return summed, tuple(column[first] for column in columns)


def _spanned(code: Ints, table: Floats) -> tuple[Ints, Floats]:
    """The part of a table from the first to the last row that is used, and codes into it."""
    low, high = int(code.min()), int(code.max())
    return code - low, table[low : high + 1]


def replicate_covariance(replicates: Replicates, values: Floats, centre: Floats) -> Floats:
    r"""Covariance from replicate values.

    Parameters
    ----------
    replicates : Replicates
        Their scales and centre.
    values : ndarray of float, shape (R, k)
        The statistic in each replicate; those in which it does not exist are left out, as in R's ``svrVar``.
    centre : ndarray of float, shape (k,)
        The full-sample estimate; read when `replicates.mse`.

    Returns
    -------
    ndarray of float, shape (k, k)
        NaN when no replicate has a value.

    Notes
    -----
    :math:`c\sum_r c_r(\hat\theta_r-\bar\theta)(\hat\theta_r-\bar\theta)'` [1]_.

    References
    ----------
    .. [1] Wolter (2007), Introduction to Variance Estimation, ch. 3-5.
    """
    good = np.isfinite(values).all(axis=1)
    values, rscales = values[good], replicates.rscales[good]
    if not len(values):
        return np.full((len(centre),) * 2, np.nan)
    if not replicates.mse:
        used = values[rscales > 0]
        centre = used.mean(axis=0) if len(used) else centre
    centred = values - centre
    return np.asarray(replicates.scale * (centred.T @ (rscales[:, None] * centred)))


def replicate_variances(replicates: Replicates, values: Floats, centre: Floats) -> Floats:
    """Variances of D estimates of k values each: the diagonals of their `replicate_covariance`.

    Parameters
    ----------
    replicates : Replicates
        Their scales and centre.
    values : ndarray of float, shape (D, R, k)
        In each replicate.
    centre : ndarray of float, shape (D, k)
        The full-sample estimates.

    Returns
    -------
    ndarray of float, shape (D, k)
        NaN where no replicate has a value.
    """
    whole = np.isfinite(values).all(axis=(1, 2))
    found = np.empty(centre.shape)
    for i in np.flatnonzero(~whole):
        found[i] = np.diag(replicate_covariance(replicates, values[i], centre[i]))
    values, centre = values[whole], centre[whole]
    used = replicates.rscales > 0
    if not replicates.mse and used.any():
        centre = values[:, used].mean(axis=1)
    found[whole] = replicates.scale * (replicates.rscales @ np.square(values - centre[:, None]))
    return found
