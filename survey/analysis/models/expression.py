"""One expression of a formula: which columns it reads, how R would print it, what it evaluates to."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.analysis.errors import AnalysisError

Columns = Mapping[str, NDArray[np.generic]]

ALLOWED = (
    ast.Expression, ast.Name, ast.Load, ast.Constant, ast.Compare, ast.BinOp, ast.UnaryOp, ast.BoolOp,
    ast.Call, ast.List, ast.Tuple, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip
FUNCTIONS = {"log": np.log, "exp": np.exp, "sqrt": np.sqrt, "abs": np.abs}
CONSTANTS = {"TRUE": True, "FALSE": False}
CALLS = ("I", "C", "factor", "Treatment", *FUNCTIONS)


@dataclass(frozen=True, slots=True)
class Factor:
    """Levels in order, the first the reference unless another is asked for, and the level of each row."""

    values: NDArray[np.object_]
    levels: tuple[object, ...]
    asked: object = None

    @property
    def reference(self) -> object:
        """The level that contrasts leave out."""
        return self.levels[0] if self.asked is None else self.asked


@dataclass(frozen=True, slots=True)
class Treatment:
    """`C(x, Treatment("b"))`: another reference level."""

    reference: object = None


@dataclass(frozen=True, slots=True)
class Expression:
    """`code` is Python over safe names; `names` gives each safe name's column."""

    code: str
    names: dict[str, str]
    columns: tuple[str, ...]
    shown: str

    @classmethod
    def read(cls, code: str, names: Mapping[str, str], columns: Columns) -> Expression:
        """Check that `code` only computes on columns that are there.

        Raises
        ------
        AnalysisError
            When it names a column that is not there or does anything but compute.
        """
        shown = _as_r_prints(code, names)
        tree = ast.parse(code, mode="eval")
        for node in ast.walk(tree):
            _check(node, shown)
        own = {safe: names.get(safe, safe) for safe in names_in(code)}
        for name in own.values():
            if name not in columns:
                raise AnalysisError(f"formula: the data has no column {name!r}")
        return cls(code, own, tuple(own.values()), shown)

    def evaluate(self, columns: Columns, rows: NDArray[np.bool_]) -> NDArray[np.generic] | Factor:
        """The expression on the rows given: numbers, or a factor for texts, truth values and `C()`."""
        known = {safe: columns[name] for safe, name in self.names.items()}
        levels = {safe: levels_of(values) for safe, values in known.items()}
        inside = {safe: values[rows] for safe, values in known.items()}

        def as_factor(values: NDArray[np.generic], contrast: object = None) -> Factor:
            own = next((levels[safe] for safe, column in inside.items() if column is values), levels_of(values))
            texts = values if is_text(values) else [level_text(value) for value in values]
            labels = tuple(level_text(level) for level in own)
            asked = contrast.reference if isinstance(contrast, Treatment) else None
            if asked is not None and level_text(asked) not in labels:
                raise AnalysisError(f"formula: {self.shown}: there is no level {asked!r}; there are {labels}")
            return Factor(np.array(texts, dtype=object), labels, None if asked is None else level_text(asked))

        space: dict[str, Any] = {
            "__builtins__": {},
            "I": lambda values: values,
            "C": as_factor,
            "factor": as_factor,
            "Treatment": Treatment,
            **FUNCTIONS,
            **CONSTANTS,
            **inside,
        }
        try:
            value = eval(compile(self.code, "formula", "eval"), space)  # the tree was checked by `read`
        except (TypeError, ValueError, ZeroDivisionError) as error:
            raise AnalysisError(f"formula: {self.shown} can't be computed: {error}") from error
        if isinstance(value, Factor):
            return value
        return _as_column(np.asarray(value), int(rows.sum()), as_factor)

    def __repr__(self) -> str:
        return self.shown


def names_in(code: str) -> tuple[str, ...]:
    """The names an expression reads as columns."""
    tree = ast.parse(code, mode="eval")
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    read = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in called]
    return tuple(name for name in dict.fromkeys(read) if name not in {"Treatment", *CONSTANTS})


def _check(node: ast.AST, shown: str) -> None:
    if isinstance(node, ast.Attribute):
        written = f"a column name that is no Python name stands in backticks, as in `{ast.unparse(node)}`"
        raise AnalysisError(f"formula: {shown}: {written}")
    if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in CALLS):
        wrong = f"there is no function {ast.unparse(node.func)}(); there are {', '.join(CALLS)}"
        raise AnalysisError(f"formula: {shown}: {wrong}")
    if not isinstance(node, ALLOWED):
        raise AnalysisError(f"formula: {shown} is not understood")


def _as_column(value: NDArray[np.generic], size: int, as_factor: Any) -> NDArray[np.generic] | Factor:
    if value.ndim == 0:
        value = np.full(size, value[()])
    if is_text(value):
        factor: Factor = as_factor(value)
        return factor
    if value.dtype == bool:
        return Factor(value.astype(object), (False, True))
    return value.astype(np.float64)


def is_text(values: NDArray[np.generic]) -> bool:
    """Whether a column holds texts."""
    return values.dtype.kind in "OUST"


def levels_of(values: NDArray[np.generic]) -> tuple[Any, ...]:
    """The sorted levels of a column, gaps left out."""
    if is_text(values):
        return tuple(sorted({str(value) for value in values if value is not None}))
    numbers = values.astype(np.float64)
    return tuple(np.unique(numbers[np.isfinite(numbers)]).tolist())


def level_text(level: object) -> str:
    """A level as the file has it: ``1``, not ``1.0``."""
    if isinstance(level, (float, np.floating)) and float(level).is_integer():
        return str(int(level))
    return str(level)


def _as_r_prints(code: str, names: Mapping[str, str]) -> str:
    """`code` with the columns' own names and R's spacing and quotes."""
    parts = re.split(r"(\"[^\"]*\"|'[^']*')", code)
    for place, part in enumerate(parts):
        if place % 2:
            parts[place] = '"' + part[1:-1] + '"'
            continue
        spaced = re.sub(r"\s*\*\*\s*", "^", part)
        spaced = re.sub(r"\s*/\s*", "/", spaced)
        parts[place] = re.sub(r"[A-Za-z_]\w*", lambda m: names.get(m.group(), m.group()), spaced)
    return "".join(parts)
