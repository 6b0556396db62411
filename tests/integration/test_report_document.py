"""`survey report`: what stands in the PDF and in the Word file, for the city and for a district, in each language."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from click.testing import CliRunner
from docx.oxml.ns import qn
from small_city import questionnaire, response, sample, wave, words

from survey.cli.main import survey as command
from survey.document.compose import compose
from survey.document.content.cells import CAUTION, HIDDEN
from survey.document.errors import UnknownDistrict
from survey.document.model import Chapter, Column, Document, Facts, Line, Paragraph, Picture, Points, Table
from survey.document.render import write
from survey.language import LANGUAGES, say
from survey.questionnaire.model import Condition
from survey.report.detail.breakdowns import breakdown
from survey.report.detail.closely import family_of, look_closely
from survey.report.detail.groups import groupings
from survey.report.figures import Statistic
from survey.report.results import Sample, examine
from survey.report.saying.notes import uncovered
from survey.report.saying.page import measure_page
from survey.report.saying.pages.closer import closer
from survey.report.saying.pages.sentences import sure_sentences
from survey.report.saying.wording import headline
from survey.report.tasks.concerns import concerns
from survey.report.tasks.saying import shorts
from survey.report.years.saying.evaluation import evaluation_page
from survey.report.years.trends import trends
from survey.storage.answers.responses import keep
from survey.storage.database import connect, sessions
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave, open_wave
from survey.wave.model import Channel, FormMarks, PassMark, Wave

Run = Callable[..., tuple[int, str]]
SMALL_WEST = {1: 160, 2: 90, 3: 12, 4: 70}


def examined(planned: Wave | None = None, sizes: dict[int, int] | None = None) -> Sample:
    return examine(sample(sizes=sizes), planned or wave(), questionnaire(), Channel.INVITED, "f" * 64)


def tables(document: Document) -> list[Table]:
    return [block for chapter in document.chapters for block in chapter.blocks if isinstance(block, Table)]


def headline_table(document: Document) -> Table:
    """The headline by district."""
    return next(table for table in tables(document) if len(table.columns) == 8)


def pictures(document: Document) -> list[Picture]:
    return [block for chapter in document.chapters for block in chapter.blocks if isinstance(block, Picture)]


def pages_of(pdf: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True, encoding="utf-8").stdout
    return text.split("\f")[:-1]


def squeezed(text: str) -> str:
    """Without spaces, which a PDF puts where letters lie apart."""
    return re.sub(r"\s+", "", text)


@pytest.fixture
def run(database: str) -> Run:
    """Runs `survey report` on a database with an answered wave; gives its exit status and what it says."""
    engine = connect(database)
    with sessions(engine).begin() as session:
        publish(session, questionnaire())
        create_wave(session, wave())
        open_wave(session, wave().id)
        for one in sample(sizes=SMALL_WEST):
            keep(session, one, f"receipt-{one.submission_id}")
    engine.dispose()

    def call(*arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(command, ["report", *map(str, arguments)], env={"SURVEY_DATABASE": database})
        return done.exit_code, done.output

    return call


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_of_the_city_is_a_tagged_pdf_with_contents_that_hold(
    run: Run, tmp_path: Path, language: str
) -> None:
    file = tmp_path / "city.pdf"
    status, told = run("--language", language, "--out", file)
    assert (status, "2026-small (simulated), invited sample, whole city" in told) == (0, True)
    tagged = subprocess.run(["pdfinfo", file], capture_output=True, check=True, encoding="utf-8").stdout
    assert re.search(r"Tagged:\s+yes", tagged)
    pages = pages_of(file)
    cover, contents = squeezed(pages[0]), pages[1]
    for text in (wave().title[language], say(language)("Form number"), wave().asked_by[language]):
        assert squeezed(text) in cover
    entries = re.findall(r"^\s*(\S.*?)[. ]{4,}(\d+)\s*$", contents, re.MULTILINE)
    document = compose(examined(sizes=SMALL_WEST), None, language)
    assert len(entries) == len(document.chapters)
    for (_, number), chapter in zip(entries, document.chapters, strict=True):
        assert squeezed(chapter.title) in squeezed(pages[int(number) - 1])
    assert all(squeezed(document.band) in squeezed(page) for page in pages)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("district", [None, 1])
def test_both_files_say_the_same_and_all_of_it(tmp_path: Path, language: str, district: int | None) -> None:
    document = compose(examined(), district, language)
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(write(document, ".pdf"))
    printed = squeezed("".join(pages_of(pdf)))
    typed = squeezed(word_text(write(document, ".docx")))
    for chapter in document.chapters:
        for block in chapter.blocks:
            for text in texts_of(block):
                assert squeezed(text) in typed
                if re.fullmatch(r"[\d.,%–~]+", text):  # Words are broken into lines, with other columns between.
                    assert squeezed(text) in printed


def texts_of(block: object) -> list[str]:
    match block:
        case Paragraph(text=text):
            return [text]
        case Points(items=items):
            return list(items)
        case Facts(rows=rows):
            return [text for row in rows for text in row]
        case Table(label=label, caption=caption, columns=columns, lines=lines, notes=notes):
            cells = [cell for line in lines if isinstance(line, Line) for cell in line.cells]
            return [label, caption, *(column.head for column in columns), *cells, *notes]
        case Picture(label=label, caption=caption):
            return [label, caption]
    raise AssertionError(block)


def word_text(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "".join(one.text or "" for one in body.iter(qn("w:t")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("district", [None, 2])
def test_tables_and_figures_are_numbered_and_no_figure_is_without_words_and_table(
    language: str, district: int | None
) -> None:
    document = compose(examined(), district, language)
    speak = say(language)
    assert [one.label for one in tables(document)] == [
        speak("Table %(number)s") % {"number": number + 1} for number in range(len(tables(document)))
    ]
    assert [one.label for one in pictures(document)] == [
        speak("Figure %(number)s") % {"number": number + 1} for number in range(len(pictures(document)))
    ]
    for chapter in document.chapters:
        kinds = [type(block) for block in chapter.blocks]
        assert kinds.count(Picture) <= kinds.count(Table)
    for table in tables(document):
        assert sum(column.width for column in table.columns) == pytest.approx(1)
        assert all(len(line.cells) == len(table.columns) for line in table.lines if isinstance(line, Line))


def test_the_numbers_are_those_of_the_pages() -> None:
    found = examined()
    document = compose(found, None, "en")
    shown = measure_page(found.results, found.results.findings[0], "en")
    table = headline_table(document)
    assert [line.cells[0] for line in table.lines if isinstance(line, Line)] == [line.name for line in shown.lines]
    for line, row in zip(table.lines, shown.lines, strict=True):
        assert isinstance(line, Line)
        assert re.sub(rf" {CAUTION} \w|{HIDDEN} \w", "", line.cells[1]) == row.share.strip("—")
        assert line.cells[2] == (row.share_interval or "—")
        assert line.cells[3] == (row.simple or "—")
        assert line.cells[6] == row.n
    overall = next(one for one in document.chapters if one.title == "overall")
    assert shown.headline in texts_of(overall.blocks[0])[0]
    assert pictures(document)[0].svg.count("<circle") == sum(line.share != "—" for line in shown.lines) - 1


def test_a_hidden_figure_is_nowhere_and_its_reason_beside_its_sign() -> None:
    document = compose(examined(sizes=SMALL_WEST), None, "en")
    for table in tables(document):
        for line in table.lines:
            if isinstance(line, Line) and line.cells[0] == "West" and len(line.cells) == 8:
                assert line.cells[1].startswith(HIDDEN)
                assert not any("%" in cell for cell in line.cells)
                letter = line.cells[1].removeprefix(HIDDEN).strip()
                assert f"{letter}: fewer than 30 answers." in table.notes[-1]
    assert f"West {HIDDEN} fewer than 30 answers" in pictures(document)[0].alternative
    own = compose(examined(sizes=SMALL_WEST), 3, "en")
    points = own.chapters[0].blocks[0]
    assert isinstance(points, Points)
    assert points.items[0] == "overall: not shown (fewer than 30 answers)."
    assert not any("%" in item for item in points.items)


@pytest.mark.parametrize(("share", "verdict"), [(0.05, "met, for"), (0.999, "not met, for"), (None, "cannot be told")])
def test_a_pass_mark_is_judged_by_the_whole_interval(share: float | None, verdict: str) -> None:
    estimate = examined().results.findings[0].city.share.estimate
    assert estimate is not None
    mark = PassMark(measure="overall", share=share or round(estimate, 2), source=words("lent"))
    planned = replace(wave(), analysis=replace(wave().analysis, pass_marks=(mark,)))
    points = compose(examined(planned), None, "en").chapters[0].blocks[0]
    assert isinstance(points, Points)
    assert verdict in points.items[1]
    assert points.items[1].endswith("lent")


def test_what_is_sure_is_what_the_tests_say_and_a_district_reads_its_own() -> None:
    found = examined()
    family = family_of(found, leading=True)
    assert family.sure
    city = compose(found, None, "en").chapters[1].blocks
    assert isinstance(city[0], Points)
    assert city[0].items == sure_sentences(family, "en", say("en"))
    codes = {one.district.place.code for one in family.sure}
    for district in wave().districts:
        own = compose(found, district.code, "en").chapters[1].blocks
        listed = [item for block in own if isinstance(block, Points) for item in block.items]
        assert bool(listed) == (district.code in codes)
        others = {other.name.en for other in wave().districts} - {district.name.en}
        assert not any(other in item for other in others for item in listed)


@pytest.mark.parametrize("ending", [".pdf", ".docx"])
def test_a_long_table_has_its_head_on_every_page(tmp_path: Path, ending: str) -> None:
    lines = tuple(Line(cells=(f"row {number}", str(number))) for number in range(150))
    columns = (Column(head="Place", width=0.5, number=False), Column(head="Unmistakable", width=0.5))
    table = Table(label="Table 1", caption="long", columns=columns, lines=lines)
    document = compose(examined(), None, "en")
    long = replace(document, chapters=(replace(document.chapters[0], blocks=(table,)),))
    content = write(long, ending)
    if ending == ".pdf":
        (tmp_path / "long.pdf").write_bytes(content)
        pages = [page for page in pages_of(tmp_path / "long.pdf") if "row" in page]
        assert len(pages) > 2
        assert all("Unmistakable" in page for page in pages)
    else:
        made = docx.Document(io.BytesIO(content)).tables[-1]
        assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in made.rows)


@pytest.mark.parametrize(("language", "font"), [("zh", "仿宋"), ("ko", "바탕"), ("en", "Times New Roman")])
def test_the_word_file_has_headings_alternative_texts_and_pages_across(language: str, font: str) -> None:
    document = compose(examined(), None, language)
    made = docx.Document(io.BytesIO(write(document, ".docx")))
    headings = [one.text for one in made.paragraphs if (one.style.name or "").startswith("Heading")]
    assert headings == [chapter.number + chapter.title for chapter in document.chapters]
    described = [shape._inline.docPr.get("descr") for shape in made.inline_shapes]
    assert described == [picture.alternative for picture in pictures(document)]
    marks = {one.get(qn("w:name")) for one in made.element.body.iter(qn("w:bookmarkStart"))}
    links = {one.get(qn("w:anchor")) for one in made.element.body.iter(qn("w:hyperlink"))}
    assert marks == links == {chapter.id for chapter in document.chapters}
    assert all(re.fullmatch(r"\w+", mark or "") for mark in marks)
    first, *others = made.sections
    assert first.different_first_page_header_footer
    assert not any(section.different_first_page_header_footer for section in others)
    assert {str(section.orientation) for section in made.sections} == {"PORTRAIT (0)", "LANDSCAPE (1)"}
    assert font in made.styles["Body Text"].element.xml
    assert made.settings.element.find(qn("w:updateFields")) is not None


# Order of siblings that Word insists on (ISO/IEC 29500-1), for the elements we place ourselves.
ORDERS = {
    "tblPr": "tblStyle tblW jc tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tcPr": "tcW gridSpan tcBorders shd",
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr pBdr shd tabs spacing ind contextualSpacing jc outlineLvl",
}


def test_the_word_file_keeps_the_order_of_its_schema() -> None:
    content = write(compose(examined(), None, "zh"), ".docx")
    with ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
    made = docx.Document(io.BytesIO(content))
    for root in (made.element, made.styles.element):
        for name, order in ORDERS.items():
            known = order.split()
            for one in root.iter(qn(f"w:{name}")):
                places = [known.index(tag) for child in one if (tag := child.tag.rpartition("}")[2]) in known]
                assert places == sorted(places), (name, [child.tag for child in one])


def test_marks_of_the_form_are_empty_when_empty_and_shown_when_there() -> None:
    empty = compose(examined(), None, "zh").cover.marks.rows
    assert [term for term, _ in empty] == ["表号", "制定机关", "批准文号", "有效期至"]
    assert {value for _, value in empty} == {""}
    marks = FormMarks(form_number="威住建表1", made_by="局", approval_number="12", valid_until="2027")
    filled = compose(examined(replace(wave(), marks=marks)), None, "zh")
    assert [value for _, value in filled.cover.marks.rows] == ["威住建表1", "局", "12", "2027"]
    assert "威住建表1" in word_text(write(filled, ".docx"))


def test_a_real_wave_has_no_band(tmp_path: Path) -> None:
    document = compose(examined(replace(wave(), simulated=False)), None, "en")
    (tmp_path / "real.pdf").write_bytes(write(document, ".pdf"))
    assert "Simulated" not in "".join(pages_of(tmp_path / "real.pdf"))
    assert "Simulated" not in word_text(write(document, ".docx"))


@pytest.mark.parametrize("wanted", ["2", "South", "South中", " south한 "])
def test_a_district_is_named_by_code_or_by_name(run: Run, tmp_path: Path, wanted: str) -> None:
    file = tmp_path / "south.docx"
    status, told = run("2026-small", "--district", wanted, "--language", "en", "--out", file)
    assert (status, "South" in told) == (0, True)
    assert "South" in [one.text for one in docx.Document(str(file)).paragraphs]


def test_what_cannot_be_done_is_said_in_one_line_and_leaves_no_file(run: Run, tmp_path: Path) -> None:
    cases = {
        ("--out", tmp_path / "r.txt"): ".docx, .pdf",
        ("--district", "9", "--out", tmp_path / "r.pdf"): 'no district "9". It has: 1 North',
        ("none", "--out", tmp_path / "r.pdf"): 'There is no wave "none"',
        ("--sample", "open", "--out", tmp_path / "r.pdf"): "nobody of the open sample has answered",
        ("--out", tmp_path / "missing" / "r.pdf"): "cannot be written",
    }
    for arguments, told in cases.items():
        status, said = run(*arguments)
        assert status == 2
        assert told in said
        assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def titled(document: Document, title: str) -> Chapter:
    """The chapter or section with this title."""
    return next(one for one in document.chapters if one.title == title)


def cells_of(chapter: Chapter) -> list[tuple[str, ...]]:
    """Every line of its tables."""
    found = [block for block in chapter.blocks if isinstance(block, Table)]
    return [line.cells for table in found for line in table.lines if isinstance(line, Line)]


def test_the_other_definitions_are_those_of_the_page() -> None:
    found = examined()
    looked = look_closely(found, found.results.findings[0], family_of(found, leading=True))
    page = closer(found.results, looked, "en")
    lines = cells_of(titled(compose(found, None, "en"), "Other definitions"))
    assert lines == [(one.name, one.value, one.interval, one.simple) for one in (*page.definitions, *page.bands)]
    assert len(lines) == 4 + 5
    assert all(one.title != "Other definitions" for one in compose(found, 1, "en").chapters)


def test_groups_stand_with_what_the_pages_show_and_hide_of_them() -> None:
    found = examined(sizes={1: 60, 2: 40, 3: 34, 4: 50})
    document = compose(found, None, "en")
    told = [line[:2] for line in cells_of(titled(document, "Groups of residents and ways of answering"))][1:]
    headline = found.results.findings[0]
    rows = [
        row
        for grouping in groupings(wave(), questionnaire())
        for row in breakdown(found, headline, grouping).rows
        if row.share.n
    ]
    assert [(name, value.startswith(HIDDEN)) for name, value in told] == [
        (row.place.name.en if row.place.name else "", not row.share.shown) for row in rows
    ]
    assert {row.share.shown for row in rows} == {True, False}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_after_earlier_waves_tells_the_years_as_their_pages_do(language: str) -> None:
    speak = say(language)
    waves = [replace(wave(), id=f"{year}-small", year=year, opens=date(year, 5, 1)) for year in (2024, 2025, 2026)]
    series = [
        examine(sample(year, {1: 160, 2: 120, 3: 90, 4: 90}), one, questionnaire(), Channel.INVITED, "f" * 64)
        for year, one in zip((1, 2, 3), waves, strict=True)
    ]
    results = [one.results for one in series]
    asked = [("overall", Statistic.SHARE), ("safety_index", Statistic.SHARE)]
    cards = evaluation_page(results, trends(results, asked, steps=False), language).cards
    document = compose(series[-1], None, language, series[:-1])
    chapter = titled(document, speak("Over the years"))
    assert isinstance(chapter.blocks[0], Points)
    for card, told in zip(cards, chapter.blocks[0].items, strict=True):
        assert card.label in told
        assert card.sentence in told
    (overall, _) = cells_of(chapter)
    for place, one in enumerate(results):
        shown = measure_page(one, one.findings[0], language)
        assert overall[1 + place] == f"{shown.city.share}\n{shown.city.share_interval}"
    own = titled(compose(series[-1], 2, language, series[:-1]), speak("Over the years"))
    assert cells_of(own)[0][1:4] != overall[1:4]
    alone = compose(series[-1], None, language)
    assert all(one.title != speak("Over the years") for one in alone.chapters)


def test_the_chapter_of_tasks_lists_where_questions_are_sure_to_be_low_and_whose_they_are() -> None:
    low = [
        replace(one, answers={**one.answers, "a": 1}) if one.answers["district"] == 3 else one
        for one in sample(2, {1: 700, 2: 400, 3: 700, 4: 300})
    ]
    found = examine(low, wave(), questionnaire(), Channel.INVITED, "f" * 64)
    title = "Tasks of the plan and responsible units"
    lines = {line[0]: line[1:] for line in cells_of(titled(compose(found, None, "en"), title))}
    known = shorts(concerns([found]).items, "en")
    assert {one.label: one.low for one in known} == {label: line[0] for label, line in lines.items()}
    assert lines["a"][0] == "West"
    assert lines["a"][1] == "26, 31"
    assert lines["a"][2]
    west, south = (cells_of(titled(compose(found, code, "en"), title)) for code in (3, 2))
    assert "▼" in next(line for line in west if line[0] == "a")[1]
    assert all(line[0] != "a" for line in south)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_city_leaves_out_is_said_before_its_figures(language: str) -> None:
    found = examined(sizes={1: 160, 2: 90, 3: 0, 4: 70})
    told = uncovered(found.results, language, say(language))
    assert told
    for chapter in compose(found, None, language).chapters[:3:2]:
        first = chapter.blocks[0]
        assert isinstance(first, Paragraph)
        assert first.text == told[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_says_of_whom_it_tells(language: str) -> None:
    """Of everybody, of who was asked, or of who gave an answer."""
    condition = Condition(question="sex", any_of=(1,))
    sections = tuple(
        replace(s, questions=tuple(replace(q, ask_if=(condition,)) if q.id == "a" else q for q in s.questions))
        for s in questionnaire().sections
    )
    asked = replace(questionnaire(), sections=sections)
    answered = [
        replace(one, answers={**one.answers, "b": -1} if number % 5 == 0 else one.answers)
        for number, one in enumerate(sample())
    ]
    found = examine(answered, wave(), asked, Channel.INVITED, "f" * 64)
    context_of = {one.measure.id: one for one in found.results.findings}
    speak = say(language)
    told = {
        name: headline(context_of[name], context_of[name].city.share, found.results, language, speak)
        for name in ("overall", "a", "b")
    }
    everybody, who_asked, who_answered = (
        speak(text) for text in ("residents", "residents who were asked", "residents who gave an answer")
    )
    assert who_asked in told["a"]
    assert who_answered in told["b"]
    assert everybody in told["overall"]
    assert not any(words in told["overall"] for words in (who_asked, who_answered))


def test_an_unknown_district_is_refused_before_anything_is_written() -> None:
    with pytest.raises(UnknownDistrict, match="1 North"):
        compose(examined(), 9, "en")


def test_somebody_outside_the_margins_is_reported_apart() -> None:
    everybody = [*sample(), *(response(1000 + number, residence=5) for number in range(40))]
    found = examine(everybody, wave(), questionnaire(), Channel.INVITED, "f" * 64)
    document = compose(found, None, "en")
    last = headline_table(document).lines[-1]
    assert isinstance(last, Line)
    assert (last.cells[0], last.strong) == ("Outside the census counts", False)
    assert "40 residents answered whom no margin counts" in str(document)


def test_a_web_worker_carries_no_library_that_lays_out_pages() -> None:
    check = "import sys, survey.app; print({'weasyprint', 'docx', 'pypdfium2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sizes", [{1: 160}, {1: 3, 2: 2}, {1: 40, 2: 40, 3: 2, 4: 1}, {4: 31}])
def test_a_poor_sample_has_a_report_that_shows_no_hidden_figure(language: str, sizes: dict[int, int]) -> None:
    waves = [replace(wave(), id=f"{year}-small", year=year) for year in (2025, 2026)]
    series = [
        examine(sample(year, sizes), one, questionnaire(), Channel.INVITED, "f" * 64)
        for year, one in zip((1, 2), waves, strict=True)
    ]
    for district in (None, 1):
        document = compose(series[-1], district, language, series[:-1])
        assert document.chapters
        if not any(row.share.shown for one in series[-1].results.findings for row in one.rows()):
            written = [cell for chapter in document.chapters[:8] for line in cells_of(chapter) for cell in line[1:4]]
            assert not any("%" in cell for cell in written)
