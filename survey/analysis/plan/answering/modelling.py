"""Asks that fit a model: regression, Wald tests, proportional odds, small areas."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from survey.analysis.errors import AnalysisError, PlanError
from survey.analysis.estimate import Estimate, Linear, estimate
from survey.analysis.models.formula import INTERCEPT, Factor, ModelMatrix, independent, model_matrix, variables
from survey.analysis.models.ordinal import ordered_codes, proportional_odds
from survey.analysis.models.regression import FAMILIES, outcome_numbers, regression
from survey.analysis.models.small_area import fay_herriot
from survey.analysis.models.tables import wald
from survey.analysis.plan.answering.ask import Question, Result, question
from survey.analysis.plan.designing.designs import Designs
from survey.analysis.plan.reading.columns import Column
from survey.analysis.plan.reading.frame import Frame
from survey.analysis.plan.reading.read import Section

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fitted model of one domain."""

    model: ModelMatrix
    value: Floats
    covariance: Floats
    df: float
    n: float

    @property
    def df_residual(self) -> float:
        """Degrees of freedom of the rows used, less the coefficients but one."""
        return self.df - (len(self.value) - 1)

    @property
    def se(self) -> Floats:
        """Standard errors, shape (k,)."""
        return np.sqrt(np.diag(self.covariance))


def answer_regression(ask: Section, designs: Designs) -> Result:
    """Coefficients of a generalised linear model with their design-based covariance."""
    return _each_domain(ask, designs, lambda asked, inside: _regression_cell(_fitted(asked, inside)))


def answer_wald(ask: Section, designs: Designs) -> Result:
    """Wald's F for some terms of a model."""
    terms = ask.texts("terms")
    if not terms:
        raise PlanError(ask.key("terms"), "is missing")

    def test(asked: Question, inside: Flags) -> Result:
        fit = _fitted(asked, inside)
        places = fit.model.columns_of(terms)
        done = wald(fit.value[places], fit.covariance[np.ix_(places, places)], fit.df_residual)
        return {"F": done.statistic, "df1": done.df1, "df2": _plain(done.df2), "p": _number(done.p)}

    return _each_domain(ask, designs, test)


def answer_ordinal(ask: Section, designs: Designs) -> Result:
    """Coefficients and cuts of a proportional odds model."""
    return _each_domain(ask, designs, _ordinal_cell)


def answer_small_area(ask: Section, designs: Designs) -> Result:
    """Fay and Herriot's predictors of the areas in a file, one row an area."""
    path = designs.plan.folder / ask.text("data") if ask.has("data") else designs.plan.data
    frame = Frame(source=designs.source(path, ask.key("data") if ask.has("data") else "data"))
    direct, errors = (frame.numbers(ask.text(name), ask.key(name)) for name in ("y", "se"))
    known = np.isfinite(direct) & np.isfinite(errors)
    model = _matrix(ask, "regressors", frame, np.ones(frame.rows, dtype=bool))
    missing = int((~(known & model.used)).sum())
    if missing:
        raise PlanError(ask.place, f"{missing} of {frame.rows} areas have a gap in y, se or a regressor")
    done = fay_herriot(direct, errors, model.matrix, ask.choice("method", ("REML", "ML"), "REML"))
    return {
        "area_variance": done.area_variance,
        "terms": list(model.names),
        "coef": done.coefficients.tolist(),
        "coef_se": done.standard_errors.tolist(),
        "eblup": done.estimates.tolist(),
        "mse": done.mse.tolist(),
        "direct": direct.tolist(),
        "shrinkage": done.shrinkage.tolist(),
    }


def _each_domain(ask: Section, designs: Designs, cell: Callable[[Question, Flags], Result]) -> Result:
    """The cell of every domain; without `by` an error is the ask's, with it the cell's."""
    asked = question(ask, designs)
    if not asked.crossed:
        return cell(asked, np.ones(asked.frame.rows, dtype=bool))
    cells = []
    for code, label in enumerate(asked.domains.labels):
        try:
            answer = cell(asked, asked.domains.code == code)
        except AnalysisError as problem:
            answer = {"error": str(problem)}
        cells.append({"domain": dict(label), **answer})
    return {"cells": cells}


