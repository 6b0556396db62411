"""The shipped waves: margins that come out of the census bands, and a plan that fits the questionnaire."""

from __future__ import annotations

from importlib.resources import files
from itertools import product

import pytest

from survey.questionnaire.model import FivePoint, Questionnaire, Score, SectionKind, SingleChoice
from survey.questionnaire.read import shipped
from survey.wave.model import FormMarks, Margin, Wave
from survey.wave.read import read

CENSUS = """
huancui 1 6321 8321 12557 25604 21222 18309 19518 17944 15520 12423 11067 6466 4233 2983 1762
huancui 2 5502 7663 13160 25764 21230 18166 19415 17862 16350 13447 12376 7510 5175 3383 2302
high_tech_zone 1 13240 15502 9579 16726 14458 13660 15489 12687 9986 7492 6533 3933 2442 1653 953
high_tech_zone 2 11300 12055 9045 16743 14861 14439 15571 12724 10569 8170 7401 4533 2863 1689 1166
economic_zone 1 5396 5271 8466 17148 13774 11447 11635 10564 9635 7962 7059 4225 2440 1646 879
economic_zone 2 4163 4868 8419 16935 13666 11002 11127 10296 10258 8502 7651 4411 2595 1724 1397
lingang_zone 1 1627 1685 2615 4798 4388 3563 3561 4158 4816 4356 4134 2294 1562 1006 716
lingang_zone 2 1381 1309 2162 4385 3892 3026 3487 4343 4989 4456 3883 2131 1222 939 876
wendeng 1 10172 9545 11898 19977 18266 17891 21769 24012 28202 26244 26840 16814 11049 7116 5415
wendeng 2 8926 8360 10698 18617 17204 17192 21779 25604 29782 26946 27205 16471 10428 6749 6872
rongcheng 1 12948 13888 15860 27481 22199 25508 30866 35139 35111 29908 30315 20305 12849 8396 5642
rongcheng 2 11059 11199 13204 24454 20542 23814 29644 35559 36225 30626 31367 20561 12415 8086 7926
rushan 1 7037 6481 9090 11349 11532 13456 18134 23793 26720 26606 24317 16527 9914 6259 4723
rushan 2 6960 6038 7542 10253 10865 13134 18054 24115 27185 26431 24046 16426 9362 5962 6277
"""
"""Residents by area and sex (1 men, 2 women) aged 15–19, 20–24, … 80–84, 85 and over.

Tabulation on the 2020 China Population Census by County.
"""

BANDS = {
    (area, sex): [int(count) for count in counts] for area, sex, *counts in map(str.split, CENSUS.split("\n")[1:-1])
}
GROUPS = {"2": slice(3, 6), "3": slice(6, 9), "4": slice(9, 10), "5": slice(10, 12), "6": slice(12, 15)}
FIFTEEN_TO_NINETEEN_WHO_ARE_ADULT = 0.4
ADULTS = 2_499_445.8
AREAS = tuple(dict.fromkeys(area for area, _ in BANDS))
WAVES = ("simulated", "example")


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return shipped()


@pytest.fixture(scope="module", params=WAVES)
def wave(request: pytest.FixtureRequest, questionnaire: Questionnaire) -> Wave:
    return shipped_wave(request.param, questionnaire)


def shipped_wave(name: str, questionnaire: Questionnaire) -> Wave:
    definition = files("survey.wave").joinpath(f"definitions/{name}.toml")
    return read(definition.read_text(encoding="utf-8"), questionnaire)


def adults(area: str, sex: str, age_group: str) -> float:
    counts = BANDS[area, sex]
    if age_group == "1":
        return counts[1] + counts[2] + FIFTEEN_TO_NINETEEN_WHO_ARE_ADULT * counts[0]
    return sum(counts[GROUPS[age_group]])


def margin(wave: Wave, variable: str) -> Margin:
    return next(one for one in wave.margins if one.variables == ("weighting_area", variable))


def totals(one: Margin) -> dict[tuple[str, ...], float]:
    return {cell.levels: cell.total for cell in one.cells}


def test_adults_by_sex_are_sums_of_census_cells(wave: Wave) -> None:
    expected = {
        (area, sex): sum(adults(area, sex, group) for group in ("1", *GROUPS)) for area, sex in product(AREAS, "12")
    }
    assert totals(margin(wave, "sex")) == pytest.approx(expected, rel=1e-12)


