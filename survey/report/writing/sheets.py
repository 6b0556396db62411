"""How a sheet of a workbook looks, and how a cell is kept from being run as a formula."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

Value = str | int | float | None
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""The full-width ones too: spreadsheets set to Chinese or Korean read them as the others."""
_WIDEST = 44


class Rectangle(Protocol):
    """Heads and rows of equal length."""

    @property
    def heads(self) -> tuple[str, ...]: ...

    @property
    def rows(self) -> tuple[tuple[Value, ...], ...]: ...


def neutral(value: Value) -> Value:
    """A text that begins like a formula gets an apostrophe, so that no spreadsheet runs it (OWASP: CSV injection)."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def write_table(book: xlsxwriter.Workbook, name: str, title: str, table: Rectangle, foot: Sequence[str]) -> None:
    """A sheet with heads in its first row, rows, and the foot below; the title stands at the head of printed pages."""
    sheet = book.add_worksheet(name[:31])
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    sheet.set_header("&L" + title.replace("&", "&&"))
    for column, text in enumerate(table.heads):
        sheet.write_string(0, column, str(neutral(text)), head)
    for place, row in enumerate(table.rows, start=1):
        _write_row(sheet, place, row)
    for place, text in enumerate(foot, start=len(table.rows) + 2):
        sheet.write_string(place, 0, str(neutral(text)))
    for column in range(len(table.heads)):
        sheet.set_column(column, column, _width(table, column))
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def write_notes(book: xlsxwriter.Workbook, name: str, title: str, groups: Sequence[tuple[str, Sequence[str]]]) -> None:
    """A sheet of headed sentences."""
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, title, bold)
    place = 2
    for heading, sentences in groups:
        sheet.write_string(place, 0, heading, bold)
        for offset, sentence in enumerate(sentences, start=1):
            sheet.write_string(place + offset, 0, sentence, wrapped)
        place += len(sentences) + 2


def _write_row(sheet: Worksheet, place: int, row: Sequence[Value]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            sheet.write_string(place, column, str(neutral(value)))
        elif value is not None:
            sheet.write_number(place, column, value)


def _width(table: Rectangle, column: int) -> float:
    longest = max((_cells(row[column]) for row in table.rows[:200]), default=0)
    return min(_WIDEST, max(10, longest + 1, _cells(table.heads[column]) / 2))


def _cells(value: Value) -> int:
    """Width of a text in characters, Chinese and Korean ones counting for two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(value or ""))
