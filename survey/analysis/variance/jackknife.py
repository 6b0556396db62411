"""Replicates built from the design by leaving out one sampling unit at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design, Replicates
from survey.analysis.errors import DesignError, SinglePsuError
from survey.analysis.stages import Stage

Floats = npt.NDArray[np.float64]


def jk1(design: Design, *, mse: bool = False) -> Design:
    """Unstratified jackknife.

    Parameters
    ----------
    design : Design
        Without strata; adjust it after this.
    mse : bool
        Centre at the full-sample estimate.

    Returns
    -------
    Design
        With one replicate for each first-stage unit.

    Raises
    ------
    DesignError
        The design has strata.
    SinglePsuError
        It has one sampling unit.

    Notes
    -----
    Factor n/(n-1) on all units but one; scale (n-1)/n · (1-f), f the sampling fraction of the first stage [1]_.

    References
    ----------
    .. [1] Wolter (2007), Introduction to Variance Estimation, ch. 4.
    """
    stage = design.stages[0]
    if len(stage.sampled) > 1:
        raise DesignError(f"replicates: jk1 is for designs without strata, this one has {len(stage.sampled)}; use jkn")
    n = float(stage.units)
    if n < 2:
        raise SinglePsuError(f"replicates: jk1 needs two sampling units, there is {n:g} ({design.rows} rows)")
    factors = (1.0 - np.eye(stage.units)) * n / (n - 1)
    scale = float((1 - stage.fraction[0]) * (n - 1) / n)
    return replace(
        design,
        replicates=Replicates(unit=stage.unit, factors=factors, scale=scale, rscales=np.ones(stage.units), mse=mse),
    )


def jkn(design: Design, *, mse: bool = False) -> Design:
    """Stratified jackknife.

    Parameters
    ----------
    design : Design
        Adjust it after this.
    mse : bool
        Centre at the full-sample estimate.

    Returns
    -------
    Design
        With one replicate for each first-stage unit of a stratum that has several.

    Raises
    ------
    SinglePsuError
        A stratum with one sampling unit under the rule ``fail``, or no stratum with two.

    Notes
    -----
    Factor n_h/(n_h-1) on the other units of the stratum; rscale (n_h-1)/n_h · (1-f_h) [1]_. Single units by the
    design's rule, as R's survey has it.

    References
    ----------
    .. [1] Wolter (2007), Introduction to Variance Estimation, ch. 4.
    """
    stage = design.stages[0]
    n = stage.sampled[stage.stratum]
    free = (1 - stage.fraction)[stage.stratum]
    single = (n < 2) & (free > 0)
    if single.any() and design.single == "fail":
        first = stage.stratum[np.argmax(single)]
        name = stage.names[first] if stage.names else f"number {first + 1}"
        raise SinglePsuError(
            f"single_psu: {single.sum()} strata with one sampling unit (the first is {name}; "
            f"{int(single[stage.unit].sum())} rows); choose adjust, certainty, average or remove"
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        up = np.where(n > 1, n / (n - 1), 1.0)
        factors = np.where(stage.stratum[:, None] == stage.stratum, up[:, None], 1.0)
        np.fill_diagonal(factors, 0.0)
        rscales = np.where(n > 1, (n - 1) / n, 0.0) * free
    keep = n > 1
    if design.single == "adjust" and single.any():
        factors, rscales, keep = _left_out(stage, factors, rscales, single)
    if not keep.any():
        raise SinglePsuError("replicates: no stratum has two sampling units")
    scale = len(keep) / keep.sum() if design.single == "average" and single.any() else 1.0
    return replace(
        design,
        replicates=Replicates(
            unit=stage.unit, factors=factors[:, keep], scale=float(scale), rscales=rscales[keep], mse=mse
        ),
    )


def _left_out(
    stage: Stage, factors: Floats, rscales: Floats, single: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Leave a single unit out and spread its weight over all other strata."""
    strata = float(len(stage.sampled))
    for unit in np.flatnonzero(single):
        factors[:, unit] = strata / (strata - 1)
        factors[unit, unit] = 0.0
        rscales[unit] = (strata - 1) / strata
    return factors, rscales, (stage.sampled[stage.stratum] > 1) | single
