"""Tables of a Word report."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length, Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell

from survey.document.model import Column, Facts, Group, Line, Table
from survey.document.pdf.words import parts
from survey.document.word.parts import (
    draw_rules,
    element,
    keep_whole,
    keep_with_next,
    narrow_cells,
    repeat_head,
    set_widths,
    shade,
)

_HEAD = "F5F7F8"
_SIGN, _NARROW, _PADDING = 2.9, 0.6, 1.6
"""Width of a Chinese sign of a head in mm, of a Latin one as a part of it; space at the sides of a cell in mm."""
_CHINESE = 0x2E7F


def add_table(word: WordDocument, table: Table, width: int) -> None:
    """A numbered table, `width` mm wide, whose head stands on every page it reaches."""
    word.add_paragraph(f"{table.label}  {table.caption}", "Caption")
    made = _new(word, 1, len(table.columns), table.caption)
    draw_rules(made._tbl.tblPr, "w:tblBorders", top=("single", 12), bottom=("single", 12), insideH=("single", 2))
    narrow_cells(made._tbl.tblPr, 45)
    widths = [Length(Mm(width * column.width)) for column in table.columns]
    _set_grid(made, widths)
    head = made.rows[0]
    repeat_head(head)
    keep_whole(head)
    cells = list(head.cells)
    set_widths(cells, widths)
    for cell, column in zip(cells, table.columns, strict=True):
        _write(cell, _head(column, width), "Cell Head", column.number)
        shade(cell, _HEAD)
    for line in table.lines:
        _add_line(made, line, table.columns, widths)
    for row in made.rows if table.short else ():
        keep_with_next(row)
    for number, note in enumerate(table.notes or ("",), start=1):  # never a paragraph that could fall on a page alone
        written = word.add_paragraph(note, "Note").paragraph_format
        written.keep_with_next = number < len(table.notes)
        written.space_after = Pt(0 if written.keep_with_next else 10)


def add_facts(word: WordDocument, facts: Facts, widths: tuple[Length, Length], alignment: str = "left") -> None:
    """Terms and what stands for them; what is left free has a line to write on."""
    made = _new(word, 0, 2, "")
    made.alignment = WD_TABLE_ALIGNMENT[alignment.upper()]
    _set_grid(made, list(widths))
    for term, value in facts.rows:
        row = made.add_row()
        keep_whole(row)
        cells = list(row.cells)
        set_widths(cells, list(widths))
        _write(cells[0], term, "Fact", False)
        _write(cells[1], value, "Fact", False)
        draw_rules(cells[1]._tc.get_or_add_tcPr(), "w:tcBorders", bottom=("single", 4))


def _head(column: Column, width: int) -> str:
    """The head of a column in lines of their own where it is too long for one."""
    room = (width * column.width - _PADDING) / _SIGN
    signs = sum(1.0 if ord(sign) > _CHINESE else _NARROW for sign in column.head)
    return "\n".join(parts(column.head)) if signs > room else column.head


def _new(word: WordDocument, rows: int, columns: int, description: str) -> WordTable:
    made: WordTable = word.add_table(rows, columns)
    made.style = "Normal Table"
    made.autofit = False
    if description:
        made._tbl.tblPr.append(element("w:tblCaption", val=description))
    return made


def _set_grid(made: WordTable, widths: list[Length]) -> None:
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width


def _add_line(made: WordTable, line: Line | Group, columns: tuple[Column, ...], widths: list[Length]) -> None:
    row = made.add_row()
    keep_whole(row)
    cells = list(row.cells)
    set_widths(cells, widths)
    if isinstance(line, Group):
        whole = cells[0].merge(cells[-1])
        _write(whole, line.text, "Cell Head", False)
        whole.paragraphs[0].paragraph_format.keep_with_next = True
        shade(whole, _HEAD)
        return
    for cell, text, column in zip(cells, line.cells, columns, strict=True):
        _write(cell, text, "Cell Head" if line.strong else "Cell", column.number)


def _write(cell: _Cell, text: str, style: str, number: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.text = text
    if number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
