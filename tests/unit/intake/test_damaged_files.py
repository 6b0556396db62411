"""A file that is damaged, or shows what it does not hold, is told and never half read."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from survey.intake.errors import FileProblem, Flaw, UnusableFile
from survey.intake.files.tables import UNPACKED, Source, Table, open_table
from survey.intake.wording import file_text
from survey.language import LANGUAGES, say

ROWS = (("how", "d"), ("P", 1), ("F", 2))


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def changed(content: bytes, name: str, part: bytes | None) -> bytes:
    """The workbook with one of its parts replaced, or without it."""
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(new, "w") as made:
        for one in old.namelist():
            if one != name:
                made.writestr(one, old.read(one))
            elif part is not None:
                made.writestr(one, part)
    return new.getvalue()


def damaged() -> Iterator[tuple[str, bytes]]:
    """Workbooks with something missing, cut off or scrambled, one part at a time."""
    whole = workbook(*ROWS)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        yield f"{name} missing", changed(whole, name, None)
        yield f"{name} cut", changed(whole, name, part[: len(part) // 2])
        yield f"{name} other", changed(whole, name, b"<html/>")
    chance = random.Random(6)
    for number in range(60):
        flipped = bytearray(whole)
        for _ in range(5):
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        yield f"flipped {number}", bytes(flipped)
    yield "cut", whole[: len(whole) // 2]
    yield "empty", b""
    yield "other archive", changed(whole, "xl/workbook.xml", None)


@pytest.mark.parametrize(("what", "content"), [pytest.param(*one, id=one[0]) for one in damaged()])
def test_a_damaged_workbook_is_read_as_it_was_or_told(tmp_path: Path, what: str, content: bytes) -> None:
    path = tmp_path / "rows.xlsx"
    path.write_bytes(content)
    table = None
    with suppress(UnusableFile):  # and no other error
        table = open_table(path, Source())
    assert table is None or table.columns == ("how", "d") or "flipped" in what or "sharedStrings" in what


@pytest.mark.parametrize("ending", [".sav", ".dta"])
def test_a_cut_off_statistical_file_is_told(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"rows{ending}"
    write = {".sav": pyreadstat.write_sav, ".dta": pyreadstat.write_dta}[ending]
    write(pd.DataFrame({"how": ["P"] * 40, "d": [1.0] * 40}), path)
    whole = path.read_bytes()
    for share in (0.1, 0.5, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(UnusableFile):
            open_table(path, Source())


def test_a_file_that_crashes_its_library_is_told_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "rows.sav"
    rows = pd.DataFrame({"how": ["P", "F"] * 40, "d": [1.0, 2.0] * 40})
    pyreadstat.write_sav(rows, path, column_labels=["a", "b"], variable_value_labels={"d": {1: "one"}})
    broken = bytearray(path.read_bytes())
    assert broken[216:220] == b"\2\0\0\0", "the record of the second variable"
    broken[220:224] = (200).to_bytes(4, "little")  # A number with labels is said to be a text.
    path.write_bytes(broken)
    with pytest.raises(UnusableFile) as caught:
        open_table(path, Source())
    assert caught.value.problems[0].flaw is Flaw.DAMAGED


def sheet(tmp_path: Path, content: bytes) -> Table:
    path = tmp_path / "rows.xlsx"
    path.write_bytes(content)
    return open_table(path, Source())


def test_a_formula_without_a_stored_result_is_no_empty_cell(tmp_path: Path) -> None:
    table = sheet(tmp_path, workbook(("how", "d"), ("P", "=1+1"), ("=A2", 2), ("F", 3), (None, "=2")))
    assert table.formulas == {2: ("d",), 3: ("how",), 5: ("d",)}
    assert [line for line, _ in table.rows] == [2, 3, 4, 5]


def test_the_stored_result_of_a_formula_is_what_counts(tmp_path: Path) -> None:
    whole = workbook(("how", "d"), ("P", "=1+1"))
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        part = archive.read(name)
    stored = re.sub(rb"</f><v ?(/>|></v>)", b"</f><v>2</v>", part)
    assert stored != part
    table = sheet(tmp_path, changed(whole, name, stored))
    assert (list(table.rows), table.formulas) == ([(2, ("P", "2"))], {})


def test_a_workbook_that_unpacks_to_very_much_more_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    path.write_bytes(workbook(*ROWS))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/more.xml", "w") as part:
        for _ in range(UNPACKED // 2**20 + 1):
            part.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    with pytest.raises(UnusableFile) as caught:
        open_table(path, Source())
    assert caught.value.problems[0].flaw is Flaw.TOO_LARGE


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flaw_is_told_in_every_language(language: str) -> None:
    values = dict.fromkeys(("ending", "known", "encoding", "line", "sheet", "delimiter", "columns", "most"), "#")
    told = [file_text(FileProblem(flaw, values), say(language)) for flaw in Flaw]
    assert len(set(told)) == len(Flaw)
    assert language == "en" or not set(told) & {file_text(FileProblem(flaw, values), say("en")) for flaw in Flaw}
