"""Asks about two crossed columns: the table and the test of independence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
import numpy.typing as npt

from survey.analysis.errors import AnalysisError, PlanError
from survey.analysis.estimate import Estimate, Statistic, estimate
from survey.analysis.models.tables import Independence, koch_wald, rao_scott, weighted_counts
from survey.analysis.plan.answering.ask import Question, Result, question
from survey.analysis.plan.answering.cells import NOTHING
from survey.analysis.plan.designing.designs import Designs
from survey.analysis.plan.reading.columns import Level
from survey.analysis.plan.reading.read import Section
from survey.analysis.statistics import shares

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """Two columns as one code, row by row of the table; -1 where a column is empty."""

    code: Ints
    rows: tuple[Level, ...]
    columns: tuple[Level, ...]

    @property
    def cells(self) -> int:
        """Combinations there can be."""
        return len(self.rows) * len(self.columns)


def answer_crosstab(ask: Section, designs: Designs) -> Result:
    """Shares of the whole table and weighted totals of every combination."""
    asked = question(ask, designs)
    crossed = _crossed(asked)
    done = _estimate(asked, crossed, shares, domain=asked.domains.code, domains=len(asked.domains.labels))
    cells: list[Result] = []
    for place, label in enumerate(asked.domains.labels):
        start: Result = {"domain": dict(label)} if asked.crossed else {}
        problem = done.failed[place]
        if problem is None:
            cells.extend(start | cell for cell in _cells(asked, crossed, done, place))
        elif asked.crossed:
            cells.append({**start, "error": problem})
        else:
            raise PlanError(ask.place, problem)
    return {"cells": cells}


def _cells(asked: Question, crossed: Crossed, done: Estimate, place: int) -> Iterator[Result]:
    """Every combination of one domain, those nobody has with 0."""
    names = asked.ask.text("rows"), asked.ask.text("columns")
    size = float(done.size[place])
    for at, (row, column) in enumerate(product(crossed.rows, crossed.columns)):
        share, se = float(done.value[place, at]), float(done.se[place, at])
        numbers: Result = {"total": 0.0, "share": None, "se": None}
        if np.isfinite(share):
            numbers = {"total": share * size, "share": share, "se": se if se > NOTHING * share else 0.0}
        yield {names[0]: row, names[1]: column} | numbers


def answer_independence(ask: Section, designs: Designs) -> Result:
    """Rao and Scott's or Koch, Freeman and Freeman's test, for each domain."""
    asked = question(ask, designs)
    if not asked.crossed:
        return _test(asked, _crossed(asked))
    cells = []
    for code, label in enumerate(asked.domains.labels):
        try:
            answer = _test(asked, _crossed(asked, code))
        except AnalysisError as problem:
            answer = {"error": str(problem)}
        cells.append({"domain": dict(label), **answer})
    return {"cells": cells}


def _crossed(asked: Question, domain: int | None = None) -> Crossed:
    """The codes of the table; of one domain only levels that somebody in it has."""
    ask = asked.ask
    (first, down), (second, across) = (
        asked.frame.column(ask.text(name), ask.key(name)).coded() for name in ("rows", "columns")
    )
    inside = (first >= 0) & (second >= 0)
    if domain is not None:
        inside &= asked.domains.code == domain
    if not inside.any():
        raise PlanError(ask.place, f"no row has both {ask.text('rows')} and {ask.text('columns')}")
    if domain is not None or ask.text("statistic") == "independence":
        weighty = inside & (asked.sampled.design.weights != 0)
        first, down = _those_there(first, down, weighty)
        second, across = _those_there(second, across, weighty)
        inside &= (first >= 0) & (second >= 0)
    code = np.where(inside, first * len(across) + second, -1)
    return Crossed(code=code.astype(np.intp), rows=down, columns=across)


def _those_there(
    codes: Ints, levels: tuple[Level, ...], inside: npt.NDArray[np.bool_]
) -> tuple[Ints, tuple[Level, ...]]:
    """Codes of the levels that some rows have, -1 elsewhere, and those levels."""
    found = np.unique(codes[inside])
    place = np.full(len(levels) + 1, -1, dtype=np.intp)
    place[found] = np.arange(len(found))
    return place[codes], tuple(levels[code] for code in found)


def _estimate(
    asked: Question, crossed: Crossed, statistic: Statistic, *, domain: Ints | None = None, domains: int = 1
) -> Estimate:
    """Values of every combination, by domain; without domains jointly, with their covariance."""
    joint = domain is None
    by = np.where(crossed.code >= 0, 0 if domain is None else domain, -1).astype(np.intp)
    of_all = partial(statistic, categories=np.zeros((0, crossed.cells)))
    codes = crossed.code.astype(np.float64)
    return estimate(asked.sampled.design, of_all, codes, by=by, domains=domains, joint=joint)


def _test(asked: Question, crossed: Crossed) -> Result:
    ask = asked.ask
    kind = ask.choice("kind", ("F", "Chisq", "Wald"), "F")
    done = _estimate(asked, crossed, weighted_counts if kind == "Wald" else shares)
    if done.failed[0] is not None or done.covariance is None:
        raise PlanError(ask.place, done.failed[0] or "the table has no covariance")
    if (done.se[0] <= NOTHING * np.abs(done.value[0])).all():
        raise PlanError(ask.place, "the margins fix the table: its shares have no variance")
    table = done.value[0].reshape(len(crossed.rows), len(crossed.columns))
    try:
        found: Independence = (
            koch_wald(table, done.covariance, float(done.df[0]))
            if kind == "Wald"
            else rao_scott(table, done.covariance, float(done.n[0]), float(done.df[0]), kind)
        )
    except AnalysisError as problem:
        raise PlanError(ask.place, str(problem).removeprefix("independence: ")) from problem
    df = list(found.df) if len(found.df) > 1 else found.df[0]
    return {"statistic": found.statistic, "df": df, "p": found.p if np.isfinite(found.p) else None}
