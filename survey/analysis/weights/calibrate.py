"""Calibration (GREG and its relatives): weights that meet totals of categories and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from survey.analysis.controls import Controls, Ints
from survey.analysis.design import Design, calibrated
from survey.analysis.errors import AnalysisError, InfeasibleError, NotConvergedError
from survey.analysis.sums import sums_by
from survey.analysis.weights.distances import DISTANCES, Bounds, Distance, checked

Floats = npt.NDArray[np.float64]
CLOSE = 1e-12
ACCEPTED = 1e-8
STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Calibration variables with their population totals.

    Attributes
    ----------
    cell : ndarray of int, shape (n,)
        Rows with equal covariates share a cell, 0..C-1.
    covariates : ndarray of float, shape (C, p)
    targets : ndarray of float, shape (p,)
    names : tuple of str, length p
    """

    cell: Ints
    covariates: Floats
    targets: Floats
    names: tuple[str, ...]


def calibrate(
    design: Design,
    totals: Totals,
    distance: str = "linear",
    bounds: Bounds | None = None,
    *,
    equal_within_clusters: bool = False,
) -> Design:
    r"""Calibrate the weights to totals.

    Parameters
    ----------
    design : Design
        Of n rows, with base weights.
    totals : Totals
        What the weights should meet, and the covariates of the rows.
    distance : {"linear", "raking", "logit"}
    bounds : (float, float), optional
        Lowest and highest ratio of new to old weight.
    equal_within_clusters : bool
        One ratio per first-stage unit, from covariates and base weights averaged in it.

    Returns
    -------
    Design
        With final weights, base weights and controls.

    Raises
    ------
    InfeasibleError
        Totals that no weights, or none within the bounds, can meet; names the total.
    NotConvergedError
        Names the total that stalls.

    Notes
    -----
    Solves :math:`\sum d_i F(x_i'\lambda) x_i = T` by Newton's method with halved steps [1]_.

    References
    ----------
    .. [1] Deville, Särndal (1992), J. Amer. Statist. Assoc. 87, 376-382.
    """
    limits = checked(distance, bounds)
    averaged = None
    if equal_within_clusters:
        totals, averaged = _averaged(design, totals)
    controls = Controls(
        cell=totals.cell,
        covariates=totals.covariates,
        targets=totals.targets,
        names=totals.names,
        solve=partial(_each, totals, DISTANCES[distance], limits),
        averaged=averaged,
    )
    return calibrated(design, controls)


def _averaged(design: Design, totals: Totals) -> tuple[Totals, Floats]:
    stage = design.stages[0]
    rows = sums_by(stage.unit, design.numbers(), stage.units)
    covariates = totals.covariates[totals.cell] * design.numbers()[:, None]
    mean = sums_by(stage.unit, covariates, stage.units) / rows[:, None]
    weight = (sums_by(stage.unit, design.weights, stage.units) / rows)[stage.unit] * design.numbers()
    return Totals(cell=stage.unit, covariates=mean, targets=totals.targets, names=totals.names), weight


def _each(totals: Totals, distance: Distance, bounds: Bounds, sums: Floats) -> Floats:
    """Ratios of cells for sums of old weights of shape (C,) or (C, R)."""
    if sums.ndim == 1:
        return _solve(totals, distance, bounds, sums)
    ratios = np.empty_like(sums)
    for replicate in range(sums.shape[1]):
        try:
            ratios[:, replicate] = _solve(totals, distance, bounds, sums[:, replicate])
        except AnalysisError as problem:
            raise type(problem)(f"in replicate {replicate + 1}: {problem}") from problem
    return ratios


def _solve(totals: Totals, distance: Distance, bounds: Bounds, sums: Floats) -> Floats:
    x, target = totals.covariates, totals.targets
    _check_reach(totals, bounds, sums)
    scale = np.maximum(np.abs(sums @ np.abs(x)), np.abs(target))
    scale = np.where(scale > 0, scale, 1.0)
    scaled, wanted = x / scale, target / scale
    beta = np.zeros(len(target))
    ratio, slope = distance(scaled @ beta, bounds)
    miss = wanted - (sums * ratio) @ scaled
    for _ in range(STEPS):
        if np.abs(miss).max(initial=0.0) <= CLOSE * 1e-2:
            break
        gram = scaled.T @ ((sums * slope)[:, None] * scaled)
        step = np.linalg.pinv(gram, rcond=1e-13, hermitian=True) @ miss
        beta, ratio, slope, after = _step(distance, bounds, (sums, scaled, wanted), (beta, step, miss))
        if np.abs(after).max() >= np.abs(miss).max():
            break
        miss = after
    ratio, _ = distance(scaled @ beta, bounds)
    _check_met(totals, sums, ratio, bounds)
    return ratio


def _step(
    distance: Distance,
    bounds: Bounds,
    problem: tuple[Floats, Floats, Floats],
    at: tuple[Floats, Floats, Floats],
) -> tuple[Floats, Floats, Floats, Floats]:
    sums, scaled, wanted = problem
    beta, step, miss = at
    length = 1.0
    before = np.abs(miss).max()
    while length > 1e-9:
        ratio, slope = distance(scaled @ (beta + length * step), bounds)
        after = wanted - (sums * ratio) @ scaled
        if np.isfinite(after).all() and np.abs(after).max() < before:
            return beta + length * step, ratio, slope, after
        length /= 2
    ratio, slope = distance(scaled @ beta, bounds)
    return beta, ratio, slope, miss


def _check_reach(totals: Totals, bounds: Bounds, sums: Floats) -> None:
    """Refuse totals outside what the bounds allow one by one."""
    low, high = bounds
    part = sums[:, None] * totals.covariates
    if not (np.isfinite(low) and np.isfinite(high)):
        return
    least = np.minimum(part * low, part * high).sum(axis=0)
    most = np.maximum(part * low, part * high).sum(axis=0)
    slack = 1e-10 * np.maximum(np.abs(totals.targets), np.abs(most))
    out = (totals.targets < least - slack) | (totals.targets > most + slack)
    if out.any():
        k = int(np.argmax(out))
        raise InfeasibleError(
            f"bounds [{low:g}, {high:g}] can't be met: total {totals.names[k]} is "
            f"{totals.targets[k]:.12g}, the weights reach from {least[k]:.12g} to {most[k]:.12g}"
        )


def _check_met(totals: Totals, sums: Floats, ratio: Floats, bounds: Bounds) -> None:
    have = (sums * ratio) @ totals.covariates
    gap = np.abs(have - totals.targets) / np.maximum(np.abs(totals.targets), 1.0)
    if gap.max(initial=0.0) <= ACCEPTED:
        return
    k = int(gap.argmax())
    words = (
        f"total {totals.names[k]} stalls at {have[k]:.12g} of {totals.targets[k]:.12g} "
        f"(relative misfit {gap[k]:.3g}, {int((totals.covariates[totals.cell, k] != 0).sum())} rows)"
    )
    if np.isfinite(bounds).any():
        raise NotConvergedError(f"no weights within bounds [{bounds[0]:g}, {bounds[1]:g}]: {words}")
    raise InfeasibleError(f"totals contradict each other or the sample: {words}")
