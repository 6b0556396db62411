"""Numbers, shares and dates as each language writes them."""

from datetime import date

import pytest

from survey import language


@pytest.mark.parametrize(("code", "written"), [("zh", "2026年5月1日"), ("en", "1 May 2026"), ("ko", "2026년 5월 1일")])
def test_dates_are_written_as_each_language_does(code, written):
    assert language.format_date(date(2026, 5, 1), code) == written


def test_an_interval_of_shares_names_the_sign_once():
    assert language.format_share_interval(0.654, 0.738, "en") == "65–74%"
    assert language.format_share_interval(0.654, 0.738, "ko") == "65~74%"


@pytest.mark.parametrize(("value", "written"), [(2.31, "+2.3"), (-2.31, "−2.3"), (0.04, "0.0"), (-0.04, "0.0")])
def test_a_change_is_signed_unless_it_rounds_to_nothing(value, written):
    assert language.format_change(value, "zh", 1) == written


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [(["ko-KR", "en"], "ko"), (["fr", "en-US"], "en"), (["zh_Hans_CN"], "zh"), (["fr"], "zh"), ([], "zh")],
)
def test_the_first_language_we_speak_is_chosen(accepted, chosen):
    assert language.preferred(accepted) == chosen


def test_a_language_we_do_not_speak_has_no_texts():
    with pytest.raises(KeyError):
        language.texts("fr")
