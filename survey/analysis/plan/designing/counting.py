"""Asks of a large file answered from counted rows: which ones, and the groups they need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import numpy.typing as npt

from survey.analysis.grouping.answers import Answers, divided
from survey.analysis.grouping.file import Answer, Counted, count
from survey.analysis.plan.designing.drawing import Sampled, draw
from survey.analysis.plan.reading.columns import Column
from survey.analysis.plan.reading.data import Source
from survey.analysis.plan.reading.frame import Frame
from survey.analysis.plan.reading.read import Section

Values = npt.NDArray[np.generic]
FROM_ROWS = 20_000
"""Smaller files are quicker read than grouped."""
STATISTICS = frozenset(
    (
        *("mean", "total", "ratio", "proportion", "quantile", "distribution", "variance", "item_difference"),
        *("rank", "covariance", "difference", "crosstab", "independence"),
    )
)
"""What is answered from weights and answers alone, never from single rows."""
REPLICATES = frozenset(["jkn", "jk1", "rao_wu"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """Columns of grouped rows, in the place of a file's."""

    columns: Mapping[str, Column]
    rows: int
    categories: frozenset[str]

    def column(self, name: str, key: str) -> Column:
        """One of the columns that were grouped by."""
        return self.columns[name]


class Counting:
    """A design drawn from groups, divided by answers when asked.

    Parameters
    ----------
    sampled : Sampled
        The design of the groups.
    counted : Counted
    """

    def __init__(self, sampled: Sampled, counted: Counted) -> None:
        self.whole, self._counted = sampled, counted
        self._divided: dict[Answer, Sampled] = {}

    def sampled(self, ask: Section) -> Sampled | None:
        """The design divided by the answers an ask reads; None when they were not counted."""
        answer = answers_of(ask)
        if answer is None or not set(ask.texts("by")) <= set(self._counted.keys):
            return None
        answer = tuple(name for name in answer if name not in self._counted.keys)
        if not answer:
            return self.whole
        if answer not in self._counted.tables:
            return None
        if answer not in self._divided:
            self._divided[answer] = self._divide(answer)
        return self._divided[answer]

    def _divide(self, answer: Answer) -> Sampled:
        frame = self.whole.frame
        table = self._counted.tables[answer]
        chosen = slice(None) if frame.chosen is None else frame.chosen
        known, base = self._counted.sums.base[chosen], self.whole.design.base
        scale = np.divide(base, known, out=np.ones_like(base), where=known > 0)  # weights from fpc alone
        sums = table[chosen] * np.stack([np.ones_like(scale), scale, scale**2], axis=1)[:, None]
        code = np.arange(table.shape[1], dtype=float)
        design, (codes,), row = divided(self.whole.design, Answers(columns=(code,), sums=sums))
        groups = np.arange(len(table))[chosen][row]
        columns = {name: frame.source.column(name, "") for name in self._counted.keys}
        parts = {name: replace(column, values=column.values[groups]) for name, column in columns.items()}
        left = codes.astype(np.intp)
        for name in reversed(answer):
            levels = self._counted.levels[name]
            left, place = np.divmod(left, len(levels) + 1)
            parts[name] = _column(name, levels, place)
        source = Grouped(columns=parts, rows=len(groups), categories=frame.source.categories)
        return replace(self.whole, design=design, frame=Frame(source=source), strata=None, clusters=(), fpc=())


def counting(name: str, section: Section, source: Source, asks: Sequence[Section]) -> Counting | None:
    """Group the rows of a design for all asks that can be answered so; None where that can't be or isn't worth it."""
    keys = _keys(section)
    weight = section.text("weights") if section.has("weights") else None
    read = {ask.place: (*(answers_of(ask) or ()), *ask.texts("by")) for ask in asks}
    wanted = [ask for ask in asks if answers_of(ask) is not None and _there(source, weight, read[ask.place])]
    if keys is None or not wanted or source.rows < FROM_ROWS or not _there(source, weight, keys):
        return None
    names = list(dict.fromkeys([*keys, *(column for ask in wanted for column in ask.texts("by"))]))
    found = (answers_of(ask) or () for ask in wanted)
    trimmed = dict.fromkeys(tuple(column for column in answer if column not in names) for answer in found)
    used = {*names, *(column for answer in trimmed for column in answer), *([weight] if weight else [])}
    try:
        fields = {column: source.field(column) for column in used}
        parts = {answer: [fields[column] for column in answer] for answer in trimmed if answer}
        expression = fields[weight].expression if weight else "1"
        if weight and fields[weight].text:
            return None
        counted = count(source.relation(), [fields[column] for column in names], expression, parts)
    except duckdb.Error:  # an odd file; reading its rows tells what is wrong, with key and column
        return None
    return None if counted is None else Counting(_drawn(name, section, source, weight, counted), counted)


def _there(source: Source, weight: str | None, names: Iterable[str]) -> bool:
    return all(source.has(name) and name != weight for name in names)


def _drawn(name: str, section: Section, source: Source, weight: str | None, counted: Counted) -> Sampled:
    columns = {column: _coded(column, values) for column, values in counted.keys.items()}
    if weight is not None:
        columns[weight] = Column(name=weight, values=counted.sums.base, levels=None)
    groups = Grouped(columns=columns, rows=len(counted.sums.base), categories=source.categories)
    return draw(name, section, groups, counted.sums.counts, counted.sums.squares)


def answers_of(ask: Section) -> Answer | None:
    """Columns an ask reads as answers, sorted; None for an ask that needs the rows themselves."""
    if ask.content.get("statistic") not in STATISTICS:
        return None
    where = ask.content.get("where")
    found: list[object] = [ask.content.get(key) for key in ("x", "rows", "columns")]
    y = ask.content.get("y")
    found += y if isinstance(y, list) else [y]
    found.append(where.get("column") if isinstance(where, dict) else None)
    names = [name for name in found if name is not None]
    if not all(isinstance(name, str) for name in names):
        return None
    return tuple(sorted({str(name) for name in names}))


def _keys(section: Section) -> list[str] | None:
    """Columns the design and its calibration read; None for a design that needs the rows themselves."""
    replicates, adjust = section.section("replicates"), section.section("adjust")
    if not section.texts("clusters") or (replicates is not None and replicates.content.get("method") not in REPLICATES):
        return None
    names = [*section.texts("strata"), *section.texts("clusters"), *section.texts("fpc")]
    rows = section.section("rows")
    if rows is not None:
        names.append(rows.text("column"))
    if adjust is not None:
        margins = adjust.content.get("margins", [adjust.content])
        names += [name for margin in margins for name in margin.get("variables", [])]
        totals = adjust.content.get("totals", {})
        if adjust.content.get("method") == "calibrate":
            names += [name for name in totals if name != "intercept"]
    return names


def _column(name: str, levels: Values, place: npt.NDArray[np.intp]) -> Column:
    if levels.dtype == object:
        values = np.where(place < len(levels), place.astype(float), np.nan)
        return Column(name=name, values=values, levels=tuple(str(level) for level in levels))
    return Column(name=name, values=np.append(levels.astype(float), np.nan)[place], levels=None)


def _coded(name: str, values: Values) -> Column:
    if values.dtype != object:
        return Column(name=name, values=values.astype(float), levels=None)
    known = np.array([value is not None for value in values])
    codes = np.full(len(values), np.nan)
    levels, codes[known] = np.unique(values[known].astype(str), return_inverse=True)
    return Column(name=name, values=codes, levels=tuple(str(level) for level in levels))
