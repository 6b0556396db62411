"""Answers of one estimate per domain: mean, total, ratio, proportion, index, variance, distribution, quantile."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.analysis.errors import PlanError
from survey.analysis.estimate import Estimate, Statistic, estimate
from survey.analysis.intervals import t_quantile
from survey.analysis.plan.answering.ask import Question, Result, outcome, question
from survey.analysis.plan.answering.cells import NOTHING, cells
from survey.analysis.plan.designing.designs import Designs
from survey.analysis.plan.reading.read import Section
from survey.analysis.quality import NO_DATA, NO_WEIGHT
from survey.analysis.statistics import mean, population_variance, ratio, shares, total

Floats = npt.NDArray[np.float64]
SLACK = 1e-12


def _done(asked: Question, statistic: Statistic, *columns: Floats) -> Estimate:
    return estimate(
        asked.sampled.design,
        statistic,
        *columns,
        by=asked.domains.code,
        domains=len(asked.domains.labels),
    )


def answer_mean(ask: Section, designs: Designs) -> Result:
    """Weighted mean of `y`."""
    asked = question(ask, designs)
    y = asked.frame.numbers(ask.text("y"), ask.key("y"))
    return asked.answer(cells(asked, _done(asked, mean, y)))


def answer_total(ask: Section, designs: Designs) -> Result:
    """Weighted total of `y`, or of the rows that meet `where`."""
    asked = question(ask, designs)
    y, _ = outcome(ask, asked.frame)
    return asked.answer(cells(asked, _done(asked, total, y)))


def answer_ratio(ask: Section, designs: Designs) -> Result:
    """Total of `y` over total of `x`."""
    asked = question(ask, designs)
    y = asked.frame.numbers(ask.text("y"), ask.key("y"))
    x = asked.frame.numbers(ask.text("x"), ask.key("x"))
    return asked.answer(cells(asked, _done(asked, ratio, y, x)))


def answer_proportion(ask: Section, designs: Designs) -> Result:
    """Share of the rows that meet `where`."""
    asked = question(ask, designs)
    where = ask.section("where")
    if where is None:
        raise PlanError(ask.key("where"), "is missing")
    return asked.answer(cells(asked, _done(asked, mean, asked.frame.condition(where)), share=True))


def answer_index(ask: Section, designs: Designs) -> Result:
    """Mean over the answered items of a row, for rows that answered enough of them."""
    asked = question(ask, designs)
    names = ask.texts("y")
    if not names:
        raise PlanError(ask.key("y"), "needs a list of items")
    needed = ask.number("answered", len(names))
    if needed != int(needed) or not 1 <= needed <= len(names):
        raise PlanError(ask.key("answered"), f"{needed:g} is not from 1 to {len(names)}")
    items = np.column_stack([asked.frame.numbers(name, ask.key("y")) for name in names])
    known = np.isfinite(items)
    count = known.sum(axis=1)
    score = np.where(known, items, 0.0).sum(axis=1) / np.maximum(count, 1)
    return asked.answer(cells(asked, _done(asked, mean, np.where(count >= needed, score, np.nan))))


def answer_variance(ask: Section, designs: Designs) -> Result:
    """Population variance of `y`."""
    asked = question(ask, designs)
    y = asked.frame.numbers(ask.text("y"), ask.key("y"))
    return asked.answer(cells(asked, _done(asked, population_variance, y, asked.sampled.design.numbers())))


def answer_distribution(ask: Section, designs: Designs) -> Result:
    """Shares of every code of `y`, in the order of the codes."""
    asked = question(ask, designs)
    codes, levels = asked.frame.column(ask.text("y"), ask.key("y")).coded()
    column = np.where(codes >= 0, codes, np.nan)
    width = np.zeros((len(codes), len(levels)))
    done = _done(asked, shares, column, width)
    found = []
    for i, label in enumerate(asked.domains.labels):
        start: Result = {"domain": dict(label)}
        words = done.failed[i]
        if words is not None:
            found.append({**start, "error": asked.sampled.told(words)})
            continue
        known = done.n[i] > 0 and np.isfinite(done.value[i]).all()
        cell = {**start, "categories": list(levels), "n": int(done.n[i]), "df": done.df[i]}
        cell["estimate"] = done.value[i].tolist() if known else [None] * len(levels)
        se = np.where(done.se[i] <= NOTHING * np.abs(done.value[i]), 0.0, done.se[i])
        cell["se"] = se.tolist() if known else [None] * len(levels)
        if not known:
            cell["reason"] = NO_DATA if done.n[i] == 0 else NO_WEIGHT
        found.append(cell)
    return asked.answer(found)


def answer_quantile(ask: Section, designs: Designs) -> Result:
    """Quantiles with Woodruff's interval."""
    asked = question(ask, designs)
    ask.choice("interval", ("woodruff",), "woodruff")
    y = asked.frame.numbers(ask.text("y"), ask.key("y"))
    points = _probabilities(ask)
    curves = [_Curve(asked, y, i) for i in range(len(asked.domains.labels))]
    found: list[Result] = [
        {"domain": dict(label), "quantiles": [], "n": curve.n, "df": 0}
        for label, curve in zip(asked.domains.labels, curves, strict=True)
    ]
    for p in points:
        values = np.array([curve.at(p) for curve in curves])
        inside = asked.domains.code >= 0
        cut = np.full(len(y), np.nan)
        cut[inside] = values[asked.domains.code[inside]]
        below = np.where(np.isfinite(y), (y <= cut).astype(float), np.nan)
        done = _done(asked, mean, below)
        for i, curve in enumerate(curves):
            found[i]["df"] = done.df[i]
            words = done.failed[i]
            if words is not None:
                found[i]["error"] = asked.sampled.told(words)
            found[i]["quantiles"].append(curve.quantile(p, values[i], done, i))
    for cell in found:
        if "error" in cell:
            del cell["quantiles"], cell["n"], cell["df"]
        elif cell["n"] == 0:
            cell["reason"] = NO_DATA
        elif not any(one["estimate"] is not None for one in cell["quantiles"]):
            cell["reason"] = NO_WEIGHT
    return asked.answer(found)


