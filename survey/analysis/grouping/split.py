"""A design whose grouped rows are divided by what those behind them answered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


def split(design: Design, row: Ints, base: Floats, counts: Floats, squares: Floats) -> Design:
    """The same sample with finer rows: rows of a design divided by what those behind them answered.

    Parameters
    ----------
    design : Design
        Of G rows, adjusted or not.
    row : ndarray of int, shape (m,)
        Row of `design` that each new row is a part of; every row is divided whole.
    base, counts, squares : ndarray of float, shape (m,)
        Base weights, raw rows and squared base weights behind each new row.

    Returns
    -------
    Design
        Of m rows; weights, controls and replicates follow from those of the rows they are parts of.
    """
    ratio = np.divide(design.weights, design.base, out=np.zeros(design.rows), where=design.base > 0)
    weights = ratio[row] * base
    done = replace(
        design,
        weights=weights,
        base=base,
        counts=counts,
        squares=squares,
        stages=tuple(replace(stage, unit=stage.unit[row]) for stage in design.stages),
    )
    if design.replicates is not None:
        done = replace(done, replicates=replace(design.replicates, unit=design.replicates.unit[row]))
    if design.controls is None or design.projection is None:
        return done
    spread, averaged = weights, design.controls.averaged
    if averaged is not None:
        share = counts / design.numbers()[row]
        spread, averaged = design.projection.weight[row] * share, averaged[row] * share
    controls = replace(design.controls, cell=design.controls.cell[row], averaged=averaged)
    projection = replace(design.projection, controls=controls, weight=spread)
    return replace(done, controls=controls, projection=projection)
