"""Files as rows of texts: CSV, XLSX, SPSS and Stata."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from survey.intake.errors import FileProblem, Flaw, UnusableFile
from survey.intake.files.cells import text_of
from survey.intake.files.statistical import read_apart

Row = tuple[int, tuple[str, ...]]
"""Line and cells, each a text without space around it; empty where there is nothing."""

UNPACKED = 512 * 2**20
"""Largest workbook in bytes when unpacked: what a web worker can read before it is taken for hung."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a reader must be told about a file beyond its ending."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file's columns, its rows, and what its codes are called (column → code → label) where the file says."""

    columns: tuple[str, ...]
    rows: Iterable[Row]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    formulas: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Line → columns of a sheet in which a formula stands whose result was never stored."""


def open_table(path: Path, source: Source) -> Table:
    """The table in a file, by its ending.

    Raises
    ------
    UnusableFile
        The ending is none of those in `READERS`; or the file is damaged, empty, in another encoding, or something else
        than its ending says.
    OSError
        The file cannot be opened.
    """
    ending = known_ending(path.name)
    try:
        table = READERS[ending](path, source)
    except (UnusableFile, OSError, MemoryError):
        raise
    except Exception as error:  # The libraries let through whatever their parts meet in a broken file.
        raise UnusableFile(FileProblem(Flaw.DAMAGED, {"ending": ending})) from error
    if not any(table.columns):
        raise UnusableFile(FileProblem(Flaw.NO_COLUMNS))
    return table


def known_ending(name: str) -> str:
    """The ending of a file's name, in small letters; `UnusableFile` when no reader knows it."""
    ending = Path(name).suffix.lower()
    if ending not in READERS:
        raise UnusableFile(FileProblem(Flaw.ENDING, {"ending": ending or name, "known": ", ".join(sorted(READERS))}))
    return ending


def _csv(path: Path, source: Source) -> Table:
    rows = []
    with path.open(encoding=source.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=source.delimiter, strict=True)
        try:
            columns = tuple(map(text_of, next(reader, [])))
            line = reader.line_num + 1
            for cells in reader:
                if cells:
                    rows.append((line, tuple(map(text_of, cells))))
                line = reader.line_num + 1
        except UnicodeError as error:
            encoding = source.encoding.removesuffix("-sig").upper()
            raise UnusableFile(FileProblem(Flaw.ENCODING, {"encoding": encoding})) from error
        except csv.Error as error:
            raise UnusableFile(FileProblem(Flaw.CSV, {"line": str(reader.line_num)})) from error
    return Table(columns=columns, rows=rows)


def _xlsx(path: Path, source: Source) -> Table:
    content = path.read_bytes()
    _check_size(content)
    whole = _sheet(content, source, results=True)
    formulas = _sheet(content, source, results=False) if _has_formulas(content) else []
    head = whole[0] if whole else ()
    width = max((place for place, name in enumerate(head, start=1) if name), default=0)
    unstored = {
        line: tuple(name for name, cell, formula in zip(head, *both, strict=False) if name and formula and not cell)
        for line, both in enumerate(zip(whole, formulas, strict=False), start=1)
    }
    rows = [
        (line, _cut(cells, width)) for line, cells in enumerate(whole[1:], start=2) if any(cells) or unstored.get(line)
    ]
    return Table(columns=head[:width], rows=rows, formulas={line: names for line, names in unstored.items() if names})


def _sheet(content: bytes, source: Source, results: bool) -> list[tuple[str, ...]]:
    """Every row of the sheet: the stored results of its formulas, or the formulas themselves."""
    try:
        opened = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=results)
    except OSError as error:  # openpyxl's word for an archive without a workbook; the file itself was read above.
        raise ValueError("no workbook") from error
    with closing(opened) as book:
        if source.sheet is not None and source.sheet not in book.sheetnames:
            known = ", ".join(book.sheetnames)
            raise UnusableFile(FileProblem(Flaw.SHEET, {"sheet": source.sheet, "known": known}))
        sheet = book[source.sheet] if source.sheet is not None else book.worksheets[0]
        return [tuple(map(text_of, cells)) for cells in sheet.iter_rows(values_only=True)]


def _check_size(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNPACKED:
            raise UnusableFile(FileProblem(Flaw.TOO_LARGE, {"most": str(UNPACKED // 2**20)}))


def _has_formulas(content: bytes) -> bool:
    """Whether any sheet of a workbook holds a formula: only then it is read twice."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(
            _FORMULA.search(archive.read(name)) for name in archive.namelist() if name.startswith("xl/worksheets/")
        )


def _cut(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """A sheet's row as wide as its head; what stands beyond stays, so that it is told."""
    beyond = cells[width:]
    return cells if any(beyond) else (*cells[:width], *[""] * (width - len(cells)))


def _statistical(path: Path, _: Source) -> Table:
    columns, rows, labels = read_apart(path)
    return Table(columns=columns, rows=list(enumerate(rows, start=1)), labels=labels)


READERS: Mapping[str, Callable[[Path, Source], Table]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".sav": _statistical,
    ".dta": _statistical,
}
