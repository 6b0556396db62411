"""CSV and XLSX: codes as numbers, row by row, so that a large file needs little memory."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from survey.language import say as speaking
from survey.report.export.dataset import Dataset
from survey.report.export.variables import Variable
from survey.report.writing.sheets import Value, neutral, write_notes, write_table
from survey.report.writing.tables import Table

Tell = Callable[[int, int], None]
"""Told how many of how many rows are written."""

BATCH = 1000
NOTE = "note"


def write_csv(data: Dataset, path: Path, tell: Tell) -> None:
    """UTF-8 with BOM, lines ending as RFC 4180 wants them; what must be told stands in the first row's last column."""
    note = "; ".join(data.notes)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([*(variable.name for variable in data.variables), NOTE])
        for place, row in enumerate(rows(data, tell)):
            writer.writerow([*map(neutral, row), "" if place else neutral(note)])


def write_xlsx(data: Dataset, path: Path, tell: Tell) -> None:
    """Codes on the first sheet, the code book on the second, what must be known on the third."""
    say = speaking(data.language)
    settings = {"constant_memory": True, "strings_to_formulas": False, "nan_inf_to_errors": True}
    with TemporaryDirectory() as folder, xlsxwriter.Workbook(path, {**settings, "tmpdir": folder}) as book:
        sheet = book.add_worksheet(say("Microdata")[:31])
        head = book.add_format({"bold": True, "bottom": 1})
        for column, variable in enumerate(data.variables):
            sheet.write_string(0, column, variable.name, head)
        sheet.freeze_panes(1, 0)
        for place, row in enumerate(rows(data, tell), start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(place, column, str(neutral(value)))
                elif value is not None:
                    sheet.write_number(place, column, value)
        write_table(book, say("Labels"), data.title, code_book(data), data.notes)
        write_notes(book, say("Method"), data.title, ((say("Use"), data.notes[-1:]), *data.method))


def rows(data: Dataset, tell: Tell) -> Iterator[tuple[Value, ...]]:
    """The rows as Python values, telling the progress."""
    columns = [data.columns[variable.name] for variable in data.variables]
    for start in range(0, data.rows, BATCH):
        part = [column[start : start + BATCH].tolist() for column in columns]
        yield from zip(*part, strict=True)
        tell(min(start + BATCH, data.rows), data.rows)


def code_book(data: Dataset) -> Table:
    """Variable, label, question, code and label of the code: a row for each code, or one where there are none."""
    say = speaking(data.language)
    heads = (say("Variable"), say("Label"), say("Question"), say("Code"), say("Label of the code"))
    return Table(heads, tuple(row for variable in data.variables for row in _codes(variable)))


def _codes(variable: Variable) -> Iterator[tuple[Value, ...]]:
    named = (*variable.codes, *variable.missing)
    for code, label in named or ((None, ""),):
        yield variable.name, variable.label, variable.text, code, label
