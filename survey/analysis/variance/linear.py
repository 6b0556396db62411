"""Covariance of totals over stratified stages of sampling with finite populations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design
from survey.analysis.errors import SinglePsuError
from survey.analysis.stages import Stage
from survey.analysis.sums import sums_by

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
CENSUS = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How each stratum of a stage enters the variance: factor per stratum, and which centre at the whole."""

    scale: Floats
    whole: Flags
    stretch: float


def unit_totals(stage: Stage, scores: Floats) -> Floats:
    """Sum weighted scores to sampling units.

    Parameters
    ----------
    stage : Stage
        With U units.
    scores : ndarray of float, shape (n, k)
        Weighted scores of the rows.

    Returns
    -------
    ndarray of float, shape (U, k)
        Totals.
    """
    return sums_by(stage.unit, scores, stage.units)


def covariance(design: Design, totals: Sequence[Floats], inside: Sequence[Flags]) -> Floats:
    r"""Covariance of the totals of weighted scores.

    Parameters
    ----------
    design : Design
        With its stages, rule for single units and calibration.
    totals : sequence of ndarray of float, each of shape (U, k)
        For each stage, weighted scores summed to its units: calibration residuals already taken, rows outside
        the domain 0 if there was none.
    inside : sequence of ndarray of bool, each of shape (U,)
        Units with rows that answered, are in the domain and have a weight over 0.

    Returns
    -------
    ndarray of float, shape (k, k)

    Raises
    ------
    SinglePsuError
        A stratum with members has one sampling unit and the rule is ``fail``.

    Notes
    -----
    :math:`\sum_h (1-f_h)\frac{n_h}{n_h-1}\sum_i (t_{hi}-\bar t_h)(t_{hi}-\bar t_h)'`, and at each later stage
    the same within units times the product of the sampling fractions before [1]_.

    References
    ----------
    .. [1] Särndal, Swensson, Wretman (1992), Model Assisted Survey Sampling, result 4.3.1 and ch. 5.
    """
    whole: Floats = np.zeros((totals[0].shape[1],) * 2)
    for number, (stage, sums, members) in enumerate(zip(design.stages, totals, inside, strict=True)):
        whole = whole + _stage_covariance(stage, sums, _plan(design, stage, members, number + 1))
    return whole


def variances(design: Design, totals: Sequence[Floats], inside: Sequence[Flags]) -> tuple[Floats, list[str | None]]:
    """Variances of D domains' totals of weighted scores: the diagonals of their `covariance`.

    Parameters
    ----------
    design : Design
        With its stages, rule for single units and calibration.
    totals : sequence of ndarray of float, each of shape (U, D·k)
        As `covariance` reads them, domain by domain.
    inside : sequence of ndarray of bool, each of shape (D, U)
        Units with members, of each domain.

    Returns
    -------
    variance : ndarray of float, shape (D, k)
        NaN where the rule for single units refuses.
    failed : list of str or None, length D
        Why it does.
    """
    domains = len(inside[0])
    width = totals[0].shape[1] // domains
    failed: list[str | None] = [None] * domains
    if not any(_may_be_single(design, stage) for stage in design.stages):
        whole = np.zeros(totals[0].shape[1])
        for number, (stage, sums, members) in enumerate(zip(design.stages, totals, inside, strict=True)):
            plan = _plan(design, stage, members[0], number + 1)
            centred = _centred(stage, sums, plan)
            whole += plan.scale[stage.stratum] @ np.square(centred) * plan.stretch
        return whole.reshape(domains, width), failed
    found = np.full((domains, width), np.nan)
    for i in range(domains):
        own = slice(i * width, (i + 1) * width)
        try:
            found[i] = np.diag(covariance(design, [sums[:, own] for sums in totals], [part[i] for part in inside]))
        except SinglePsuError as problem:
            failed[i] = str(problem)
    return found, failed


def _may_be_single(design: Design, stage: Stage) -> bool:
    return design.single_in_domains or bool((stage.sampled == 1).any())


def _stage_covariance(stage: Stage, totals: Floats, plan: _Plan) -> Floats:
    centred = _centred(stage, totals, plan)
    return np.asarray((centred.T @ (centred * plan.scale[stage.stratum][:, None])) * plan.stretch)


def _centred(stage: Stage, totals: Floats, plan: _Plan) -> Floats:
    strata = len(stage.sampled)
    if strata == 1:
        return np.asarray(totals - totals.mean(axis=0))
    centre = sums_by(stage.stratum, totals, strata) / np.maximum(stage.sampled, 1.0)[:, None]
    if plan.whole.any():
        centre[plan.whole] = totals.mean(axis=0)
    return np.asarray(totals - centre[stage.stratum])


def _plan(design: Design, stage: Stage, inside: Flags, number: int) -> _Plan:
    n = stage.sampled
    free = np.maximum(1.0 - stage.fraction, 0.0)
    spread = n / np.maximum(n - 1.0, 1.0)
    scale = stage.share * free * np.where(n > 1, spread, 1.0)
    present = sums_by(stage.stratum, inside, len(n))
    live = (free > CENSUS) & (stage.share > 0)
    single = (n == 1) & live
    if design.single_in_domains:
        single |= (n > 1) & (present == 1) & live
    if not single.any():
        return _Plan(scale=scale, whole=single, stretch=1.0)
    return _ruled(design, stage, scale, single, present, number)


def _ruled(design: Design, stage: Stage, scale: Floats, single: Flags, present: Floats, number: int) -> _Plan:
    concerned = single & (present > 0)
    none = np.zeros_like(single)
    if design.single == "fail" and concerned.any():
        raise SinglePsuError(_message(design, stage, concerned, number))
    if design.single == "adjust":
        whole = single if design.projection is not None else concerned
        return _Plan(scale=scale, whole=whole, stretch=1.0)
    stretch = 1.0
    if design.single == "average":
        ok = (present > 0) & ~single
        stretch = (present > 0).sum() / ok.sum() if ok.any() else np.nan
    return _Plan(scale=np.where(single, 0.0, scale), whole=none, stretch=float(stretch))


def _message(design: Design, stage: Stage, concerned: Flags, number: int) -> str:
    named = [stage.names[h] if stage.names else f"number {h + 1}" for h in np.flatnonzero(concerned)[:5]]
    rows = int(concerned[stage.stratum[stage.unit]] @ design.numbers())
    what = "stratum" if concerned.sum() == 1 else "strata"
    return (
        f"single_psu: {concerned.sum()} {what} with one sampling unit at stage {number} "
        f"({', '.join(named)}; {rows} rows); choose adjust, certainty, average or remove"
    )
