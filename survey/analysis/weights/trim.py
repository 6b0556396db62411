"""Trimming: weights cut at limits, the excess shared among the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design
from survey.analysis.errors import DesignError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
ROUNDS = 10_000


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
    """

    design: Design
    rows: int
    lost: float


def trim(design: Design, lower: float | None = None, upper: float | None = None, *, repeat: bool = False) -> Trimmed:
    """Cut weights at `lower` and `upper`; the excess goes in equal parts to the rows that were inside.

    Parameters
    ----------
    design : Design
    lower, upper : float, optional
        Limits, in the unit of the weights.
    repeat : bool
        Again until all are inside.

    Returns
    -------
    Trimmed

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
    return Trimmed(
        design=replace(design, weights=weights),
        rows=int(touched.sum()),
        lost=float(design.weights.sum() - weights.sum()),
    )


def _cut(weights: Floats, outside: Flags, takers: Flags, limits: tuple[float, float]) -> Floats:
    cut = np.clip(weights, *limits)
    if takers.any():
        cut[takers] += (weights - cut)[outside].sum() / takers.sum()
    return cut
