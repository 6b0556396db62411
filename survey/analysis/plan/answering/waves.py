"""Differences between two waves: independent samples, or samples in the same places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.analysis.contrasts import difference, satterthwaite
from survey.analysis.design import Design
from survey.analysis.errors import AnalysisError, PlanError, SinglePsuError
from survey.analysis.estimate import Prepared, degrees_of_freedom, estimate
from survey.analysis.plan.answering.ask import Question, Result, outcome, question
from survey.analysis.plan.answering.comparing import nothing, told
from survey.analysis.plan.designing.designs import Designs
from survey.analysis.plan.designing.drawing import Sampled
from survey.analysis.plan.reading.read import Section
from survey.analysis.stages import stages_of
from survey.analysis.statistics import mean
from survey.analysis.variance.linear import covariance
from survey.analysis.variance.replicates import replicate_covariance

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Wave = tuple[Question, Floats]


def answer_wave_difference(ask: Section, designs: Designs) -> Result:
    """Second wave less first, per domain."""
    names = ask.texts("designs")
    if len(names) != 2:
        raise PlanError(ask.key("designs"), f"needs two designs, it has {len(names)}")
    waves = []
    for name in names:
        asked = question(ask, designs, name)
        waves.append((asked, outcome(ask, asked.frame)[0]))
    shared = ask.flag("shared_psus", default=False)
    first, second = waves
    labels = _labels(first[0], second[0])
    found = [{"domain": dict(label), **_domain(first, second, label, shared=shared)} for label in labels]
    return first[0].answer(found)


def _labels(first: Question, second: Question) -> Sequence[Mapping[str, Any]]:
    labels = list(first.domains.labels)
    return labels + [label for label in second.domains.labels if label not in labels]


def _rows(wave: Wave, label: Mapping[str, Any]) -> Flags:
    asked, y = wave
    if label not in asked.domains.labels:
        return np.zeros(len(y), dtype=bool)
    return np.asarray((asked.domains.code == asked.domains.labels.index(dict(label))) & np.isfinite(y))


def _domain(first: Wave, second: Wave, label: Mapping[str, Any], *, shared: bool) -> Result:
    masks = [_rows(first, label), _rows(second, label)]
    counts = {"n": [int(mask.sum()) for mask in masks]}
    pair = list(zip((first, second), masks, strict=True))
    if any(not (mask & (wave[0].sampled.design.weights != 0)).any() for wave, mask in pair):
        return {**counts, **nothing("no data")}
    try:
        if shared:
            return {**counts, **_shared(first, second, masks)}
        return {**counts, **_independent(pair, first[0].level)}
    except SinglePsuError as problem:
        return {"error": str(problem)}


def _independent(pair: list[tuple[Wave, Flags]], level: float) -> Result:
    values, variances, dfs = [], [], []
    for (asked, y), mask in pair:
        done = estimate(asked.sampled.design, mean, y, by=np.where(mask, 0, -1), domains=1)
        if done.failed[0] is not None:
            raise SinglePsuError(f"designs.{asked.sampled.name}: {done.failed[0]}")
        values.append(float(done.value[0, 0]))
        variances.append(float(done.variance[0, 0]))
        dfs.append(float(done.df[0]))
    df = satterthwaite(variances, dfs)
    return told(difference(values[1] - values[0], sum(variances), df, level, max(map(abs, values))))


def _shared(first: Wave, second: Wave, masks: list[Flags]) -> Result:
    waves = list(zip((first, second), [np.flatnonzero(mask) for mask in masks], strict=True))
    linear = [mean(asked.sampled.design.weights[rows], y[rows]) for (asked, y), rows in waves]
    change = float(linear[1].value[0] - linear[0].value[0])
    size = float(max(abs(one.value[0]) for one in linear))
    if any(asked.sampled.design.replicates is not None for (asked, _), _ in waves):
        variance, df = _replicated(first, second, masks)
        return told(difference(change, variance, df, first[0].level, size))
    stacked = _stacked(first[0].sampled, second[0].sampled)
    start = first[0].frame.rows
    parts = []
    for ((asked, _), rows), scores, own in zip(waves, linear, (slice(start), slice(start, None)), strict=True):
        stages = tuple(replace(stage, unit=stage.unit[own]) for stage in stacked.stages)
        parts.append(Prepared.of(asked.sampled.design, stages).totals(scores, rows))
    totals = [after - before for before, after in zip(*parts, strict=True)]
    members = np.concatenate(
        [mask & (asked.sampled.design.weights != 0) for ((asked, _), _), mask in zip(waves, masks, strict=True)]
    )
    answered = np.flatnonzero(members)
    variance = float(covariance(stacked, totals, Prepared.of(stacked).inside(answered))[0, 0])
    df = degrees_of_freedom(stacked, answered)[0]
    return told(difference(change, variance, df, first[0].level, size))


def _replicated(first: Wave, second: Wave, masks: list[Flags]) -> tuple[float, float]:
    done = [
        estimate(asked.sampled.design, mean, y, by=np.where(mask, 0, -1), domains=1)
        for (asked, y), mask in zip((first, second), masks, strict=True)
    ]
    replicates = [wave[0].sampled.design.replicates for wave in (first, second)]
    before, after = done[0].replicates[0], done[1].replicates[0]
    if before is None or after is None or replicates[0] is None or before.shape != after.shape:
        raise AnalysisError("shared_psus: both designs need the same number of replicates")
    centre = done[1].value[0] - done[0].value[0]
    variance = float(replicate_covariance(replicates[0], after - before, centre)[0, 0])
    return variance, float(min(done[0].df[0], done[1].df[0]))


def _stacked(first: Sampled, second: Sampled) -> Design:
    """Both samples in one design, units of the same stratum and name being the same place."""
    if (first.strata is None) != (second.strata is None):
        raise AnalysisError("shared_psus: one design has strata, the other has none")
    if not first.clusters or len(first.clusters) != len(second.clusters):
        raise AnalysisError("shared_psus: both designs need the same stages of clusters")
    if len(first.fpc) != len(second.fpc):
        raise AnalysisError("shared_psus: one design has a finite population, the other has none")
    strata = None
    if first.strata is not None and second.strata is not None:
        strata = np.concatenate([first.strata.astype(str), second.strata.astype(str)])
    pairs = zip(first.clusters, second.clusters, strict=True)
    clusters = [np.concatenate([a.astype(str), b.astype(str)]) for a, b in pairs]
    fpc = [np.concatenate([a, b]) for a, b in zip(first.fpc, second.fpc, strict=True)]
    weights = np.concatenate([first.design.weights, second.design.weights])
    return Design(
        weights=weights,
        base=weights,
        stages=stages_of(strata, clusters, fpc, len(weights)),
        single=first.design.single,
        single_in_domains=first.design.single_in_domains,
        projection=first.design.projection or second.design.projection,
    )
