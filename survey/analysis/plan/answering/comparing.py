"""Answers that compare: items, domains, waves, ranks, and the covariance among domains."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.analysis.contrasts import Difference, contrast, difference, ranks
from survey.analysis.errors import AnalysisError, PlanError, SinglePsuError
from survey.analysis.estimate import degrees_of_freedom, estimate
from survey.analysis.plan.answering.ask import Question, Result, level_number, outcome, question
from survey.analysis.plan.answering.cells import cells
from survey.analysis.plan.designing.designs import Designs
from survey.analysis.plan.reading.read import Section
from survey.analysis.quality import NO_DATA, NO_WEIGHT
from survey.analysis.statistics import difference_of_means, mean

Floats = npt.NDArray[np.float64]


def told(found: Difference) -> Result:
    """A difference as an answer gives it."""
    answer: dict[str, Any] = asdict(found)
    answer["ci"] = list(found.ci) if found.ci else None
    return answer


def answer_item_difference(ask: Section, designs: Designs) -> Result:
    """First item less second among the rows that answered both."""
    asked = question(ask, designs)
    names = ask.texts("y")
    if len(names) != 2:
        raise PlanError(ask.key("y"), f"needs two items, it has {len(names)}")
    first, second = (asked.frame.numbers(name, ask.key("y")) for name in names)
    done = estimate(
        asked.sampled.design,
        difference_of_means,
        first,
        second,
        by=asked.domains.code,
        domains=len(asked.domains.labels),
    )
    found = []
    for i, label in enumerate(asked.domains.labels):
        start: Result = {"domain": dict(label), "n": int(done.n[i])}
        words = done.failed[i]
        if words is not None:
            found.append({"domain": dict(label), "error": asked.sampled.told(words)})
        elif done.n[i] == 0:
            found.append({**start, **nothing(NO_DATA)})
        elif done.size[i] == 0:
            found.append({**start, **nothing(NO_WEIGHT)})
        else:
            tested = difference(done.value[i, 0], done.variance[i, 0], done.df[i], asked.level)
            found.append({**start, **told(tested)})
    return asked.answer(found)


def nothing(reason: str) -> Result:
    """A difference that nobody's answers give."""
    return {**dict.fromkeys(("estimate", "se", "df", "t", "p", "ci")), "reason": reason}


def _crossed(ask: Section, designs: Designs) -> tuple[Question, Floats, bool]:
    asked = question(ask, designs)
    if not asked.crossed:
        raise PlanError(ask.key("by"), "needs at least one column")
    y, share = outcome(ask, asked.frame)
    return asked, y, share


def answer_covariance(ask: Section, designs: Designs) -> Result:
    """Means of domains with their covariance."""
    asked, y, _ = _crossed(ask, designs)
    done = estimate(asked.sampled.design, mean, y, by=asked.domains.code, domains=len(asked.domains.labels), joint=True)
    labels = [list(label.values()) for label in asked.domains.labels]
    covariance = done.covariance if done.covariance is not None else np.zeros((0, 0))
    missing = ~np.isfinite(done.value[:, 0])
    covariance[missing] = np.nan
    covariance[:, missing] = np.nan
    return {
        "levels": [label[0] if len(label) == 1 else label for label in labels],
        "estimate": done.value[:, 0].tolist(),
        "vcov": covariance.tolist(),
        "n": done.n.astype(int).tolist(),
        "df": done.whole_df,
    }


def answer_difference(ask: Section, designs: Designs) -> Result:
    """Domain `plus` less domain `minus`, with the sampling units they share."""
    asked, y, _ = _crossed(ask, designs)
    code = asked.domains.code
    chosen = [level_number(ask, name, asked.domains, asked.frame.rows) for name in ("plus", "minus")]
    if chosen[0] == chosen[1]:
        raise PlanError(ask.key("minus"), "is the same level as plus")
    pair = np.full(len(code), -1, dtype=np.intp)
    pair[code == chosen[0]], pair[code == chosen[1]] = 0, 1
    design = asked.sampled.design
    done = estimate(design, mean, y, by=pair, domains=2, joint=True)
    for i, name in enumerate(("plus", "minus")):
        if not np.isfinite(done.value[i, 0]):
            raise AnalysisError(
                f"{ask.key(name)}: level {ask.content[name]!r} has no answers in {int((code == chosen[i]).sum())} rows"
            )
    answered = np.flatnonzero((code >= 0) & np.isfinite(y) & (design.weights != 0))
    df = degrees_of_freedom(design, answered)[0]
    covariance = done.covariance if done.covariance is not None else np.zeros((2, 2))
    return told(contrast(done.value[:, 0], covariance, np.array([1.0, -1.0]), df, asked.level))


def answer_rank(ask: Section, designs: Designs) -> Result:
    """Domains in order of their mean or share, 1 the highest, with simultaneous ranges."""
    asked, y, share = _crossed(ask, designs)
    count = len(asked.domains.labels)
    design = asked.sampled.design
    done = estimate(design, mean, y, by=asked.domains.code, domains=count)
    found = cells(asked, done, share=share)
    covariance, df = np.full((count, count), np.nan), float("nan")
    failed = np.array([words is not None for words in done.failed])
    others = np.where(failed[asked.domains.code], -1, asked.domains.code) if count else asked.domains.code
    try:
        joint = estimate(design, mean, y, by=others, domains=count, joint=True)
        covariance, df = (covariance if joint.covariance is None else joint.covariance), joint.whole_df
    except SinglePsuError:
        pass  # without a variance no rank is sure: every range is the widest
    order = ranks(np.where(failed, np.nan, done.value[:, 0]), covariance, df, asked.level)
    for i, cell in enumerate(found):
        if failed[i]:
            continue
        known = order.rank[i] > 0
        cell["rank"] = int(order.rank[i]) if known else None
        cell["rank_range"] = [int(order.best[i]), int(order.worst[i])] if known else None
    return asked.answer(found)
