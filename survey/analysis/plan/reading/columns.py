"""Columns of rows: numbers, or codes into levels of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Level = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    Attributes
    ----------
    name : str
    values : ndarray of float, shape (n,)
        Numbers, or codes into `levels` for text; NaN where the field is empty.
    levels : tuple of str or None
        Sorted texts; None for a column of numbers.
    """

    name: str
    values: Floats
    levels: tuple[str, ...] | None

    @property
    def known(self) -> Flags:
        """Rows whose field is not empty, shape (n,)."""
        return np.isfinite(self.values)

    def coded(self) -> tuple[Ints, tuple[Level, ...]]:
        """Codes of shape (n,), -1 where empty, and the sorted levels that occur."""
        known = self.known
        codes = np.full(len(self.values), -1, dtype=np.intp)
        found, codes[known] = np.unique(self.values[known], return_inverse=True)
        if self.levels is not None:
            return codes, tuple(self.levels[int(value)] for value in found)
        return codes, tuple(plain_level(float(value)) for value in found)

    def matches(self, wanted: object) -> Flags:
        """Rows equal to a value of the plan; whole numbers, texts and true/false compare by their text."""
        if self.levels is None:
            number = as_number(wanted)
            return np.zeros(len(self.values), bool) if number is None else self.values == number
        return np.isin(self.values, self._places(wanted))

    def has(self, wanted: object) -> bool:
        """Whether a text is among the levels."""
        return bool(self._places(wanted))

    def _places(self, wanted: object) -> list[int]:
        text, levels = level_text(wanted), self.levels or ()
        same = [i for i, level in enumerate(levels) if level == text]
        if not same and isinstance(wanted, bool):
            same = [i for i, level in enumerate(levels) if level.lower() == text]
        return same

    def subset(self, rows: Flags) -> Column:
        """Some rows of the column."""
        return Column(name=self.name, values=self.values[rows], levels=self.levels)


def plain_level(value: float) -> Level:
    """A number as the file has it: 1, not 1.0."""
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def as_number(wanted: object) -> float | None:
    try:
        return float(wanted) if isinstance(wanted, (int, float, str)) else None
    except ValueError:
        return None


def level_text(wanted: object) -> str:
    """Write a level of a plan as files do.

    Parameters
    ----------
    wanted : object
        Number, text or truth value.

    Returns
    -------
    str
        ``1`` for 1.0, ``true`` for True.
    """
    if isinstance(wanted, bool):
        return str(wanted).lower()
    return str(plain_level(float(wanted)) if isinstance(wanted, (int, float)) else wanted)


class Columns(Protocol):
    """Rows of a file, or the groups they were counted in, column by column."""

    @property
    def categories(self) -> frozenset[str]:
        """Columns to read as text."""

    @property
    def rows(self) -> int:
        """Number of rows."""

    def column(self, name: str, key: str) -> Column:
        """One column; `PlanError` naming `key` when there is none."""
