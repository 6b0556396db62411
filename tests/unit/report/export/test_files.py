"""Every format is read back: the same numbers, labels in the chosen language, nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import openpyxl
import pyreadstat
import pytest
from small_city import PREFER_NOT, numbered, questionnaire, response, sample, wave, words

from survey.language import COLON
from survey.questionnaire.model import Missing, Questionnaire
from survey.questionnaire.read import shipped
from survey.report.errors import UnknownEnding
from survey.report.export.dataset import Dataset, dataset
from survey.report.export.formats.plain import rows as data_rows
from survey.report.export.formats.statistical import cut, short
from survey.report.export.variables import items, versions_up_to
from survey.report.export.write import FORMATS, write
from survey.report.results import examine
from survey.wave.model import Channel

HERE = Path(__file__).parent


@pytest.fixture(scope="module", params=["zh", "en", "ko"])
def data(request: pytest.FixtureRequest) -> Dataset:
    """The small city with labels in one language, a district that begins like a formula, and someone silent."""
    rows = numbered([*sample(), response(0, sex=PREFER_NOT), response(1, overall=int(Missing.LEFT_BLANK))])
    odd = replace(wave(), title=replace(words("wave"), zh="=调查", ko="+설문", en="@survey"))
    return dataset(examine(rows, odd, questionnaire(), Channel.INVITED, ""), request.param, replicates=3)


def written(data: Dataset, folder: Path, ending: str) -> Path:
    path = folder / f"file.{ending}"
    write(data, path)
    return path


def mark(data: Dataset, word: str) -> str:
    """A word of the small city as its texts are marked in the data's language."""
    return words(word)[data.language]


def test_csv_comes_back_with_every_digit(data: Dataset, tmp_path: Path) -> None:
    path = written(data, tmp_path, "csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [*rows[0]] == [*data.columns, "note"]
    assert mark(data, "youngest assumed") in rows[0]["note"]
    for name in ("weight", "base_weight", "replicate_2", "overall", "places_96"):
        assert [float(row[name]) for row in rows] == data.columns[name].tolist()
    assert [row["stratum"] for row in rows] == data.columns["stratum"].tolist()


def test_xlsx_holds_codes_code_book_and_notes(data: Dataset, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(data, tmp_path, "xlsx"))
    codes, labels, notes = book.worksheets
    head, *rows = codes.values
    assert list(head) == list(data.columns)
    assumed = mark(data, "youngest assumed")
    assert any(assumed in str(row[0]) for row in labels.values)
    assert any(assumed in str(row[0]) for row in notes.values)
    assert [row[head.index("weight")] for row in rows] == pytest.approx(data.columns["weight"].tolist(), rel=1e-15)
    named = {(row[0], row[3]): row[4] for row in labels.iter_rows(values_only=True)}
    assert named["sex", 2] == mark(data, "option 2")
    assert named["sex", PREFER_NOT] == mark(data, "prefer_not_to_say")
    assert data.title in {cell.value for cell in notes["A"]}
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)


def test_nothing_in_a_text_file_is_run_as_a_formula(data: Dataset, tmp_path: Path) -> None:
    dangerous = replace(
        data, columns={**data.columns, "mode": np.full(data.rows, "=cmd|' /C calc'!A0")}, notes=("+1+1", "@SUM(A1)")
    )
    for row in csv.reader(written(dangerous, tmp_path, "csv").read_text("utf-8-sig").splitlines()):
        assert not any(cell[:1] in {"=", "+", "@"} for cell in row)
    book = openpyxl.load_workbook(written(dangerous, tmp_path, "xlsx"))
    for sheet in book.worksheets[:2]:
        for cells in sheet.iter_rows(values_only=True):
            assert not any(isinstance(cell, str) and cell[:1] in {"=", "+", "@"} for cell in cells)


def test_spss_knows_labels_missing_codes_and_measures(data: Dataset, tmp_path: Path) -> None:
    table, about = pyreadstat.read_sav(written(data, tmp_path, "sav"), user_missing=True)
    assert list(table.columns) == list(data.columns)
    assert about.column_names_to_labels["sex"] == mark(data, "sex")
    assert about.variable_value_labels["sex"][2] == mark(data, "option 2")
    assert about.variable_value_labels["sex"][-2] == mark(data, "prefer_not_to_say")
    assert about.missing_ranges["sex"] == [{"lo": -4.0, "hi": -1.0}]
    assert (about.variable_measure["a"], about.variable_measure["weight"]) == ("ordinal", "scale")
    for name in ("weight", "replicate_1", "sex", "overall"):
        assert table[name].tolist() == data.columns[name].tolist()
    assert table["psu"].tolist() == data.columns["psu"].tolist()
    assert int((pyreadstat.read_sav(tmp_path / "file.sav")[0]["sex"].isna()).sum()) == 1


