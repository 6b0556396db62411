"""Whatever a sample looks like, it is weighted to the population it covers, or refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_city import PREFER_NOT, questionnaire, response, sample, wave

from survey.analysis.weights import rake
from survey.report.errors import NoAnswers, WeightingImpossible
from survey.report.estimating.margins import Fitting
from survey.report.estimating.weighting import weigh
from survey.report.figures import Reason
from survey.report.frame import frame
from survey.report.results import examine
from survey.wave.model import Channel

POPULATION = {"north": 6000.0, "south": 3000.0, "west": 1000.0}
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "district": st.sampled_from([1, 1, 1, 2, 3, 4, PREFER_NOT]),
            "sex": st.sampled_from([1, 2, PREFER_NOT]),
            "age_group": st.sampled_from([1, 2, 3, PREFER_NOT]),
            "residence": st.sampled_from([1, 1, 1, 5]),
            "weight": st.floats(1.0, 50.0),
        }
    ),
    min_size=1,
    max_size=40,
)


@pytest.fixture(autouse=True, scope="module")
def _few_sweeps() -> Iterator[None]:
    """Tiny samples often cannot meet all margins: the fallback need not wait for the last sweep to show."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rake, "SWEEPS", 200)
        yield


@settings(max_examples=150, deadline=None)
@given(PEOPLE)
def test_the_weights_of_those_inside_add_up_to_the_population_they_stand_for(people: list[dict[str, float]]) -> None:
    rows = [response(place, **person) for place, person in enumerate(people)]
    columns = frame(rows, wave(), questionnaire(), Channel.INVITED)
    if not columns.inside.any():
        with pytest.raises(NoAnswers):
            examine(rows, wave(), questionnaire(), Channel.INVITED, "")
        return
    reached = set(columns.area[columns.inside]) & set(POPULATION)
    if not reached:
        with pytest.raises(WeightingImpossible, match="stated a district"):
            weigh(columns)
        return
    weighting = weigh(columns)
    missed = {
        one.levels[0]
        for one in weighting.adjustments
        if one.kind is Fitting.UNCOVERED and one.variables == ("weighting_area",)
    }
    assert missed == set(POPULATION) - reached
    assert (weighting.weights > 0).all()
    covered = sum(POPULATION[area] for area in reached)
    assert weighting.weights[columns.inside].sum() == pytest.approx(covered)
    margins = {row.variables for row in weighting.margins}
    assert sum(row.after for row in weighting.margins) == pytest.approx(len(margins))
    assert weighting.weights[~columns.inside] == pytest.approx(columns.base_weight[~columns.inside])


@settings(max_examples=40, deadline=None)
@given(PEOPLE)
def test_every_sample_gives_results_or_says_why_not(people: list[dict[str, float]]) -> None:
    rows = [response(place, **person) for place, person in enumerate(people)]
    try:
        one = examine(rows, wave(), questionnaire(), Channel.INVITED, "")
    except (NoAnswers, WeightingImpossible):
        return
    for finding in one.results.findings:
        for row in finding.rows():
            for figure in (row.share, row.score):
                assert figure.shown or figure.reason is not None


def test_a_stratum_with_one_sampling_unit_is_never_exact() -> None:
    rows = sample(sizes={1: 200, 2: 200, 3: 200})
    lonely = [response(700 + 6 * place, district=4, overall=6 + place % 4) for place in range(80)]
    one = examine([*rows, *lonely], wave(), questionnaire(), Channel.INVITED, "")
    found = one.results.findings[0]
    port = next(row for row in found.districts if row.place.code == 4)
    assert port.score.reason is Reason.ONE_UNIT
    assert not port.score.shown
    assert found.city.score.se is not None
    assert found.city.score.se > 0


@pytest.mark.parametrize("weights", [(1e308, 1e308), (float("inf"),), (float("nan"),)])
def test_design_weights_that_no_number_can_hold_together_are_told(weights: tuple[float, ...]) -> None:
    rows = sample(1)
    for place, weight in enumerate(weights):
        rows[place] = replace(rows[place], sampled=replace(rows[place].sampled, design_weight=weight))
    with pytest.raises(WeightingImpossible, match="weights"):
        examine(rows, wave(), questionnaire(), Channel.INVITED, "")


def test_whether_nobody_answered_or_nobody_is_counted_is_told_apart() -> None:
    with pytest.raises(NoAnswers, match="nobody of the invited sample has answered"):
        examine([], wave(), questionnaire(), Channel.INVITED, "")
    rows = [response(place, residence=5) for place in range(42)]
    with pytest.raises(NoAnswers, match="42 of the invited sample have answered, but none"):
        examine(rows, wave(), questionnaire(), Channel.INVITED, "")
