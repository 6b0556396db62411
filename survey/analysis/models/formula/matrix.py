"""Wilkinson formulas: patsy parses them, names, order and coding are R's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from keyword import iskeyword

import numpy as np
from numpy.typing import NDArray
from patsy import EvalFactor, ModelDesc, PatsyError

from survey.analysis.errors import AnalysisError
from survey.analysis.models.formula.coding import INTERCEPT, coded, independent
from survey.analysis.models.formula.expression import Expression, names_in
from survey.analysis.models.formula.factor import Column, Columns, Factor, known_rows

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMatrix:
    """The columns a model is fitted on.

    Attributes
    ----------
    matrix : ndarray of float, shape (n, k)
        One column per coefficient; zeros in rows that are not used.
    names : tuple of str
        The coefficients' names as R writes them, without backticks.
    terms : tuple of str
        For each column the term of the formula it belongs to.
    aliased : tuple of str
        Coefficients left out because their column depends on those before it.
    used : ndarray of bool, shape (n,)
        Rows without a gap in any column of the formula (and inside the domain asked for).
    outcome : ndarray of float, shape (n,), or Factor, or None
        The left side as evaluated, gaps where a row is not used; None for a one-sided formula.
    """

    matrix: Floats
    names: tuple[str, ...]
    terms: tuple[str, ...]
    aliased: tuple[str, ...]
    used: Flags
    outcome: Column | None

    def columns_of(self, terms: Iterable[str]) -> list[int]:
        """Find the coefficients that belong to `terms`, for a Wald test.

        Parameters
        ----------
        terms : iterable of str
            As in the formula, with or without backticks, factors of an interaction in any order.

        Returns
        -------
        list of int
            Columns of `matrix`.

        Raises
        ------
        AnalysisError
            When the formula has no such term.
        """
        found: list[int] = []
        known = [_parts(term) for term in self.terms]
        for term in terms:
            places = [i for i, parts in enumerate(known) if parts == _parts(INTERCEPT if term == "1" else term)]
            if not places:
                raise AnalysisError(f"terms: the formula has no term {term!r}; it has {sorted(set(self.terms))}")
            found.extend(place for place in places if place not in found)
        return found


def _parts(term: str) -> frozenset[str]:
    """The factors of a term, however they are spaced, quoted and ordered."""
    plain = term.replace("`", "").replace("**", "^").replace("'", '"').replace(" ", "")
    return frozenset(plain.split(":"))


def model_matrix(formula: str, columns: Columns, inside: Flags) -> ModelMatrix:
    """Evaluate a Wilkinson formula on named columns.

    Parameters
    ----------
    formula : str
        Such as ``I(`sch.wide` == "Yes") ~ ell + meals``: ``+ : * -1 I() C()``, names that are no Python
        names in backticks.
    columns : mapping of str to ndarray of float, shape (n,), or Factor
        Numbers (nan: no answer) and texts, which are factors: sorted levels, the first one the reference.
    inside : ndarray of bool, shape (n,)
        The domain; rows outside get zeros and do not count for aliasing.

    Returns
    -------
    ModelMatrix
        Columns in R's order: intercept, then terms by degree and place in the formula; in an interaction
        the factor that comes first in the formula varies fastest.

    Raises
    ------
    AnalysisError
        When the formula can't be read, names a column that is not there, or no row is complete.
    """
    names, text = _without_backticks(formula)
    described = _parse(formula, text)
    order: dict[str, int] = {}
    wanted = [
        tuple(sorted((f.code for f in term.factors), key=lambda code: order.setdefault(code, len(order))))
        for term in described.rhs_termlist
    ]
    wanted.sort(key=len)
    left = [factor for term in described.lhs_termlist for factor in term.factors]
    if len(left) > 1 or len(described.lhs_termlist) > 1:
        raise AnalysisError(f"formula: {formula!r} has more than one variable on its left side")
    expressions = {code: Expression.read(code, names, columns) for code in order}
    outcome = Expression.read(left[0].code, names, columns) if left else None
    used = _complete([*expressions.values(), *([outcome] if outcome else [])], columns, inside)
    if not used.any():
        raise AnalysisError(f"formula: no row is complete in all columns of {formula!r}")
    shown = {code: expression.shown for code, expression in expressions.items()}
    values = {code: expression.evaluate(columns, used) for code, expression in expressions.items()}
    matrix, labels, terms = coded(wanted, values, shown, int(used.sum()))
    kept, aliased = independent(matrix)
    whole = np.zeros((used.size, len(kept)))
    whole[used] = matrix[:, kept]
    return ModelMatrix(
        matrix=whole,
        names=tuple(labels[i] for i in kept),
        terms=tuple(terms[i] for i in kept),
        aliased=tuple(labels[i] for i in aliased),
        used=used,
        outcome=_left_side(outcome, columns, used),
    )


def variables(formula: str) -> tuple[str, ...]:
    """List the columns a formula reads.

    Parameters
    ----------
    formula : str
        As for `model_matrix`.

    Returns
    -------
    tuple of str
        In order of appearance.

    Raises
    ------
    AnalysisError
        When the formula can't be read.
    """
    names, text = _without_backticks(formula)
    described = _parse(formula, text)
    terms = [*described.lhs_termlist, *described.rhs_termlist]
    found = [name for term in terms for factor in term.factors for name in names_in(factor.code)]
    return tuple(dict.fromkeys(names.get(name, name) for name in found))


def _without_backticks(formula: str) -> tuple[dict[str, str], str]:
    """Names patsy can read for those in backticks, and `^` as Python's power."""
    names: dict[str, str] = {}

    def replaced(match: re.Match[str]) -> str:
        name = match.group(1)
        safe = name if name.isidentifier() and not iskeyword(name) else f"column_{len(names)}_"
        safe = next((known for known, column in names.items() if column == name), safe)
        names[safe] = name
        return safe

    text = re.sub(r"`([^`]+)`", replaced, formula)
    if "`" in text:
        raise AnalysisError(f"formula: {formula!r} has a backtick without its partner")
    parts = re.split(r"(\"[^\"]*\"|'[^']*')", text)
    return names, "".join(p if i % 2 else p.replace("^", "**") for i, p in enumerate(parts))


def _parse(formula: str, text: str) -> ModelDesc:
    try:
        described = ModelDesc.from_formula(text if "~" in text else "~" + text)
    except PatsyError as error:
        raise AnalysisError(f"formula: {formula!r} can't be read: {error.message}") from error
    terms = [*described.lhs_termlist, *described.rhs_termlist]
    if not all(isinstance(factor, EvalFactor) for term in terms for factor in term.factors):
        raise AnalysisError(f"formula: {formula!r} can't be read")
    return described


def _complete(expressions: Iterable[Expression], columns: Columns, inside: Flags) -> Flags:
    used = inside.copy()
    for name in {name for expression in expressions for name in expression.columns}:
        used &= known_rows(columns[name])
    return used


def _left_side(outcome: Expression | None, columns: Columns, used: Flags) -> Column | None:
    if outcome is None:
        return None
    values = outcome.evaluate(columns, used)
    if isinstance(values, Factor) and values.levels != (False, True):
        codes = np.full(used.size, -1, dtype=np.intp)
        codes[used] = values.codes
        return Factor(codes, values.levels)
    whole = np.full(used.size, np.nan)
    whole[used] = values.codes if isinstance(values, Factor) else values
    return whole
