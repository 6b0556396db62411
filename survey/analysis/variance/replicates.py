"""Variance from replicate weights: the same statistic once for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design, Replicates
from survey.analysis.errors import DesignError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
RANK_TOLERANCE = 1e-5
CHUNK = 16_000_000
Wrapped = TypeVar("Wrapped", bound=Callable[..., Any])
BATCHED: set[Callable[..., Any]] = set()


def batched(statistic: Wrapped) -> Wrapped:
    """Mark a statistic that also takes weights of shape (n, R) and then gives values of shape (k, R)."""
    BATCHED.add(statistic)
    return statistic


def replicate_weights(design: Design, rows: Ints, columns: slice = slice(None)) -> Floats:
    """Replicate weights of some rows, adjusted again in each replicate, shape (m, R)."""
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
    """The statistic in every replicate, shape (R, k); NaN where a replicate has nobody."""
    replicates = design.replicates
    if replicates is None:
        raise DesignError("the design has no replicates")
    count = replicates.factors.shape[1]
    step = max(1, CHUNK // max(1, len(rows)))
    parts = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for start in range(0, count, step):
            weights = replicate_weights(design, rows, slice(start, start + step))
            if getattr(statistic, "func", statistic) in BATCHED:
                parts.append(statistic(weights, *columns).value.T)
            else:
                parts.extend(statistic(column, *columns).value[None] for column in weights.T)
    return np.concatenate(parts)


def replicate_covariance(replicates: Replicates, values: Floats, centre: Floats) -> Floats:
    r"""Covariance of replicate values of shape (R, k), shape (k, k).

    Notes
    -----
    :math:`c\sum_r c_r(\hat\theta_r-\bar\theta)(\hat\theta_r-\bar\theta)'`; replicates in which the statistic does
    not exist are left out, as in R's ``svrVar``.
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


def rank(design: Design, rows: Ints) -> int:
    """Rank of the replicate weights of some rows, columns taken in order as LINPACK's ``dqrdc2`` does."""
    replicates = design.replicates
    if replicates is None or not len(rows):
        return 0
    rows = _distinct(design, rows)
    step = max(1, CHUNK // replicates.factors.shape[1])
    upper: Floats = np.zeros((0, replicates.factors.shape[1]))
    for start in range(0, len(rows), step):
        block = replicate_weights(design, rows[start : start + step])
        upper = np.asarray(np.linalg.qr(np.vstack([upper, block]), mode="r"))
    return _ordered_rank(upper)


def _distinct(design: Design, rows: Ints) -> Ints:
    """One row for each whose replicate weights are not a multiple of another's."""
    replicates, controls = design.replicates, design.controls
    if replicates is None or replicates.whole or len(replicates.factors) == design.rows:
        return rows
    key = replicates.unit[rows]
    if replicates.ratios is not None and controls is not None:
        key = key * controls.cells + controls.cell[rows]
    return np.asarray(rows[np.unique(key, return_index=True)[1]])


def _ordered_rank(matrix: Floats) -> int:
    norms = np.linalg.norm(matrix, axis=0)
    left = matrix.copy()
    found, limit = 0, min(matrix.shape)
    for column in range(matrix.shape[1]):
        if found == limit:
            break
        vector = left[:, column]
        length = np.linalg.norm(vector)
        if length <= RANK_TOLERANCE * norms[column] or length == 0:
            continue
        found += 1
        direction = vector / length
        left[:, column + 1 :] -= np.outer(direction, direction @ left[:, column + 1 :])
    return found