def test_adults_by_age_are_sums_of_census_cells(wave: Wave) -> None:
    expected = {
        (area, group): sum(adults(area, sex, group) for sex in "12") for area, group in product(AREAS, ("1", *GROUPS))
    }
    assert totals(margin(wave, "age_group")) == pytest.approx(expected, rel=1e-12)


def test_the_margins_count_the_same_adults_in_every_area(wave: Wave) -> None:
    by_sex, by_age = totals(margin(wave, "sex")), totals(margin(wave, "age_group"))
    for area in AREAS:
        of_area = [sum(total for (where, _), total in one.items() if where == area) for one in (by_sex, by_age)]
        assert of_area[0] == pytest.approx(of_area[1], rel=1e-12)
    assert sum(by_sex.values()) == pytest.approx(ADULTS, abs=1e-6)
    assert sum(by_age.values()) == pytest.approx(ADULTS, abs=1e-6)


def test_every_margin_names_its_source_and_what_it_assumes(wave: Wave) -> None:
    for one in wave.margins:
        assert one.assumption
        for language in ("zh", "en", "ko"):
            assert "2020" in one.source[language]
            assert "0.4" in one.assumption[language]


def test_every_answer_about_the_district_has_its_results(wave: Wave, questionnaire: Questionnaire) -> None:
    asked = questionnaire.question(wave.district_question)
    assert isinstance(asked, SingleChoice)
    answerable = [option.code for option in asked.options if option.code not in asked.ends_if]
    assert [district.code for district in wave.districts] == answerable
    assert {district.weighting_area for district in wave.districts} == set(AREAS)


def test_nanhai_is_counted_in_wendeng(wave: Wave) -> None:
    areas = {district.code: district.weighting_area for district in wave.districts}
    assert areas[6] == areas[5] == "wendeng"


def test_margins_have_a_cell_for_every_answer_that_is_not_screened_out(
    wave: Wave, questionnaire: Questionnaire
) -> None:
    for variable in ("sex", "age_group"):
        asked = questionnaire.question(variable)
        assert isinstance(asked, SingleChoice)
        answers = {str(option.code) for option in asked.options if option.code not in asked.ends_if}
        assert {levels[1] for levels in totals(margin(wave, variable))} == answers


def test_whom_the_census_does_not_count_stands_outside_the_margins(wave: Wave) -> None:
    assert wave.analysis.outside_margins == (("residence_status", (4, 5, 6)),)


def test_an_index_takes_all_items_of_its_section_and_needs_at_least_half(
    wave: Wave, questionnaire: Questionnaire
) -> None:
    sections = {one.id: one for one in questionnaire.sections}
    for index in wave.analysis.indices:
        section = sections[index.id]
        assert index.items == tuple(q.id for q in section.questions if isinstance(q, FivePoint))
        assert index.label == section.aspect
        assert len(index.items) / 2 <= index.answered < len(index.items)
    measured = {one.id for one in questionnaire.sections if one.kind in {SectionKind.ASPECT, SectionKind.SURVEY}}
    assert {index.id for index in wave.analysis.indices} == measured


def test_satisfied_scores_are_those_at_or_above_fairly_satisfied(wave: Wave, questionnaire: Questionnaire) -> None:
    headline = questionnaire.question(wave.analysis.headline)
    assert isinstance(headline, Score)
    fairly_satisfied = (min(wave.analysis.satisfied_five_point) - 1) / (5 - 1)
    scores = range(headline.low, headline.high + 1)
    expected = [
        score for score in scores if (score - headline.low) / (headline.high - headline.low) >= fairly_satisfied
    ]
    assert wave.analysis.satisfied_score == tuple(expected)


def test_the_pass_mark_is_ninety_per_cent_of_the_headline(wave: Wave) -> None:
    assert [(mark.measure, mark.share) for mark in wave.analysis.pass_marks] == [(wave.analysis.headline, 0.9)]


def test_no_mark_of_an_approved_form_is_invented(wave: Wave) -> None:
    assert wave.marks == FormMarks()


def test_the_simulated_wave_says_so_in_every_language(questionnaire: Questionnaire) -> None:
    simulated = shipped_wave("simulated", questionnaire)
    assert simulated.simulated
    assert "模拟" in simulated.title.zh
    assert "simulated" in simulated.title.en
    assert "모의" in simulated.title.ko


def test_the_example_to_copy_is_a_real_wave(questionnaire: Questionnaire) -> None:
    example = shipped_wave("example", questionnaire)
    assert not example.simulated
    assert example.opens < example.closes
    assert "模拟" not in example.title.zh
