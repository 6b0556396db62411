"""A handful of answers must not carry a large part of the city.

Where few answered and each of them would weigh many times what the draw gives them, their cell of the margin holds
nearly as many controls as rows: what is left over is next to nothing, and the variance with it, while the estimate
hangs on a few people. Such cells are joined to their neighbours, such areas left out and named, as if nobody had
answered. (Kalton and Flores-Cervantes 2003, "Weighting Methods", Journal of Official Statistics 19, 81-97, on joining
cells that are small or whose adjustment is large.)
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from survey.wave.margins import AREA
from survey.wave.model import Margin

FEW = 50
"""Fewer answers than this are a handful. With 30 to 49 answers standing for a sixth of the city, the 95 % interval of
the whole still held the truth in only nine of ten samples; from 60 on in 93 to 95 of a hundred."""
MOST = 3.0
"""How many times its share of the draw a handful may weigh. Below, no handful has much of the city's variance."""


def too_few(rows: int, total: float, weight: float, usual: float) -> bool:
    """Whether `rows` answers of design weight `weight` must not stand for `total` residents.

    `usual` is how many residents a unit of design weight stands for in the whole sample.
    """
    return rows < FEW and total > MOST * usual * weight


def areas_of(margins: Iterable[Margin]) -> dict[str, float]:
    """Residents of each area that the margins count, by the first margin that does."""
    for margin in margins:
        if AREA in margin.variables:
            place = margin.variables.index(AREA)
            totals: dict[str, float] = {}
            for cell in margin.cells:
                totals[cell.levels[place]] = totals.get(cell.levels[place], 0.0) + cell.total
            return totals
    return {}


def left_out(margins: Iterable[Margin], area: np.ndarray, weights: np.ndarray) -> tuple[str, ...]:
    """Areas that the margins count and that too few answered in: nobody, or a handful that would weigh too much.

    Parameters
    ----------
    margins : iterable of Margin
        The wave's.
    area : ndarray of str, shape (n,)
        Area of every resident inside the margins.
    weights : ndarray of float, shape (n,)
        Their design weights.
    """
    totals = areas_of(margins)
    rows = {one: int((area == one).sum()) for one in totals}
    drawn = {one: float(weights[area == one].sum()) for one in totals}
    reached = [one for one in totals if rows[one]]
    if not reached:
        return tuple(totals)
    usual = sum(totals[one] for one in reached) / sum(drawn[one] for one in reached)
    return tuple(one for one in totals if not rows[one] or too_few(rows[one], totals[one], drawn[one], usual))
