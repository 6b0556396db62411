"""Five simulated years: the changes are those that are listed, nothing else moves, and every run gives the same."""

from __future__ import annotations

import pytest

from survey.questionnaire.check import check
from survey.questionnaire.comparable import Comparison, compared
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.plan import city_plan
from survey.simulation.city.opinions import truth
from survey.simulation.city.population import build
from survey.simulation.submissions import Fieldwork, responses
from survey.simulation.years import CHANGES, WORDING, earlier_version, fieldwork_of, year_before
from survey.wave.check import check as check_wave
from survey.wave.model import Wave

SMALL = Fieldwork(seed=5, size=200, adults=1_000_000)
FIVE = range(5)
Truths = dict[int, dict[tuple[str, int | None], float]]


@pytest.fixture(scope="module")
def truths(wave: Wave, questionnaire: Questionnaire) -> Truths:
    """Year → measure and district → true mean."""
    found: Truths = {}
    for years in FIVE:
        year = wave.year - years
        own_wave, asked = year_before(wave, questionnaire, years)
        city = build(own_wave, asked, 5, 120_000, fieldwork_of(SMALL, wave, years).assumptions)
        found[year] = {(one.measure, one.district): one.mean for one in truth(city, asked)}
    return found


def _moved(year: int, questionnaire: Questionnaire) -> dict[str, set[int | None]]:
    """Item → where it changed from the year before to `year`, as `CHANGES` and the new wording say."""
    moved: dict[str, set[int | None]] = {}
    for section in questionnaire.sections:
        for question in section.questions:
            for change in CHANGES:
                if change.year == year and change.what in (section.id, question.id):
                    moved.setdefault(question.id, set()).add(change.district)
    if year == 2024:
        moved.setdefault("nat_sea", set()).add(None)
    return moved


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_the_truth_moves_where_a_change_is_listed_and_nowhere_else(
    truths: Truths, questionnaire: Questionnaire, year: int
) -> None:
    moved = _moved(year, questionnaire)
    items = {question.id for question in questionnaire.questions()}
    unmoved = 0
    for (measure, district), mean in truths[year].items():
        if measure not in items:
            continue
        where = moved.get(measure, set())
        if None in where or district in where or (district is None and where):
            assert abs(mean - truths[year - 1][measure, district]) > 0.003, (measure, district)
        else:
            unmoved += 1
            assert mean == truths[year - 1][measure, district], (measure, district)
    assert unmoved > 200


def test_the_changes_go_the_way_they_are_listed(truths: Truths) -> None:
    assert truths[2026]["overall_satisfaction", None] > truths[2025]["overall_satisfaction", None]
    assert truths[2026]["mob_bus", 5] < truths[2025]["mob_bus", 5]
    assert truths[2025]["mob_parking", None] < truths[2024]["mob_parking", None]
    assert truths[2024]["nat_air", None] > truths[2023]["nat_air", None]
    assert truths[2024]["nat_sea", None] < truths[2023]["nat_sea", None]


def test_the_earlier_version_breaks_one_item_and_declares_another(questionnaire: Questionnaire) -> None:
    before = earlier_version(questionnaire)
    said = {one.id: compared(before, questionnaire, one.id) for one in questionnaire.questions()}
    assert said.pop("nat_sea") is Comparison.CHANGED
    assert said.pop("mob_bus") is Comparison.DECLARED
    assert set(said.values()) == {Comparison.SAME}
    assert set(WORDING) == {"nat_sea", "mob_bus"}
    assert check(before, city_plan()) == ()


def test_every_year_is_a_valid_wave_of_its_own(wave: Wave, questionnaire: Questionnaire) -> None:
    years = [year_before(wave, questionnaire, number) for number in FIVE]
    assert [one.id for one, _ in years] == [f"{2026 - number}-simulated" for number in FIVE]
    assert [asked.version for _, asked in years] == ["2026.2"] * 3 + ["2022.1"] * 2
    assert years[0] == (wave, questionnaire)
    for one, asked in years:
        assert list(check_wave(one, asked)) == []
        assert str(one.year) in one.title.zh
        assert str(one.year) in one.title.ko
        assert one.simulated


def test_the_newest_year_is_the_wave_as_it_was_and_the_others_are_drawn_anew(
    wave: Wave, questionnaire: Questionnaire
) -> None:
    assert fieldwork_of(SMALL, wave, 0) == SMALL
    rows = {
        years: responses(*year_before(wave, questionnaire, years), fieldwork_of(SMALL, wave, years)) for years in (0, 1)
    }
    assert rows[0] == responses(wave, questionnaire, SMALL)
    assert rows[1] == responses(*year_before(wave, questionnaire, 1), fieldwork_of(SMALL, wave, 1))
    units = [{one.sampled.psu for one in rows[years] if one.sampled} for years in (0, 1)]
    assert units[0] != units[1]
    assert {one.submission_id for one in rows[0]}.isdisjoint(one.submission_id for one in rows[1])
