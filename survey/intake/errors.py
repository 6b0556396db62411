"""What can be wrong with a file of answers: every bad row with its line, or the file as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from survey.questionnaire.validation import Reason


class Fault(StrEnum):
    """What is wrong with a cell or row before it is an answer."""

    SHAPE = "shape"
    """More or fewer cells than the head has."""
    UNKNOWN_CODE = "unknown_code"
    """The mapping does not say what this value means."""
    NOT_WHOLE = "not_whole"
    """No whole number, where the value itself is the code."""
    NO_WEIGHT = "no_weight"
    """The design weight is no number above 0."""
    NO_COUNT = "no_count"
    """The number of residents a row stands for is no whole number from 1."""
    EMPTY = "empty"
    """Stratum, sampling unit, mode or language is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """One thing wrong in one row.

    `line` is the line of a text file, the row of a sheet, or the number of the case; `value` is what stood there,
    empty for what residents wrote in their own words.
    """

    line: int
    column: str
    question: str
    reason: Fault | Reason
    value: str = ""


class IntakeError(Exception):
    """Root of the family: nothing was taken in."""


class BadRows(IntakeError):
    """Rows that cannot be taken in; tells all of them."""

    def __init__(self, problems: Iterable[RowProblem], rows: int) -> None:
        self.problems = tuple(problems)
        self.rows = rows
        bad = len({problem.line for problem in self.problems})
        super().__init__(f"{bad} of {rows} rows cannot be taken in.")


class UnreadableFile(IntakeError):
    """The file is damaged, or not what its ending says."""


class UnknownFormat(IntakeError):
    """No reader for this ending."""


class MissingColumns(IntakeError):
    """The mapping and the file do not name the same columns."""
