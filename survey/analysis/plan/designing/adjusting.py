"""The `adjust` of a design in a plan: totals read, checked against the rows, and met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design
from survey.analysis.errors import AnalysisError, EmptyMarginError, PlanError
from survey.analysis.plan.reading.columns import Column, Level
from survey.analysis.plan.reading.frame import Frame
from survey.analysis.plan.reading.read import Section
from survey.analysis.weights.calibrate import Totals, calibrate
from survey.analysis.weights.poststratify import poststratify
from survey.analysis.weights.rake import Margin, rake

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
RAKE = frozenset({"method", "margins", "tolerance", "variance"})
POSTSTRATIFY = frozenset({"method", "variables", "totals"})
CALIBRATE = frozenset({"method", "distance", "totals", "bounds", "equal_within_clusters"})


def adjust(frame: Frame, design: Design, section: Section) -> Design:
    """Adjust the weights of a design as its plan asks, if it does."""
    spec = section.section("adjust")
    if spec is None:
        return design
    method = spec.choice("method", ("rake", "poststratify", "calibrate"))
    try:
        if method == "rake":
            return _rake(frame, design, spec)
        if method == "poststratify":
            spec.check_keys(POSTSTRATIFY)
            return poststratify(design, margin_of(frame, spec))
        return _calibrate(frame, design, spec)
    except PlanError:
        raise
    except AnalysisError as problem:
        raise PlanError(spec.place, str(problem)) from problem


def _rake(frame: Frame, design: Design, spec: Section) -> Design:
    spec.check_keys(RAKE)
    margins = spec.content.get("margins")
    if not isinstance(margins, list) or not margins:
        raise PlanError(spec.key("margins"), "needs a list of margins")
    parts = []
    for number, content in enumerate(margins):
        place = spec.key(f"margins[{number}]")
        if not isinstance(content, dict):
            raise PlanError(place, f"{content!r} is no table of keys")
        part = Section(place=place, content=content)
        part.check_keys(frozenset({"variables", "totals"}))
        parts.append(margin_of(frame, part))
    tolerance = spec.number("tolerance", 1e-10)
    if not 0 < tolerance < 1:
        raise PlanError(spec.key("tolerance"), f"{tolerance:g} is not between 0 and 1")
    kind = spec.choice("variance", ("weighted", "unweighted"), "weighted")
    return rake(design, parts, tolerance, unweighted=kind == "unweighted")


def margin_of(frame: Frame, spec: Section) -> Margin:
    """A margin of `variables` and `totals`, coded against the rows."""
    names = spec.texts("variables")
    if not names:
        raise PlanError(spec.key("variables"), "needs at least one column")
    columns = [frame.full(name, spec.key("variables")) for name in names]
    wanted = _cells(spec, names)
    code = np.full(frame.rows, -1, dtype=np.intp)
    for number, (levels, _) in enumerate(wanted):
        code[_rows(columns, levels)] = number
    name = " × ".join(names)
    words = tuple(", ".join(str(level) for level in levels) for levels, _ in wanted)
    outside = code < 0
    if outside.any():
        raise EmptyMarginError(_unknown(name, columns, outside, spec.key("totals")))
    return Margin(name=name, code=code, totals=np.array([total for _, total in wanted]), levels=words)


def _rows(columns: list[Column], levels: tuple[Any, ...]) -> npt.NDArray[np.bool_]:
    pairs = zip(columns, levels, strict=True)
    return np.asarray(np.logical_and.reduce([column.matches(level) for column, level in pairs]))


def _cells(spec: Section, names: list[str]) -> list[tuple[tuple[Any, ...], float]]:
    totals = spec.content.get("totals")
    key = spec.key("totals")
    if isinstance(totals, dict) and totals:
        if len(names) > 1:
            raise PlanError(key, f"several variables ({', '.join(names)}) need a list of cells")
        cells: list[tuple[tuple[Any, ...], float]] = [
            ((level,), _total(total, f"{key}.{level}")) for level, total in totals.items()
        ]
    elif isinstance(totals, list) and totals:
        cells = [_cell(cell, names, f"{key}[{number}]") for number, cell in enumerate(totals)]
    else:
        raise PlanError(key, "needs levels with their totals")
    texts = [tuple(str(level) for level in levels) for levels, _ in cells]
    for text in texts:
        if texts.count(text) > 1:
            raise PlanError(key, f"level {', '.join(text)} is there {texts.count(text)} times")
    return cells


def _cell(cell: object, names: list[str], place: str) -> tuple[tuple[Any, ...], float]:
    if not isinstance(cell, dict):
        raise PlanError(place, f"{cell!r} is no table of keys")
    if set(cell) != {*names, "total"}:
        raise PlanError(place, f"must have the keys {', '.join(names)} and total; it has {', '.join(cell)}")
    return tuple(cell[name] for name in names), _total(cell["total"], place)


def _total(value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
        raise PlanError(place, f"{value!r} is no total")
    return float(value)


def _unknown(name: str, columns: list[Column], outside: npt.NDArray[np.bool_], key: str) -> str:
    coded = [column.coded() for column in columns]
    seen: dict[tuple[Level, ...], int] = {}
    for row in np.flatnonzero(outside):
        level = tuple(levels[codes[row]] for codes, levels in coded)
        seen[level] = seen.get(level, 0) + 1
    shown = "; ".join(f"level {', '.join(map(str, level))} ({rows} rows)" for level, rows in list(seen.items())[:5])
    return f"margin {name} ({key}) has no total for {shown}, {int(outside.sum())} rows in all"


def _calibrate(frame: Frame, design: Design, spec: Section) -> Design:
    spec.check_keys(CALIBRATE)
    totals = spec.section("totals")
    if totals is None or not totals.content:
        raise PlanError(spec.key("totals"), "needs totals")
    distance = spec.choice("distance", ("linear", "raking", "logit"), "linear")
    return calibrate(
        design,
        _totals(frame, design, totals),
        distance,
        _bounds(spec),
        equal_within_clusters=spec.flag("equal_within_clusters", default=False),
    )


def _bounds(spec: Section) -> tuple[float, float] | None:
    bounds = spec.content.get("bounds")
    if bounds is None:
        return None
    if not isinstance(bounds, list) or len(bounds) != 2:
        raise PlanError(spec.key("bounds"), f"{bounds!r} is not [low, high]")
    low, high = bounds
    for value in bounds:
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise PlanError(spec.key("bounds"), f"{value!r} is no number")
    return (-np.inf if low is None else float(low), np.inf if high is None else float(high))


def _totals(frame: Frame, design: Design, totals: Section) -> Totals:
    columns, targets, names = [], [], []
    factors: list[Ints] = []
    numeric = False
    for name, value in totals.content.items():
        if name == "intercept":
            columns.append(np.ones(frame.rows))
            targets.append(_total(value, totals.key(name)))
            names.append(name)
        elif isinstance(value, dict):
            part = _dummies(frame, design, totals, name, value)
            columns.extend(part)
            targets.extend(_total(total, f"{totals.key(name)}.{level}") for level, total in value.items())
            names.extend(f"{name} = {level}" for level in value)
            factors.append(frame.column(name, totals.key(name)).coded()[0])
        else:
            frame.full(name, totals.key(name))
            columns.append(frame.numbers(name, totals.key(name)))
            targets.append(_total(value, totals.key(name)))
            names.append(name)
            numeric = True
    matrix = np.column_stack(columns)
    cell = np.arange(frame.rows) if numeric else _cell_codes(factors, frame.rows)
    first = np.zeros(int(cell.max()) + 1, dtype=np.intp)
    first[cell] = np.arange(frame.rows)
    return Totals(cell=cell, covariates=matrix[first], targets=np.array(targets), names=tuple(names))


def _cell_codes(factors: list[Ints], rows: int) -> Ints:
    if not factors:
        return np.zeros(rows, dtype=np.intp)
    key = np.zeros(rows, dtype=np.intp)
    for codes in factors:
        _, key = np.unique(key * (int(codes.max()) + 1) + codes, return_inverse=True)
    return key


def _dummies(frame: Frame, design: Design, totals: Section, name: str, levels: Mapping[str, Any]) -> list[Floats]:
    key = totals.key(name)
    column = frame.full(name, key)
    dummies = [column.matches(level).astype(float) for level in levels]
    for level, dummy in zip(levels, dummies, strict=True):
        if levels[level] and not (dummy * design.weights).any():
            raise EmptyMarginError(
                f"total {name} = {level} ({key}): {int(dummy.sum())} rows with weight 0 in the sample, "
                f"{levels[level]} in the population"
            )
    outside = np.sum(dummies, axis=0) == 0
    if outside.any() and "intercept" not in totals.content:
        raise EmptyMarginError(_unknown(name, [column], outside, key))
    return dummies
