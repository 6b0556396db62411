"""Raking: weights that agree with several margins at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.controls import Controls
from survey.analysis.design import Design, calibrated
from survey.analysis.errors import EmptyMarginError, InfeasibleError, NotConvergedError
from survey.analysis.sums import sums_by

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
FINEST, SWEEPS, WATCHED = 1e-14, 20_000, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """Population totals of the levels of one or several crossed variables.

    Attributes
    ----------
    name : str
        What the margin is called in messages and reports: ``district × sex``.
    code : ndarray of int, shape (n,)
        Level of each row, 0..L-1; below 0 where the file has a level the margin has not.
    totals : ndarray of float, shape (L,)
        Population totals.
    levels : tuple of str, length L
        Levels in words.
    """

    name: str
    code: Ints
    totals: Floats
    levels: tuple[str, ...]


def rake(design: Design, margins: Sequence[Margin], tolerance: float = 1e-10, *, unweighted: bool = False) -> Design:
    r"""Rake the weights to margins.

    Parameters
    ----------
    design : Design
        Of n rows, with base weights.
    margins : sequence of Margin
        Each covers all rows.
    tolerance : float
        Largest relative misfit that is accepted; sweeps go on to rounding where they can.
    unweighted : bool
        Give the variance that R's ``rake()`` gives instead of that of one weighted regression.

    Returns
    -------
    Design
        With final weights, base weights and controls.

    Raises
    ------
    EmptyMarginError
        A level without rows or weight, or rows without a level.
    InfeasibleError
        Margins whose sums differ.
    NotConvergedError
        Names the margin and level that stall.

    Notes
    -----
    Iterative proportional fitting [1]_ over the cells of the crossed margins.

    References
    ----------
    .. [1] Deming, Stephan (1940), Ann. Math. Statist. 11, 427-444.
    """
    return calibrated(design, raking_controls(design, margins, tolerance, unweighted=unweighted))


def raking_controls(design: Design, margins: Sequence[Margin], tolerance: float, *, unweighted: bool) -> Controls:
    """Check margins against the rows and hold them by cell.

    Parameters
    ----------
    design : Design
        Of n rows.
    margins : sequence of Margin
        Each covers all rows.
    tolerance : float
        Largest relative misfit that is accepted.
    unweighted : bool
        Give the variance that R's ``rake()`` gives.

    Returns
    -------
    Controls
        Cells of the crossed margins; not solved yet.

    Raises
    ------
    EmptyMarginError
        A level without rows or weight, or rows without a level.
    InfeasibleError
        Margins whose sums differ.
    """
    for margin in margins:
        check_codes(margin)
    _check_sums(margins, tolerance)
    cell, count = codes_of(*[margin.code for margin in margins])
    rows, weight = design.tally(cell, count), sums_by(cell, design.weights, count)
    levels = []
    for margin in margins:
        level = np.zeros(count, dtype=np.intp)
        level[cell] = margin.code
        check_margin(margin, level, rows, weight)
        levels.append(level)
    covariates = np.hstack([np.eye(len(m.totals))[level] for m, level in zip(margins, levels, strict=True)])
    return Controls(
        cell=cell,
        covariates=covariates,
        targets=np.concatenate([margin.totals for margin in margins]),
        names=tuple(f"{margin.name} = {level}" for margin in margins for level in margin.levels),
        solve=partial(_fit, levels, list(margins), tolerance, rows),
        margins=tuple(levels),
        unweighted=unweighted,
    )


def check_codes(margin: Margin) -> None:
    """Refuse rows outside the margin and totals that are no totals.

    Parameters
    ----------
    margin : Margin
        Of n rows and L levels.

    Raises
    ------
    EmptyMarginError
        Rows without a level; says how many.
    InfeasibleError
        A total below 0 or missing; names the level.
    """
    if margin.code.min(initial=0) < 0:
        raise EmptyMarginError(
            f"margin {margin.name}: {(margin.code < 0).sum()} of {len(margin.code)} rows are empty or have "
            "a level without a total"
        )
    wrong = ~(np.isfinite(margin.totals) & (margin.totals >= 0))
    if wrong.any():
        level = int(np.argmax(wrong))
        raise InfeasibleError(
            f"margin {margin.name}, level {margin.levels[level]}: total {margin.totals[level]:g} is no count"
        )


def check_margin(margin: Margin, level: Ints, rows: Floats, weight: Floats) -> None:
    """Refuse levels the population has and the sample has not.

    Parameters
    ----------
    margin : Margin
        Of n rows and L levels.
    level : ndarray of int, shape (C,)
        Level of each cell.
    rows, weight : ndarray of float, shape (C,)
        Raw rows and sum of weights of each cell.

    Raises
    ------
    EmptyMarginError
        Names the levels, their rows, weight and total.
    """
    size = len(margin.totals)
    rows, weight = sums_by(level, rows, size), sums_by(level, weight, size)
    empty = np.flatnonzero((weight <= 0) & (margin.totals > 0))
    if len(empty):
        named = "; ".join(
            f"level {margin.levels[i]}: {rows[i]:g} rows with weight {weight[i]:g} in the sample, "
            f"{margin.totals[i]:.12g} in the population"
            for i in empty[:5]
        )
        raise EmptyMarginError(f"margin {margin.name}, {named}")


def _check_sums(margins: Sequence[Margin], tolerance: float) -> None:
    sums = [float(margin.totals.sum()) for margin in margins]
    for margin, size in zip(margins, sums, strict=True):
        if abs(size - sums[0]) > max(tolerance, 1e-12) * max(sums[0], size):
            raise InfeasibleError(
                f"margins disagree: {margins[0].name} adds to {sums[0]:.12g}, {margin.name} to {size:.12g}"
            )


def _fit(levels: list[Ints], margins: list[Margin], tolerance: float, rows: Floats, sums: Floats) -> Floats:
    """Ratios of new to old weight of each cell, for sums of shape (C,) or (C, R)."""
    columns = sums if sums.ndim == 2 else sums[:, None]
    dummies = [
        (np.arange(len(m.totals))[:, None] == level).astype(float) for m, level in zip(margins, levels, strict=True)
    ]
    ratio, best, mark, sweep = np.ones_like(columns), np.inf, np.inf, 0
    for sweep in range(1, SWEEPS + 1):
        misfit = 0.0
        for dummy, level, margin in zip(dummies, levels, margins, strict=True):
            have = dummy @ (columns * ratio)
            factor = _factor(margin, have)
            misfit = max(misfit, float(np.abs(factor - 1).max(where=have > 0, initial=0.0)))
            ratio *= factor[level]
        if misfit <= FINEST or (misfit <= tolerance / 4 and misfit > 0.9 * best):
            break
        best = min(best, misfit) if sweep % 4 == 0 else best
        if sweep % WATCHED == 0:
            if misfit > 0.99 * mark:
                break
            mark = misfit
    worst, words = _worst(dummies, margins, rows, columns * ratio)
    if worst > max(tolerance, 1e-12):
        raise NotConvergedError(f"raking did not converge in {sweep} sweeps: {words} (relative misfit {worst:.3g})")
    return ratio if sums.ndim == 2 else ratio[:, 0]


def _factor(margin: Margin, have: Floats) -> Floats:
    target = np.broadcast_to(margin.totals[:, None], have.shape)
    gone = (have <= 0) & (target > 0)
    if gone.any():
        level, replicate = (int(i[0]) for i in np.nonzero(gone))
        where = f" in replicate {replicate + 1}" if have.shape[1] > 1 else ""
        raise EmptyMarginError(f"margin {margin.name}, level {margin.levels[level]}: no weight left{where}")
    return np.divide(target, have, out=np.ones_like(have), where=have > 0)


def _worst(dummies: list[Floats], margins: list[Margin], rows: Floats, fitted: Floats) -> tuple[float, str]:
    """Largest relative misfit, and where it is in words."""
    worst, words = 0.0, ""
    for dummy, margin in zip(dummies, margins, strict=True):
        have = dummy @ fitted
        gap = np.abs(have - margin.totals[:, None]) / np.maximum(margin.totals, 1e-300)[:, None]
        gap = np.where(margin.totals[:, None] > 0, gap, 0.0)
        if gap.max(initial=0.0) > worst:
            worst = float(gap.max())
            level, column = np.unravel_index(int(gap.argmax()), gap.shape)
            where = f" in replicate {column + 1}" if have.shape[1] > 1 else ""
            words = (
                f"margin {margin.name}, level {margin.levels[level]} stalls{where} at "
                f"{have[level, column]:.12g} of {margin.totals[level]:.12g} with {dummy[level] @ rows:g} rows"
            )
    return worst, words
