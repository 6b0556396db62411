"""Post-stratification: weights that agree with the population count of every cell."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.controls import Controls, Ints
from survey.analysis.design import Design, calibrated
from survey.analysis.errors import EmptyMarginError
from survey.analysis.sums import sums_by
from survey.analysis.weights.rake import Margin, check_codes, check_margin

Floats = npt.NDArray[np.float64]


def poststratify(design: Design, margin: Margin) -> Design:
    r"""Scale the weights of every cell of one (crossed) margin to its population total.

    Parameters
    ----------
    design : Design
        Of n rows, with base weights.
    margin : Margin
        Covers all rows.

    Returns
    -------
    Design
        With final weights, base weights and controls.

    Raises
    ------
    EmptyMarginError
        A level without rows or weight, or rows without a level.

    Notes
    -----
    :math:`w_i=d_i N_c/\hat N_c` for the rows of cell c [1]_.

    References
    ----------
    .. [1] Holt, Smith (1979), J. Roy. Statist. Soc. A 142, 33-46.
    """
    check_codes(margin)
    size = len(margin.totals)
    check_margin(
        margin,
        np.arange(size),
        design.tally(margin.code, size),
        sums_by(margin.code, design.weights, size),
    )
    cell, count = codes_of(margin.code)
    present = np.zeros(count, dtype=np.intp)
    present[cell] = margin.code
    targets = margin.totals[present]
    names = tuple(margin.levels[i] for i in present)
    controls = Controls(
        cell=cell,
        covariates=np.eye(len(present)),
        targets=targets,
        names=tuple(f"{margin.name} = {name}" for name in names),
        solve=partial(_scaled, margin.name, names, targets),
        margins=(_codes(len(present)),),
    )
    return calibrated(design, controls)


def _codes(count: int) -> Ints:
    return np.arange(count)


def _scaled(name: str, levels: tuple[str, ...], targets: Floats, sums: Floats) -> Floats:
    wanted = targets if sums.ndim == 1 else np.broadcast_to(targets[:, None], sums.shape)
    gone = np.argwhere((sums <= 0) & (wanted > 0))
    if len(gone):
        where = f" in replicate {gone[0][1] + 1}" if sums.ndim == 2 else ""
        raise EmptyMarginError(f"margin {name}, level {levels[gone[0][0]]}: no weight left{where}")
    return np.divide(wanted, sums, out=np.ones_like(sums), where=sums > 0)
