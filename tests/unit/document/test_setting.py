"""How a report is numbered and where its lines may break."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from survey.document.content.numbering import Numbering
from survey.document.pdf.plots import WIDTH, printed
from survey.document.pdf.words import head, held
from survey.report.saying.charts import Bar, Chart, beside


@pytest.mark.parametrize(
    ("language", "chapters", "sections"),
    [
        ("zh", ["一、", "二、", "十、", "十一、", "二十、", "二十一、"], ["（一）", "（二）"]),
        ("en", ["1  ", "2  ", "10  ", "11  ", "20  ", "21  "], ["21.1  ", "21.2  "]),
        ("ko", ["1. ", "2. ", "10. ", "11. ", "20. ", "21. "], ["가. ", "나. "]),
    ],
)
def test_chapters_are_numbered_as_documents_of_the_language_are(
    language: str, chapters: list[str], sections: list[str]
) -> None:
    numbering = Numbering(language, str)
    numbers = [numbering.chapter("title").number for _ in range(21)]
    assert [numbers[place - 1] for place in (1, 2, 10, 11, 20, 21)] == chapters
    assert [numbering.section("title").number for _ in range(2)] == sections
    assert numbering.chapter("next").number != numbers[-1]


def test_a_bookmark_is_made_of_letters_digits_and_underscores() -> None:
    numbering = Numbering("en", str)
    names = [numbering.chapter("a").id, numbering.section("b").id, numbering.section("c").id, numbering.chapter("d").id]
    assert len(set(names)) == 4
    assert all(re.fullmatch(r"[a-z]\w*", name) for name in names)


@given(st.text(), st.sampled_from(["zh", "en", "ko"]))
def test_no_letter_is_lost_or_left_unescaped(text: str, language: str) -> None:
    for written in (held(text, language), head(text, language, 5)):
        bare = re.sub(r"</?span[^>]*>|<wbr>", "", str(written)).replace("<br>", "\n")
        assert "<" not in bare
        assert Markup(bare).unescape() == Markup(escape(text)).unescape()


def test_korean_words_are_held_together_and_very_long_ones_are_not() -> None:
    assert str(held("주민 만족도", "ko")) == '<span class="word">주민</span> <span class="word">만족도</span>'
    assert str(held("가" * 30, "ko")) == "가" * 30
    assert str(held("居民满意度", "zh")) == "居民满意度"


def test_a_plot_for_paper_has_lengths_of_its_own() -> None:
    bar = Bar(label="North", shown="50% (40–60%)", value=50.0, low=40.0, high=60.0)
    chart = Chart(id="one", title="t", description="d", bars=(bar,), unit="%")
    plot = printed(beside(chart), "zh")
    assert re.search(r'="[\d.]+%"', plot.svg) is None
    assert f'viewBox="0 0 {WIDTH} {plot.height}"' in plot.svg
    with pytest.raises(ValueError, match="size"):
        printed("<svg></svg>", "zh")


def test_a_head_that_is_wider_than_its_column_may_break_and_any_other_may_not() -> None:
    assert str(head("不在人口普查总数内", "zh", 7)) == "不在人口普查总数内"
    assert str(head("不在人口普查总数内", "zh", 9)) == '<span class="word">不在人口普查总数内</span>'
    assert str(head("95%置信区间", "zh", 4)) == '<span class="word">95%</span><wbr><span class="word">置信区间</span>'
