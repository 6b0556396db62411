"""Designs of a plan: columns and rules made into a `Design`, adjusted and replicated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.design import Design, SinglePsuRule, design_of
from survey.analysis.errors import AnalysisError, PlanError
from survey.analysis.plan.adjusting import adjust
from survey.analysis.plan.data import Source
from survey.analysis.plan.frame import Frame
from survey.analysis.plan.read import DESIGN_KEYS, Plan, Section
from survey.analysis.plan.replicating import replicate

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


class Designs:
    """The designs of a plan, each built when first asked for and then kept.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._sources: dict[Path, Source] = {}
        self._built: dict[str, Sampled | AnalysisError] = {}

    @property
    def built(self) -> Mapping[str, Sampled]:
        """Designs built so far."""
        return {name: done for name, done in self._built.items() if isinstance(done, Sampled)}

    def source(self, path: Path | None, key: str) -> Source:
        """A data file, opened once."""
        if path is None:
            raise PlanError(key, "is missing: neither the plan nor this place names a data file")
        if path not in self._sources:
            self._sources[path] = Source(path, self.plan.categories, key)
        return self._sources[path]

    def open(self) -> None:
        """Open the plan's data files, so that a file that can't be read shows before anything is computed."""
        if self.plan.data is not None:
            self.source(self.plan.data, "data")
        for section in self.plan.designs.values():
            self._source_of(section)

    def get(self, name: str, key: str) -> Sampled:
        """A design by name; an error in it is told again to every ask that uses it."""
        if name not in self.plan.designs:
            known = ", ".join(self.plan.designs) or "none"
            raise PlanError(key, f"there is no design {name!r}; the plan has {known}")
        if name not in self._built:
            try:
                self._built[name] = self._build(name, self.plan.designs[name])
            except PlanError as problem:
                self._built[name] = problem
            except AnalysisError as problem:
                self._built[name] = PlanError(f"designs.{name}", str(problem))
        done = self._built[name]
        if isinstance(done, AnalysisError):
            raise done
        return done

    def _source_of(self, section: Section) -> Source:
        if section.has("data"):
            return self.source(self.plan.folder / section.text("data"), section.key("data"))
        return self.source(self.plan.data, "data")

    def _build(self, name: str, section: Section) -> Sampled:
        section.check_keys(DESIGN_KEYS)
        frame = _selected(self._source_of(section), section)
        strata, clusters = _labels(frame, section)
        fpc = tuple(_population(frame, column, section.key("fpc")) for column in section.texts("fpc"))
        stages = max(len(clusters), 1)
        if len(fpc) > stages:
            raise PlanError(section.key("fpc"), f"has {len(fpc)} columns for {stages} stages of sampling")
        weights = _weights(frame, section)
        design = design_of(
            np.ones(frame.rows) if weights is None else weights,
            strata,
            clusters,
            fpc,
            single=cast(SinglePsuRule, section.choice("single_psu", RULES, "fail")),
            single_in_domains=section.flag("single_psu_in_domains", default=False),
        )
        if weights is None:
            inverse = _inverse_fractions(design)
            design = replace(design, weights=inverse, base=inverse)
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


def _selected(source: Source, section: Section) -> Frame:
    rows = section.section("rows")
    if rows is None:
        if not source.rows:
            raise PlanError(section.place, f"{source.path.name} has no rows")
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
