"""Laws of the simulated city: it has the margins it was drawn from, and people live where one can live."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey.questionnaire.model import Questionnaire, SingleChoice
from survey.simulation.city.assumptions import Assumptions, Feelings
from survey.simulation.city.communities import apportion, is_town
from survey.simulation.city.opinions import opinion, truth
from survey.simulation.city.population import City, build, margins
from survey.wave.model import Wave


@pytest.fixture(scope="module")
def whole(wave: Wave, questionnaire: Questionnaire) -> City:
    return build(wave, questionnaire, seed=1)


def test_the_whole_city_has_the_census_margins(whole: City, wave: Wave) -> None:
    census = {cell.levels: cell.total for margin in wave.margins for cell in margin.cells}
    drawn = {cell.levels: cell.total for margin in margins(whole) for cell in margin.cells}
    assert drawn.keys() == census.keys()
    for levels, total in drawn.items():
        assert total == pytest.approx(census[levels], abs=2.0), levels


def test_sex_and_age_are_independent_within_an_area(whole: City) -> None:
    """Nothing but the margins is assumed about their joint distribution."""
    here = whole.inside & (whole.district == 7)
    men = whole.groups["sex"][here] == 1
    old = whole.groups["age_group"][here] >= 5
    assert men[old].mean() == pytest.approx(men.mean(), abs=0.002)


def test_residents_outside_the_margins_are_added_not_taken_from_them(whole: City, wave: Wave) -> None:
    ((question, codes),) = wave.analysis.outside_margins
    assert set(np.unique(whole.groups[question][~whole.inside])) == set(codes)
    assert not np.isin(whole.groups[question][whole.inside], codes).any()
    assert whole.inside.sum() == pytest.approx(sum(cell.total for cell in wave.margins[0].cells), abs=1)


def test_everybody_lives_in_a_street_the_questionnaire_offers_there(city: City, questionnaire: Questionnaire) -> None:
    asked = questionnaire.question("street_town")
    assert isinstance(asked, SingleChoice)
    offered = {option.code: option.when for option in asked.options}
    for district, street in zip(city.communities.district.tolist(), city.communities.street.tolist(), strict=True):
        assert district in offered[street]


def test_every_district_has_people_and_nanhai_is_a_part_of_wendeng(city: City) -> None:
    adults = {code: int((city.district == code).sum()) for code in range(1, 9)}
    assert min(adults.values()) > 0
    share = city.assumptions.places.within_area[6]
    assert adults[6] / (adults[5] + adults[6]) == pytest.approx(share, abs=0.001)


def test_communities_hold_their_people_side_by_side(city: City) -> None:
    counted = np.bincount(city.community)
    assert counted.tolist() == city.communities.size.tolist()
    assert (np.diff(city.community) >= 0).all()
    assert city.community[city.first].tolist() == list(range(len(counted)))


def test_towns_are_older_than_subdistricts(city: City) -> None:
    old = city.groups["age_group"] >= 4
    town = is_town(city.communities.street)[city.community]
    assert old[town].mean() > old[~town].mean() + 0.1


def test_the_same_seed_gives_the_same_city_and_another_seed_another(
    wave: Wave, questionnaire: Questionnaire, city: City
) -> None:
    one, same, other = (build(wave, questionnaire, seed=seed, adults=5_000) for seed in (3, 3, 4))
    assert (one.groups["age_group"] == same.groups["age_group"]).all()
    assert (one.person == same.person).all()
    assert one.person[:100].tolist() != other.person[:100].tolist()


@pytest.mark.parametrize("total", [0, 1, 7, 1000])
def test_apportioning_loses_nobody(total: int) -> None:
    shares = np.array([0.1, 2.0, 3.3, 0.0, 5.0])
    whole = apportion(shares, total)
    assert whole.sum() == total
    assert (np.abs(whole - shares / shares.sum() * total) < 1).all()


def test_whoever_is_drawn_gives_the_answer_that_counts_in_the_truth(city: City, questionnaire: Questionnaire) -> None:
    question = questionnaire.question("safe_road")
    everybody = opinion(city, "safety", question)
    some = np.array([5, 70_000, 150_000, 3])
    assert opinion(city, "safety", question, some).tolist() == everybody[some].tolist()


def test_the_truth_is_the_mean_over_the_people_the_margins_count(city: City, questionnaire: Questionnaire) -> None:
    codes = opinion(city, "safety", questionnaire.question("safe_road"))
    found = {t.district: t for t in truth(city, questionnaire) if t.measure == "safe_road"}
    here = city.inside & (city.district == 4)
    assert found[4].mean == pytest.approx(codes[here].mean())
    assert found[4].satisfied == pytest.approx((codes[here] >= 4).mean())
    assert found[None].mean == pytest.approx(codes[city.inside].mean())


def test_the_truth_of_a_question_for_newcomers_counts_newcomers_alone(city: City, questionnaire: Questionnaire) -> None:
    codes = opinion(city, "belonging", questionnaire.question("belong_home"))
    found = {t.district: t for t in truth(city, questionnaire) if t.measure == "belong_home"}
    newcomers = city.inside & (city.groups["residence_status"] != 1)
    assert found[None].mean == pytest.approx(codes[newcomers].mean())


def test_opinions_differ_by_district_and_cluster_in_communities(city: City, questionnaire: Questionnaire) -> None:
    """One-way analysis of variance: the intra-class correlation is about the assumed one."""
    codes = opinion(city, "safety", questionnaire.question("safe_road")).astype(float)
    districts = [codes[city.district == code].mean() for code in range(1, 9)]
    assert np.ptp(districts) > 0.2
    centred = codes - np.array([0.0, *districts])[city.district]
    size = city.communities.size
    between = np.square(np.bincount(city.community, centred)) / size
    mean_square_between = between.sum() / (len(size) - 1)
    mean_square_within = (np.square(centred).sum() - between.sum()) / (city.size - len(size))
    typical = (city.size - np.square(size).sum() / city.size) / (len(size) - 1)
    correlation = (mean_square_between - mean_square_within) / (
        mean_square_between + (typical - 1) * mean_square_within
    )
    assert 0.03 < correlation < 0.10


def test_older_people_are_more_satisfied(city: City, questionnaire: Questionnaire) -> None:
    codes = opinion(city, "overall", questionnaire.question("overall_satisfaction"))
    means = [codes[city.groups["age_group"] == age].mean() for age in range(1, 7)]
    assert means == sorted(means)


def test_straight_lining_gives_every_item_of_a_section_one_answer(wave: Wave, questionnaire: Questionnaire) -> None:
    everybody = replace(Assumptions(), feelings=replace(Feelings(), straight_lining=1.0))
    city = build(wave, questionnaire, seed=2, adults=3_000, assumptions=everybody)
    section = next(section for section in questionnaire.sections if section.id == "safety")
    answers = [opinion(city, section.id, question) for question in section.questions]
    assert all((one == answers[0]).all() for one in answers)
