"""Bootstrap replicates: our own Rao–Wu, and columns somebody gave."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design, Replicates
from survey.analysis.errors import DesignError, SinglePsuError
from survey.analysis.stages import Stage

Floats = npt.NDArray[np.float64]
Given = Literal["bootstrap", "brr", "fay"]


def rao_wu(design: Design, count: int, seed: int, *, mse: bool = False) -> Design:
    r"""Rescaled bootstrap of first-stage units.

    Parameters
    ----------
    design : Design
        Adjust it after this: the adjustment is then redone in each replicate.
    count : int
        Replicates.
    seed : int
        Of numpy's default generator; the same seed gives the same replicates.
    mse : bool
        Centre at the full-sample estimate.

    Returns
    -------
    Design
        With `count` replicates.

    Raises
    ------
    DesignError
        Fewer than two replicates.
    SinglePsuError
        A stratum with one sampling unit, unless the rule is ``certainty`` or ``remove``.

    Notes
    -----
    n_h - 1 units drawn with replacement from each stratum; the factor of a unit drawn r times is
    :math:`1-\lambda+\lambda\frac{n_h}{n_h-1}r` with :math:`\lambda=\sqrt{1-f_h}` [1]_ [2]_.

    References
    ----------
    .. [1] Rao, Wu (1988), J. Amer. Statist. Assoc. 83, 231-241.
    .. [2] Rao, Wu, Yue (1992), Survey Methodology 18, 209-217.
    """
    if count < 2:
        raise DesignError(f"replicates.count: {count} replicates are too few")
    stage = design.stages[0]
    alone = (stage.sampled < 2) & (stage.fraction < 1)
    if alone.any() and design.single in ("fail", "adjust", "average"):
        raise SinglePsuError(
            f"single_psu: {alone.sum()} strata with one sampling unit can't be resampled "
            f"({int(alone[stage.stratum[stage.unit]].sum())} rows); choose certainty or remove"
        )
    return replace(
        design,
        replicates=Replicates(
            unit=stage.unit,
            factors=_factors(stage, count, np.random.default_rng(seed)),
            scale=1 / (count - 1),
            rscales=np.ones(count),
            mse=mse,
        ),
    )


def _factors(stage: Stage, count: int, generator: np.random.Generator) -> Floats:
    factors = np.ones((stage.units, count))
    shrink = np.sqrt(np.maximum(1 - stage.fraction, 0.0))
    order = np.argsort(stage.stratum, kind="stable")
    ends = np.cumsum(stage.sampled).astype(int)
    for stratum, members in enumerate(np.split(order, ends[:-1])):
        n = len(members)
        if n > 1:
            drawn = generator.multinomial(n - 1, np.full(n, 1 / n), size=count).T
            factors[members] = 1 - shrink[stratum] + shrink[stratum] * n / (n - 1) * drawn
    return factors


def given(
    design: Design, columns: Floats, kind: Given, *, combined: bool, rho: float = 0.0, mse: bool = False
) -> Design:
    """Replicates from columns somebody gave.

    Parameters
    ----------
    design : Design
        Of n rows.
    columns : ndarray of float, shape (n, R)
        Final weights when `combined`, else factors on the base weight.
    kind : {"bootstrap", "brr", "fay"}
        How they were made, which gives the scale.
    combined : bool
        Whether `columns` are weights already.
    rho : float
        Fay's factor, 0 to under 1.
    mse : bool
        Centre at the full-sample estimate.

    Returns
    -------
    Design
        With R replicates.

    Notes
    -----
    Scale 1/B for ``brr``, 1/(B(1-ρ)²) for ``fay`` [1]_, 1/(B-1) for ``bootstrap``.

    References
    ----------
    .. [1] Judkins (1990), J. Official Statist. 6, 223-239.
    """
    count = columns.shape[1]
    scales = {"bootstrap": 1 / max(count - 1, 1), "brr": 1 / count, "fay": 1 / (count * (1 - rho) ** 2)}
    return replace(
        design,
        replicates=Replicates(
            unit=np.arange(design.rows),
            factors=columns,
            scale=scales[kind],
            rscales=np.ones(count),
            mse=mse,
            whole=combined,
        ),
    )
