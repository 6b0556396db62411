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
from survey.analysis.models.formula.factor import Column, Columns, Factor, factor_of_numbers, level_text

ALLOWED = (
    ast.Expression, ast.Name, ast.Load, ast.Constant, ast.Compare, ast.BinOp, ast.UnaryOp, ast.BoolOp,
    ast.Call, ast.List, ast.Tuple, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip
FUNCTIONS = {"log": np.log, "exp": np.exp, "sqrt": np.sqrt, "abs": np.abs}
CONSTANTS = {"TRUE": True, "FALSE": False}
CALLS = ("I", "C", "factor", "Treatment", *FUNCTIONS)


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

        Parameters
        ----------
        code : str
            Python, its column names made safe.
        names : mapping of str to str
            The column of each safe name that differs from it.
        columns : mapping of str to column
            The columns there are.

        Returns
        -------
        Expression
            Ready to be evaluated.

        Raises
        ------
        AnalysisError
            When it names a column that is not there or does anything but compute.
        """
        shown = _as_r_prints(code, names)
        for node in ast.walk(_tree(code)):
            _check(node, shown)
        own = {safe: names.get(safe, safe) for safe in names_in(code)}
        for name in own.values():
            if name not in columns:
                raise AnalysisError(f"formula: the data has no column {name!r}")
        return cls(code, own, tuple(own.values()), shown)

    def evaluate(self, columns: Columns, rows: NDArray[np.bool_]) -> Column:
        """Compute the expression on some rows.

        Parameters
        ----------
        columns : mapping of str to column, each of shape (n,)
            The data.
        rows : ndarray of bool, shape (n,)
            Rows without a gap in the columns that are read; m of them.

        Returns
        -------
        ndarray of float, shape (m,), or Factor
            Numbers, or a factor for texts, truth values and `C()`.

        Raises
        ------
        AnalysisError
            When it can't be computed or is no finite number, with the number of rows.
        """
        inside = {safe: columns[name][rows] for safe, name in self.names.items()}

        def as_factor(values: Column, contrast: object = None) -> Factor:
            if isinstance(values, Factor):
                return self._referred(values, contrast)
            origin = next((columns[self.names[safe]] for safe, own in inside.items() if own is values), values)
            levels = np.unique(values if isinstance(origin, Factor) else origin[np.isfinite(origin)])
            return self._referred(factor_of_numbers(values, levels), contrast)

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
            with np.errstate(all="ignore"):  # what is no number is counted below
                value = eval(compile(self.code, "formula", "eval"), space)  # the tree was checked by `read`
            column = value if isinstance(value, Factor) else _as_column(np.asarray(value), int(rows.sum()))
        except (TypeError, ValueError, ZeroDivisionError) as error:
            text = any(isinstance(column, Factor) for column in inside.values())
            cause = "it computes with a text" if text else str(error)
            raise AnalysisError(f"formula: {self.shown} can't be computed: {cause}") from error
        if not isinstance(column, Factor) and not np.isfinite(column).all():
            wrong = int((~np.isfinite(column)).sum())
            raise AnalysisError(f"formula: {self.shown} is no finite number in {wrong} of {len(column)} rows")
        return column

    def _referred(self, factor: Factor, contrast: object) -> Factor:
        if not isinstance(contrast, Treatment) or contrast.reference is None:
            return factor
        asked = level_text(contrast.reference)
        if asked not in factor.levels:
            raise AnalysisError(f"formula: {self.shown}: there is no level {asked!r}; there are {factor.levels}")
        return Factor(factor.codes, factor.levels, asked)

    def __repr__(self) -> str:
        return self.shown


def names_in(code: str) -> tuple[str, ...]:
    """List the names an expression reads as columns.

    Parameters
    ----------
    code : str
        Python, its column names made safe.

    Returns
    -------
    tuple of str
        In order of appearance, safe as in `code`.
    """
    tree = _tree(code)
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    read = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in called]
    return tuple(name for name in dict.fromkeys(read) if name not in {"Treatment", *CONSTANTS})


def _tree(code: str) -> ast.Expression:
    try:
        return ast.parse(code, mode="eval")
    except SyntaxError as error:
        raise AnalysisError(f"formula: {code!r} can't be read") from error


def _check(node: ast.AST, shown: str) -> None:
    if isinstance(node, ast.Attribute):
        written = f"a column name that is no Python name stands in backticks, as in `{ast.unparse(node)}`"
        raise AnalysisError(f"formula: {shown}: {written}")
    if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in CALLS):
        wrong = f"there is no function {ast.unparse(node.func)}(); there are {', '.join(CALLS)}"
        raise AnalysisError(f"formula: {shown}: {wrong}")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not _reads_a_column(node):
        # Whole numbers have no largest one: 9**9**9 would be computed for hours.
        raise AnalysisError(f"formula: {shown}: write the power of two numbers as a number")
    if not isinstance(node, ALLOWED):
        raise AnalysisError(f"formula: {shown} is not understood")


def _reads_a_column(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Name) for part in ast.walk(node))


def _as_column(value: NDArray[Any], size: int) -> Column:
    if value.ndim == 0:
        value = np.full(size, value[()])
    if value.dtype == bool:
        return Factor(value.astype(np.intp), (False, True))
    return value.astype(np.float64)


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
