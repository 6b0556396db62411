"""What may be shown, how it is written, and what no file ever holds."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from small_city import DONT_KNOW, questionnaire, response, sample, wave

from survey.report.errors import NoAnswers, UnknownEnding
from survey.report.estimating.measures import find, measures
from survey.report.estimating.suppression import Estimated, release
from survey.report.figures import Figure, Finding, Quality, Reason
from survey.report.frame import frame
from survey.report.results import Sample, examine
from survey.report.saying.charts import NAMES, NUMBERS, Bar, Chart, axis, beside, dot_and_interval
from survey.report.saying.page import measure_page
from survey.report.writing.files import write_whole, writer_for
from survey.report.writing.sheets import neutral
from survey.report.writing.tables import results_csv, results_xlsx
from survey.wave.model import Channel
from survey.wave.response import Response

LANGUAGES = ("zh", "en", "ko")


def examined(responses: list[Response] | None = None) -> Sample:
    return examine(responses or sample(), wave(), questionnaire(), Channel.INVITED, "plan")


def finding(one: Sample, measure: str) -> Finding:
    return next(found for found in one.results.findings if found.measure.id == measure)


def figure(n: int, quality: Quality = Quality.OK) -> Figure:
    return Figure(
        estimate=0.7, se=0.02, low=0.6, high=0.8, n=n, n_eff=n * 0.9, df=20, deff=1.1, quality=quality, reason=None
    )


def released(whole: int, *parts: int, smallest: int = 30) -> tuple[Figure, list[Figure]]:
    """Shares of a whole and its parts, each resident standing for one answer, as they may be shown."""

    def estimated(n: int) -> Estimated:
        share = figure(n)
        return Estimated(share=share, score=replace(share, estimate=60.0, low=55.0, high=65.0), size=float(n))

    city, shown = release(estimated(whole), [estimated(n) for n in parts], smallest)
    assert [one.share.shown for one in shown] == [one.score.shown for one in shown]
    return city.share, [one.share for one in shown]


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


# ---- measures


def test_an_index_needs_enough_of_its_items() -> None:
    columns = frame(
        [response(1, a=5, b=DONT_KNOW, c=DONT_KNOW), response(2, a=5, b=4, c=DONT_KNOW), response(3, a=3, b=4, c=5)],
        wave(),
        questionnaire(),
        Channel.INVITED,
    )
    index = find(measures(wave(), questionnaire()), "safety_index")
    assert index.score(columns).tolist() == pytest.approx([np.nan, 87.5, 75.0], nan_ok=True)
    assert index.counted(columns).tolist() == pytest.approx([np.nan, 1.0, 1.0], nan_ok=True)
    assert index.links.tasks == (26, 31)


@pytest.mark.parametrize(
    ("answer", "score", "counted"), [(0, 0.0, 0.0), (7, 70.0, 0.0), (8, 80.0, 1.0), (10, 100.0, 1.0)]
)
def test_only_the_frozen_codes_count_as_satisfied(answer: int, score: float, counted: float) -> None:
    columns = frame([response(1, overall=answer)], wave(), questionnaire(), Channel.INVITED)
    overall = find(measures(wave(), questionnaire()), "overall")
    assert (overall.score(columns)[0], overall.counted(columns)[0]) == (score, counted)
    assert overall.to_raw(score) == pytest.approx(answer)


def test_the_headline_comes_first() -> None:
    assert [one.id for one in measures(wave(), questionnaire())] == ["overall", "safety_index", "a", "b", "c", "proud"]


# ---- what is hidden


def test_a_hidden_figure_keeps_no_number() -> None:
    _, (small, *_) = released(500, 12, 200, 288)
    assert not small.shown
    assert (small.estimate, small.se, small.low, small.high, small.n_eff, small.deff) == (None,) * 6
    assert (small.n, small.reason) == (12, Reason.FEW)


def test_one_hidden_district_hides_the_smallest_other_with_it() -> None:
    city, parts = released(500, 12, 288, 200)
    assert city.shown
    assert [part.reason for part in parts] == [Reason.FEW, None, Reason.COMPLEMENT]


def test_two_hidden_districts_need_no_third() -> None:
    _, parts = released(500, 12, 20, 468)
    assert [part.shown for part in parts] == [False, False, True]


def test_two_hidden_districts_need_a_third_when_one_is_too_small_to_hide_the_other() -> None:
    _, parts = released(470, 2, 20, 200, 248)
    assert [part.shown for part in parts] == [False, False, False, True]


def test_a_district_nobody_answered_in_gives_nothing_away() -> None:
    _, parts = released(488, 0, 288, 200)
    assert [part.reason for part in parts] == [Reason.NO_DATA, None, None]


def test_who_is_in_no_district_protects_as_well_as_a_hidden_one() -> None:
    _, parts = released(500, 12, 428)
    assert [part.shown for part in parts] == [False, True]


def test_the_wave_may_ask_for_larger_cells_than_the_engine() -> None:
    _, parts = released(500, 45, 455, smallest=50)
    assert parts[0].reason is Reason.FEW


def test_a_share_too_rare_for_the_sample_of_a_district_is_shown_with_caution_wherever_it_came_out_high() -> None:
    def estimated(n: int, share: float) -> Estimated:
        one = replace(figure(n), estimate=share, deff=1.0)
        return Estimated(share=one, score=one, size=float(n))

    city, (small, large) = release(estimated(2_600, 0.05), [estimated(124, 0.11), estimated(1_500, 0.04)], 30)
    assert city.share.quality is large.share.quality is small.score.quality is Quality.OK
    assert (small.share.estimate, small.share.quality) == (0.11, Quality.CAUTION)
    assert small.share.reason is Reason.SMALL_SAMPLE


def test_no_output_holds_a_hidden_figure() -> None:
    one = examined(sample(sizes={1: 300, 2: 200, 3: 25, 4: 150}))
    found = finding(one, "overall")
    west = next(row for row in found.districts if row.place.code == 3)
    assert not west.score.shown
    hidden = [row for row in found.districts if not row.score.shown]
    assert 2 <= len(hidden) < 4
    shown = [row["Score 0–100"] for row in rows_of(results_csv(one.results, "en")) if row["Measure id"] == "overall"]
    assert shown.count("") == len(hidden)
    page = measure_page(one.results, found, "en")
    assert "fewer than 30 answers" in page.score_chart
    assert [line.score for line in page.lines].count("—") == len(hidden)


def test_who_no_margin_counts_is_reported_apart() -> None:
    local = sample()
    abroad = [replace(response(5000 + n, residence=5, overall=10), submission_id=f"k{n}") for n in range(60)]
    one = examined([*local, *abroad])
    found = finding(one, "overall")
    assert found.outside.score.n == 60
    assert found.city.score.n == len(local)
    assert one.results.outside == 60


def test_nobody_inside_the_margins_is_no_sample() -> None:
    with pytest.raises(NoAnswers, match="2026-small"):
        examined([response(1, residence=5)])


# ---- how it is written


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_and_page_says_what_the_margins_rest_on(language: str) -> None:
    one = examined()
    assumed = wave().margins[0].assumption
    assert assumed is not None
    words = assumed[language]
    assert words in " ".join(measure_page(one.results, finding(one, "overall"), language).foot)
    assert all(words in list(row.values())[-1] for row in rows_of(results_csv(one.results, language)))
    book = openpyxl.load_workbook(io.BytesIO(results_xlsx(one.results, language)), read_only=True)
    assert all(any(words in str(value) for row in sheet.values for value in row if value) for sheet in book.worksheets)


def test_a_chart_is_a_well_formed_picture_with_words_in_either_shape() -> None:
    one = examined()
    page = measure_page(one.results, finding(one, "overall"), "en")
    space = "{http://www.w3.org/2000/svg}"
    pictures = list(ElementTree.fromstring(page.score_chart))
    assert [picture.get("class") for picture in pictures] == ["dots stacked", "dots beside"]
    named = set()
    for root in pictures:
        assert root.get("role") == "img"
        labelled = root.get("aria-labelledby", "").split()
        assert [root.find(f"{space}{name}").get("id") for name in ("title", "desc")] == labelled  # type: ignore[union-attr]
        named |= set(labelled)
        text = " ".join(element.text or "" for element in root.iter(f"{space}text"))
        for line in page.lines:
            assert line.name in text
            assert line.score in text
    assert len(named) == 4


@pytest.mark.parametrize(
    "label", ["South", "环翠区（不含高区、经区、临港区）", "Huancui (without High-tech and Lingang)"]
)
def test_a_row_has_its_name_beside_its_dot_and_no_line_runs_through_words(label: str) -> None:
    """Name, dot and numbers of a row lie at one height; the lines of the axis stand between the columns."""
    bars = tuple(
        Bar(label=name, shown=f"{value:.1f}", value=value, low=value - 5, high=value + 5, whole=name == "City")
        for name, value in (("City", 50.0), (label, 62.0), ("North", 40.0))
    )
    root = ElementTree.fromstring(beside(Chart(id="x", title="t", description="d", bars=bars, unit="%")))
    space = "{http://www.w3.org/2000/svg}"
    dots = [float(one.get("y", "")) for one in root.findall(f"{space}svg")]
    texts = [(one.text or "", float(one.get("y", "")), one.get("x")) for one in root.findall(f"{space}text")]
    for bar, dot in zip(bars, dots, strict=True):
        names = [y for text, y, x in texts if x == "0" and text and text in bar.label]
        assert abs(sum(names) / len(names) - 5 - dot) < 1
        assert [abs(y - 5 - dot) < 1 for text, y, _ in texts if text == bar.shown] == [True]
    upright = [one for one in root.findall(f"{space}line") if one.get("x1") == one.get("x2")]
    assert len(upright) > 6
    assert all(NAMES <= float((one.get("x1") or "").rstrip("%")) <= NUMBERS for one in upright)


def test_measures_are_listed_indices_first_then_in_the_order_of_asking() -> None:
    one = examined()
    groups = measure_page(one.results, finding(one, "overall"), "en").groups
    listed = [(title, [measure.id for measure in measures]) for title, measures in groups]
    assert listed == [("Indices", ["safety_index"]), ("whole", ["overall"]), ("safety", ["a", "b", "c", "proud"])]


def test_a_label_cannot_leave_the_picture() -> None:
    bar = Bar(label="<script>&", shown="50%", value=50.0, low=40.0, high=60.0)
    drawn = dot_and_interval(Chart(id="x", title="a < b", description="&", bars=(bar,), unit="%"))
    assert "<script>" not in drawn
    ElementTree.fromstring(drawn)


@pytest.mark.parametrize(
    ("values", "ends"),
    [((71.0, 65.0, 74.0), (55.0, 85.0)), ((2.0, 0.0, 4.0), (0.0, 30.0)), ((99.0, 97.0, 100.0), (70.0, 100.0))],
)
def test_the_axis_holds_everything_and_is_never_drawn_too_fine(
    values: tuple[float, float, float], ends: tuple[float, float]
) -> None:
    value, low, high = values
    left, right = axis([Bar(label="", shown="", value=value, low=low, high=high)])
    assert left <= low < high <= right
    assert right - left >= 30
    assert ends[0] - 10 <= left <= ends[0] + 10


def test_the_sheet_of_results_names_wave_and_sample() -> None:
    one = examined()
    book = openpyxl.load_workbook(io.BytesIO(results_xlsx(one.results, "en")), read_only=True)
    first = [str(row[0]) for row in book.worksheets[0].values]
    assert "wave · Invited probability sample" in first


def test_a_cell_that_begins_like_a_formula_is_neutralised() -> None:
    assert [neutral(value) for value in ("＝1", "＋1", "－x", "＠f")] == ["'＝1", "'＋1", "'－x", "'＠f"]
    assert [neutral(value) for value in ("=1+1", "+1", "-x", "@f", "\tx")] == ["'=1+1", "'+1", "'-x", "'@f", "'\tx"]
    assert [neutral(value) for value in ("a=b", -3, 2.5, None)] == ["a=b", -3, 2.5, None]


def test_no_cell_of_any_workbook_is_a_formula() -> None:
    responses = [
        replace(one, sampled=replace(one.sampled, psu=f"={one.sampled.psu}")) for one in sample() if one.sampled
    ]
    one = examined(responses)
    book = openpyxl.load_workbook(io.BytesIO(results_xlsx(one.results, "en")))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


# ---- whole files


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "out.csv"
    write_whole(file, b"first")
    write_whole(file, b"second")
    assert file.read_bytes() == b"second"

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(OSError, match="disk full"):
        write_whole(file, b"third")
    assert file.read_bytes() == b"second"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_an_unknown_ending_is_refused_with_those_there_are() -> None:
    assert writer_for(Path("a.CSV"), {".csv": 1}) == 1
    with pytest.raises(UnknownEnding, match=r"\.pdf.*\.csv, \.xlsx"):
        writer_for(Path("a.pdf"), {".csv": 1, ".xlsx": 2})
