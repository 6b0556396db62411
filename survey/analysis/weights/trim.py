"""Trimming: weights cut at limits, the excess shared among the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design
from survey.analysis.errors import DesignError

Floats = npt.NDArray[np.float64]


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
    As R's ``trimWeights``; when no row is left inside, the excess is lost and reported.
    """
    low = -np.inf if lower is None else lower
    high = np.inf if upper is None else upper
    if not low <= high:
        raise DesignError(f"lower {low:g} is above upper {high:g}")
    weights, touched = design.weights, np.zeros(design.rows, dtype=bool)
    for _ in range(design.rows + 1):
        outside = (weights < low) | (weights > high)
        if not outside.any():
            break
        touched |= outside
        weights = _cut(weights, outside, low, high)
        if not repeat:
            break
    return Trimmed(
        design=replace(design, weights=weights),
        rows=int(touched.sum()),
        lost=float(design.weights.sum() - weights.sum()),
    )


def _cut(weights: Floats, outside: npt.NDArray[np.bool_], low: float, high: float) -> Floats:
    cut = np.clip(weights, low, high)
    if not outside.all():
        cut[~outside] += (weights - cut)[outside].sum() / (~outside).sum()
    return cut
