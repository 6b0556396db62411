"""Trimming: weights cut at limits, the excess shared among the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from survey.analysis.controls import Projection
from survey.analysis.design import Design
from survey.analysis.errors import DesignError, NotConvergedError
from survey.analysis.weights.diagnostics import controls_table, spread

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
ROUNDS = 10_000
TURNS = 500
CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """A trimmed design and what trimming cost.

    Attributes
    ----------
    design : Design
    rows : int
        Rows whose weight was cut in the end.
    lost : float
        Sum of weights that nobody was left to take (below 0: gained).
    moved : float
        Share of the sum of weights that changed rows.
    kish_before, kish_after : float
        Design effect of unequal weights, before and after.
    """

    design: Design
    rows: int
    lost: float
    moved: float
    kish_before: float
    kish_after: float


def trim(design: Design, lower: float | None = None, upper: float | None = None, *, repeat: bool = False) -> Trimmed:
    """Cut weights at `lower` and `upper`; the excess goes in equal parts to the rows that were inside.

    Parameters
    ----------
    design : Design
        Of n rows, adjusted or not.
    lower, upper : float, optional
        Limits, in the unit of the weights.
    repeat : bool
        Again until all are inside.

    Returns
    -------
    Trimmed
        The design with the new weights, and what the trimming cost.

    Raises
    ------
    DesignError
        Limits the wrong way round.

    Notes
    -----
    As R's ``trimWeights``. Where the limits leave no room for the sum of the weights, rows once cut take
    nothing more; when no row is left to take the excess, it is lost and reported.
    """
    low = -np.inf if lower is None else lower
    high = np.inf if upper is None else upper
    if not low <= high:
        raise DesignError(f"lower {low:g} is above upper {high:g}")
    weights, touched = design.weights, np.zeros(design.rows, dtype=bool)
    room = low * design.rows <= weights.sum() <= high * design.rows
    for _ in range(ROUNDS if repeat else 1):
        outside = (weights < low) | (weights > high)
        if not outside.any():
            break
        touched |= outside
        weights = _cut(weights, outside, ~outside if room else ~touched, (low, high))
    if repeat:
        weights = np.clip(weights, low, high)
    return _cost(design, replace(design, weights=weights), int(touched.sum()))


def trim_calibrated(design: Design, lower: float | None = None, upper: float | None = None) -> Trimmed:
    """Trim calibrated weights and calibrate again, in turns, until both hold.

    Parameters
    ----------
    design : Design
        Calibrated; its controls are met again.
    lower, upper : float, optional
        Limits, in the unit of the weights.

    Returns
    -------
    Trimmed
        The variance is that of the calibrated design, with the trimmed weights.

    Raises
    ------
    DesignError
        The design was never calibrated.
    NotConvergedError
        The limits leave no room for the controls; names the control that is farthest off.
    """
    controls = design.controls
    if controls is None:
        raise DesignError("there are no controls to calibrate to again")
    low, high = -np.inf if lower is None else lower, np.inf if upper is None else upper
    outside = (design.weights < low) | (design.weights > high)
    done = design
    for _ in range(TURNS):
        cut = trim(done, lower, upper, repeat=True).design.weights
        weights = cut * controls.solve(controls.sums(cut))[controls.cell]
        rows = design.tally(controls.cell, controls.cells) if controls.unweighted else np.zeros(0)
        projection = Projection.of(controls, design.base, weights, rows)
        done = replace(design, weights=weights, projection=projection)
        slack = CLOSE * np.abs(weights)
        if ((weights >= low - slack) & (weights <= high + slack)).all():
            return _cost(design, done, int(outside.sum()))
    worst = max(controls_table(replace(done, weights=np.clip(done.weights, low, high))), key=lambda c: c.misfit)
    raise NotConvergedError(
        f"no weights from {low:g} to {high:g} meet the controls: inside the limits {worst.name} comes to "
        f"{worst.after:.12g} of {worst.target:.12g}"
    )


def _cost(before: Design, after: Design, rows: int) -> Trimmed:
    size = float(before.weights.sum())
    return Trimmed(
        design=after,
        rows=rows,
        lost=size - float(after.weights.sum()),
        moved=float(np.abs(after.weights - before.weights).sum() / 2 / size) if size > 0 else 0.0,
        kish_before=spread(before).kish_deff,
        kish_after=spread(after).kish_deff,
    )


def _cut(weights: Floats, outside: Flags, takers: Flags, limits: tuple[float, float]) -> Floats:
    cut = np.clip(weights, *limits)
    if takers.any():
        cut[takers] += (weights - cut)[outside].sum() / takers.sum()
    return cut
