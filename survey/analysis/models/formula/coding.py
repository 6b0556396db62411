"""Factors as columns of a design matrix, coded as R codes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from survey.analysis.errors import AnalysisError
from survey.analysis.models.formula.factor import Column, Columns, Factor

Floats = NDArray[np.float64]
Codes = tuple[str, ...]

INTERCEPT = "(Intercept)"


def coded(
    terms: Sequence[Codes], values: Columns, shown: Mapping[str, str], rows: int
) -> tuple[Floats, list[str], list[str]]:
    """The design matrix of `terms`.

    Parameters
    ----------
    terms : sequence of tuple of str
        Each the codes of its factors, in R's order; the empty one is the intercept.
    values : mapping of str to ndarray or Factor, each of shape (rows,)
        What each code evaluates to.
    shown : mapping of str to str
        How each code is written in names.
    rows : int
        Rows of the matrix.

    Returns
    -------
    tuple
        The matrix of shape (rows, k), the names of its columns, and the term each belongs to.

    Raises
    ------
    AnalysisError
        When there is no term.
    """
    if not terms:
        raise AnalysisError("formula: there is nothing on the right side")
    blocks, names, labels = [], [], []
    for place, term in enumerate(terms):
        block, own = np.ones((rows, 1)), [""]
        for code in term:
            columns, levels = _columns(values[code], _by_contrasts(terms, place, code, values))
            block = (columns[:, :, None] * block[:, None, :]).reshape(rows, -1)  # the first varies fastest
            own = [f"{name}:{shown[code]}{level}" if name else shown[code] + level for level in levels for name in own]
        blocks.append(block)
        names.extend(own if term else [INTERCEPT])
        labels.extend([":".join(shown[code] for code in term) or INTERCEPT] * block.shape[1])
    return np.hstack(blocks), names, labels


def _by_contrasts(terms: Sequence[Codes], place: int, code: str, values: Columns) -> bool:
    """Whether a factor leaves out its reference level in this term.

    It does where a term before holds all the other factors of this term (Chambers and Hastie 1992,
    Statistical Models in S, p. 38); without an intercept the first factor of all keeps every level.
    """
    if not isinstance(values[code], Factor):
        return False
    if () not in terms:
        first = next((t, c) for t in range(len(terms)) for c in terms[t] if isinstance(values[c], Factor))
        if first == (place, code):
            return False
    others = set(terms[place]) - {code}
    return not others or any(others <= set(before) for before in terms[:place])


def _columns(values: Column, by_contrasts: bool) -> tuple[Floats, list[str]]:
    if not isinstance(values, Factor):
        return values[:, None], [""]
    kept = [level for level in values.levels if not (by_contrasts and level == values.reference)]
    spelled = ["TRUE" if level is True else "FALSE" if level is False else str(level) for level in kept]
    dummies = np.zeros((len(values), len(kept)))
    for place, level in enumerate(kept):
        dummies[:, place] = values.has(level)
    return dummies, spelled


def independent(matrix: Floats, tolerance: float = 1e-9) -> tuple[list[int], list[int]]:
    """Which columns to keep.

    Parameters
    ----------
    matrix : ndarray of float, shape (n, k)
        Rows that are used.
    tolerance : float
        Length that must be left of a column of length 1 when those before are taken out.

    Returns
    -------
    tuple of list of int
        Columns to keep, and columns that depend on those before them, as R's pivoted QR decides.
    """
    length = np.linalg.norm(matrix, axis=0)
    scaled = matrix / np.where(length > 0, length, 1.0)
    matrix = np.asarray(np.linalg.qr(scaled, mode="r"))  # its columns depend on each other as the rows' do
    basis: list[Floats] = []
    kept: list[int] = []
    aliased: list[int] = []
    for place in range(matrix.shape[1]):
        column = matrix[:, place]
        length = float(np.linalg.norm(column))
        rest = column / length if length else column
        for _ in range(2):  # twice is enough: Kahan and Parlett's rule for Gram-Schmidt
            for direction in basis:
                rest = rest - direction * (direction @ rest)
        left = float(np.linalg.norm(rest))
        if length and left > tolerance:
            basis.append(rest / left)
            kept.append(place)
        else:
            aliased.append(place)
    return kept, aliased
