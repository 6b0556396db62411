"""The rows of one design: columns as numbers, labels, conditions and domains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.errors import PlanError
from survey.analysis.plan.reading.columns import Column, Columns, Level, as_number
from survey.analysis.plan.reading.read import LARGEST, Section

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
TRUTH = {"true": 1.0, "false": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Domains:
    """Rows by crossed columns.

    Attributes
    ----------
    code : ndarray of int, shape (n,)
        Domain of each row, -1 where a column is empty.
    labels : list of dict
        Column → level of each domain, in sorted order.
    """

    code: Ints
    labels: list[dict[str, Level]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Rows of a source, all or those a design selects.

    Attributes
    ----------
    source : Columns
    chosen : ndarray of bool, shape (N,), or None
        Rows of the file that belong to the design.
    """

    source: Columns
    chosen: Flags | None = None

    @property
    def rows(self) -> int:
        """Number of rows n."""
        return self.source.rows if self.chosen is None else int(self.chosen.sum())

    def cut(self, values: Floats) -> Floats:
        """Values of the source's rows, cut to those of the design."""
        return values if self.chosen is None else values[self.chosen]

    def column(self, name: str, key: str) -> Column:
        """A column, cut to the rows."""
        column = self.source.column(name, key)
        return column if self.chosen is None else column.subset(self.chosen)

    def numbers(self, name: str, key: str) -> Floats:
        """A column of numbers, shape (n,), NaN where empty; true and false are 1 and 0; refused when it holds text."""
        column = self.column(name, key)
        if column.levels is not None and column.known.any():
            texts = [column.levels[int(code)] for code in column.values[column.known]]
            wrong = [text for text in texts if not _is_number(text)]
            if all(text.lower() in TRUTH for text in set(texts)):
                wrong = []
            elif wrong or name not in self.source.categories:
                shown = wrong[0] if wrong else texts[0]
                raise PlanError(
                    key,
                    f"column {name} is text: {len(wrong) or len(texts)} of {self.rows} rows are no numbers, "
                    f"such as {shown!r}",
                )
            return _parsed(column)
        return column.values if column.levels is None else np.full(self.rows, np.nan)

    def full(self, name: str, key: str) -> Column:
        """A column without gaps."""
        column = self.column(name, key)
        gaps = int((~column.known).sum())
        if gaps:
            raise PlanError(key, f"column {name} is empty in {gaps} of {self.rows} rows")
        return column

    def condition(self, where: Section) -> Floats:
        """1 where a row meets the condition, 0 where not, NaN where its column is empty; shape (n,)."""
        where.check_keys(frozenset({"column", "equals", "at_least", "in"}))
        kinds = [kind for kind in ("equals", "at_least", "in") if where.has(kind)]
        if len(kinds) != 1:
            raise PlanError(where.place, "needs a column and one of equals, at_least, in")
        name = where.text("column")
        column = self.column(name, where.key("column"))
        wanted: Any = where.content[kinds[0]]
        if kinds[0] == "at_least":
            met = self.numbers(name, where.key("column")) >= where.number("at_least")
        elif kinds[0] == "in":
            if not isinstance(wanted, list) or not wanted:
                raise PlanError(where.key("in"), f"{wanted!r} is no list of levels")
            for value in wanted:
                _check_level(column, value, where.key("in"))
            met = np.logical_or.reduce([column.matches(value) for value in wanted])
        else:
            _check_level(column, wanted, where.key("equals"))
            met = column.matches(wanted)
        return np.where(column.known, met.astype(float), np.nan)

    def domains(self, names: list[str], key: str) -> Domains:
        """Domains of crossed columns; one domain of all rows without columns."""
        if not names:
            return Domains(code=np.zeros(self.rows, dtype=np.intp), labels=[{}])
        coded = [self.column(name, key).coded() for name in names]
        inside = np.logical_and.reduce([codes >= 0 for codes, _ in coded])
        code = np.full(self.rows, -1, dtype=np.intp)
        if not inside.any():
            return Domains(code=code, labels=[])
        crossed, count = codes_of(*[codes[inside] for codes, _ in coded])
        code[inside] = crossed
        first = np.zeros(count, dtype=np.intp)
        first[crossed] = np.flatnonzero(inside)
        labels = [
            {name: levels[codes[row]] for name, (codes, levels) in zip(names, coded, strict=True)} for row in first
        ]
        return Domains(code=code, labels=labels)


def _check_level(column: Column, wanted: object, key: str) -> None:
    """Refuse a level of words that the file does not have; a code nobody chose has a share of 0."""
    rows = len(column.values)
    if isinstance(wanted, (list, dict)) or (isinstance(wanted, (int, float)) and not abs(wanted) <= LARGEST):
        raise PlanError(key, f"{wanted!r} is no level")
    if column.levels is None:
        if isinstance(wanted, str) and not _is_number(wanted):
            raise PlanError(key, f"column {column.name} holds numbers in {rows} rows, it has no level {wanted!r}")
        return
    if column.has(wanted):
        return
    like = [level for level in column.levels if _number(level) == as_number(wanted)]
    if like:
        raise PlanError(
            key, f"column {column.name} is read as text and has no level {wanted!r} in {rows} rows; it has {like[0]!r}"
        )
    if not all(_is_number(level) for level in column.levels):
        shown = ", ".join(column.levels[:12])
        raise PlanError(key, f"column {column.name} has no level {wanted!r} in {rows} rows; it has {shown}")


def _is_number(text: str) -> bool:
    return bool(np.isfinite(_number(text)))


def _number(text: str) -> float:
    number = as_number(text)
    return float("nan") if number is None else number


def _parsed(column: Column) -> Floats:
    levels = np.array([TRUTH.get(level.lower(), _number(level)) for level in column.levels or ()])
    known = column.known
    values = np.full(len(column.values), np.nan)
    values[known] = levels[column.values[known].astype(np.intp)]
    return values
