"""Columns of texts as codes, and what a formula may do with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """A column of levels.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Level of each row, 0..L-1; below 0 where there is no answer.
    levels : tuple, length L
        In order; the first is the reference unless another is asked for.
    asked : object
        The reference level asked for, or None.
    """

    codes: Ints
    levels: tuple[object, ...]
    asked: object = None

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> Factor:
        """Code texts, their levels sorted.

        Parameters
        ----------
        texts : sequence of str or None
            One per row; None is a gap.

        Returns
        -------
        Factor
            Of as many rows.
        """
        levels = tuple(sorted({text for text in texts if text is not None}))
        place: dict[str | None, int] = {level: code for code, level in enumerate(levels)}
        return cls(np.array([place.get(text, -1) for text in texts], dtype=np.intp), levels)

    @property
    def known(self) -> Flags:
        """Rows that have a level, shape (n,)."""
        return self.codes >= 0

    @property
    def reference(self) -> object:
        """The level that contrasts leave out."""
        return self.levels[0] if self.asked is None else self.asked

    def has(self, level: object) -> Flags:
        """Find the rows with a level.

        Parameters
        ----------
        level : object
            One of `levels`, or another, which no row has.

        Returns
        -------
        ndarray of bool, shape (n,)
            True where the row has it.
        """
        if level not in self.levels:
            return np.zeros(len(self.codes), dtype=bool)
        return np.asarray(self.codes == self.levels.index(level))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: Flags) -> Factor:
        return replace(self, codes=self.codes[rows])

    def __eq__(self, other: object) -> Flags:  # type: ignore[override]
        """Row by row, so that `I(x == "Yes")` means what it says."""
        if not isinstance(other, Factor):
            return self.has(other)
        place = {level: code for code, level in enumerate(self.levels)}
        theirs = np.array([*(place.get(level, -2) for level in other.levels), -2], dtype=np.intp)[other.codes]
        return np.asarray(self.codes == theirs)

    def __ne__(self, other: object) -> Flags:  # type: ignore[override]
        return ~(self == other)

    __hash__ = None  # type: ignore[assignment]


Column = Floats | Factor
Columns = Mapping[str, Column]


def known_rows(column: Column) -> Flags:
    """Find the rows of a column that have an answer.

    Parameters
    ----------
    column : ndarray of float, shape (n,), or Factor
        Numbers or texts.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where there is one.
    """
    return column.known if isinstance(column, Factor) else np.isfinite(column)


def level_text(level: object) -> str:
    """Write a level as the file has it: ``1``, not ``1.0``.

    Parameters
    ----------
    level : object
        A number or a text.

    Returns
    -------
    str
        Its text.
    """
    if isinstance(level, (float, np.floating)) and float(level).is_integer():
        return str(int(level))
    return str(level)


def factor_of_numbers(values: Floats, levels: Floats) -> Factor:
    """Code numbers, their levels in the order of the numbers, written as the file has them.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        Numbers; nan is a gap.
    levels : ndarray of float, shape (L,)
        The numbers there are, sorted.

    Returns
    -------
    Factor
        Of as many rows.
    """
    known = np.isfinite(values)
    codes = np.full(len(values), -1, dtype=np.intp)
    codes[known] = np.searchsorted(levels, values[known])
    return Factor(codes, tuple(level_text(level) for level in levels.tolist()))
