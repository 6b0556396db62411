"""Answers about weights: what they are, and what trimming makes of them."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np

from survey.analysis.errors import PlanError
from survey.analysis.plan.answering.ask import Result
from survey.analysis.plan.designing.designs import Designs
from survey.analysis.plan.designing.drawing import Sampled
from survey.analysis.plan.reading.read import Section
from survey.analysis.weights.diagnostics import controls_table, extremes, spread
from survey.analysis.weights.trim import trim


def explained(sampled: Sampled) -> Result:
    """What the weights of a design are like and what adjusting them did, for rows or for groups of rows.

    Margins before and after against their targets, the largest misfit, spread of the weights, and the heaviest rows,
    numbered as in the file. Of groups the smallest, the largest and the heaviest weights are not known.
    """
    design = sampled.design
    answer: Result = asdict(spread(design))
    table = controls_table(design)
    if table:
        answer["controls"] = [asdict(row) | {"misfit": row.misfit} for row in table]
        answer["largest_misfit"] = max(row.misfit for row in table)
    if design.counts is not None:
        return {key: value for key, value in answer.items() if key not in ("min", "max")}
    chosen = sampled.frame.chosen
    row = np.arange(design.rows) if chosen is None else np.flatnonzero(chosen)
    answer["extremes"] = [{"row": int(row[place]) + 1, "weight": weight} for place, weight in extremes(design)]
    return answer


def answer_weights(ask: Section, designs: Designs) -> Result:
    """Final weights in the order of the rows, and how unequal they are."""
    sampled = designs.get(ask.text("design"), ask.key("design"))
    return {"weights": sampled.design.weights.tolist(), **explained(sampled)}


def answer_trim(ask: Section, designs: Designs) -> Result:
    """Weights cut at `lower` and `upper`."""
    sampled = designs.get(ask.text("design"), ask.key("design"))
    design = sampled.design
    if not (ask.has("lower") or ask.has("upper")):
        raise PlanError(ask.place, "needs lower or upper")
    low, high = ask.number("lower", -np.inf), ask.number("upper", np.inf)
    if low > high:
        raise PlanError(ask.key("lower"), f"{low:g} is above upper, {high:g}")
    done = trim(design, low, high, repeat=ask.flag("repeat", default=False))
    answer = {"weights": done.design.weights.tolist(), **explained(replace(sampled, design=done.design))}
    answer |= {"trimmed": done.rows, "lost": done.lost, "moved": done.moved}
    if abs(done.lost) > 1e-9 * abs(design.weights.sum()):
        answer["warning"] = (
            f"no row is left inside the limits to take the excess: the weights add to {answer['sum']:.12g}, "
            f"not {design.weights.sum():.12g} ({done.rows} rows trimmed)"
        )
    return answer
