"""What can be wrong with a file of answers: every bad row with its line, or the file as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
    """The design weight is no number above 0, or absurdly large."""
    WEIGHT_STANDS_OUT = "weight_stands_out"
    """The design weight is so many times the middle one that its row would be all there is."""
    NO_COUNT = "no_count"
    """The number of residents a row stands for is no whole number from 1, or too large."""
    EMPTY = "empty"
    """Stratum, sampling unit, mode or language is missing."""
    FORMULA = "formula"
    """A formula of a sheet whose result was never stored: what a reader would see is nothing."""


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


class Flaw(StrEnum):
    """What is wrong with a file as a whole."""

    ENDING = "ending"
    """No reader for this ending. Values: ending, known."""
    DAMAGED = "damaged"
    """Damaged, or something else than its ending says. Values: ending."""
    ENCODING = "encoding"
    """Text in another encoding than the mapping says. Values: encoding."""
    TOO_LARGE = "too_large"
    """A workbook that is very much larger unpacked. Values: most (megabytes)."""
    TOO_MANY = "too_many"
    """The counts of the rows add up to more residents than one import takes. Values: most."""
    CSV = "csv"
    """No sound CSV. Values: line."""
    SHEET = "sheet"
    """No sheet of the name in the mapping. Values: sheet, known."""
    NO_COLUMNS = "no_columns"
    NO_ROWS = "no_rows"
    DELIMITER = "delimiter"
    """The whole head is one column in which another delimiter stands. Values: delimiter."""
    TWICE = "twice"
    """Columns that stand twice. Values: columns."""
    MISSING = "missing"
    """Columns that the mapping names and the file has not. Values: columns."""
    UNMAPPED = "unmapped"
    """Columns that are neither mapped nor ignored. Values: columns."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing wrong with the whole file, and what its sentence names."""

    flaw: Flaw
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join([self.flaw.value, *(f"{name}={value}" for name, value in self.values.items())])


class IntakeError(Exception):
    """Root of the family: nothing was taken in."""


class BadRows(IntakeError):
    """Rows that cannot be taken in; tells all of them."""

    def __init__(self, problems: Iterable[RowProblem], rows: int) -> None:
        self.problems = tuple(problems)
        self.rows = rows
        self.bad = len({problem.line for problem in self.problems})
        super().__init__(f"{self.bad} of {rows} rows cannot be taken in.")


class UnusableFile(IntakeError):
    """The file as a whole cannot be taken in; `survey.intake.wording` says why in the reader's language."""

    def __init__(self, *problems: FileProblem) -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))