def _matrix(ask: Section, name: str, frame: Frame, inside: Flags) -> ModelMatrix:
    formula = ask.text(name)
    try:
        columns = {column: _values(frame.column(column, ask.key(name))) for column in variables(formula)}
        return model_matrix(formula, columns, inside)
    except PlanError:
        raise
    except AnalysisError as problem:
        raise PlanError(ask.key(name), str(problem).removeprefix("formula: ")) from problem


def _values(column: Column) -> Floats | Factor:
    if column.levels is None:
        return column.values
    codes, levels = column.coded()
    return Factor(codes, levels)


def _fitted(asked: Question, inside: Flags) -> Fit:
    ask = asked.ask
    family = ask.choice("family", FAMILIES, "gaussian")
    model = _matrix(ask, "formula", asked.frame, inside)
    if model.outcome is None:
        raise PlanError(ask.key("formula"), f"{ask.text('formula')!r} has no left side")
    try:
        y = outcome_numbers(model.outcome, family, model.used)
    except AnalysisError as problem:
        raise PlanError(ask.key("formula"), str(problem).removeprefix("formula: ")) from problem
    done = _estimated(asked, model, regression(family), y, model.matrix)
    if done.covariance is None:
        raise PlanError(ask.place, "the model has no covariance")
    return Fit(model=model, value=done.value[0], covariance=done.covariance, df=done.df[0], n=done.n[0])


def _estimated(
    asked: Question, model: ModelMatrix, statistic: Callable[..., Linear], y: Floats, matrix: Floats
) -> Estimate:
    domain = np.where(model.used, 0, -1).astype(np.intp)
    try:
        done = estimate(asked.sampled.design, statistic, y, matrix, by=domain, domains=1, joint=True)
    except PlanError:
        raise
    except AnalysisError as problem:
        raise PlanError(asked.ask.key("formula"), str(problem)) from problem
    if done.failed[0] is not None:
        raise PlanError(asked.ask.place, done.failed[0])
    return done


def _regression_cell(fit: Fit) -> Result:
    with np.errstate(divide="ignore", invalid="ignore"):
        t = fit.value / fit.se
    p = np.asarray(2 * stdtr(fit.df_residual, -np.abs(t))) if fit.df_residual > 0 else np.full(t.shape, np.nan)
    answer: Result = {
        "terms": list(fit.model.names),
        "coef": fit.value.tolist(),
        "se": _numbers(fit.se),
        "t": _numbers(t),
        "p": _numbers(p),
        "vcov": fit.covariance.tolist(),
        "df_residual": _plain(fit.df_residual),
        "n": int(fit.n),
    }
    if fit.model.aliased:
        answer["aliased"] = list(fit.model.aliased)
    return answer


def _ordinal_cell(asked: Question, inside: Flags) -> Result:
    ask = asked.ask
    model = _matrix(ask, "formula", asked.frame, inside)
    if model.outcome is None:
        raise PlanError(ask.key("formula"), f"{ask.text('formula')!r} has no left side")
    try:
        codes, levels = ordered_codes(model.outcome, model.used)
    except AnalysisError as problem:
        raise PlanError(ask.key("formula"), str(problem).removeprefix("formula: ")) from problem
    kept = _without_intercept(model)
    names = [model.names[place] for place in kept]
    cuts = [f"{low}|{high}" for low, high in pairwise(levels)]
    done = _estimated(asked, model, proportional_odds(len(levels)), codes, model.matrix[:, kept])
    value, se = done.value[0].tolist(), _numbers(done.se[0])
    return {
        "coef": dict(zip(names, value[: len(names)], strict=True)),
        "cuts": dict(zip(cuts, value[len(names) :], strict=True)),
        "se": dict(zip([*names, *cuts], se, strict=True)),
        "n": int(done.n[0]),
        "df": _plain(done.df[0]),
    }


def _without_intercept(model: ModelMatrix) -> list[int]:
    """Columns that the cuts leave room for: the intercept is theirs."""
    others = [place for place, name in enumerate(model.names) if name != INTERCEPT]
    matrix = model.matrix[model.used][:, others]
    kept, _ = independent(np.column_stack([np.ones(len(matrix)), matrix]))
    return [others[place - 1] for place in kept if place]


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _numbers(values: npt.NDArray[np.floating]) -> list[float | None]:
    return [_number(float(value)) for value in values]


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else float(value)
