"""Answers about weights: what they are, and what trimming makes of them."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from survey.analysis.design import Design
from survey.analysis.errors import PlanError
from survey.analysis.plan.ask import Result
from survey.analysis.plan.designs import Designs
from survey.analysis.plan.read import Section
from survey.analysis.weights.diagnostics import controls_table, extremes, spread
from survey.analysis.weights.trim import trim


def _told(design: Design) -> Result:
    answer: Result = {"weights": design.weights.tolist(), **asdict(spread(design))}
    table = controls_table(design)
    if table:
        answer["controls"] = [asdict(row) | {"misfit": row.misfit} for row in table]
        answer["largest_misfit"] = max(row.misfit for row in table)
    answer["extremes"] = [{"row": row + 1, "weight": weight} for row, weight in extremes(design)]
    return answer


def answer_weights(ask: Section, designs: Designs) -> Result:
    """Final weights in the order of the rows, and how unequal they are."""
    return _told(designs.get(ask.text("design"), ask.key("design")).design)


def answer_trim(ask: Section, designs: Designs) -> Result:
    """Weights cut at `lower` and `upper`."""
    design = designs.get(ask.text("design"), ask.key("design")).design
    if not (ask.has("lower") or ask.has("upper")):
        raise PlanError(ask.place, "needs lower or upper")
    low, high = ask.number("lower", -np.inf), ask.number("upper", np.inf)
    if low > high:
        raise PlanError(ask.key("lower"), f"{low:g} is above upper, {high:g}")
    done = trim(design, low, high, repeat=ask.flag("repeat", default=False))
    answer = _told(done.design) | {"trimmed": done.rows, "lost": done.lost, "moved": done.moved}
    if abs(done.lost) > 1e-9 * abs(design.weights.sum()):
        answer["warning"] = (
            f"no row is left inside the limits to take the excess: the weights add to {answer['sum']:.12g}, "
            f"not {design.weights.sum():.12g} ({done.rows} rows trimmed)"
        )
    return answer