def test_stata_has_letters_for_missing_codes(data: Dataset, tmp_path: Path) -> None:
    table, about = pyreadstat.read_dta(written(data, tmp_path, "dta"), user_missing=True)
    assert list(table.columns) == list(data.columns)
    label = mark(data, "places") + COLON[data.language] + mark(data, "other")
    assert about.column_names_to_labels["places_96"] == label
    assert about.missing_user_values["sex"] == ["b"]
    assert (table["sex"] == "b").sum() == (data.columns["sex"] == -2).sum() == 1
    assert (table["overall"] == "d").sum() == 1
    assert table["weight"].tolist() == data.columns["weight"].tolist()
    assert about.variable_value_labels["sex"]["b"] == mark(data, "prefer_not_to_say")


def test_parquet_carries_its_labels(data: Dataset, tmp_path: Path) -> None:
    path = written(data, tmp_path, "parquet")
    with duckdb.connect() as connection:
        weights = connection.execute(f"SELECT weight, sex FROM '{path}'").fetchall()
        told = dict(connection.execute(f"SELECT key, value FROM parquet_kv_metadata('{path}')").fetchall())
    assert weights == list(zip(data.columns["weight"].tolist(), data.columns["sex"].tolist(), strict=True))
    assert json.loads(told[b"variable_labels"])["sex"] == mark(data, "sex")
    assert json.loads(told[b"value_labels"])["sex"]["2"] == mark(data, "option 2")


def test_no_text_in_own_words_and_no_id_is_in_any_file(data: Dataset, tmp_path: Path) -> None:
    for ending in FORMATS:
        content = written(data, tmp_path, ending.removeprefix(".")).read_bytes()
        if ending not in {".xlsx", ".parquet", ".sav"}:
            assert b"my own words" not in content
            assert b"SUM(A1)" not in content
    assert {"voice", "places_other", "submission_id"}.isdisjoint(data.columns)


def test_rows_keep_no_order_of_arrival(data: Dataset) -> None:
    keys = list(zip(data.columns["stratum"], data.columns["psu"], strict=True))
    assert keys == sorted(keys)
    turned = [replace(one, submission_id=f"{9999 - n:08d}") for n, one in enumerate(sample())]
    once, again = (
        dataset(examine(rows, wave(), questionnaire(), Channel.INVITED, ""), "en") for rows in (sample(), turned)
    )
    for one, other in zip(data_rows(once, counting), data_rows(again, counting), strict=True):
        assert one[2:] == other[2:]
        assert one[1] == pytest.approx(other[1], rel=1e-12)


def counting(done: int, total: int) -> None:
    assert 0 < done <= total


def test_a_file_that_fails_half_way_leaves_what_was_there(data: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("before")

    def fail(done: int, total: int) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="full"):
        write(data, path, fail)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(UnknownEnding, match=r"\.sav"):
        write(data, tmp_path / "file.doc")


def later(version: str, drop: str, add: str) -> Questionnaire:
    """A later version that asks one question no more and a new one in the middle."""
    first, *rest = questionnaire().sections
    kept = tuple(question for question in first.questions if question.id != drop)
    new = replace(first.questions[1], id=add)
    return replace(questionnaire(), version=version, sections=(replace(first, questions=(new, *kept)), *rest))


def test_a_later_version_only_adds_columns_at_the_end() -> None:
    second, tenth = later("2", "age_group", "origin"), later("10", "sex", "tenure")
    names = [
        list(items(versions_up_to(one, [tenth, questionnaire(), second]), "en", str))
        for one in (questionnaire(), second, tenth)
    ]
    assert names[1] == [*names[0], "origin"]
    assert names[2] == [*names[1], "tenure"]


def test_a_question_no_longer_asked_keeps_its_column(tmp_path: Path) -> None:
    now = later("2", "residence", "origin")
    plan = replace(wave(), analysis=replace(wave().analysis, outside_margins=()))
    data = dataset(examine(sample(), plan, now, Channel.INVITED, ""), "en", published=[questionnaire()])
    assert set(data.columns["residence"]) == {int(Missing.NOT_ASKED)}
    assert list(data.columns).index("origin") > list(data.columns).index("years")


def test_the_shipped_questionnaire_keeps_its_columns() -> None:
    """A column that is renamed or dropped breaks colleagues' syntax; new ones come to the end of the list."""
    frozen = (HERE / "columns.txt").read_text(encoding="utf-8").split()
    assert set(frozen) <= set(items([shipped()], "en", str))


@pytest.mark.parametrize(("text", "longest"), [("威海市" * 100, 120), ("설문" * 99, 255), ("short", 64)])
def test_long_texts_are_cut_between_characters(text: str, longest: int) -> None:
    done = cut(text, longest)
    assert len(done.encode()) <= longest
    assert text.startswith(done.removesuffix("…"))


def test_long_names_stay_different() -> None:
    one, two = (short(f"{'a_very_long_question_about_the_sea' * 2}_{end}", 32) for end in ("x", "y"))
    assert len(one) == len(two) == 32
    assert one != two
    assert short("sex", 32) == "sex"
