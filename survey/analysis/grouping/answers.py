"""What was answered behind the rows of a design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.design import Design
from survey.analysis.grouping.split import split
from survey.analysis.grouping.tally import Codes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Column = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers counted behind the G rows of a design: `estimates` reads them in the place of columns.

    Attributes
    ----------
    columns : tuple of ndarray of float, each of shape (L,) or (L, q)
        The different answers, NaN for none; several where a statistic reads several.
    sums : ndarray of float, shape (G, L, 3)
        Raw rows, their base weights and squared base weights by row of the design and answer.
    """

    columns: tuple[Floats, ...]
    sums: Floats


def divided(design: Design, answers: Answers) -> tuple[Design, tuple[Floats, ...], Ints]:
    """Divide the rows of a design by what was answered.

    Parameters
    ----------
    design : Design
        Of G rows.
    answers : Answers
        Counted behind them.

    Returns
    -------
    design : Design
        Of m rows, one for each row and answer that somebody gave.
    columns : tuple of ndarray of float, each of shape (m,) or (m, q)
        Their answers.
    row : ndarray of int, shape (m,)
        Row of the design that each is a part of.
    """
    row, code = np.nonzero(answers.sums[:, :, 0])
    counts, base, squares = answers.sums[row, code].T
    return split(design, row, base, counts, squares), tuple(column[code] for column in answers.columns), row


def coded_answers(column: Column) -> tuple[Codes, Floats]:
    """Codes of a column's answers.

    Parameters
    ----------
    column : ndarray, shape (n,)
        Whole numbers, below 0 where there is no answer; or floats, NaN where there is none.

    Returns
    -------
    codes : ndarray of int, shape (n,)
        0..L-1.
    values : ndarray of float, shape (L,)
        The answer each stands for; the last is NaN.
    """
    if column.dtype.kind in "iu" and len(column):
        bare = column.view(column.dtype.str.replace("i", "u"))  # below 0 becomes larger than any answer
        low, high = int(bare.min()), int(column.max())
        width = high - low + 1
        if high >= 0 and width < np.iinfo(np.uint8).max:
            codes = bare - bare.dtype.type(low)
            np.minimum(codes, bare.dtype.type(width), out=codes)
            return codes.astype(np.uint8, copy=False), np.append(np.arange(low, high + 1, dtype=float), np.nan)
    numbers = column.astype(float, copy=False)
    known = np.isfinite(numbers) & ((numbers >= 0) | (column.dtype.kind != "i"))
    codes, (values,) = crossed_answers((numbers,), known)
    return codes, np.append(values, np.nan)


def crossed_answers(columns: tuple[Floats, ...], known: Flags) -> tuple[Codes, tuple[Floats, ...]]:
    """Codes of the answers in several columns together.

    Parameters
    ----------
    columns : tuple of ndarray of float, each of shape (n,) or (n, q)
        What a statistic reads.
    known : ndarray of bool, shape (n,)
        Rows that answered.

    Returns
    -------
    codes : ndarray of int, shape (n,)
        0..A-1; A for rows that did not answer.
    columns : tuple of ndarray of float, each of shape (A,) or (A, q)
        The different answers.
    """
    rows = np.flatnonzero(known)
    answer, count = codes_of(*(part[rows] for part in flat(columns)))
    codes: Codes = np.full(len(known), count, dtype=np.uint8 if count < np.iinfo(np.uint8).max else np.intp)
    codes[rows] = answer
    first = np.zeros(count, dtype=np.intp)
    first[answer] = rows
    return codes, tuple(column[first] for column in columns)


def answered(columns: tuple[Floats, ...]) -> Flags:
    """Rows that answered.

    Parameters
    ----------
    columns : tuple of ndarray of float, each of shape (n,) or (n, q)
        What a statistic reads, at least one column.

    Returns
    -------
    ndarray of bool, shape (n,)
        Whether all are numbers.
    """
    return np.asarray(np.isfinite(flat(columns)).all(axis=0))


def flat(columns: tuple[Floats, ...]) -> list[Floats]:
    """Columns one by one.

    Parameters
    ----------
    columns : tuple of ndarray of float, each of shape (n,) or (n, q)
        What a statistic reads.

    Returns
    -------
    list of ndarray of float, each of shape (n,)
        All of them.
    """
    return [part for column in columns for part in (column.T if column.ndim > 1 else column[None])]
