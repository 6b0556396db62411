"""The design of one sample, raked to the wave's margins, and what that did to the weights.

Design
    Invited sample: stratified, with the PSU as first-stage unit and the design weight as base weight, drawn with
    replacement as far as the variance goes (no finite population correction, which errs on the safe side). A stratum
    with a single PSU is centred at the mean of the PSU totals of the whole design (`adjust`): never zero variance.
    Open-link sample: every response its own unit with base weight 1; what is estimated from it rests on the model
    that, within the cells of the margins, who answers has nothing to do with what they answer.

Raking
    To the margins as `survey.report.estimating.margins` fits them. When they cannot be met together, the first margin
    alone is met (post-stratification), and every output says so. Variances account for it (residuals on the margins).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from survey.analysis.design import Design, design_of
from survey.analysis.errors import AnalysisError, DesignError
from survey.analysis.variance.bootstrap import rao_wu
from survey.analysis.weights.rake import Margin, rake
from survey.report.errors import WeightingImpossible
from survey.report.estimating.margins import OUTSIDE, Adjustment, Target, targets
from survey.report.frame import NOT_STATED, Floats, Frame
from survey.wave.model import Channel

HALF_WAY = 0.5
"""How far replicate factors go from 1 to those of the plain bootstrap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRow:
    """One cell of a margin, before and after."""

    variables: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    """For each variable its level; several levels of the last where cells were joined."""
    rows: int
    before: float
    """Share of the design weights."""
    target: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighting:
    """The raked design and its diagnostics.

    `weights`, shape (n,), count residents. `only_first` says that the other margins could not be met, and `why`.
    """

    design: Design
    base: Floats
    weights: Floats
    margins: tuple[MarginRow, ...]
    adjustments: tuple[Adjustment, ...]
    only_first: bool
    why: str
    kish_deff: float
    cv: float
    smallest_ratio: float
    largest_ratio: float


def weigh(frame: Frame) -> Weighting:
    """The design of a frame raked to the wave's margins.

    Raises
    ------
    WeightingImpossible
        Not even the first margin can be met, or nothing can be computed with the design weights.
    """
    design = _drawn(frame)
    fitted, adjustments = targets(frame)
    margins = [_margin(target) for target in fitted]
    why = ""
    try:
        raked = rake(design, margins)
    except AnalysisError as problem:
        why = str(problem)
        raked = _first_alone(design, margins, why)
    used = fitted[:1] if why else fitted
    inside = frame.inside
    weights = raked.weights[inside]
    if not (np.isfinite(weights).all() and 0 < np.square(weights).sum() < np.inf):
        raise WeightingImpossible(f"final weights from {weights.min():g} to {weights.max():g} can't be computed with")
    ratio = weights / frame.base_weight[inside]
    ratio = ratio / (weights.sum() / frame.base_weight[inside].sum())
    return Weighting(
        design=raked,
        base=frame.base_weight,
        weights=raked.weights,
        margins=tuple(row for target in used for row in _rows(target, frame, raked)),
        adjustments=adjustments,
        only_first=bool(why),
        why=why,
        kish_deff=float(weights.size * np.square(weights).sum() / weights.sum() ** 2),
        cv=float(weights.std() / weights.mean()),
        smallest_ratio=float(ratio.min()),
        largest_ratio=float(ratio.max()),
    )


def replicated(frame: Frame, weighting: Weighting, count: int, seed: int) -> Design:
    """The design with `count` Rao–Wu bootstrap replicates, each raked anew to the margins that `weigh` met.

    The factors go only half the way from 1, and the scale makes up for it (×4, as Fay's method does with ρ = 1/2):
    no weight becomes zero, so that no small cell of a margin is ever empty. A stratum with a single PSU cannot be
    resampled: it keeps its weights in every replicate.
    """
    fitted, _ = targets(frame)
    used = fitted[:1] if weighting.only_first else fitted
    drawn = rao_wu(replace(_drawn(frame), single="certainty"), count, seed)
    if drawn.replicates is not None:
        gentle = 1 + HALF_WAY * (drawn.replicates.factors - 1)
        scale = drawn.replicates.scale / HALF_WAY**2
        drawn = replace(drawn, replicates=replace(drawn.replicates, factors=gentle, scale=scale))
    return rake(drawn, [_margin(target) for target in used])


def _drawn(frame: Frame) -> Design:
    try:
        if frame.channel is Channel.OPEN:
            return design_of(frame.base_weight)
        return design_of(frame.base_weight, frame.stratum, [frame.psu], single="adjust")
    except DesignError as problem:
        raise WeightingImpossible(str(problem)) from problem


def _margin(target: Target) -> Margin:
    return Margin(
        name=" × ".join(target.variables),
        code=target.cell,
        totals=np.array([cell.total for cell in target.cells], dtype=np.float64),
        levels=tuple(
            " × ".join((*cell.stated[:-1], "+".join(cell.joined) or cell.stated[-1])) for cell in target.cells
        ),
    )


def _first_alone(design: Design, margins: list[Margin], why: str) -> Design:
    try:
        return rake(design, margins[:1])
    except (AnalysisError, IndexError) as problem:
        raise WeightingImpossible(why) from problem


def _rows(target: Target, frame: Frame, raked: Design) -> list[MarginRow]:
    """Every cell of a margin but the outside one, shares among the residents inside."""
    inside = frame.inside
    size = len(target.cells)
    before = np.bincount(target.cell, np.where(inside, frame.base_weight, 0.0), size)
    after = np.bincount(target.cell, np.where(inside, raked.weights, 0.0), size)
    rows = np.bincount(target.cell, minlength=size)
    total = sum(cell.total for cell in target.cells if cell.stated != OUTSIDE)
    return [
        MarginRow(
            variables=target.variables,
            levels=_levels(cell.stated, cell.joined, len(target.variables)),
            rows=int(rows[place]),
            before=float(before[place] / before.sum()),
            target=cell.total / total,
            after=float(after[place] / after.sum()),
        )
        for place, cell in enumerate(target.cells)
        if cell.stated != OUTSIDE
    ]


def _levels(stated: tuple[str, ...], joined: tuple[str, ...], depth: int) -> tuple[tuple[str, ...], ...]:
    before = [(level,) for level in stated[:-1]]
    filled = [*before, joined or (NOT_STATED,)]
    return tuple([*filled, *[(NOT_STATED,)] * (depth - len(filled))])
