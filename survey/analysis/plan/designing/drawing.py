"""A sample drawn as a plan's design says: columns and rules made into a `Design`, adjusted and replicated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.design import Design, SinglePsuRule, design_of
from survey.analysis.errors import PlanError
from survey.analysis.plan.designing.adjusting import adjust
from survey.analysis.plan.designing.replicating import replicate
from survey.analysis.plan.reading.columns import Columns
from survey.analysis.plan.reading.frame import Frame
from survey.analysis.plan.reading.read import DESIGN_KEYS, Section

Floats = npt.NDArray[np.float64]
RULES = ("fail", "adjust", "certainty", "average", "remove")
Labels = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A design with the rows it was drawn from.

    Attributes
    ----------
    name : str
    design : Design
    frame : Frame
    stratified : list of str
        Columns of the strata.
    strata : ndarray of str, shape (n,), or None
    clusters : tuple of ndarray, each of shape (n,)
    fpc : tuple of ndarray of float, each of shape (n,)
    """

    name: str
    design: Design
    frame: Frame
    stratified: list[str]
    strata: Labels | None
    clusters: tuple[Labels, ...]
    fpc: tuple[Floats, ...]

    def told(self, words: str) -> str:
        """An error of the design with its place in the plan and the columns of its strata."""
        columns = f" (strata are column {', '.join(self.stratified)})" if self.stratified else ""
        return f"designs.{self.name}.{words}{columns}"


def draw(
    name: str, section: Section, source: Columns, counts: Floats | None = None, squares: Floats | None = None
) -> Sampled:
    """Draw up a design from the rows of a file, or from its groups when rows and squared weights are counted."""
    section.check_keys(DESIGN_KEYS)
    frame = _selected(source, section)
    strata, clusters = _labels(frame, section)
    fpc = tuple(_population(frame, column, section.key("fpc")) for column in section.texts("fpc"))
    stages = max(len(clusters), 1)
    if len(fpc) > stages:
        raise PlanError(section.key("fpc"), f"has {len(fpc)} columns for {stages} stages of sampling")
    weights = _weights(frame, section)
    numbers = np.ones(frame.rows) if counts is None else frame.cut(counts)
    design = design_of(
        numbers if weights is None else weights,
        strata,
        clusters,
        fpc,
        single=cast(SinglePsuRule, section.choice("single_psu", RULES, "fail")),
        single_in_domains=section.flag("single_psu_in_domains", default=False),
    )
    if counts is not None and squares is not None:
        design = replace(design, counts=numbers, squares=frame.cut(squares))
    if weights is None:
        inverse = _inverse_fractions(design)
        base, square = inverse * numbers, np.square(inverse) * numbers
        design = replace(design, weights=base, base=base, squares=None if counts is None else square)
    design = adjust(frame, replicate(frame, design, section), section)
    return Sampled(
        name=name,
        design=design,
        frame=frame,
        stratified=section.texts("strata"),
        strata=strata,
        clusters=clusters,
        fpc=fpc,
    )


def _selected(source: Columns, section: Section) -> Frame:
    rows = section.section("rows")
    if rows is None:
        if not source.rows:
            raise PlanError(section.place, "the data file has no rows")
        return Frame(source=source)
    rows.check_keys(frozenset({"column", "equals"}))
    if "equals" not in rows.content:
        raise PlanError(rows.key("equals"), "is missing")
    name = rows.text("column")
    column = source.column(name, rows.key("column"))
    chosen = column.matches(rows.content["equals"])
    if not chosen.any():
        raise PlanError(
            rows.key("equals"),
            f"column {name} has no row equal to {rows.content['equals']!r} (of {source.rows} rows)",
        )
    return Frame(source=source, chosen=chosen)


def _labels(frame: Frame, section: Section) -> tuple[Labels | None, tuple[Labels, ...]]:
    strata = _strata(frame, section)
    columns = section.texts("clusters")
    clusters = tuple(_label(frame, name, section.key("clusters")) for name in columns)
    if strata is not None and clusters and not section.flag("nested", default=True):
        _, alone = codes_of(clusters[0])
        _, crossed = codes_of(strata, clusters[0])
        if crossed > alone:
            raise PlanError(section.key("nested"), _crossing(columns[0], strata, clusters[0]))
    return strata, clusters


def _crossing(name: str, strata: Labels, cluster: Labels) -> str:
    pairs = np.unique(np.column_stack([cluster.astype(str), strata.astype(str)]), axis=0)
    labels, counts = np.unique(pairs[:, 0], return_counts=True)
    level = labels[counts > 1][0]
    rows = int((cluster.astype(str) == level).sum())
    return (
        f"column {name}: {int((counts > 1).sum())} clusters are in more than one stratum, the first is {level} "
        f"({rows} rows); with nested = true they are different clusters"
    )


def _strata(frame: Frame, section: Section) -> Labels | None:
    names = section.texts("strata")
    if not names:
        return None
    columns = [_label(frame, name, section.key("strata")) for name in names]
    if len(columns) == 1:
        return columns[0]
    codes, count = codes_of(*columns)
    first = np.zeros(count, dtype=np.intp)
    first[codes] = np.arange(frame.rows)
    crossed = np.array([" × ".join(str(column[row]) for column in columns) for row in first])
    return np.asarray(crossed[codes])


def _label(frame: Frame, name: str, key: str) -> Labels:
    column = frame.full(name, key)
    codes, levels = column.coded()
    return np.asarray(np.array([str(level) for level in levels])[codes])


def _population(frame: Frame, name: str, key: str) -> Floats:
    frame.full(name, key)
    values = frame.numbers(name, key)
    if (values <= 0).any():
        raise PlanError(key, f"column {name} is 0 or less in {int((values <= 0).sum())} rows")
    return values


def _weights(frame: Frame, section: Section) -> Floats | None:
    if not section.has("weights"):
        return None
    name, key = section.text("weights"), section.key("weights")
    values = frame.numbers(name, key)
    frame.full(name, key)
    below = int((values < 0).sum())
    if below:
        raise PlanError(key, f"column {name} is below 0 in {below} of {frame.rows} rows")
    if not values.any():
        raise PlanError(key, f"column {name} is 0 in all {frame.rows} rows")
    return values


def _inverse_fractions(design: Design) -> Floats:
    weights = np.ones(design.rows)
    for stage in design.stages:
        ratio = stage.population / stage.sampled
        weights = weights * np.where(np.isfinite(ratio), ratio, 1.0)[stage.stratum[stage.unit]]
    return weights
