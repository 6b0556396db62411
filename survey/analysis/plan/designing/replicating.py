"""The `replicates` of a design in a plan."""

from __future__ import annotations

import numpy as np

from survey.analysis.design import Design
from survey.analysis.errors import PlanError
from survey.analysis.plan.reading.frame import Frame
from survey.analysis.plan.reading.read import Section
from survey.analysis.variance.bootstrap import Given, given, rao_wu
from survey.analysis.variance.jackknife import jk1, jkn

KEYS = frozenset({"method", "columns", "combined", "rho", "count", "seed", "mse"})
GIVEN: tuple[Given, ...] = ("bootstrap", "brr", "fay")
METHODS = ("jk1", "jkn", *GIVEN, "rao_wu")
COUNT = 500
MOST = 2**32


def replicate(frame: Frame, design: Design, section: Section) -> Design:
    """Give a design the replicates its plan asks for, if any."""
    spec = section.section("replicates")
    if spec is None:
        return design
    spec.check_keys(KEYS)
    method = spec.choice("method", METHODS)
    mse = spec.flag("mse", default=False)
    if method == "jk1":
        return jk1(design, mse=mse)
    if method == "jkn":
        return jkn(design, mse=mse)
    if method == "rao_wu":
        count, seed = spec.number("count", COUNT), spec.number("seed", 0)
        for name, value in (("count", count), ("seed", seed)):
            if not (0 <= value <= MOST and value == int(value)):
                raise PlanError(spec.key(name), f"{value:g} is no whole number from 0 to {MOST}")
        return rao_wu(design, int(count), int(seed), mse=mse)
    return _given(frame, design, spec, mse=mse)


def _given(frame: Frame, design: Design, spec: Section, *, mse: bool) -> Design:
    method = next(kind for kind in GIVEN if kind == spec.text("method"))
    names = spec.texts("columns")
    if len(names) < 2:
        raise PlanError(spec.key("columns"), f"{method} needs at least two columns of replicate weights")
    rho = spec.number("rho", 0.0 if method != "fay" else None)
    if not 0 <= rho < 1:
        raise PlanError(spec.key("rho"), f"{rho:g} is not from 0 to under 1")
    key = spec.key("columns")
    for name in names:
        frame.full(name, key)
    columns = np.column_stack([frame.numbers(name, key) for name in names])
    below = (columns < 0).any(axis=0)
    if below.any():
        first = int(np.argmax(below))
        rows = int((columns[:, first] < 0).sum())
        raise PlanError(key, f"column {names[first]} is below 0 in {rows} of {frame.rows} rows")
    combined = spec.flag("combined", default=True)
    return given(design, columns, method, combined=combined, rho=rho, mse=mse)
