"""Which statistic is answered where. A new one is a line here and a function ``(ask, designs) -> dict``.

Modules are loaded when first asked for: a table of means needs no regression.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

from survey.analysis.errors import PlanError
from survey.analysis.plan.answering.ask import Answerer
from survey.analysis.plan.reading.read import Section

HERE = "survey.analysis.plan.answering"
STATISTICS = {
    "mean": f"{HERE}.simple:answer_mean",
    "total": f"{HERE}.simple:answer_total",
    "ratio": f"{HERE}.simple:answer_ratio",
    "proportion": f"{HERE}.simple:answer_proportion",
    "quantile": f"{HERE}.simple:answer_quantile",
    "distribution": f"{HERE}.simple:answer_distribution",
    "index": f"{HERE}.simple:answer_index",
    "variance": f"{HERE}.simple:answer_variance",
    "item_difference": f"{HERE}.comparing:answer_item_difference",
    "rank": f"{HERE}.comparing:answer_rank",
    "covariance": f"{HERE}.comparing:answer_covariance",
    "difference": f"{HERE}.comparing:answer_difference",
    "wave_difference": f"{HERE}.waves:answer_wave_difference",
    "weights": f"{HERE}.weighing:answer_weights",
    "trim": f"{HERE}.weighing:answer_trim",
    "regression": f"{HERE}.modelling:answer_regression",
    "ordinal": f"{HERE}.modelling:answer_ordinal",
    "wald": f"{HERE}.modelling:answer_wald",
    "crosstab": f"{HERE}.tabulating:answer_crosstab",
    "independence": f"{HERE}.tabulating:answer_independence",
    "small_area": f"{HERE}.modelling:answer_small_area",
}


def answerer(ask: Section) -> Answerer:
    """The function that answers an ask.

    Raises
    ------
    PlanError
        No such statistic.
    """
    name = ask.text("statistic")
    if name not in STATISTICS:
        near = get_close_matches(name, list(STATISTICS), n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(STATISTICS)}"
        raise PlanError(ask.key("statistic"), f"{name!r} is not known{hint}")
    module, function = STATISTICS[name].split(":")
    found: Answerer = getattr(import_module(module), function)
    return found
