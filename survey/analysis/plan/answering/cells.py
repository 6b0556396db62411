"""Cells: an estimate of a domain with everything that decides whether it may be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from survey.analysis import quality
from survey.analysis.contrasts import against
from survey.analysis.estimate import Estimate
from survey.analysis.intervals import Interval, Share, chosen, share_intervals, t_interval
from survey.analysis.plan.answering.ask import Question, Result
from survey.analysis.quality import Quality, quality_of_mean, quality_of_share
from survey.analysis.variance.replicates import replicate_covariance

NOTHING = 1e-10
STANDARD_LEVEL = 0.95
ROUNDING = 1e-13


def cells(question: Question, done: Estimate, *, share: bool = False) -> list[Result]:
    """One cell per domain of an estimate with one value each."""
    labels = question.domains.labels
    return [_cell(question, done, i, label, share=share) for i, label in enumerate(labels)]


def _cell(question: Question, done: Estimate, i: int, label: Mapping[str, Any], *, share: bool) -> Result:
    start: Result = {"domain": dict(label)}
    n, value = done.n[i], done.value[i, 0]
    failed = done.failed[i]
    if failed is not None:
        return {**start, "error": question.sampled.told(failed)}
    if n == 0 or not np.isfinite(value):
        reason = quality.NO_DATA if n == 0 else quality.NO_WEIGHT if done.size[i] == 0 else quality.NO_RATIO
        return {**start, **_empty(n, share=share, judged=question.ask.has("threshold"), reason=reason)}
    if done.size[i] == 0:  # a total of nobody's weight is known to be 0
        cell = {**start, **_empty(n, share=share, judged=False, reason=quality.NO_WEIGHT)}
        return {**cell, "estimate": 0.0, "se": 0.0}
    return {**start, **_filled(question, done, i, share=share)}


def _empty(n: float, *, share: bool, judged: bool, reason: str) -> Result:
    cell: Result = {"estimate": None, "se": None, "n": int(n), "df": 0, "ci": None, "deff": None}
    cell |= {"kish_deff": None, "n_eff": None, "relative_width": None}
    cell |= {"quality": "suppress", "reason": reason}
    if share:
        cell["intervals"] = dict.fromkeys(("wald", "logit", "wilson", "korn_graubard"))
    if judged:
        cell["against"] = "can't tell"
    return cell


def _filled(question: Question, done: Estimate, i: int, *, share: bool) -> Result:
    value, df, n = _value(done, i, share=share), float(done.df[i]), float(done.n[i])
    se, fixed = _standard_error(question, done, i, share=share)
    simple = done.simple[i, 0]
    ratio = se**2 / simple if np.isfinite(simple) and simple > (1e-12 * value) ** 2 else np.nan
    n_eff = n / ratio if ratio > 0 else None
    measure = Share(p=value, se=se, n=n, df=df, level=question.level, logit_se=_logit_se(question, done, i, se))
    intervals = _intervals(measure) if share else {}
    ci = intervals[chosen(measure)] if share else t_interval(value, se, df, question.level)
    if done.units[i] <= 1 or df <= 0:
        ci, intervals = None, dict.fromkeys(intervals)
    cell: Result = {
        "estimate": value,
        "se": se,
        "n": int(n),
        "df": _whole(df),
        "ci": list(ci) if ci else None,
        "deff": ratio if np.isfinite(ratio) else None,
        "kish_deff": float(done.kish[i]),
        "n_eff": n_eff,
        "relative_width": (ci[1] - ci[0]) / abs(value) if ci and value else None,
    }
    mark = _quality(measure, n_eff, done.units[i], fixed=fixed, share=share)
    cell |= {"quality": mark.mark, "reason": mark.reason}
    if share:
        cell["intervals"] = {name: list(pair) if pair else None for name, pair in intervals.items()}
    if question.ask.has("threshold"):
        cell["against"] = against(ci, question.ask.number("threshold"))
    return cell


def _value(done: Estimate, i: int, *, share: bool) -> float:
    value = float(done.value[i, 0])
    near = round(value)
    return float(near) if share and near in (0, 1) and abs(value - near) < ROUNDING else value


def _standard_error(question: Question, done: Estimate, i: int, *, share: bool) -> tuple[float, bool]:
    value, se = _value(done, i, share=share), float(done.se[i, 0])
    if se > NOTHING * abs(value) or not np.isfinite(se):
        return se, False
    adjusted = question.sampled.design.controls is not None
    trivial = done.units[i] <= 1 or (share and value in (0.0, 1.0))
    return 0.0, adjusted and not trivial


def _intervals(measure: Share) -> dict[str, Interval]:
    intervals = share_intervals(measure)
    exact = measure.se == 0 and 0 < measure.p < 1  # fixed by the margins, or everybody was asked
    return dict.fromkeys(intervals, (measure.p, measure.p)) if exact else intervals


def _logit_se(question: Question, done: Estimate, i: int, se: float) -> float:
    p, values = float(done.value[i, 0]), done.replicates[i]
    if not 0 < p < 1:
        return float("nan")
    replicates = question.sampled.design.replicates
    if replicates is None or values is None:
        return se / (p * (1 - p))
    with np.errstate(divide="ignore", invalid="ignore"):
        logits = np.log(values / (1 - values))
    return float(np.sqrt(replicate_covariance(replicates, logits, np.log([p / (1 - p)]))[0, 0]))


def _quality(measure: Share, n_eff: float | None, units: float, *, fixed: bool, share: bool) -> Quality:
    if units <= 1:
        return Quality("suppress", quality.ONE_UNIT)
    if measure.df <= 0:
        return Quality("suppress", quality.NO_DF)
    if not np.isfinite(measure.se):
        return Quality("suppress", quality.NO_DF)
    mark = (
        quality_of_share(measure.p, measure.n, n_eff, measure.df, _standard(measure))
        if share
        else quality_of_mean(measure.n, n_eff, measure.df)
    )
    return Quality(mark.mark, quality.FIXED) if fixed else mark


def _standard(measure: Share) -> Interval:
    """Korn and Graubard's interval at the level the standards are written for, whatever the ask shows."""
    return _intervals(replace(measure, level=STANDARD_LEVEL))["korn_graubard"]


def _whole(df: float) -> int | float:
    return int(df) if df == int(df) else df