def _probabilities(ask: Section) -> list[float]:
    given = ask.content.get("p")
    points = given if isinstance(given, list) else [given]
    checked: list[float] = []
    for p in points:
        if isinstance(p, bool) or not isinstance(p, (int, float)) or not 0 <= p <= 1:
            raise PlanError(ask.key("p"), "is missing" if p is None else f"{p!r} is not from 0 to 1")
        checked.append(float(p))
    if not checked:
        raise PlanError(ask.key("p"), "needs at least one share")
    return checked


class _Curve:
    """Weighted distribution of `y` in one domain."""

    def __init__(self, asked: Question, y: Floats, domain: int) -> None:
        weights = asked.sampled.design.weights
        inside = (asked.domains.code == domain) & np.isfinite(y)
        self.n = int(asked.sampled.design.numbers()[inside].sum())
        rows = np.flatnonzero(inside & (weights != 0))
        values, where = np.unique(y[rows], return_inverse=True)
        mass = np.bincount(where, weights[rows], len(values)) if len(rows) else np.zeros(0)
        shares = np.cumsum(mass) / mass.sum() if len(rows) else mass
        self.values, self.shares = values, np.maximum.accumulate(shares)  # calibration can make weights negative
        self.level = asked.level

    def at(self, p: float) -> float:
        """The smallest value whose share at or below reaches p."""
        if not len(self.values) or not np.isfinite(p):
            return float("nan")
        place = int(np.searchsorted(self.shares, p - SLACK, side="left"))
        return float(self.values[min(place, len(self.values) - 1)])

    def quantile(self, p: float, value: float, done: Estimate, i: int) -> Result:
        """Estimate, standard error and interval."""
        empty: Result = {"p": p, "estimate": value if np.isfinite(value) else None, "se": None, "ci": None}
        t = t_quantile(float(done.df[i]), self.level)
        half = t * float(done.se[i, 0])
        if not np.isfinite(half) or done.units[i] <= 1:
            return empty
        share = float(done.value[i, 0])
        low = self.at(share - half) if share - half >= -SLACK else None
        high = self.at(share + half) if share + half <= 1 + SLACK else None
        se = (high - low) / (2 * t) if low is not None and high is not None else None
        return {**empty, "se": se, "ci": [low, high]}
